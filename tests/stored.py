"""All that is read of a project, as window and commands do it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, can_undo_redo, history, redo, undo
from engine.project.labels import label_set, labels_by_id
from engine.project.photos import photos_by_content, photos_never_read, readable_photos, unreadable_photos
from engine.project.runs import STAGES, runs
from engine.project.settings import setting
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import threshold_for_all
from engine.project.truths import load_truth, truths
from engine.stages.care.tidy import find_leftovers
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest, kept_request
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.explain import Heatmaps
from engine.stages.thresholds.calibrate import calibrate_labels


def read_everything(photos: Path) -> set[str]:
    """Open a project and read it by every way; what is no sentence for people is an error of this program.

    Returns:
        What was in the way: `damaged` and `refused`; nothing where all could be read.
    """
    refused = set()

    def attempt(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except UserError as error:
            refused.add("damaged" if "is damaged" in str(error) else "refused")
            return None

    project = attempt(lambda: Project.open(photos))
    if project is None:
        return refused
    with project, tempfile.TemporaryDirectory() as out:
        snapshot = attempt(lambda: take_snapshot(project))
        if snapshot is not None:
            attempt(snapshot.states)
            for stage in STAGES:
                attempt(lambda stage=stage: snapshot.matrix_of(project, stage))
        for verb in (
            label_set,
            labels_by_id,
            runs,
            history,
            can_undo_redo,
            threshold_for_all,
            kept_request,
            find_leftovers,
        ):
            attempt(lambda verb=verb: verb(project))
        for verb in (photos_by_content, photos_never_read, readable_photos, unreadable_photos, calibrate_labels):
            attempt(lambda verb=verb: verb(project))
        attempt(lambda: setting(project, "saved filters", {}))
        for truth in attempt(lambda: truths(project)) or ():
            attempt(lambda truth=truth: load_truth(project, truth))
        attempt(lambda: Heatmaps(project).of(2))
        for name in ("coco", "csv", "scores"):
            attempt(lambda name=name: export(project, ExportRequest(name), Path(out, name), Progress(), Cancellation()))
        attempt(lambda: answer(project, "one more", [Answer(1, 1, None), Answer(1, 2, True), Answer(2, None, True)]))
        for verb in (undo, undo, redo):
            attempt(lambda verb=verb: verb(project))
        attempt(lambda: add_photos(project))
    return refused
