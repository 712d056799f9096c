"""Photos that came are labelled by whatever suggests labels of the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.catalog import open_encoder as open_by_name
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.runs import CLASSIFIER, INITIAL, newest_run_with, runs
from engine.stages.labelling.initialise_settings import INITIALISE
from engine.stages.labelling.label_photos import LabelRequest, label_photos

_AS_BEFORE = LabelRequest(look_for_photos=False)


def label_arrivals(
    project: Project,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    open_encoder: Callable[[str], Encoder] = open_by_name,
    on_scores: Callable[[], object] = lambda: None,
    at_first: bool = False,
) -> int | None:
    """Label with what is in force, the folder as the project knows it; returns the run, None where nothing suggests.

    Labels that were imported say nothing of photos that came later, and stay as they are. A training that is in force
    stays so: photos that came later are suggested labels on its scale.

    Args:
        at_first: where no run ever was, label as `cdul label` does.

    Raises:
        UserError: as `label_photos` and `predict`.
        Cancelled: what was committed stays, and the next call goes on.
    """
    initial = newest_run_with(project, INITIAL)
    if initial is not None and initial.stage != INITIALISE:
        return None
    if initial is not None or (at_first and not runs(project)):
        done = label_photos(project, _AS_BEFORE, progress, cancellation, open_encoder=open_encoder, on_scores=on_scores)
        return done.run
    classifier = newest_run_with(project, CLASSIFIER)
    if classifier is None:
        return None
    # It loads networks' libraries, which whoever has no classifier never needs.
    from engine.stages.training.predict import PREDICT, predict

    if classifier.stage != PREDICT or "classifier" not in classifier.settings:
        return None
    folder = Path(classifier.settings["classifier"])
    return predict(project, folder, progress, cancellation, look_for_photos=False).run
