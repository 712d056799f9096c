"""`cdul import`: labels of other programs from the command line, with a look before."""

from pathlib import Path

import pytest
from commands import Cdul

from engine.formats.registry import READERS

ROWS = ["file_name,label,state", "beach.jpg,cat,confirmed", "beach.jpg,boat,rejected", "gone.jpg,cat,confirmed"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "labels.csv").write_text("\n".join(ROWS))
    return tmp_path / "labels.csv"


def test_a_look_then_the_import_then_nothing_more(cdul: Cdul, photo_folder: Path, file: Path) -> None:
    look = cdul("import", photo_folder, file, "--preview")
    assert look.code == 0
    assert "Would take over decisions on 1 photo: 1 label confirmed, 1 rejected; there already: 0." in look.out
    done = cdul("import", photo_folder, file)
    assert "Took over decisions on 1 photo: 1 label confirmed, 1 rejected; there already: 0." in done.out
    assert "New labels: cat, boat" in done.out
    assert "Of the file, not in the project: 1 photo (gone.jpg)" in done.out
    again = cdul("import", photo_folder, file, "--json").json
    assert (again["format"], again["changed"], again["edit"], again["same"]) == ("csv", False, None, 2)
    assert "nothing changed" in cdul("import", photo_folder, file).out


def test_conflicts_are_told_and_taken_when_asked(cdul: Cdul, photo_folder: Path, file: Path) -> None:
    cdul("import", photo_folder, file)
    file.write_text("\n".join([*ROWS[:1], "beach.jpg,cat,rejected"]))
    kept = cdul("import", photo_folder, file)
    assert "The file says otherwise on 1 decision; yours stay, both are in the history:" in kept.out
    assert "  beach.jpg: cat: yours yes, the file's no" in kept.out
    told = cdul("import", photo_folder, file, "--on-conflict", "replace", "--json").json
    assert (told["changed"], told["conflicts"]) == (True, 1)
    assert told["some_conflicts"] == [{"photo": "beach.jpg", "label": "cat", "mine": True, "theirs": False}]


def test_a_truth_is_one_where_it_is_called_one(cdul: Cdul, photo_folder: Path, file: Path) -> None:
    cdul("import", photo_folder, file)
    told = cdul("import", photo_folder, file, "--as", "truth", "--json").json
    assert (told["take_as"], told["truth"], told["labels"]) == ("truth", "labels", 2)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--as", "facts"], 2, "'facts' is not one of 'decisions', 'suggestions', 'opinion', 'truth'"),
        (["--on-conflict", "ask"], 2, "'ask' is not one of 'keep', 'replace'"),
        (["--new-labels", "some"], 2, "'some' is not one of 'add', 'tree', 'skip'"),
        (["--format", "labelme"], 2, "labelme is a folder of files, but "),
        (["--format", "coco"], 1, "It is not JSON"),
    ],
)
def test_wrong_wishes_change_nothing(
    arguments: list[str], code: int, said: str, cdul: Cdul, photo_folder: Path, file: Path
) -> None:
    told = cdul("import", photo_folder, file, *arguments)
    assert (told.code, told.out) == (code, "")
    assert said in told.err
    assert cdul("import", photo_folder, file, "--json").json["new_labels"] == ["cat", "boat"]


def test_the_help_names_every_format(cdul: Cdul) -> None:
    said = cdul("import", "--help").out
    for format_name in READERS:
        assert format_name in said


def test_an_export_comes_back_as_it_went_and_an_empty_one_takes_nothing_away(
    label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path
) -> None:
    def exported(states: str) -> tuple[Path, int]:
        out = tmp_path / f"{states}.json"
        told = cdul("export", photo_folder, "--format", "coco", "--states", states, "--out", out, "--json", "--force")
        return out, told.json["written"]

    before = label("--threshold", "0", "--json").json
    empty, nothing = exported("confirmed")
    assert nothing == 0
    refused = cdul("import", photo_folder, empty)
    assert (refused.code, refused.out) == (1, "")
    assert "gives none of these photos a label" in refused.err
    suggested, count = exported("suggested")
    assert 0 < count == before["suggested"]
    assert cdul("import", photo_folder, suggested).code == 0
    assert exported("suggested")[1] == count
    # Whoever labels again wants what the encoder says, those that may be as well.
    again = cdul("label", photo_folder, "--json").json
    assert (again["suggested"], again["maybe"], again["encoded"]) == (count, before["maybe"], 0)
