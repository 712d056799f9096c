"""What the epochs of a training did, to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.project import Project
from engine.project.runs import RunRow, runs
from engine.wording import Sentence

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """One value an epoch; see `EpochReport`. What is unknown is nan."""

    epoch: Values
    objective: Values
    moved: Values
    crossed: Values
    agreement: Values
    truth_map: Values

    @classmethod
    def of(cls, reports: Iterable[Mapping[str, Any]]) -> Curves:
        """From reports as they are kept with a run."""
        names = cls.names()
        rows = [[np.nan if report.get(name) is None else report[name] for name in names] for report in reports]
        return cls(*np.array(rows, np.float64).reshape(-1, len(names)).T)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What is kept of each epoch."""
        return tuple(one.name for one in fields(cls))

    @classmethod
    def of_run(cls, run: RunRow | None) -> Curves:
        """Of a training that was finished; empty without one."""
        return cls.of(run.settings.get("reports", ()) if run else ())

    def points(self, name: str) -> Values:
        """One of the curves to draw, 2 x epochs: where the value is known and, for how labels moved, where they did."""
        values = getattr(self, name)
        there = self.moved > 0 if name in ("moved", "crossed") else ~np.isnan(values)
        return np.stack([self.epoch[there], values[there]])


NO_CURVES = Curves.of(())


def training_called(project: Project, name: str | None) -> RunRow:
    """A training that was finished, by its name in the history, like r3; None for the newest.

    Raises:
        WrongUsage: there is none, or none of this name.
    """
    finished = [run for run in runs(project) if run.stage == "refine" and run.finished_at is not None]
    if not finished:
        raise WrongUsage(Sentence("Nothing was trained here yet: `cdul refine` trains a classifier."))
    for run in finished:
        if name is None or name.removeprefix("r") == str(run.id):
            return run
    raise WrongUsage(
        Sentence("Expected a training, one of {known}, but got {name!r}.").format(
            known=", ".join(f"r{run.id}" for run in finished), name=name
        )
    )
