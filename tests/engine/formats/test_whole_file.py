"""What is written is there whole or not at all."""

import os
from pathlib import Path

import pytest

from engine.formats.files.whole_file import WriteError, whole_file


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def test_it_replaces_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("old")
    with whole_file(tmp_path / "out.json") as stream:
        stream.write(b"new")
        assert (tmp_path / "out.json").read_text() == "old"
    assert (tmp_path / "out.json").read_text() == "new"
    assert names_in(tmp_path) == ["out.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WriteError, match="pipe is a device or a pipe"), whole_file(tmp_path / "pipe"):
        pass
    assert (tmp_path / "pipe").is_fifo()
    assert names_in(tmp_path) == ["pipe"]


@pytest.mark.parametrize("name", [".cdul/project.sqlite", ".cdul/writer.lock", "kept here/cache.sqlite"])
def test_what_a_project_keeps_is_never_replaced(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir()
    file.write_text("decided")
    with pytest.raises(WriteError, match="belongs to a project"), whole_file(file):
        pass
    (tmp_path / "link.csv").symlink_to(file)
    with pytest.raises(WriteError, match="belongs to a project"), whole_file(tmp_path / "link.csv"):
        pass
    assert file.read_text() == "decided"


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with (
        pytest.raises(WriteError, match=r"cannot be written .* Choose another place"),
        whole_file(tmp_path / ("x" * 300)),
    ):
        pass


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a" / "b" / "out.csv") as stream:
        stream.write(b"x")
    assert (tmp_path / "a" / "b" / "out.csv").read_bytes() == b"x"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("a defect")])
def test_the_old_file_stays_when_writing_fails(error: Exception, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("old")

    def write() -> None:
        with whole_file(tmp_path / "out.json") as stream:
            stream.write(b"half")
            raise error

    with pytest.raises((WriteError, RuntimeError)) as raised:
        write()
    assert (tmp_path / "out.json").read_text() == "old"
    assert names_in(tmp_path) == ["out.json"]
    if isinstance(error, OSError):
        assert "could not be written (No space left on device); nothing was changed there" in str(raised.value)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(WriteError, match=r"cannot be written .* Choose another place"),
        whole_file(tmp_path / "file" / "x"),
    ):
        pass


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(WriteError, match="could not be written"), whole_file(tmp_path / "out") as stream:
        stream.write(b"x")
    assert names_in(tmp_path) == ["out"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_it_is_readable_as_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with whole_file(tmp_path / "out") as stream:
        stream.write(b"x")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode
