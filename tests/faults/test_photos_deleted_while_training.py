"""Photos are deleted, come and are labelled while a training goes on: it ends, and nothing decided is lost."""

from pathlib import Path

import numpy as np
from making import TINY_NETWORK, make_photo

from engine.models.training.loop import EpochReport
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.photos import unreadable_photos
from engine.project.runs import REFINED, load_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.training.refine import RefineSettings, refine


def test_labelled_while_trained_while_photos_come_and_go(photo_folder: Path, tiny_network: Path, label) -> None:
    settings = RefineSettings(TrainingSettings(epochs=4, batch=4, patience=0), TINY_NETWORK, tiny_network, "head")
    with Project.open(photo_folder) as project:
        label(project)
        answer(project, "confirmed", [Answer(photo, 1, True) for photo in (1, 2, 3)])

        def meanwhile(report: EpochReport) -> None:
            gone = ("beach.jpg", "trip/boat.jpg", "zebra.bmp", "city.png")[report.epoch - 1]
            (photo_folder / gone).unlink()
            make_photo(photo_folder / f"new {report.epoch}.jpg", 50 + report.epoch)
            answer(project, "more", [Answer(4 + report.epoch, 2, True)])
            assert label(project).labelled == 8

        refine(project, settings, on_epoch=meanwhile)
        assert len(unreadable_photos(project)) == 4
        snapshot = take_snapshot(project)
        assert (snapshot.decisions == YES).sum() == 7
        refined = load_scores(project, REFINED)
        assert refined is not None
        assert np.isfinite(refined.values).all()
        # The next one is of the photos that are there by then.
        assert refine(project, settings).photos == 8
