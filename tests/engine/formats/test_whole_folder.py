"""A folder that is written is there whole or not at all, and nothing of anybody else's is ever lost."""

import os
from pathlib import Path

import pytest

from engine.formats.files.whole_file import WriteError, whole_file
from engine.formats.files.whole_folder import MARKER, whole_folder


def write(folder: Path, text: str = "new", *, replace: bool = False) -> None:
    with whole_folder(folder, replace=replace) as partial:
        (partial / "sub").mkdir()
        (partial / "sub" / "labels\udce9.json").write_text(text)
        (partial / "photo.jpg").symlink_to("/nowhere/photo.jpg")
        assert not (folder / "sub").exists() or replace


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_it_is_there_when_all_is_written(tmp_path: Path) -> None:
    write(tmp_path / "a" / "out")
    assert names_in(tmp_path / "a") == ["out"]
    assert names_in(tmp_path / "a" / "out") == [MARKER, "photo.jpg", "sub"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out")
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_is_left_when_writing_fails(error: BaseException, tmp_path: Path) -> None:
    write(tmp_path / "out", "old")

    def fail() -> None:
        with whole_folder(tmp_path / "out", replace=True) as partial:
            (partial / "half").write_text("half")
            raise error

    with pytest.raises((WriteError, KeyboardInterrupt)):
        fail()
    assert names_in(tmp_path) == ["out"]
    assert (tmp_path / "out" / "sub" / "labels\udce9.json").read_text() == "old"


def test_an_earlier_export_outlives_a_move_that_fails_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "out", "old")
    rename = Path.rename

    def full(file: Path, place: Path) -> Path:
        if file.suffix == ".partial":
            raise OSError(28, "No space left on device")
        return rename(file, place)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(WriteError, match="nothing was changed there"):
        write(tmp_path / "out", replace=True)
    assert names_in(tmp_path) == ["out"]
    assert (tmp_path / "out" / "sub" / "labels\udce9.json").read_text() == "old"


def test_an_earlier_export_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write(tmp_path / "out", "old")
    with pytest.raises(WriteError, match="holds an earlier export"):
        write(tmp_path / "out")
    write(tmp_path / "out", replace=True)
    assert (tmp_path / "out" / "sub" / "labels\udce9.json").read_text() == "new"
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("replace", [False, True])
def test_what_is_not_an_export_is_never_replaced(replace: bool, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "holiday.jpg").write_text("mine")
    with pytest.raises(WriteError, match="is not empty"):
        write(tmp_path / "out", replace=replace)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WriteError, match="not a folder"):
        write(tmp_path / "file", replace=replace)
    assert (tmp_path / "out" / "holiday.jpg").read_text() == (tmp_path / "file").read_text() == "mine"


def test_what_was_added_to_an_export_is_never_lost(tmp_path: Path) -> None:
    write(tmp_path / "out")
    (tmp_path / "out" / "sub" / "trained.bin").write_text("mine")
    with pytest.raises(WriteError, match=r"other files, 'sub/trained\.bin' for one"):
        write(tmp_path / "out", replace=True)
    assert (tmp_path / "out" / "sub" / "trained.bin").read_text() == "mine"


def test_a_forged_marker_does_not_help(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MARKER).write_text('{"files": [1, null]}')
    with pytest.raises(WriteError, match="is not empty"):
        write(tmp_path / "out", replace=True)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WriteError, match=r"cannot be written .* Choose another place"):
        write(tmp_path / "file" / "out")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells which file a number stands for")
def test_every_file_is_on_the_disk_once_before_it_is_said_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.path.relpath(Path(f"/proc/self/fd/{descriptor}").readlink(), tmp_path))
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", noted)
    with whole_folder(tmp_path / "out") as folder:
        (folder / "a").mkdir()
        for number in range(20):
            (folder / "a" / f"{number}.txt").write_text("x")
        (folder / "link").symlink_to(folder / "a" / "0.txt")
    partial = synced[0].split("/")[0]
    files = [f"{partial}/a/{number}.txt" for number in range(20)]
    assert sorted(synced[:21]) == sorted([*files, f"{partial}/{MARKER}"])
    assert synced[21:] == [f"{partial}/a", partial, "."]
    synced.clear()
    with whole_file(tmp_path / "one.json") as stream:
        stream.write(b"x")
    assert synced[1:] == ["."]
    assert synced[0].endswith(".partial")
