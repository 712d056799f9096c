"""A drive that vanishes in the middle of the work: a sentence, and all is well when it is back."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_photo

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.models.encoders.catalog import open_encoder
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

    class PullsThePlug:
        """An encoder in whose second batch the drive goes; photos are loaded ahead of it, but not all."""

        def __init__(self, name: str) -> None:
            self._encoder = open_encoder(name)
            self._batches = 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self._encoder, name)

        def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
            self._batches += 1
            if self._batches == 2:
                drive.rename(away)
            return self._encoder.encode_snippets(snippets)

    request = LabelRequest("cat,dog,boat", str(tiny_clip))
    with Project.open(drive, tmp_path / "project") as project:
        with pytest.raises(UserError, match="drive connected"):
            label_photos(project, request, Progress(), Cancellation(), open_encoder=PullsThePlug)
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
