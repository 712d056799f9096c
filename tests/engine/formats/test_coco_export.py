"""COCO as other programs read it."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import export_as
from PIL import Image
from pycocotools.coco import COCO
from torchvision.datasets import CocoDetection

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.storage.schema import Label
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold


@pytest.fixture
def reviewed(labelled: Project) -> Project:
    """The labelled project: beach has a cat and no dog, for sure; whatever scores above a third is suggested."""
    set_thresholds(labelled, [ManualThreshold(*FOR_ALL, 1 / 3)])
    cat, dog, _boat = label_set(labelled)
    answer(labelled, "reviewed beach", [Answer(1, cat.id, True), Answer(1, dog.id, False), Answer(1, None, True)])
    return labelled


def written(project: Project, file: Path, format_name: str = "coco", **which: Any) -> dict[str, Any]:
    export_as(project, format_name, file, **which)
    return json.loads(file.read_bytes())


def test_it_loads_in_pycocotools(reviewed: Project, tmp_path: Path) -> None:
    written(reviewed, tmp_path / "coco.json")
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / "coco.json"))
    assert [category["name"] for category in coco.loadCats(coco.getCatIds())] == ["cat", "dog", "boat"]
    assert len(coco.getImgIds()) == 8
    every = coco.getAnnIds()
    assert every
    assert coco.getAnnIds(iscrowd=False) == every
    assert coco.getAnnIds(areaRng=[1, 1e9]) == every
    [cat] = coco.getCatIds(catNms=["cat"])
    assert 1 in coco.getImgIds(catIds=[cat])
    beach = coco.loadAnns(coco.getAnnIds(imgIds=[1], catIds=[cat]))
    assert [(one["bbox"], one["area"], one["score"]) for one in beach] == [([0, 0, 90, 60], 5400, 1.0)]


def test_it_loads_in_torchvision(reviewed: Project, tmp_path: Path) -> None:
    written(reviewed, tmp_path / "coco.json")
    with contextlib.redirect_stdout(io.StringIO()):
        dataset = CocoDetection(str(reviewed.photos), str(tmp_path / "coco.json"))
    assert len(dataset) == 8
    sizes = {image["file_name"]: (image["width"], image["height"]) for image in dataset.coco.imgs.values()}
    for at in range(len(dataset)):
        photo, annotations = dataset[at]
        name = dataset.coco.imgs[dataset.ids[at]]["file_name"]
        # torchvision does not turn photos; that is why the stored size is written.
        assert photo.size == sizes[name]
        assert all(one["image_id"] == dataset.ids[at] for one in annotations)
    assert sizes["trip/turned.jpg"] == (80, 40)


def test_confirmed_suggested_and_rejected_labels(reviewed: Project, tmp_path: Path) -> None:
    data = written(reviewed, tmp_path / "coco.json")
    snapshot = take_snapshot(reviewed)
    found = {(one["image_id"], one["category_id"]): one for one in data["annotations"]}
    assert found[1, 1]["attributes"] == {"image_level": True, "source": "human", "confirmed": True}
    assert (1, 2) not in found
    for row, photo in enumerate(snapshot.photo_ids.tolist()):
        for column, label in enumerate(snapshot.labels):
            if snapshot.decisions[row, column]:
                continue
            suggested = snapshot.scores[row, column] >= np.float32(1 / 3)
            assert ((photo, label.id) in found) == suggested
            if suggested:
                one = found[photo, label.id]
                assert one["score"] == pytest.approx(float(snapshot.scores[row, column]), abs=1e-6)
                assert one["attributes"] == {"image_level": True, "source": "initial", "confirmed": False}
    images = {image["id"]: image for image in data["images"]}
    assert images[1]["neg_category_ids"] == [2]
    assert images[1]["reviewed"]
    assert not any("neg_category_ids" in image for photo, image in images.items() if photo != 1)


def test_what_readers_expect_to_be_there(reviewed: Project, tmp_path: Path) -> None:
    data = written(reviewed, tmp_path / "coco.json")
    assert list(data) == ["info", "licenses", "images", "annotations", "categories"]
    assert data["info"]["date_created"]
    assert [one["supercategory"] for one in data["categories"]] == ["animal", "animal", "vehicle"]
    ids = [one["id"] for one in data["annotations"]]
    assert len(set(ids)) == len(ids)
    assert min(ids) >= 1
    names = [one["file_name"] for one in data["images"]]
    assert len(set(names)) == len(names) == 8
    assert not any(name.startswith(("/", ".")) for name in names)


def test_ids_are_the_same_at_every_export(reviewed: Project, tmp_path: Path) -> None:
    first = written(reviewed, tmp_path / "first.json")
    # A label more, in front; a decision more; another threshold.
    use_label_set(reviewed, [NewLabel("horse"), NewLabel("cat"), NewLabel("dog"), NewLabel("boat")])
    answer(reviewed, "more", [Answer(2, 3, True)])
    set_thresholds(reviewed, [ManualThreshold(*FOR_ALL, 0.0)])
    second = written(reviewed, tmp_path / "second.json")

    def ids(data: dict[str, Any], key: str, name: str) -> dict[str, int]:
        return {one[name]: one["id"] for one in data[key]}

    assert ids(first, "categories", "name").items() <= ids(second, "categories", "name").items()
    assert ids(first, "images", "file_name") == ids(second, "images", "file_name")

    def annotations(data: dict[str, Any]) -> dict[tuple[int, int], int]:
        return {(one["image_id"], one["category_id"]): one["id"] for one in data["annotations"]}

    assert annotations(first).items() <= annotations(second).items()
    assert len(set(annotations(second).values())) == len(data := second["annotations"]) > len(first["annotations"])
    assert all(one["id"] >= 1 for one in data)


def test_the_profile_without_boxes(reviewed: Project, tmp_path: Path) -> None:
    data = written(reviewed, tmp_path / "labels.json", "coco-labels")
    assert data["annotations"]
    for one in data["annotations"]:
        assert set(one) == {"id", "image_id", "category_id", "score", "attributes"}


def test_only_reviewed_photos(reviewed: Project, tmp_path: Path) -> None:
    data = written(reviewed, tmp_path / "coco.json", only="reviewed")
    assert [one["file_name"] for one in data["images"]] == ["beach.jpg"]
    assert {one["image_id"] for one in data["annotations"]} == {1}


def test_another_stage(reviewed: Project, tmp_path: Path) -> None:
    set_thresholds(reviewed, [ManualThreshold(*FOR_ALL, 0.0)])
    data = written(reviewed, tmp_path / "coco.json", stage="global")
    whole = take_snapshot(reviewed).matrix_of(reviewed, "global")
    found = {(one["image_id"], one["category_id"]): one["score"] for one in data["annotations"]}
    assert found[2, 1] == pytest.approx(float(whole[1, 0]), abs=1e-6)
    assert {one["attributes"]["source"] for one in data["annotations"]} == {"human", "global"}


def test_a_reviewed_photo_with_no_label_is_there(reviewed: Project, tmp_path: Path) -> None:
    answer(reviewed, "nothing in it", [Answer(2, label, False) for label in (1, 2, 3)] + [Answer(2, None, True)])
    data = written(reviewed, tmp_path / "coco.json", only="reviewed")
    assert [one["id"] for one in data["images"]] == [1, 2]
    assert {one["image_id"] for one in data["annotations"]} == {1}


def test_without_photos_or_labels_it_is_still_coco(project: Project, tmp_path: Path) -> None:
    data = written(project, tmp_path / "coco.json")
    assert (data["images"], data["annotations"], data["categories"]) == ([], [], [])


def test_names_of_all_languages_are_written_as_they_are(reviewed: Project, tmp_path: Path) -> None:
    use_label_set(reviewed, [NewLabel("猫"), NewLabel('quote " and \\ backslash')])
    data = written(reviewed, tmp_path / "coco.json")
    assert [one["name"] for one in data["categories"]] == ["猫", 'quote " and \\ backslash']
    assert "猫".encode() in (tmp_path / "coco.json").read_bytes()


def test_unreadable_photos_are_left_out(reviewed: Project, tmp_path: Path) -> None:
    from engine.jobs import Cancellation, Progress
    from engine.stages.labelling.add_photos import add_photos

    (reviewed.photos / "bad.jpg").write_bytes(b"bad")
    Image.new("RGB", (30, 20)).save(reviewed.photos / "never labelled.png")
    add_photos(reviewed, Progress(), Cancellation())
    result = export_as(reviewed, "coco", tmp_path / "coco.json")
    images = {one["file_name"]: one for one in json.loads((tmp_path / "coco.json").read_bytes())["images"]}
    assert result.photos == len(images) == 9
    assert "bad.jpg" not in images
    # Photos that no encoder has opened yet are measured on the way.
    assert (images["never labelled.png"]["width"], images["never labelled.png"]["height"]) == (30, 20)


def test_ids_do_not_meet_however_many_labels_there_ever_were(reviewed: Project, tmp_path: Path) -> None:
    with reviewed.session() as session:
        session.add(Label(id=10_001, name="the last of many", position=3, prompts=[], supercategory=""))
    answer(reviewed, "all", [Answer(photo, label, True) for photo in (1, 2) for label in (1, 10_001)])
    ids = [one["id"] for one in written(reviewed, tmp_path / "coco.json")["annotations"]]
    assert len(set(ids)) == len(ids)
