"""A drive that vanishes in the middle of the work: a sentence, and all is well when it is back."""

from pathlib import Path

import numpy as np
import pytest
from making import make_photo

from engine.errors import UserError
from engine.jobs import Cancellation, Progress, ProgressReport
from engine.project import Project
from engine.project.runs import INITIAL, load_scores
from engine.stages.labelling.label_photos import LabelRequest, label_photos

PHOTOS = 90


def test_vanished_while_labelling(tmp_path: Path, tiny_clip: Path, label, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.stages.labelling.encoding._SECONDS_BETWEEN_COMMITS", 0.0)
    drive = tmp_path / "drive"
    for at in range(PHOTOS):
        make_photo(drive / f"{at:03}.jpg", at)
    away = tmp_path / "away"

    def pull_the_plug(report: ProgressReport) -> None:
        if report.task == "Labelling photos" and report.done >= 20 and drive.exists():
            drive.rename(away)

    request = LabelRequest("cat,dog,boat", str(tiny_clip))
    with Project.open(drive, tmp_path / "project") as project:
        with pytest.raises(UserError, match="drive connected"):
            label_photos(project, request, Progress(pull_the_plug, per_second=1e9), Cancellation())
        away.rename(drive)
        result = label(project)
        assert (result.labelled, result.unreadable) == (PHOTOS, ())
        assert result.encoded < PHOTOS
        scores = load_scores(project, INITIAL)
        assert scores is not None
    with Project.open(drive, tmp_path / "undisturbed") as undisturbed:
        label(undisturbed)
        expected = load_scores(undisturbed, INITIAL)
        assert expected is not None
        np.testing.assert_array_equal(scores.values, expected.values)
