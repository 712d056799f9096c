"""Readers judge entries, not files: what is odd is passed over with its place, and what nobody reads is not judged."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_photo

from engine.errors import UserError
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabels, KnownLabelsError
from engine.formats.registry import READERS, guess_format
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, ImportPlan, TakeAs, read_source
from engine.stages.labelling.add_photos import add_photos

IMAGES = [{"id": 1, "file_name": "cat.jpg"}, {"id": 2, "file_name": "dog.jpg"}]
CATEGORIES = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
TWO = {"cat.jpg": {"cat": PRESENT}, "dog.jpg": {"dog": PRESENT}}


def note(image: Any, category: Any, **more: Any) -> dict[str, Any]:
    return {"image_id": image, "category_id": category, "bbox": [0, 0, 5, 5], **more}


def known(path: Path, content: Any, format_name: str | None = None) -> KnownLabels:
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    found = READERS[format_name or guess_format(path)].read(path)
    assert isinstance(found, KnownLabels)
    return found


def coco(tmp_path: Path, *annotations: Any, **more: Any) -> KnownLabels:
    whole = {"images": IMAGES, "categories": CATEGORIES, "annotations": list(annotations), **more}
    return known(tmp_path / "coco.json", whole)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (note(99, 1), "annotations[2]: The image_id 99 (a number) is not among the images."),
        (note("3", 1), "annotations[2]: The image_id '3' (text) is not among the images."),
        (note(1, None), "annotations[2]: The category_id nothing is not among the categories."),
        (note(1, 1.5), "annotations[2]: The category_id 1.5 (a number) is not among the categories."),
        (7, "annotations[2]: Expected an object, but got a number."),
        (note(1, 2, score="0.5"), "annotations[2]: Expected a score from 0 to 1 for 'dog', but got '0.5' (text)."),
        (note(1, 2, score=math.nan), "annotations[2]: Expected a score from 0 to 1 for 'dog', but got nan (a number)."),
    ],
)
def test_one_odd_annotation(odd: Any, said: str, tmp_path: Path) -> None:
    found = coco(tmp_path, note(1, 1), note(2.0, 2), odd)
    assert {
        photo: {label: answer for label, answer in labels.items() if answer != IGNORED}
        for photo, labels in found.answers.items()
    } == TWO
    assert (found.passed_over, [str(one) for one in found.problems]) == (1, [f"{tmp_path / 'coco.json'}, {said}"])


def test_a_label_that_could_not_be_read_is_not_said_to_be_absent(tmp_path: Path) -> None:
    assert coco(tmp_path, note(1, 1), note(1, 2, score=7)).answers["cat.jpg"] == {"cat": PRESENT, "dog": IGNORED}


def test_what_nobody_reads_is_not_judged(tmp_path: Path) -> None:
    text = json.dumps({"images": IMAGES, "categories": CATEGORIES, "annotations": [note(1, 1), note(2, 2)]})
    odd = f'"area": NaN, "segmentation": [Infinity, 1e400, {"9" * 5000}], "mine": 1, "mine": 2, "image_id"'
    found = known(tmp_path / "coco.json", text.replace('"image_id"', odd).encode())
    assert (found.answers, found.problems) == (TWO, ())


def test_a_key_that_is_read_and_there_twice(tmp_path: Path) -> None:
    text = json.dumps({"images": IMAGES, "categories": CATEGORIES, "annotations": [note(1, 1), note(2, 2)]})
    found = known(tmp_path / "coco.json", text.replace('"image_id": 2', '"image_id": 1, "image_id": 2').encode())
    assert found.answers == {"cat.jpg": {"cat": PRESENT}, "dog.jpg": {}}
    assert "annotations[1]: The key 'image_id' is there twice" in found.problems[0]


def test_many_odd_entries_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    found = coco(tmp_path, note(1, 1), *[note(3, 1)] * 5000)
    assert found.passed_over == 5000
    assert len(found.problems) == 100


def test_categories_and_images_that_are_odd(tmp_path: Path) -> None:
    found = coco(
        tmp_path,
        *(note(1, 1), note(3, 1), note(1, 4), note(2, 2)),
        images=[*IMAGES, {"id": 3, "file_name": None}, {"id": 1, "file_name": "again.jpg"}],
        categories=[*CATEGORIES, {"id": 4, "name": 4}, {"name": "cow"}, "sheep"],
    )
    # Which of the two photos has the first annotation, nobody knows.
    assert found.answers == {"cat.jpg": {}, "again.jpg": {}, "dog.jpg": {"dog": PRESENT}}
    assert found.labels == ("cat", "dog")
    assert found.passed_over == 8


CELLS = {
    "pandas": ("file_name,cat,dog\ncat.jpg,1.0,0.0\ndog.jpg,0.0,\n", {"cat.jpg": (1, 0), "dog.jpg": (0, None)}),
    "pandas, its index": (
        ",image,cat,dog\n0,cat.jpg,1.0,nan\n1,dog.jpg,NaN,1.0\n",
        {"cat.jpg": (1, None), "dog.jpg": (None, 1)},
    ),
    "gaps by many words": (
        "Filename;cat;dog\ncat.jpg;1;NA\ndog.jpg;null;<NA>\n",
        {"cat.jpg": (1, None), "dog.jpg": (None, None)},
    ),
    "Excel": ("sep=;\r\nfile;cat;dog\r\ncat.jpg;1,0;0,0\r\n", {"cat.jpg": (1, 0)}),
    "a column by its photos": ("which,cat,dog\ncat.jpg,yes,no\n", {"cat.jpg": (1, 0)}),
    "columns of others": ("width,path,cat,dog,split\n640,a/cat.jpg,TRUE,-1,train\n", {"a/cat.jpg": (1, 0)}),
    "exiftool's name": ("SourceFile,cat,dog\n./cat.jpg,1,0\n", {"cat.jpg": (1, 0)}),
}


@pytest.mark.parametrize("case", CELLS)
def test_wide_tables_of_others(case: str, tmp_path: Path) -> None:
    text, expected = CELLS[case]
    found = known(tmp_path / "in.csv", text.encode())
    assert guess_format(tmp_path / "in.csv") == "csv-wide"
    assert found.labels == ("cat", "dog")
    assert found.answers == {
        photo: {
            label: PRESENT if said else ABSENT
            for label, said in zip(("cat", "dog"), row, strict=True)
            if said is not None
        }
        for photo, row in expected.items()
    }
    assert found.scores == {}
    assert found.passed_over == (2 if case == "columns of others" else 0)


def test_where_a_fraction_occurs_ones_and_noughts_are_scores(tmp_path: Path) -> None:
    found = known(tmp_path / "in.csv", b"file_name,cat,dog\ncat.jpg,1.0,0.25\ndog.jpg,0.0,1\n", "csv-wide")
    assert found.scores == {"cat.jpg": {"cat": 1.0, "dog": 0.25}, "dog.jpg": {"cat": 0.0}}
    assert found.answers == {"cat.jpg": {}, "dog.jpg": {"dog": PRESENT}}
    # As this program writes scores, with six digits.
    found = known(tmp_path / "in.csv", b"file_name,cat\ncat.jpg,1.000000\n", "csv-wide")
    assert (found.answers, found.scores) == ({"cat.jpg": {}}, {"cat.jpg": {"cat": 1.0}})


def test_odd_rows_and_cells_of_tables(tmp_path: Path) -> None:
    wide = b'file_name,cat,dog\ncat.jpg,1,2\nx.jpg,1\n"half,1,1"x\ndog.jpg,0,1\n'
    found = known(tmp_path / "in.csv", wide)
    assert found.answers == {"cat.jpg": {"cat": PRESENT, "dog": IGNORED}, "dog.jpg": {"cat": ABSENT, "dog": PRESENT}}
    assert [problem.partition(", line ")[2][:1] for problem in found.problems] == ["3", "4", "2"]
    tidy = b"filename,class,xmin\ncat.jpg,cat,1\n,dog,2\ndog.jpg,dog,3\n"
    found = known(tmp_path / "in.csv", tidy)
    assert (found.answers, found.passed_over) == (TWO, 1)
    states = b"Image,Label,state\ncat.jpg,cat,1.0\ncat.jpg,dog,0.0\ndog.jpg,dog,perhaps\n"
    found = known(tmp_path / "in.csv", states)
    assert found.answers == {"cat.jpg": {"cat": PRESENT, "dog": ABSENT}, "dog.jpg": {"dog": IGNORED}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_that_can_be_told(encoding: str, tmp_path: Path) -> None:
    found = known(tmp_path / "in.csv", "file_name,Käse\ncat.jpg,1\n".encode(encoding))
    assert (found.labels, found.problems) == (("Käse",), ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in.csv", "file_name,Käse\ncat.jpg,1\n"),
        ("tidy.csv", "file_name,label\ncat.jpg,Käse\n"),
        ("in.json", '[{"image": "cat.jpg", "annotations": ["Käse"]}]'),
        ("metadata.jsonl", '{"file_name": "cat.jpg", "labels": ["Käse"]}\n'),
    ],
)
def test_another_encoding_is_read_and_told(name: str, text: str, tmp_path: Path) -> None:
    found = known(tmp_path / name, text.encode("cp1252"))
    assert found.answers == {"cat.jpg": {"Käse": PRESENT}}
    (told,) = found.problems
    assert "not UTF-8. Letters were read as those of Windows-1252, as in 'Käse'" in told


def test_a_folder_is_guessed_from_many_files(tmp_path: Path) -> None:
    shape = json.dumps({"version": "5", "flags": {}, "shapes": [], "imagePath": "x.jpg"})
    (tmp_path / "0.json").write_text(json.dumps({"images": [], "annotations": [], "categories": []}))
    (tmp_path / "1.txt").write_text("cat, dog")
    for number in range(2, 6):
        (tmp_path / f"{number}.json").write_text(shape)
    assert guess_format(tmp_path) == "labelme"
    for number in range(10, 30):
        (tmp_path / f"{number}.txt").write_text("cat, dog")
    assert guess_format(tmp_path) == "text"
    for number in range(30, 90):
        (tmp_path / f"{number}.txt").write_text("3 0.5 0.5 0.1 0.1\n")
    assert guess_format(tmp_path) == "yolo"


YOLO = {
    "classes.txt": "cat\ndog\n",
    "obj.names": "cat\r\ndog",
    "data.yaml": "path: /x\nnames:\n  0: cat\n  1: dog\nnc: 2\n",
    "dataset.yml": "names: ['cat', dog]\n",
}


@pytest.mark.parametrize("names", YOLO)
def test_the_names_of_yolos_classes(names: str, tmp_path: Path) -> None:
    (tmp_path / "labels" / "train").mkdir(parents=True)
    (tmp_path / names).write_text(YOLO[names])
    (tmp_path / "labels" / "train" / "cat.txt").write_text("0 0.7 0.4 0.2 0.1\n0 0.5 0.5 0.1 0.1 0.93\n\n9 1 1 1 1\n")
    (tmp_path / "labels" / "train" / "dog.txt").write_text("1 .1 .1 .2 1e-3 .3 .3\nnot a box\n")
    (tmp_path / "labels" / "train" / "none.txt").write_text("")
    assert guess_format(tmp_path) == "yolo"
    found = READERS["yolo"].read(tmp_path)
    assert isinstance(found, KnownLabels)
    folder = "images/train"
    assert found.answers == {f"{folder}/cat": {"cat": PRESENT}, f"{folder}/dog": {"dog": PRESENT}, f"{folder}/none": {}}
    assert ["cat.txt, line 4: The class 9 has no name" in found.problems[0], found.passed_over] == [True, 2]


def test_yolo_without_names_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cat.txt").write_text("0 0.7 0.4 0.2 0.1\n")
    (tmp_path / "data.yaml").write_text("names: 7")
    with pytest.raises(KnownLabelsError, match=r"Choose a folder that holds classes.txt, obj.names or data.yaml"):
        READERS[guess_format(tmp_path)].read(tmp_path)


@pytest.fixture
def project(tmp_path: Path) -> Any:
    for seed, name in enumerate(("cat.jpg", "dog.jpg", "a/my photo (1).jpg", "a/twin.jpg", "b/twin.jpg")):
        make_photo(tmp_path / "photos" / name, seed)
    with Project.open(tmp_path / "photos") as opened:
        use_label_set(opened, [NewLabel("cat")])
        add_photos(opened, Progress(), Cancellation())
        yield opened


def plan_of(project: Project, names: list[Any], take_as: TakeAs = TakeAs.DECISIONS) -> ImportPlan:
    images = [one if isinstance(one, dict) else {"file_name": one} for one in names]
    images = [{"id": at, **one} for at, one in enumerate(images)]
    file = project.photos.parent / "in.json"
    notes = [note(at, 1) for at in range(len(images))]
    file.write_text(json.dumps({"images": images, "categories": CATEGORIES, "annotations": notes}))
    return carry_out(project, read_source(file), ImportChoice(take_as), Progress(), Cancellation()).plan


HASH = "0a" * 16


@pytest.mark.parametrize(
    ("name", "photo"),
    [
        ("images\\cb0618f6-cat.jpg", "cat.jpg"),
        ("/data/upload/1/cb0618f6-my_photo_1.jpg", "a/my photo (1).jpg"),
        ("/data/local-files/?d=cat.jpg", "cat.jpg"),
        (f"cat_jpg.rf.{HASH}.jpg", "cat.jpg"),
        (f"my-photo-1-_jpg.rf.{HASH}.jpg", "a/my photo (1).jpg"),
        ({"file_name": f"x_jpg.rf.{HASH}.jpg", "extra": {"name": "dog.jpg"}}, "dog.jpg"),
    ],
)
def test_names_that_an_upload_changed_are_matched_last_and_told(name: Any, photo: str, project: Project) -> None:
    plan = plan_of(project, [name])
    theirs = name["file_name"] if isinstance(name, dict) else name
    assert (plan.photos, plan.renamed, plan.unmatched_photos) == (1, ((theirs, photo),), ())


def test_names_that_may_be_two_photos_are_left(project: Project) -> None:
    plan = plan_of(project, ["00000000-twin.jpg", "cat.jpg", "11111111-cat.jpg", "22222222-cat.jpg"])
    assert plan.unmatched_photos == ("00000000-twin.jpg", "11111111-cat.jpg", "22222222-cat.jpg")
    plan = plan_of(project, ["x/a/twin.jpg", "x/b/twin.jpg"])
    assert (plan.photos, plan.renamed) == (2, ())
    plan = plan_of(project, [f"dog_jpg.rf.{HASH}.jpg", f"dog_jpg.rf.{'1' * 32}.jpg"])  # variants of one photo
    assert (plan.photos, plan.unmatched_photos) == (1, ())


def test_a_truth_tells_what_it_passed_over(project: Project) -> None:
    plan = plan_of(project, ["cat.jpg", "00000000-dog.jpg", 7], TakeAs.TRUTH)
    assert (plan.photos, plan.passed_over, len(plan.problems)) == (2, 2, 2)
    assert np.all([plan.confirmed == 2])


def test_nothing_right_is_a_sentence(project: Project, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "cat.jpg.xmp").write_bytes(b"<!DOCTYPE x><x/>")
    with pytest.raises(UserError, match=r"cat.jpg.xmp: It has a DOCTYPE"):
        carry_out(project, read_source(tmp_path / "bad"), ImportChoice(), Progress(), Cancellation())
