"""Killed at any moment, the next run goes on: nothing is encoded twice, nothing is corrupt, the scores are the same."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from making import make_photo

from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.project import Project
from engine.project.embeddings import contents_with_embeddings
from engine.project.runs import INITIAL, load_scores
from engine.stages.labelling.label_photos import LabelRequest, LabelResult, label_photos

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

PHOTOS = 120
LABELS = "cat,dog,boat"

# `cdul label`, committing as often as it can; tells when a commit is done, and goes on without waiting.
TALKATIVE = """
import sys
from cdul_gui import door
from engine.stages.labelling import encoding
encoding._SECONDS_BETWEEN_COMMITS = 0.0
record_read = encoding.record_read
def told(*arguments):
    record_read(*arguments)
    print("committed", flush=True)
encoding.record_read = told
sys.exit(door.run())
"""

# `cdul label` that kills itself when the third commit has reached the cache, but not yet the project.
BETWEEN_THE_FILES = """
import os, signal, sys
from cdul_gui import door
from engine.stages.labelling import encoding
encoding._SECONDS_BETWEEN_COMMITS = 0.0
record_read = encoding.record_read
commits = []
def killed(*arguments):
    commits.append(1)
    if len(commits) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    record_read(*arguments)
encoding.record_read = killed
sys.exit(door.run())
"""


@pytest.fixture
def many_photos(tmp_path: Path) -> Path:
    for at in range(PHOTOS):
        make_photo(tmp_path / "many" / f"{at:03}.jpg", at, size=(24 + at % 7, 24 + at % 5))
    return tmp_path / "many"


def start(script: str, photos: Path, encoder: Path) -> subprocess.Popen[str]:
    arguments = ["label", str(photos), "--encoder", str(encoder), "--labels", LABELS]
    return subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True)


def label(photos: Path, folder: Path, encoder: Path) -> LabelResult:
    with Project.open(photos, folder) as project:
        return label_photos(project, LabelRequest(LABELS, str(encoder)), Progress(), Cancellation())


def check_and_finish(photos: Path, encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the kill: both files are sound, the next run encodes just the rest, the scores are an undisturbed run's."""
    for name in ("project.sqlite", "cache.sqlite"):
        with closing(sqlite3.connect(photos / ".cdul" / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Project.open(photos) as project:
        committed = contents_with_embeddings(project, ClipEncoder.open(str(encoder)).id, [1, 3])
    assert 0 < len(committed) < PHOTOS

    snippets = [0]
    encode = ClipEncoder.encode_snippets

    def counted(self: ClipEncoder, batch: np.ndarray) -> np.ndarray:
        snippets[0] += len(batch)
        return encode(self, batch)

    with monkeypatch.context() as patched:
        patched.setattr(ClipEncoder, "encode_snippets", counted)
        result = label(photos, photos / ".cdul", encoder)
    assert (result.labelled, result.encoded) == (PHOTOS, PHOTOS - len(committed))
    assert snippets[0] == 10 * (PHOTOS - len(committed))

    label(photos, tmp_path / "undisturbed", encoder)
    with Project.open(photos) as project, Project.open(photos, tmp_path / "undisturbed") as undisturbed:
        resumed, expected = load_scores(project, INITIAL), load_scores(undisturbed, INITIAL)
        assert resumed is not None
        assert expected is not None
        np.testing.assert_array_equal(resumed.values, expected.values)


def test_killed_in_the_middle_of_work(
    many_photos: Path, tiny_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(TALKATIVE, many_photos, tiny_clip) as running:
        assert running.stdout is not None
        for _ in range(5):
            assert running.stdout.readline() == "committed\n"
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    check_and_finish(many_photos, tiny_clip, tmp_path, monkeypatch)


def test_killed_between_the_two_files(
    many_photos: Path, tiny_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(BETWEEN_THE_FILES, many_photos, tiny_clip) as running:
        running.wait(120)
    assert running.returncode == -signal.SIGKILL
    check_and_finish(many_photos, tiny_clip, tmp_path, monkeypatch)
