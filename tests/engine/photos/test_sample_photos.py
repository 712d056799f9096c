"""The sample photos that come with the program."""

from pathlib import Path

import pytest

from engine.photos.decode import decode_file
from engine.photos.find import find_photos
from engine.stages.care.samples import copy_sample_photos, open_sample_photos


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    return copy_sample_photos(tmp_path / "samples")


def test_each_can_be_read_and_has_its_licence(samples: Path) -> None:
    photos = find_photos(samples)
    assert 12 <= len(photos) <= 24
    assert sum(photo.size for photo in photos) <= 5 * 2**20
    licences = (samples / "LICENSES.md").read_text("utf-8")
    for photo in photos:
        assert decode_file(samples / photo.path).rgb.size
        assert Path(photo.path).name in licences


def test_a_second_copy_leaves_what_is_there(samples: Path) -> None:
    first = samples / find_photos(samples)[0].path
    first.write_bytes(b"mine now")
    copy_sample_photos(samples)
    assert first.read_bytes() == b"mine now"


def test_they_are_opened_as_a_copy_of_the_users_own(machine_of_its_own: Path) -> None:
    folder = open_sample_photos()
    assert folder.is_relative_to(machine_of_its_own)
    assert find_photos(folder)
