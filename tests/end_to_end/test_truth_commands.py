"""`cdul truth …`, `cdul evaluate` with a truth that is kept or a file, and `cdul compare`."""

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Cdul

from engine.project import Project

COCO: dict[str, Any] = {
    "images": [
        {"id": 1, "file_name": "beach.jpg"},
        {"id": 2, "file_name": "dog.webp"},
        {"id": 3, "file_name": "x.jpg"},
    ],
    "categories": [{"id": 1, "name": "Cat"}, {"id": 2, "name": "dog"}, {"id": 3, "name": "ship"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1},
        {"id": 2, "image_id": 2, "category_id": 2},
        {"id": 3, "image_id": 1, "category_id": 2, "ignore": 1},
        {"id": 4, "image_id": 1, "category_id": 3},
    ],
}


@pytest.fixture
def photos(labelled: Project) -> Path:
    labelled.close()
    return labelled.photos


@pytest.fixture
def truth_file(tmp_path: Path) -> Path:
    file = tmp_path / "people's truth.json"
    file.write_text(json.dumps(COCO))
    return file


def test_from_import_to_forgetting(cdul: Cdul, photos: Path, truth_file: Path) -> None:
    said = cdul("truth", "import", photos, truth_file, "--name", "mine")
    assert said.code == 0
    assert "Kept the truth 'mine': 2 photos (0 by their content), 2 of its 3 labels" in said.out
    assert "Of the truth, not in the project: 1 photo (x.jpg)" in said.out
    assert "Of the truth, not in the project: 1 label (ship)" in said.out

    assert cdul("truth", "list", photos, "--json").json["truths"][0]["name"] == "mine"
    assert "ship                          1 photos   means no label here" in cdul("truth", "show", photos, "mine").out
    before = cdul("evaluate", photos, "--truth", "mine", "--json").json
    assert (before["unmatched_labels"], before["labels_counted"]) == (["ship"], 2)

    assert cdul("truth", "map", photos, "mine", "ship", "boat").code == 0
    shown = cdul("truth", "show", photos, "mine", "--json").json
    assert shown["labels"][2] == {"name": "ship", "means": "boat", "positives": 1}
    after = cdul("evaluate", photos, "--truth", "mine", "--json").json
    assert (after["unmatched_labels"], after["labels_counted"]) == ([], 3)

    # Taken back, a label means again what its name says.
    assert cdul("truth", "map", photos, "mine", "Cat", "boat").out == "Cat of mine now means boat.\n"
    assert cdul("truth", "map", photos, "mine", "Cat").out == "Cat of mine now means cat.\n"
    assert cdul("truth", "map", photos, "mine", "ship").out == "ship of mine now means no label here.\n"
    assert cdul("truth", "map", photos, "mine", "Cat", "--nothing").out == "Cat of mine now means no label here.\n"

    assert cdul("truth", "forget", photos, "mine").code == 0
    assert cdul("truth", "list", photos, "--json").json == {"truths": []}


def test_a_file_is_compared_without_being_kept(cdul: Cdul, photos: Path, truth_file: Path) -> None:
    result = cdul("evaluate", photos, "--truth", truth_file, "--synonym", "ship=boat", "--json").json
    assert (result["photos"], result["labels_counted"], result["unmatched_labels"]) == (2, 3, [])
    assert cdul("truth", "list", photos, "--json").json == {"truths": []}


def test_figures_for_people(cdul: Cdul, photos: Path, truth_file: Path) -> None:
    out = cdul("evaluate", photos, "--truth", truth_file).out
    assert "over 2 labels with positives, 2 photos, stage initial" in out
    for counted in ("likely labels", "likely and maybe", "the top 3"):
        (line,) = [line for line in out.splitlines() if line.endswith(counted)]
        assert [word for word in line.split() if word.isupper() or word[:-1].isupper()] == ["P", "R", "CF1", "OF1"]
    assert "Rule: what the truth ignores (as difficult) is neither positive nor negative." in out
    assert "Photos that are not in the truth and do not count: 6." in out


def test_difficult_objects_are_ignored_or_negative(cdul: Cdul, photos: Path, tmp_path: Path) -> None:
    lists = tmp_path / "VOC" / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    (lists / "dog_test.txt").write_text("beach  1\ncity  0\ndog -1\n")
    for difficult, known in (("ignore", 2), ("negative", 3)):
        result = cdul("evaluate", photos, "--truth", tmp_path / "VOC", "--difficult", difficult, "--json").json
        (label,) = (one for one in result["labels"] if one["label"] == "dog")
        assert (label["positives"], 3 - label["ignored"]) == (1, known)


def test_two_stages_side_by_side(cdul: Cdul, photos: Path, truth_file: Path) -> None:
    listed = cdul("compare", photos).out
    assert "initial@1" in listed
    assert "global@1" in listed
    said = cdul("compare", photos, "global", "initial@1", "--truth", truth_file)
    assert said.code == 0
    assert "2 photos and 2 labels count on both sides" in said.out
    assert "AP of global, of initial@1, and how much higher that is" in said.out
    assert "not in the project: 1 label (ship)" in said.out
    said = cdul("compare", photos, "global", "initial@1", "--truth", truth_file, "--synonym", "ship=boat")
    assert "2 photos and 3 labels count on both sides" in said.out
    told = cdul("compare", photos, "global", "initial@1", "--truth", truth_file, "--json").json
    assert told["map"]["first"] == told["first"]["map"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["truth", "import", "PHOTOS", "missing.json"], 1, "There is no missing.json"),
        (["truth", "import", "PHOTOS", "TRUTH", "--format", "tarot"], 2, "'tarot' is not one of 'coco'"),
        (["truth", "import", "PHOTOS", "TRUTH", "--difficult", "negative"], 2, "is for a truth of VOC, but "),
        (["truth", "import", "PHOTOS", "TRUTH", "--difficult", "no"], 2, "'no' is not one of 'ignore', 'negative'"),
        (["truth", "import", "PHOTOS", "TRUTH", "--synonym", "ship"], 2, "Expected --synonym to be"),
        (["truth", "import", "PHOTOS", "TRUTH", "--synonym", "tram=cat"], 2, "the truth has no label 'tram'"),
        (["truth", "show", "PHOTOS", "mine"], 2, "no truth named 'mine'. It has none yet"),
        (["truth", "map", "PHOTOS", "mine", "ship", "tram"], 2, "There is no label 'tram'"),
        (
            ["evaluate", "PHOTOS", "--truth", "mine"],
            1,
            "no truth named 'mine', and there is no such file. It has none yet",
        ),
        (["evaluate", "PHOTOS", "--truth", "TRUTH", "--stage", "initial@7"], 2, "There is no run 7"),
        (["compare", "PHOTOS", "global", "--truth", "TRUTH"], 2, "Name two stages or runs"),
        (["compare", "PHOTOS", "global", "initial"], 2, "and with --truth what to compare them with"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], code: int, said: str, cdul: Cdul, photos: Path, truth_file: Path
) -> None:
    places = {"PHOTOS": photos, "TRUTH": truth_file}
    result = cdul(*(places.get(argument, argument) for argument in arguments))
    assert (result.code, result.out) == (code, "")
    assert said in result.err


def test_a_report_as_one_file(cdul: Cdul, photos: Path, truth_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    said = cdul("report", photos, "--truth", truth_file, "--against", "global", "--out", out)
    assert (said.code, said.out) == (0, f"Wrote {out}.\n")
    assert "initial beside global" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"annotations": [{"image_id": 77, "category_id": 1}]}, "image_id 77 (a number) is not among the images"),
        ({"images": [{"id": 1, "file_name": "../../etc/passwd"}], "annotations": []}, "No photo of the truth"),
        ({"images": [{"id": 1, "file_name": "/etc/passwd"}], "annotations": []}, "No photo of the truth"),
        ({"annotations": "none"}, "Expected a list under 'annotations'"),
    ],
)
def test_a_truth_that_cannot_be_is_refused_with_its_place(
    change: dict[str, Any], said: str, cdul: Cdul, photos: Path, truth_file: Path
) -> None:
    truth_file.write_text(json.dumps({**COCO, **change}))
    for command in (["truth", "import", photos, truth_file], ["evaluate", photos, "--truth", truth_file]):
        result = cdul(*command)
        assert (result.code, result.out) == (1, "")
        assert said in result.err
    assert cdul("truth", "list", photos, "--json").json == {"truths": []}


def test_names_that_lead_outside_are_compared_and_never_opened(cdul: Cdul, photos: Path, truth_file: Path) -> None:
    outside = {"id": 9, "file_name": "../outside/dog.webp"}
    others = [one for one in COCO["images"] if one["file_name"] != "dog.webp"]
    coco = {**COCO, "images": [*others, outside], "annotations": [{"image_id": 9, "category_id": 2}]}
    truth_file.write_text(json.dumps(coco))
    # A file of that name is in the folder, whatever lies before it; there is nothing to open elsewhere.
    assert cdul("evaluate", photos, "--truth", truth_file, "--json").json["photos"] == 2


def test_where_nothing_is_scored_there_is_nothing_to_compare(cdul: Cdul, photo_folder: Path) -> None:
    with Project.open(photo_folder):
        pass
    assert "no scores to compare yet" in cdul("compare", photo_folder).out
    assert cdul("compare", photo_folder, "--json").json == {"scores": []}


def test_an_evaluation_as_a_picture(cdul: Cdul, photos: Path, truth_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="no Matplotlib here: pip install '.[plots]'")
    plot = tmp_path / "plot.svg"
    said = cdul("evaluate", photos, truth_file, "--out", plot)
    assert said.code == 0
    assert "over 2 labels with positives" in said.out
    assert said.out.endswith(f"Wrote {plot}.\n")
    assert cdul("evaluate", photos, truth_file, "--out", "-").out == plot.read_text("utf-8")


def test_a_report_says_where_it_is(cdul: Cdul, photos: Path, truth_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    told = cdul("report", photos, "--truth", truth_file, "--out", out, "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json == {"file": str(out), "photos": 2, "scores": "initial"}
    assert out.read_text("utf-8").startswith("<!doctype html>")


def test_a_truth_may_stand_behind_the_photos(cdul: Cdul, photos: Path, truth_file: Path, tmp_path: Path) -> None:
    said = cdul("evaluate", photos, truth_file)
    assert said.code == 0
    assert said.out == cdul("evaluate", photos, "--truth", truth_file).out
    assert "1 positive " in said.out
    assert "1 positives" not in said.out
    assert cdul("report", photos, truth_file, "--out", tmp_path / "report.html").code == 0
    both = cdul("evaluate", photos, truth_file, "--truth", truth_file)
    assert (both.code, "Name one truth" in both.err) == (2, True)
    none = cdul("evaluate", photos)
    assert (none.code, "Name what to compare with" in none.err) == (2, True)
