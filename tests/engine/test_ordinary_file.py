"""A pipe or a device in the place of a file, also where it came there after somebody looked, is never waited for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.formats.files import reading
from engine.formats.files.whole_folder import exported_in
from engine.models.encoders.checkpoints.configuration import read_json
from engine.photos.decode import read_file

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")


def text_of(file: Path) -> str:
    with reading.opened_text(file) as stream:
        return stream.read()


@pytest.mark.parametrize(
    "read", [read_file, reading.read_bytes, text_of, lambda file: reading.read_without(file, "imageData"), read_json]
)
@pytest.mark.parametrize("thing", ["pipe", "device"])
def test_what_comes_between_a_look_and_the_reading_is_refused(
    thing: str, read: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "labels.json"
    file.write_text("{}")
    looked = reading.check_file

    def look(file: Path, *most: int) -> None:
        if file.is_file():
            looked(file, *most)
            replace()

    def replace() -> None:
        file.unlink()
        os.mkfifo(file) if thing == "pipe" else file.symlink_to("/dev/zero")

    monkeypatch.setattr(reading, "check_file", look)
    if read in (read_file, read_json):
        replace()
    with pytest.raises(UserError, match=r"cannot be read|no file|it is none"):
        read(file)


def test_a_pipe_is_no_list_of_an_export(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".cdul-export.json")
    assert exported_in(tmp_path) is None


def test_a_file_that_grows_beyond_the_limit_is_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("photo,label\n")
    looked = reading.check_file

    def look_and_grow(file: Path, most: int) -> None:
        looked(file, most)
        file.write_text("x" * (most + 1))

    monkeypatch.setattr(reading, "check_file", look_and_grow)
    with pytest.raises(UserError, match="Is it the right file"):
        reading.read_bytes(file, 1 << 20)
