"""Which photos and labels go out, how many stay in and why, and how photos are split."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import export_as, make_photo

from engine.errors import UserError, WrongUsage
from engine.formats.registry import WRITERS
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.labels import label_set
from engine.project.settings import keep_setting
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.exporting.export import preview
from engine.stages.exporting.export_request import ExportRequest, keep_request, kept_request, shares_of
from engine.stages.exporting.selection import LeftOut
from engine.stages.labelling.add_photos import add_photos


@pytest.fixture
def reviewed(labelled: Project) -> Project:
    """Eight photos and one broken; beach has a cat and no dog, for sure; all else is suggested."""
    (labelled.photos / "broken.jpg").write_bytes(b"no photo")
    add_photos(labelled, Progress(), Cancellation())
    set_thresholds(labelled, [ManualThreshold(*FOR_ALL, 0.0)])
    cat, dog, _boat = label_set(labelled)
    answer(labelled, "reviewed beach", [Answer(1, cat.id, True), Answer(1, dog.id, False), Answer(1, None, True)])
    export_as(labelled, "scores", labelled.folder / "first look.csv")  # finds out which photo is broken
    return labelled


def photos_in(file: Path) -> list[str]:
    return [one["file_name"] for one in json.loads(file.read_bytes())["images"]]


def test_a_filter_chooses_photos(reviewed: Project, tmp_path: Path) -> None:
    result = export_as(reviewed, "coco", tmp_path / "out.json", filter_text="folder:trip -name:lamp*")
    assert photos_in(tmp_path / "out.json") == ["trip/boat.jpg", "trip/day two/horse.jpeg", "trip/turned.jpg"]
    assert result.selection.photos_left_out == {LeftOut.UNREADABLE: 1, LeftOut.FILTERED: 5}


def test_a_filter_may_ask_for_a_stage(reviewed: Project, tmp_path: Path) -> None:
    snapshot = take_snapshot(reviewed)
    scores = snapshot.matrix_of(reviewed, "global")[:, 0]
    middle = round(float(np.nanmedian(scores)), 4)
    export_as(reviewed, "coco", tmp_path / "out.json", filter_text=f"score(cat, global)>{middle}")
    expected = [path for path, score in zip(snapshot.paths, scores, strict=True) if score > np.float32(middle)]
    assert photos_in(tmp_path / "out.json") == expected


def test_chosen_labels_alone(reviewed: Project, tmp_path: Path) -> None:
    result = export_as(reviewed, "coco", tmp_path / "out.json", labels=("Boat", "cat"))
    data = json.loads((tmp_path / "out.json").read_bytes())
    assert [one["name"] for one in data["categories"]] == ["cat", "boat"]
    assert {one["category_id"] for one in data["annotations"]} == {1, 3}
    assert "neg_category_ids" not in data["images"][0]
    assert result.selection.labels_left_out == {LeftOut.NOT_CHOSEN: 7}


def test_what_stays_out_is_counted(reviewed: Project, tmp_path: Path) -> None:
    counts = export_as(reviewed, "csv", tmp_path / "out.csv").selection
    assert (counts.photos, counts.without_label, counts.confirmed, counts.likely, counts.maybe) == (8, 0, 1, 22, 0)
    # The table says of rejected labels that they are; a list of the labels of each photo leaves them out.
    assert (counts.rejected, counts.labels_left_out) == (1, {})
    counts = export_as(reviewed, "text", tmp_path / "out").selection
    assert (counts.rejected, counts.labels_left_out) == (0, {LeftOut.REJECTED: 1})
    counts = export_as(reviewed, "csv", tmp_path / "out.csv", states="confirmed").selection
    assert (counts.photos, counts.without_label, counts.confirmed, counts.unconfirmed) == (8, 7, 1, 0)
    assert counts.unseen == 7  # the one that has a label is the one that was reviewed
    assert counts.labels_left_out == {LeftOut.ONLY_SUGGESTED: 22}
    counts = export_as(reviewed, "csv", tmp_path / "out.csv", only="reviewed").selection
    assert (counts.photos, counts.photos_left_out) == (1, {LeftOut.UNREADABLE: 1, LeftOut.UNREVIEWED: 7})


def test_weak_suggestions_go_out_when_they_are_asked_for(hard_names: Project, tmp_path: Path) -> None:
    first = take_snapshot(hard_names).labels[0]
    set_thresholds(hard_names, [ManualThreshold(first.id, "initial", 1.0)])  # nowhere likely
    states = take_snapshot(hard_names).states()
    likely, maybe, confirmed, rejected = (
        (states == state).sum()
        for state in (LabelState.LIKELY, LabelState.MAYBE, LabelState.CONFIRMED, LabelState.REJECTED)
    )
    assert likely
    assert maybe

    counts = export_as(hard_names, "csv", tmp_path / "out.csv").selection
    assert (counts.likely, counts.maybe) == (likely, 0)
    assert (counts.rejected, counts.labels_left_out) == (rejected, {LeftOut.ONLY_MAYBE: maybe})
    counts = export_as(hard_names, "csv", tmp_path / "all.csv", states="maybe").selection
    assert (counts.likely, counts.maybe, counts.unconfirmed) == (likely, maybe, likely + maybe)
    assert (counts.rejected, counts.labels_left_out) == (rejected, {})
    with (tmp_path / "all.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as table:
        written = [row["state"] for row in csv.DictReader(table)]
    assert [written.count(word) for word in ("suggested", "maybe", "confirmed")] == [likely, maybe, confirmed]


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"labels": ("cat", "horse")}, "There is no label 'horse'"),
        ({"filter_text": "label:horse"}, "There is no label “horse”"),
        ({"filter_text": "score(cat"}, "."),
        ({"stage": "refined"}, "There are no refined scores yet"),
        ({"states": "some"}, "--states to be one of confirmed, suggested, maybe, but got 'some'"),
        ({"photos": "move"}, "--photos to be one of leave, copy, link, but got 'move'"),
        ({"shares": (80, 10)}, "percentages of train, val and test"),
        ({"shares": (80, 10, 5)}, "together 100"),
        ({"shares": (120, -10, -10)}, "percentages"),
        ({"beside": True, "photos": "copy"}, "neither splits nor copies"),
        ({"beside": True}, "Expected either a file or folder to write, or to write beside the photos"),
    ],
)
def test_what_cannot_be_is_said(wishes: dict[str, Any], said: str, reviewed: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        export_as(reviewed, "coco", tmp_path / "out.json", **wishes)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("text", ["", "80/10/x", "80,10,10"])
def test_shares_that_are_none(text: str) -> None:
    with pytest.raises(WrongUsage, match="like 80/10/10"):
        shares_of(text)


@pytest.mark.parametrize("place", ["", "exported", "../"])
def test_photos_are_never_exported_into_their_own_folder(place: str, reviewed: Project) -> None:
    before = sorted(reviewed.photos.rglob("*.jpg"))
    with pytest.raises(UserError):
        export_as(reviewed, "voc", reviewed.photos / place, photos="copy")
    assert sorted(reviewed.photos.rglob("*.jpg")) == before


def test_a_photo_or_the_project_itself_is_never_written_over(reviewed: Project) -> None:
    for place in (reviewed.photos / "trip" / "day two" / "lamp.JPG", reviewed.folder / "project.sqlite"):
        before = place.read_bytes()
        with pytest.raises(UserError, match=r"is a photo|belongs to a project"):
            export_as(reviewed, "csv", place)
        assert place.read_bytes() == before


def test_near_duplicates_are_on_one_side(reviewed: Project, tmp_path: Path) -> None:
    for name in ("again.jpg", "trip/again.jpg", "trip/once more.jpg"):
        (reviewed.photos / name).write_bytes((reviewed.photos / "beach.jpg").read_bytes())
    for seed in range(20, 40):
        make_photo(reviewed.photos / f"{seed}.jpg", seed, size=(64, 64))
    add_photos(reviewed, Progress(), Cancellation())
    for seed in range(3):
        out = tmp_path / f"split {seed}"
        result = export_as(reviewed, "coco", out, shares=(60, 20, 20), seed=seed)
        parts = [set(photos_in(out / "annotations" / f"instances_{split}.json")) for split in result.parts]
        assert list(result.parts) == ["train", "val", "test"]
        assert sum(result.parts.values()) == sum(map(len, parts)) == len(set().union(*parts)) == 31
        assert min(map(len, parts)) >= 4
        copies = {"beach.jpg", "again.jpg", "trip/again.jpg", "trip/once more.jpg"}
        assert any(copies <= part for part in parts)


def test_the_same_seed_is_the_same_split(reviewed: Project, tmp_path: Path) -> None:
    for out in ("one", "two"):
        export_as(reviewed, "csv", tmp_path / out, shares=(50, 25, 25), seed=7)
    for split in ("train", "val", "test"):
        first, second = ((tmp_path / out / f"labels_{split}.csv").read_bytes() for out in ("one", "two"))
        assert first == second


def test_a_part_without_a_share_is_not_there(reviewed: Project, tmp_path: Path) -> None:
    result = export_as(reviewed, "huggingface", tmp_path / "out", shares=(75, 0, 25))
    assert result.parts == {"train": 6, "test": 2}
    assert sorted(file.name for file in (tmp_path / "out").iterdir() if file.is_dir()) == ["test", "train"]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("photos", ["leave", "copy"])
def test_a_preview_is_what_is_written(name: str, photos: str, reviewed: Project, tmp_path: Path) -> None:
    request = ExportRequest(name, photos=photos, only="reviewed")
    shown = preview(reviewed, take_snapshot(reviewed), request)
    result = export_as(reviewed, name, tmp_path / "out", photos=photos, only="reviewed")
    file = tmp_path / "out" / shown.file if shown.file else tmp_path / "out"
    written, text = file.read_bytes().decode(), shown.text
    if name.startswith("coco"):
        written, text = (json.dumps({**json.loads(one), "info": {}}) for one in (written, text))
    assert text == written
    assert shown.counts == result.selection


def test_a_preview_of_nothing(project: Project) -> None:
    for name in WRITERS:
        assert preview(project, take_snapshot(project), ExportRequest(name)).counts.photos == 0


def test_what_was_asked_for_is_remembered_with_the_project(reviewed: Project) -> None:
    assert kept_request(reviewed) == ExportRequest()
    request = ExportRequest("voc", "reviewed", "label:cat", ("cat", "dog"), "confirmed", "initial", (80, 10, 10), 3)
    keep_request(reviewed, request)
    assert kept_request(reviewed) == request


@pytest.mark.parametrize("kept", [{"only": "some"}, {"labels": 3}, {"shares": ["a"]}, {"new": 1}])
def test_what_another_version_remembered_does_no_harm(kept: dict[str, Any], reviewed: Project) -> None:
    keep_setting(reviewed, "export", kept)
    assert kept_request(reviewed) == ExportRequest()
