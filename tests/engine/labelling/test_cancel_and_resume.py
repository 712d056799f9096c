"""A run that is cancelled keeps what it did; the next one goes on and comes to the same scores."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_photo

from engine.jobs import Cancellation, Cancelled, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, load_scores, runs
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise

PHOTOS = 60


@pytest.fixture
def many_photos(tmp_path: Path) -> Path:
    for at in range(PHOTOS):
        make_photo(tmp_path / "many" / f"{at:03}.jpg", at, size=(40 + at % 7, 40 + at % 5))
    return tmp_path / "many"


def prepare(photos: Path, folder: Path) -> Project:
    project = Project.open(photos, folder)
    use_label_set(project, [NewLabel("cat"), NewLabel("dog"), NewLabel("boat")])
    add_photos(project, Progress(), Cancellation())
    return project


class StopsAt:
    """An encoder that cancels once it has encoded so many photos; the networks run ahead of what is kept."""

    def __init__(self, encoder: ClipEncoder, photos: int) -> None:
        self._encoder, self._left = encoder, 10 * photos
        self.cancellation = Cancellation()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        self._left -= len(snippets)
        if self._left <= 0:
            self.cancellation.cancel()
        return self._encoder.encode_snippets(snippets)


def test_scores_after_cancel_and_resume_equal_those_of_an_undisturbed_run(
    many_photos: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder
) -> None:
    with prepare(many_photos, tmp_path / "undisturbed") as project:
        initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        undisturbed = load_scores(project, INITIAL).values

    with prepare(many_photos, tmp_path / "disturbed") as project:
        encoded = 0
        for stop in (5, 18):
            stops = StopsAt(tiny_clip_encoder, stop)
            with pytest.raises(Cancelled):
                initialise(project, stops, InitialiseSettings(), Progress(), stops.cancellation)
        half_way = take_snapshot(project)
        encoded = int((~np.isnan(half_way.scores[:, 0])).sum())
        assert 20 <= encoded < PHOTOS
        assert [run.finished_at for run in runs(project)] == [None]
        result = initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert (result.labelled, result.encoded) == (PHOTOS, PHOTOS - encoded)
        np.testing.assert_array_equal(load_scores(project, INITIAL).values, undisturbed)
        assert len(runs(project)) == 1


def test_scores_come_while_the_run_is_under_way(
    many_photos: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.stages.labelling.encoding._SECONDS_BETWEEN_COMMITS", 0.0)
    seen: list[int] = []
    with prepare(many_photos, tmp_path / "project") as project:
        initialise(
            project,
            tiny_clip_encoder,
            InitialiseSettings(),
            Progress(),
            Cancellation(),
            on_scores=lambda: seen.append(int((~np.isnan(take_snapshot(project).scores[:, 0])).sum())),
        )
    assert seen == sorted(seen)
    assert 0 < seen[0] < PHOTOS
    assert seen[-1] == PHOTOS


def test_what_was_suggested_before_stays_until_a_new_run_is_done(
    many_photos: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder
) -> None:
    with prepare(many_photos, tmp_path / "project") as project:
        initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        stops = StopsAt(tiny_clip_encoder, 10)
        with pytest.raises(Cancelled):
            initialise(project, stops, InitialiseSettings(grids=(2,)), Progress(), stops.cancellation)
        assert not np.isnan(take_snapshot(project).scores).any()


def test_cancelled_before_it_began(many_photos: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with prepare(many_photos, tmp_path / "project") as project:
        with pytest.raises(Cancelled):
            initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), cancellation)
        with pytest.raises(Cancelled):
            add_photos(project, Progress(), cancellation)
        assert len(take_snapshot(project)) == PHOTOS


class ComputesForLong:
    """An encoder that cancels and then does not come back, as when OpenVINO puts a network together, until it may."""

    def __init__(self, encoder: ClipEncoder) -> None:
        self._encoder = encoder
        self.may_come_back, self.cancellation = threading.Event(), Cancellation()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        self.cancellation.cancel()
        assert self.may_come_back.wait(60)
        return self._encoder.encode_snippets(snippets)


def test_a_network_that_takes_long_is_not_waited_for(
    many_photos: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder
) -> None:
    busy = ComputesForLong(tiny_clip_encoder)
    with prepare(many_photos, tmp_path / "project") as project:
        with pytest.raises(Cancelled):
            initialise(project, busy, InitialiseSettings(), Progress(), busy.cancellation)
        busy.may_come_back.set()
        result = initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert result.labelled == PHOTOS


class ReadsThenLooks:
    """An encoder that keeps in which order it is asked."""

    def __init__(self, encoder: ClipEncoder) -> None:
        self._encoder = encoder
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def remember_texts(self, texts: list[str], check: Any) -> None:
        self.asked.append("texts")
        self._encoder.remember_texts(texts, check)

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        self.asked.append("photos")
        return self._encoder.encode_snippets(snippets)


def test_labels_are_read_before_the_photos_are_looked_at(
    many_photos: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder
) -> None:
    encoder = ReadsThenLooks(tiny_clip_encoder)
    with prepare(many_photos, tmp_path / "project") as project:
        initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
    assert encoder.asked[:2] == ["texts", "photos"]
    assert encoder.asked.count("texts") == 1
