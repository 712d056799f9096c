"""Reading labels from the folders that photos lie in."""

from pathlib import Path

import pytest
from making import make_photo

from engine.formats.folders import read_folders
from engine.formats.known_labels import PRESENT, KnownLabelsError


def test_the_innermost_folder_is_the_label(tmp_path: Path) -> None:
    for name in ("dog/a.jpg", "animals/cat/b.jpg", "loose.jpg", ".hidden/c.jpg"):
        make_photo(tmp_path / name)
    known = read_folders(tmp_path)
    assert known.labels == ("cat", "dog")
    assert known.answers == {"animals/cat/b.jpg": {"cat": PRESENT}, "dog/a.jpg": {"dog": PRESENT}}
    assert known.photo_folder == tmp_path


def test_no_folders_or_no_folder(tmp_path: Path) -> None:
    make_photo(tmp_path / "loose.jpg")
    with pytest.raises(KnownLabelsError, match="Expected a folder of photos for each label, but found none"):
        read_folders(tmp_path)
    with pytest.raises(KnownLabelsError, match="Expected a folder with a folder of photos"):
        read_folders(tmp_path / "missing")
