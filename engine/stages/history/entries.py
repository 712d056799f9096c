"""Runs and edits in one list, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.project import Project
from engine.project.history.history import history
from engine.project.runs import RunRow, runs
from engine.wording import Sentence

_RUNS = {
    "initialise": Sentence("Labels suggested"),
    "refine": Sentence("Suggestions refined by a classifier"),
    "predict": Sentence("Labels suggested by a classifier"),
    "import": Sentence("Labels imported"),
    "opinion": Sentence("Second opinion"),
}


@dataclass(frozen=True)
class Entry:
    """A run or an edit. `in_force`: it was not undone or taken back."""

    id: int
    is_run: bool
    at: datetime
    """UTC, without a time zone."""
    by: str
    title: Sentence
    in_force: bool
    done_by: str | None
    """Who did it, which is another where `by` is a file; None where that was not kept."""

    @property
    def name(self) -> str:
        """What it is called where it is typed: `12` an edit, `r3` a run."""
        return f"r{self.id}" if self.is_run else str(self.id)


def entries(project: Project, most: int = 500) -> list[Entry]:
    """Runs and edits, newest first. Undoing is no entry of its own: it shows in what was undone."""
    found = [
        Entry(
            edit.id,
            False,
            edit.at,
            edit.by,
            edit.title,
            not edit.undone,
            edit.done_by,
        )
        for edit in history(project, most)
        if edit.kind == "edit"
    ]
    found += [
        Entry(run.id, True, run.started_at, run.by, title_of_run(run), run.withdrawn_at is None, run.by)
        for run in runs(project)[:most]
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def title_of_run(run: RunRow) -> Sentence:
    """What a run did, for people."""
    title = _RUNS.get(run.stage) or Sentence.of_kept(run.stage)
    if encoder := run.settings.get("encoder"):
        title = Sentence("{run} with {encoder}").format(run=title, encoder=encoder)
    return title if run.finished_at is not None else Sentence("{run} (not finished)").format(run=title)
