"""How a project was labelled before: its run of stage 1 in force is the one memory of that."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.project import Project
from engine.project.runs import INITIAL, RunRow, count_scored, newest_run_with, runs, runs_with
from engine.stages.labelling.initialise_settings import DEFAULT, INITIALISE, InitialiseSettings, settings_of
from engine.wording import Sentence, n_photos


@dataclass(frozen=True)
class LabelledBefore:
    """What a request leaves open stays like this. `scored`: how many photos have scores by `encoder` in force."""

    encoder: str
    settings: InitialiseSettings
    scored: int
    is_older: bool = False
    """By the defaults of its time, when no detector was heard and no hidden competitor was there."""

    def loss_by(self, encoder: str) -> Sentence | None:
        """What it costs to label with this encoder from now on, for people; None where it costs nothing."""
        if not self.scored or encoder == self.encoder:
            return None
        return Sentence(
            "{encoder}'s scores of {photos} are replaced; they come back if the new run is withdrawn in the history."
        ).format(encoder=self.encoder, photos=n_photos(self.scored))


def labelled_before(project: Project) -> LabelledBefore | None:
    """How the project was labelled before; None if it never was."""
    run = run_before(project)
    if run is None:
        return None
    in_force = newest_run_with(project, INITIAL)
    scored = count_scored(project, run.id, INITIAL) if in_force is not None and in_force.id == run.id else 0
    settings = settings_of(run)
    is_older = "detector" not in run.settings and replace(settings, company=True, detector=True).preset == DEFAULT
    return LabelledBefore(run.settings["encoder"], settings, scored, is_older)


def run_before(project: Project) -> RunRow | None:
    """The newest run of an encoder whose scores are there and not withdrawn; where there is none, the newest of all.

    So labelling again brings back what was withdrawn, and a first run that was cancelled goes on.
    """
    return next((run for run in [*runs_with(project, INITIAL), *runs(project)] if _is_of_an_encoder(run)), None)


def scored_by_unfinished(project: Project) -> int | None:
    """How many photos the newest labelling scored before it was cancelled or killed; None where it came to its end.

    To label again goes on with it.
    """
    run = next(filter(_is_of_an_encoder, runs(project)), None)
    return None if run is None or run.finished_at is not None else count_scored(project, run.id, INITIAL)


def finished_before(project: Project) -> RunRow | None:
    """Of the runs of an encoder that suggest labels, the newest that came to its end."""
    done = (run for run in runs_with(project, INITIAL) if run.finished_at is not None)
    return next(filter(_is_of_an_encoder, done), None)


def _is_of_an_encoder(run: RunRow) -> bool:
    return run.stage == INITIALISE and "encoder" in run.settings
