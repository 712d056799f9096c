"""`-` in a file's place: commands that are put together by pipes."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest
from commands import Cdul, CommandResult
from PIL import Image

from engine.project import Project


@pytest.fixture
def photos(labelled: Project) -> Path:
    labelled.close()
    return labelled.photos


@pytest.fixture
def given(cdul: Cdul, monkeypatch: pytest.MonkeyPatch) -> Cdul:
    """Runs a command with a text on its standard input: the first argument."""

    def command(*arguments: str | os.PathLike[str]) -> CommandResult:
        text, *others = arguments
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(os.fsencode(text))))
        return cdul(*others)

    return command


def test_an_export_is_printed_and_goes_in_again_elsewhere(given: Cdul, cdul: Cdul, photos: Path) -> None:
    cdul("set", photos, "--confirm", "dog")
    printed = cdul("export", photos, "--format", "csv", "--states", "confirmed", "--out", "-")
    assert printed.code == 0
    assert printed.err == "Wrote standard output: 8 photos, 8 labels.\n"
    assert len(list(csv.reader(io.StringIO(printed.out)))) == 9
    cdul("undo", photos)
    taken = given(printed.out, "import", photos, "-", "--json").json
    assert (taken["format"], taken["photos"]) == ("csv", 8)
    assert all("dog yes" in line for line in cdul("list", photos).out.splitlines())


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="The system has no /dev/fd.")
def test_what_a_shell_makes_of_a_command_in_a_files_place_is_read(cdul: Cdul, photos: Path, tiny_clip: Path) -> None:
    def piped(text: bytes) -> str:
        """Where `<(…)` leads."""
        reading, writing = os.pipe()
        os.write(writing, text)
        os.close(writing)
        return f"/dev/fd/{reading}"

    listed = cdul("list", photos, "--list", piped(b"beach.jpg\0dog.webp\0"), "--paths")
    assert listed.out == f"{photos}/beach.jpg\n{photos}/dog.webp\n"
    assert cdul("list", photos, "--list", os.devnull).code == 0
    taken = cdul("import", photos, piped(b"photo,label\nbeach.jpg,dog\n"), "--json").json
    assert (taken["format"], taken["photos"]) == ("csv", 1)
    assert cdul("label", photos, "--encoder", tiny_clip, "--labels", piped(b"ant\nbee, wasp\n")).code == 0
    assert [line.split()[0] for line in cdul("labels", photos).out.splitlines()] == ["ant", "bee", "wasp"]
    wrong = cdul("label", photos, "--labels", piped("Löwe".encode("latin-1")))
    assert (wrong.code, wrong.err) == (2, "Expected labels in UTF-8, but got bytes that are none.\n")


def test_nul_alone_asks_for_paths(cdul: Cdul, photos: Path) -> None:
    assert cdul("list", photos, "-0", "--filter", "name:beach*").out == f"{photos}/beach.jpg\0"


def test_what_is_found_is_listed_exported_and_decided(given: Cdul, cdul: Cdul, label: Cdul, photos: Path) -> None:
    label()  # in the precision that is best on this machine, which is the one that the search opens it in
    found = cdul("search", photos, "dog", "--top", "3", "--paths").out
    assert len(found.splitlines()) == 3
    assert given(found, "list", photos, "--list", "-", "--paths").out == found
    assert given(found, "set", photos, "--list", "-", "--confirm", "dog").code == 0
    coco = json.loads(given(found, "export", photos, "--list", "-", "--out", "-", "-q").out)
    names = {photos / image["file_name"] for image in coco["images"]}
    assert names == {Path(line) for line in found.splitlines()}
    partly = given("beach.jpg\nnothing.jpg\n", "export", photos, "--list", "-", "--out", "-", "--format", "csv")
    assert "beach.jpg" in partly.out
    assert "Of the list, not in the folder: 1 photo (nothing.jpg)" in partly.err
    among = given(found, "search", photos, "cat", "--list", "-", "--paths").out
    assert set(among.splitlines()) == set(found.splitlines())


def test_a_truth_and_a_report_go_through_pipes(given: Cdul, cdul: Cdul, photos: Path, tmp_path: Path) -> None:
    cdul("set", photos, "--confirm", "dog")
    truth = cdul("export", photos, "--states", "confirmed", "--out", "-", "-q").out
    assert given(truth, "evaluate", photos, "--truth", "-", "--json").json["photos"] == 8
    some = given(truth, "evaluate", photos / "trip", "--truth", "-", "--json").json
    assert some["photos"] == 4
    assert given(truth, "truth", "import", photos, "-", "--name", "mine").code == 0
    assert cdul("evaluate", photos, "--truth", "mine", "--filter", "folder:trip", "--json").json["photos"] == 4
    html = cdul("report", photos, "--truth", "mine", "--out", "-").out
    assert html.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "-", "--json"], "Expected one of --out - and --json"),
        (["--out", "-", "--format", "voc"], "voc is written as a folder of files"),
        (["--out", ""], "got an empty one"),
    ],
)
def test_what_cannot_be_printed_is_a_sentence(cdul: Cdul, photos: Path, arguments: list[str], said: str) -> None:
    result = cdul("export", photos, *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_contact_sheet_shows_what_a_filter_takes(cdul: Cdul, photos: Path, tmp_path: Path) -> None:
    cdul("set", photos / "trip", "--confirm", "boat")
    sheet = tmp_path / "sheet.png"
    told = cdul("contact-sheet", photos, "--filter", "confirmed:boat", "--out", sheet, "--columns", "2", "--json").json
    assert (told["photos"], told["of"]) == (4, 4)
    with Image.open(sheet) as picture:
        assert (picture.format, picture.size) == ("PNG", (562, 510))
    assert cdul("contact-sheet", photos, "--out", sheet, "--heatmaps", "--top", "1").code == 0  # its own is replaced
    assert cdul("contact-sheet", photos, "--out", tmp_path / "sheet.pdf").out.endswith("sheet.pdf: 8 of 8 photos.\n")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    with Image.open(tmp_path / "sheet.png") as picture:
        picture.save(tmp_path / "mine.png")
    for out, code, said in (
        (tmp_path / "mine.png", 2, "is not what this project exported last"),
        (photos / "new.png", 2, "is only read"),
        (tmp_path / "sheet.gif", 2, "to end in .png, .jpg, .jpeg, .pdf"),
    ):
        refused = cdul("contact-sheet", photos, "--out", out)
        assert (refused.code, said in refused.err) == (code, True)
