"""Every format holds the labels of photos as they are, whatever names they have."""

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from making import export_as

from engine.formats.files.tables import unguarded
from engine.formats.registry import WRITERS
from engine.project import Project
from engine.project.label_state import NO, LabelState
from engine.project.take_snapshot import take_snapshot

Labels = dict[str, dict[str, str]]
"""Photo to label to state, of all that are not absent."""


def known(project: Project) -> Labels:
    """What the project itself knows, in the words of the formats."""
    words = {LabelState.LIKELY: "suggested", LabelState.CONFIRMED: "confirmed", LabelState.REJECTED: "rejected"}
    snapshot = take_snapshot(project)
    return {
        path: {
            label.name: words[LabelState(state)]
            for label, state in zip(snapshot.labels, states, strict=True)
            if state in words
        }
        for path, states in zip(snapshot.paths, snapshot.states().tolist(), strict=True)
    }


def without_suffix(name: str, names: Labels) -> str:
    """What photos are called where suffixes fall away."""
    stem = name.rpartition(".")[0]
    return name if sum(other.rpartition(".")[0] == stem for other in names) > 1 else stem


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8", "surrogateescape"), newline="")))


def read_coco(out: Path) -> Labels:
    data = json.loads(out.read_bytes())
    labels = {one["id"]: one["name"] for one in data["categories"]}
    found: Labels = {one["file_name"]: {} for one in data["images"]}
    names = {one["id"]: one["file_name"] for one in data["images"]}
    for one in data["images"]:
        found[one["file_name"]] |= {labels[label]: "rejected" for label in one.get("neg_category_ids", [])}
    for one in data["annotations"]:
        state = "confirmed" if one["attributes"]["confirmed"] else "suggested"
        found[names[one["image_id"]]][labels[one["category_id"]]] = state
    return found


def read_tidy(out: Path) -> Labels:
    header, *rows = rows_of(out)
    assert header == ["file_name", "label", "score", "state", "source"]
    found: Labels = {unguarded(row[0]): {} for row in rows}
    for name, label, score, state, source in rows:
        if label:
            found[unguarded(name)][unguarded(label)] = state
            assert (score, source) == {
                "confirmed": ("1", "human"),
                "rejected": ("0", "human"),
                "suggested": ("0.75", "initial"),
            }[state]
    return found


def read_wide(out: Path) -> Labels:
    (_, *labels), *rows = rows_of(out)
    states = {"1": "confirmed", "0": "rejected", "0.750000": "suggested"}
    return {
        unguarded(name): {
            unguarded(label): states[cell] for label, cell in zip(labels, cells, strict=True) if cell != ""
        }
        for name, *cells in rows
    }


def read_huggingface(out: Path) -> Labels:
    lines = [json.loads(line) for line in (out).read_bytes().splitlines()]
    return {
        one["file_name"]: dict.fromkeys(one["labels"], "confirmed")
        | dict.fromkeys(one["suggested"], "suggested")
        | dict.fromkeys(one["rejected"], "rejected")
        for one in lines
    }


READ: dict[str, Callable[[Path], Labels]] = {
    "coco": read_coco,
    "coco-labels": read_coco,
    "csv": read_tidy,
    "csv-wide": read_wide,
    "huggingface": read_huggingface,
}


@pytest.mark.parametrize("name", READ)
def test_formats_that_keep_every_state(name: str, hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, name, tmp_path / "out")
    assert READ[name](tmp_path / "out") == known(hard_names)


@pytest.mark.parametrize("name", READ)
def test_confirmed_labels_alone(name: str, hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, name, tmp_path / "out", states="confirmed")
    expected = {
        path: {label: state for label, state in labels.items() if state != "suggested"}
        for path, labels in known(hard_names).items()
    }
    assert READ[name](tmp_path / "out") == expected


def test_fiftyone(hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, "fiftyone", tmp_path / "labels.json")
    data = json.loads((tmp_path / "labels.json").read_bytes())
    expected = known(hard_names)
    found = {
        photo: {
            data["classes"][one["label"]]: "confirmed" if one["attributes"]["confirmed"] else "suggested"
            for one in targets
        }
        for photo, targets in data["labels"].items()
    }
    assert found == {without_suffix(path, expected): present(labels) for path, labels in expected.items()}
    assert {one["confidence"] for targets in data["labels"].values() for one in targets} == {1.0, 0.75}


def test_createml(hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, "createml", tmp_path / "annotations.json")
    found = json.loads((tmp_path / "annotations.json").read_bytes())
    assert {one["filename"]: set(one["annotations"]) for one in found} == {
        path: set(present(labels)) for path, labels in known(hard_names).items()
    }


def test_text(hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, "text", tmp_path / "out")
    expected = known(hard_names)
    for path, labels in expected.items():
        text = (tmp_path / "out" / f"{without_suffix(path, expected)}.txt").read_text("utf-8")
        assert {cell for row in csv.reader([text], skipinitialspace=True) for cell in row} == set(present(labels))
    assert len(list((tmp_path / "out").rglob("*.txt"))) == len(expected)


def test_labelme(hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, "labelme", tmp_path / "out")
    expected = known(hard_names)
    for path, labels in expected.items():
        data = json.loads((tmp_path / "out" / f"{without_suffix(path, expected)}.json").read_bytes())
        assert data["flags"] == {label: state != "rejected" for label, state in labels.items()}
        assert data["imagePath"] == path.rpartition("/")[2]
        assert (data["shapes"], data["imageData"], data["imageHeight"]) == ([], None, 20)


def test_voc(hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, "voc", tmp_path / "out")
    expected = known(hard_names)
    lists = tmp_path / "out" / "ImageSets" / "Main"
    stems = {without_suffix(path, expected): labels for path, labels in expected.items()}
    found: Labels = {as_it_was(line): {} for line in (lists / "trainval.txt").read_text("utf-8").splitlines()}
    assert found.keys() == stems.keys()
    flags = {" 1": "present", "-1": "rejected", " 0": "undecided"}
    for file in lists.glob("*_trainval.txt"):
        label = as_it_was(file.name.removesuffix("_trainval.txt"))
        for line in file.read_text("utf-8").splitlines():
            assert len(line.split()) == 2
            found[as_it_was(line[:-3])][label] = flags[line[-2:]]
    states = {"confirmed": "present", "suggested": "present", "rejected": "rejected"}
    snapshot = take_snapshot(hard_names)
    names = [label.name for label in snapshot.labels]
    # Who has reviewed a photo has seen that what they left alone is not on it.
    left_alone = {
        without_suffix(path, expected): dict(zip(names, row, strict=True))
        for path, row in zip(snapshot.paths, snapshot.answers() == NO, strict=True)
    }
    assert any(any(row.values()) for row in left_alone.values())
    assert found == {
        stem: {
            name: states.get(labels.get(name, ""), "rejected" if left_alone[stem][name] else "undecided")
            for name in names
        }
        for stem, labels in stems.items()
    }
    # The names in Datumaro's list are those of the files.
    listed = [line.split(":")[0] for line in (tmp_path / "out" / "labelmap.txt").read_text("utf-8").splitlines()[1:]]
    assert {f"{name}_trainval.txt" for name in listed} == {file.name for file in lists.glob("*_*.txt")}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("how", ["copy", "link"])
def test_photos_go_with_the_labels(name: str, how: str, hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, name, tmp_path / "out", photos=how)
    files = [file for file in (tmp_path / "out").rglob("*") if file.suffix in (".jpg", ".png")]
    before = {hard_names.file_of(path).read_bytes() for path in known(hard_names)}
    assert {file.read_bytes() for file in files} == before
    assert all(file.is_symlink() == (how == "link") for file in files)
    for file in files:
        part = os.fsencode(file.relative_to(tmp_path / "out"))
        part.decode("utf-8")
        assert not any(sign in part for sign in b'\n<>:"|?*\\')


@pytest.mark.parametrize("name", ["coco", "huggingface", "csv"])
def test_copied_photos_are_where_the_labels_say(name: str, hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, name, tmp_path / "out", photos="copy", shares=(60, 20, 20))
    places = {
        "coco": ("annotations/instances_{}.json", "images/{}"),
        "huggingface": ("{}/metadata.jsonl", "{}"),
        "csv": ("labels_{}.csv", "images/{}"),
    }
    labels, photos = places[name]
    found: Labels = {}
    for split in ("train", "val", "test"):
        part = READ[name](tmp_path / "out" / labels.format(split))
        folder = tmp_path / "out" / photos.format(split)
        assert part
        for path in part:
            assert (folder / path).is_file()
            original = hard_names.file_of(as_it_was(path))
            assert (folder / path).read_bytes() == original.read_bytes()
        found |= {as_it_was(path): labels for path, labels in part.items()}
    assert found == known(hard_names)


def test_voc_finds_each_copied_photo_by_its_id(hard_names: Project, tmp_path: Path) -> None:
    export_as(hard_names, "voc", tmp_path / "out", photos="copy")
    ids = (tmp_path / "out" / "ImageSets" / "Main" / "trainval.txt").read_text("utf-8").splitlines()
    photos = tmp_path / "out" / "JPEGImages"
    files = {file.relative_to(photos).as_posix() for file in photos.rglob("*") if file.is_file()}
    assert {file.rpartition(".")[0] for file in files} == set(ids)


def present(labels: dict[str, str]) -> dict[str, str]:
    return {label: state for label, state in labels.items() if state != "rejected"}


def as_it_was(text: str) -> str:
    return os.fsdecode(unquote_to_bytes(os.fsencode(text)))
