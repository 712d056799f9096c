"""Which photos of a folder a list names."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.photos.listed import names_in, photos_named

PATHS = ("000005.jpg", "actor/0001_1.jpg", "a.b/2.0.png", " spaced .jpg", "twice.jpg", "twice.png")


def test_a_list_has_a_name_a_line() -> None:
    assert names_in("\ufeff000005\r\n\r\n000007 \n000005\n") == ("000005", "000007 ")


@pytest.mark.parametrize(
    ("name", "photos"),
    [
        ("000005.jpg", {"000005.jpg"}),
        ("000005", {"000005.jpg"}),
        ("  000005 ", {"000005.jpg"}),
        ("./000005.jpg", {"000005.jpg"}),
        ("actor\\0001_1.jpg", {"actor/0001_1.jpg"}),
        ("actor/0001_1", {"actor/0001_1.jpg"}),
        ("a.b/2.0", {"a.b/2.0.png"}),
        (" spaced .jpg", {" spaced .jpg"}),
        ("twice", {"twice.jpg", "twice.png"}),
        ("/photos/actor/0001_1.jpg", {"actor/0001_1.jpg"}),
        ("/elsewhere/000005.jpg", set()),
        ("0001_1.jpg", set()),
        ("000005 -1", set()),
    ],
)
def test_how_a_photo_can_be_named(name: str, photos: set[str]) -> None:
    chosen, missing = photos_named([name], PATHS, Path("/photos"))
    assert (set(chosen), missing) == (photos, () if photos else (name,))


def test_a_list_may_have_names_with_nuls_between_folders_and_paths_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names_in("two\nlines.jpg\0b.jpg\0") == ("two\nlines.jpg", "b.jpg")
    monkeypatch.chdir(tmp_path)
    given = ["photos/twice.png", "actor/", "photos/../photos/000005.jpg", "."]
    chosen, missing = photos_named(given, PATHS, tmp_path / "photos")
    assert (list(chosen), missing) == (["twice.png", "actor/0001_1.jpg", "000005.jpg"], (".",))
    assert set(photos_named(["photos"], PATHS, tmp_path / "photos")[0]) == set(PATHS)
