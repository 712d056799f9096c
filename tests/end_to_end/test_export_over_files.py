"""An export takes the place of an earlier one and of nothing else, unless --force says so; names stay text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Cdul
from making import make_photo


@pytest.fixture
def imported(cdul: Cdul, photo_folder: Path, tmp_path: Path) -> Path:
    """A project with one decision, without any network."""
    table = tmp_path / "table.csv"
    table.write_text("file_name,label\nbeach.jpg,cat\n")
    assert cdul("import", photo_folder, table).code == 0
    return photo_folder


@pytest.mark.parametrize("content", [b"mine", b"{}", b"II*\0 a raw photo"])
def test_a_file_of_somebody_else_stays_unless_forced(
    content: bytes, cdul: Cdul, imported: Path, tmp_path: Path
) -> None:
    out = tmp_path / "IMG_1.CR3x"
    out.write_bytes(content)
    told = cdul("export", imported, "--out", out)
    assert (told.code, told.out) == (2, "")
    assert f"{out} is there already" in told.err
    assert "--force" in told.err
    assert out.read_bytes() == content
    assert cdul("export", imported, "--out", out, "--force").code == 0
    assert len(json.loads(out.read_bytes())["images"]) == 8


def test_an_earlier_export_is_replaced_until_somebody_changes_it(cdul: Cdul, imported: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    for _ in range(3):
        assert cdul("export", imported, "--out", out).code == 0
        make_photo(imported / f"{len(list(imported.iterdir()))}.jpg", 3)
    out.write_bytes(out.read_bytes() + b" ")
    assert cdul("export", imported, "--out", out).code == 2
    # Of another project, too, it is a stranger's.
    out.unlink()
    assert cdul("export", imported, "--out", out).code == 0
    assert cdul("import", imported, tmp_path / "table.csv", "--project", tmp_path / "other").code == 0
    assert cdul("export", imported, "--project", tmp_path / "other", "--out", out).code == 2


def test_a_photo_is_never_replaced(cdul: Cdul, imported: Path) -> None:
    before = (imported / "city.png").read_bytes()
    assert cdul("export", imported, "--out", imported / "city.png", "--force").code == 2
    assert (imported / "city.png").read_bytes() == before


def test_it_is_said_before_the_photos_are_labelled(label: Cdul, photo_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("mine")
    told = label("--out", tmp_path / "out.json")
    assert told.code == 2
    assert "is there already" in told.err
    assert label("--out", tmp_path / "out.json", "--force").code == 0


def test_no_control_character_reaches_the_terminal(cdul: Cdul, imported: Path, tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e.jpg"
    table = tmp_path / "evil.csv"
    table.write_text(f"file_name,label\nbeach.jpg,dog\n{evil},dog\n\x1b[31m,\x1b[31m\n")
    told = cdul("import", imported, table, "--preview")
    assert told.code == 0
    assert "\\x1b]0;owned" in told.out
    odd = tmp_path / "\x1b[2Jx.csv"
    odd.write_text("nothing")
    failed = cdul("import", imported, odd)
    assert failed.code == 2
    for text in (told.out, told.err, failed.err):
        assert not [letter for letter in text if letter != "\n" and not letter.isprintable()]
