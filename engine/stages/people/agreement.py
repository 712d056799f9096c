"""How far people agree: by label, of all of them and of each pair, with the photos on which they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import NEVER, Cancellation
from engine.method.bootstrap import Counts, bootstrap_interval, draw_photos
from engine.method.intervals import Interval
from engine.method.raters import cohens_kappa, krippendorffs_alpha
from engine.project import Project
from engine.project.history.opinions import opinions
from engine.project.label_state import NO, YES
from engine.project.opinions import Opinions
from engine.project.snapshot import Snapshot
from engine.wording import Sentence

_MOST_RESAMPLES, _LEAST_RESAMPLES = 1000, 100
_MOST_COUNTS = 20_000_000
"""Photos x resamples that are drawn at once."""

Answers = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Agreed:
    """How far some people agree about a label. `figure`: kappa of two, alpha of all; None where it cannot be told.

    `figure` and `interval` are from -1 to 1, and 0 is what chance would do; `answered` counts the photos that two or
    more of them answered, `differ` those on which they do not say the same.
    """

    answered: int
    differ: int
    figure: float | None
    interval: Interval | None


@dataclass(frozen=True)
class LabelAgreement:
    """Of one label; None for the mean of all labels that can be told of, where counts are of photos and labels."""

    label_id: int | None
    label: str
    alpha: Agreed
    kappas: tuple[Agreed, ...]
    """Of each pair of `Agreement.pairs`."""


@dataclass(frozen=True)
class Agreement:
    """What `agreement` found. `people` with how many photos each has answered."""

    people: tuple[tuple[str, int], ...]
    pairs: tuple[tuple[str, str], ...]
    labels: tuple[LabelAgreement, ...]
    """In the order of the label set, those that two people answered on some photo."""
    overall: LabelAgreement
    said: Opinions
    """What it was computed from."""


def agreement(project: Project, snapshot: Snapshot, cancellation: Cancellation = NEVER) -> Agreement:
    """How far the people who answered agree.

    Raises:
        UserError: fewer than two people have answered.
    """
    said = opinions(project, snapshot)
    if len(said.people) < 2:
        raise UserError(
            Sentence(
                "Agreement needs answers of two people, but one alone has answered. Whoever reviews next says who it "
                "is with --user NAME, or in the window under “Reviewing as”."
            )
            if said.people
            else Sentence(
                "Agreement needs answers of two people, but nobody has answered yet; what was imported counts for "
                "nobody."
            )
        )
    pairs = tuple(combinations(range(len(said.people)), 2))
    of_all = _agreed(said.answers, krippendorffs_alpha)
    cancellation.check()
    of_pairs = []
    for pair in pairs:
        of_pairs.append(_agreed(said.answers[list(pair)], _kappa))
        cancellation.check()
    names = [*((label.id, label.name) for label in snapshot.labels), (None, "")]
    found = tuple(
        LabelAgreement(label_id, label, of_all[place], tuple(one[place] for one in of_pairs))
        for place, (label_id, label) in enumerate(names)
    )
    answered = (said.answers != 0).any(axis=2).sum(axis=1).tolist()
    return Agreement(
        tuple(zip(said.people, answered, strict=True)),
        tuple((said.people[one], said.people[other]) for one, other in pairs),
        tuple(one for one in found[:-1] if one.alpha.answered),
        found[-1],
        said,
    )


def _kappa(answers: Answers, counts: Counts | None = None) -> npt.NDArray[np.float64]:
    return cohens_kappa(answers[0], answers[1], counts)


def _agreed(answers: Answers, figure: Callable[..., npt.NDArray[np.float64]]) -> list[Agreed]:
    """Of each label, and last of all of them together."""
    shared = np.flatnonzero((np.count_nonzero(answers, axis=0) > 1).any(axis=1))
    answers = answers[:, shared]
    answered = (np.count_nonzero(answers, axis=0) > 1).sum(axis=0)
    differ = ((answers == YES).any(axis=0) & (answers == NO).any(axis=0)).sum(axis=0)
    if not len(shared):
        return [Agreed(0, 0, None, None)] * (answers.shape[2] + 1)
    resamples = min(_MOST_RESAMPLES, max(_LEAST_RESAMPLES, _MOST_COUNTS // len(shared)))
    values, resampled = figure(answers), figure(answers, draw_photos(len(shared), resamples))
    values = np.append(values, _mean(values[None])[0])
    resampled = np.column_stack([resampled, _mean(resampled)])
    return [
        Agreed(
            int(of_label),
            int(apart),
            None if np.isnan(value) else float(value),
            bootstrap_interval(float(value), resampled[:, place], lowest=-1.0),
        )
        for place, (of_label, apart, value) in enumerate(
            zip([*answered, answered.sum()], [*differ, differ.sum()], values, strict=True)
        )
    ]


def _mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Over the labels of which the figure can be told; nan where there is none."""
    told = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(told, values, 0.0).sum(axis=1) / told.sum(axis=1)
