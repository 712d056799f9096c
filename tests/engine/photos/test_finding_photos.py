"""Which files of a folder are its photos."""

import os
from pathlib import Path

import pytest
from making import make_photo

from engine.jobs import Cancellation, Cancelled
from engine.photos.find import find_photos


def test_photos_of_all_folders_below_by_path(photo_folder: Path) -> None:
    assert [photo.path for photo in find_photos(photo_folder)] == [
        "beach.jpg",
        "city.png",
        "dog.webp",
        "trip/boat.jpg",
        "trip/day two/horse.jpeg",
        "trip/day two/lamp.JPG",
        "trip/turned.jpg",
        "zebra.bmp",
    ]


def test_size_and_time_tell_whether_a_photo_changed(photo_folder: Path) -> None:
    stat = (photo_folder / "beach.jpg").stat()
    assert find_photos(photo_folder)[0] == ("beach.jpg", stat.st_size, stat.st_mtime_ns)


def test_hidden_files_and_folders_and_the_project_are_passed_over(tmp_path: Path) -> None:
    make_photo(tmp_path / "seen.jpg")
    for hidden in (".hidden.jpg", ".cdul/thumbnail.jpg", ".Trash/old.jpg", "._mac.jpg"):
        make_photo(tmp_path / hidden)
    assert [photo.path for photo in find_photos(tmp_path)] == ["seen.jpg"]


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("notes.txt", "movie.mp4", "raw.x3f", "jpg", "photo.jpg.xmp"):
        (tmp_path / name).write_bytes(b"x")
    assert find_photos(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
def test_links_to_folders_do_not_lead_in_circles(photo_folder: Path) -> None:
    (photo_folder / "trip" / "back").symlink_to(photo_folder)
    (photo_folder / "broken.jpg").symlink_to(photo_folder / "nowhere.jpg")
    assert len(find_photos(photo_folder)) == 8


def test_the_search_can_be_cancelled(photo_folder: Path) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        find_photos(photo_folder, lambda photos: cancellation.check())
