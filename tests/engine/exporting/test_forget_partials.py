"""What a killed program left beside an export goes with the next one, and nothing else does."""

import os
from pathlib import Path

import pytest

from engine.formats.files.partials import forget_partials, put_back


def old(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    os.utime(file, (0, 0))
    return file


def test_only_old_parts_of_the_same_name_go(tmp_path: Path) -> None:
    gone = [old(tmp_path / ".out.json.abcd_123.partial")]
    kept = [
        old(tmp_path / ".other.json.abcd_123.partial"),
        old(tmp_path / ".out.json.partial"),
        old(tmp_path / "out.json.abcd_123.partial"),
        old(tmp_path / "out.json"),
    ]
    (tmp_path / ".out.json.efgh_456.partial").write_text("being written")
    forget_partials([tmp_path / "out.json"])
    assert not any(file.exists() for file in gone)
    assert all(file.exists() for file in kept)
    assert (tmp_path / ".out.json.efgh_456.partial").exists()


def test_an_earlier_export_stays_where_nothing_took_its_place(tmp_path: Path) -> None:
    before = old(tmp_path / ".out.abcdefgh.before" / "out" / "labels.csv").parents[1]
    os.utime(before, (0, 0))
    forget_partials([tmp_path / "out"])
    assert before.exists()
    (tmp_path / "out").mkdir()
    forget_partials([tmp_path / "out"])
    assert not before.exists()


def test_the_newest_of_earlier_exports_is_put_back(tmp_path: Path) -> None:
    superseded = old(tmp_path / ".out.abcdefgh.before" / "out" / "labels.csv").parents[1]
    os.utime(superseded, (0, 0))
    newest = tmp_path / ".out.ijklmnop.before"
    (newest / "out").mkdir(parents=True)
    (newest / "out" / "labels.csv").write_text("newest")
    unfinished = old(tmp_path / ".out.ijklmnop.partial" / "labels.csv").parent
    put_back(tmp_path / "out")
    assert (tmp_path / "out" / "labels.csv").read_text() == "newest"
    assert not newest.exists()
    assert not unfinished.exists()
    assert superseded.exists()
    forget_partials([tmp_path / "out"])
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_nothing_is_put_back_over_what_is_there(tmp_path: Path) -> None:
    before = old(tmp_path / ".out.abcdefgh.before" / "out" / "labels.csv")
    (tmp_path / "out").mkdir()
    put_back(tmp_path / "out")
    assert before.exists()
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_not_followed(tmp_path: Path) -> None:
    mine = old(tmp_path / "mine" / "labels.csv")
    link = tmp_path / ".out.abcdefgh.partial"
    link.symlink_to(mine.parent)
    os.utime(link, (0, 0), follow_symlinks=False)
    forget_partials([tmp_path / "out"])
    assert mine.exists()


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    forget_partials([tmp_path / "nowhere" / "out"])
    assert not list(tmp_path.iterdir())
