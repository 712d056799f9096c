"""A training reads each photo file once, and leaves nothing on the disk."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from making import make_photo

from engine.jobs import Cancellation, Cancelled
from engine.photos import squashed
from engine.photos.decode import decode_file
from engine.photos.loader import cut_snippets
from engine.photos.squashed import SquashedPhotos

SIDE = 24


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [make_photo(tmp_path / f"{at:02}.jpg", at, size=(90 + at, 60)) for at in range(40)]
    made[3].write_bytes(b"broken")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def expected(files: list[Path]) -> np.ndarray:
    pictures = (decode_file(file, at_least=(SIDE, SIDE)).picture for at, file in enumerate(files) if at != 3)
    return np.concatenate([cut_snippets(picture, (1,), SIDE) for picture in pictures])


@pytest.mark.parametrize("room", [0, 17, 10**6], ids=["no room", "room for some", "room for all"])
def test_all_photos_are_there_whatever_room_the_disk_has(
    room: int, files: list[Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(squashed.shutil, "disk_usage", lambda _: SimpleNamespace(free=2 * room * 3 * SIDE * SIDE))
    photos = SquashedPhotos(folder, SIDE)
    looked_at: list[int] = []
    assert photos.add(enumerate(files), looked_at.append) == [at for at in range(40) if at != 3]
    assert (photos.kept, sum(looked_at)) == (min(room, 39), 40)
    np.testing.assert_array_equal(photos(range(39)), expected(files))
    np.testing.assert_array_equal(photos([38, 0, 20, 0]), expected(files)[[38, 0, 20, 0]])
    assert list(folder.iterdir()) == []


def test_what_is_kept_is_read_from_no_photo_again(files: list[Path], folder: Path) -> None:
    photos = SquashedPhotos(folder, SIDE)
    photos.add(enumerate(files))
    whole = expected(files)
    for file in files:
        file.unlink()
    np.testing.assert_array_equal(photos(range(39)), whole)


def test_a_disk_that_is_full_after_all_is_done_without(
    files: list[Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(squashed, "_write", lambda file, pixels: False)
    photos = SquashedPhotos(folder, SIDE)
    photos.add(enumerate(files))
    assert photos.kept == 0
    np.testing.assert_array_equal(photos(range(39)), expected(files))


def test_cancelled_while_photos_are_read(files: list[Path], folder: Path) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        SquashedPhotos(folder, SIDE).add(enumerate(files), check=cancellation.check)
    assert list(folder.iterdir()) == []
