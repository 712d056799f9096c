"""Rules suggest labels by folder, name, camera, place and date; they decide nothing and go as they came."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import export_as, make_photo
from PIL import Image

from engine.errors import WrongUsage
from engine.formats.photo_description import describe_photo
from engine.project import Project
from engine.project.answer import Answer
from engine.project.descriptions import known_descriptions
from engine.project.filters import parse
from engine.project.history.edit_labels import remove_label, rename_label
from engine.project.history.edit_parents import put_below, set_other_names
from engine.project.history.edit_rules import add_rule, remove_rules
from engine.project.history.history import answer, history, redo, undo
from engine.project.history.merging import merge_labels
from engine.project.label_state import LabelState
from engine.project.labels import OtherName, label_set
from engine.project.patterns import is_of_days
from engine.project.rules import rules
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.review.photo_labels import list_photos
from engine.stages.rules.describe_files import describe_files_for_rules
from engine.stages.rules.effect import effects_of_rules, try_rule


def likely_by_rule(project: Project, label: str) -> set[str]:
    """Paths of the photos on which a rule alone makes a label likely."""
    snapshot = take_snapshot(project)
    listed = list_photos(snapshot, range(len(snapshot)))
    return {photo.file_name for photo in listed for one in photo.labels if one.label == label and one.by_rule}


@pytest.fixture
def unsure(labelled: Project) -> Project:
    """Eight photos, of which no score suggests anything."""
    from engine.project.history.edit_thresholds import set_thresholds
    from engine.project.thresholds import FOR_ALL, ManualThreshold

    set_thresholds(labelled, [ManualThreshold(*FOR_ALL, 1.0)])
    return labelled


@pytest.mark.parametrize(
    ("condition", "photos"),
    [
        ("folder:trip", {"trip/boat.jpg", "trip/turned.jpg", "trip/day two/horse.jpeg", "trip/day two/lamp.JPG"}),
        ("folder:TRIP/DAY*", {"trip/day two/horse.jpeg", "trip/day two/lamp.JPG"}),
        ("name:*.jp?g", {"trip/day two/horse.jpeg"}),
        ("name:boat*", {"trip/boat.jpg"}),
        ("taken:2024", set()),
    ],
)
def test_a_rule_suggests_its_label(unsure: Project, condition: str, photos: set[str]) -> None:
    tried = try_rule(unsure, "dog", condition)
    assert tried.photos == tried.suggested == len(photos)
    assert set(tried.examples) == photos
    assert likely_by_rule(unsure, "dog") == set()  # trying changed nothing
    add_rule(unsure, "dog", condition)
    assert likely_by_rule(unsure, "dog") == photos
    snapshot = take_snapshot(unsure)
    assert {snapshot.paths[row] for row in np.flatnonzero(parse("likely:dog").rows(snapshot))} == photos
    assert {snapshot.paths[row] for row in np.flatnonzero(parse("source:rule").rows(snapshot))} == photos
    assert not snapshot.decisions.any()


def test_answers_go_before_rules(unsure: Project) -> None:
    snapshot = take_snapshot(unsure)
    boat, turned = (int(snapshot.photo_ids[snapshot.paths.index(f"trip/{name}.jpg")]) for name in ("boat", "turned"))
    dog = next(label.id for label in snapshot.labels if label.name == "dog")
    answer(unsure, "said", [Answer(boat, dog, False), Answer(turned, dog, True)])
    add_rule(unsure, "dog", "folder:trip")
    snapshot = take_snapshot(unsure)
    states = snapshot.states(snapshot.rows_of(np.array([boat, turned])))[:, snapshot.column_of(dog)]
    assert states.tolist() == [LabelState.REJECTED, LabelState.CONFIRMED]
    ((_rule, effect),) = effects_of_rules(unsure)
    assert (effect.photos, effect.suggested, effect.confirmed, effect.rejected) == (4, 2, 1, 1)


def test_a_rule_can_be_undone_done_again_and_taken_back(unsure: Project) -> None:
    add_rule(unsure, "dog", "folder:trip")
    assert add_rule(unsure, "dog", "folder:trip") is None
    undo(unsure)
    assert (rules(unsure), likely_by_rule(unsure, "dog")) == ([], set())
    redo(unsure)
    assert len(likely_by_rule(unsure, "dog")) == 4
    remove_rules(unsure, rules(unsure))
    assert rules(unsure) == []
    undo(unsure)
    assert len(likely_by_rule(unsure, "dog")) == 4
    assert "folder:trip is dog" in str(history(unsure)[-1].title) + str([str(one.title) for one in history(unsure)])


def test_a_label_that_is_not_there_joins_the_label_set(unsure: Project) -> None:
    add_rule(unsure, "holidays", "folder:trip")
    assert label_set(unsure)[-1].name == "holidays"
    assert len(likely_by_rule(unsure, "holidays")) == 4
    rename_label(unsure, label_set(unsure)[-1].id, "vacation")
    assert len(likely_by_rule(unsure, "vacation")) == 4


def test_a_label_that_left_the_label_set_comes_back_with_a_rule(unsure: Project) -> None:
    dog = next(label.id for label in label_set(unsure) if label.name == "dog")
    remove_label(unsure, dog)
    add_rule(unsure, "dog", "folder:trip")
    assert label_set(unsure)[-1].id == dog
    assert len(likely_by_rule(unsure, "dog")) == 4


def test_a_rule_knows_a_label_by_its_other_names(unsure: Project) -> None:
    dog = next(label.id for label in label_set(unsure) if label.name == "dog")
    set_other_names(unsure, dog, [OtherName("Hund", "de")])
    assert try_rule(unsure, "hund", "folder:trip").label == "dog"
    add_rule(unsure, "hund", "folder:trip")
    assert [one.label_id for one in rules(unsure)] == [dog]


def test_a_rule_is_tried_for_no_label_yet_and_for_nothing_that_can_be_none(unsure: Project) -> None:
    assert try_rule(unsure, " ", "folder:trip").photos == 4
    with pytest.raises(WrongUsage, match="printable text"):
        try_rule(unsure, "a\nb", "folder:trip")


def test_photos_that_name_no_camera_were_taken_with_none(unsure: Project) -> None:
    assert try_rule(unsure, "dog", "camera:*").photos == 0


@pytest.mark.parametrize(
    "days",
    ["2024-13", "*-02-30", "2023-02-29", "2024-00", "2024-05-14..2024-05-01", "2024-06..2024-05-31", "2024-13.."],
)
def test_days_that_never_were_are_refused(days: str) -> None:
    with pytest.raises(WrongUsage, match="Expected days such as"):
        is_of_days(days)


def test_a_leap_day_and_the_last_day_alone_are_days() -> None:
    assert is_of_days("*-02-29")(date(2024, 2, 29))
    assert is_of_days("*-*-31")(date(2024, 5, 31))
    assert is_of_days("2024-05..2024-05-31")(date(2024, 5, 31))


def test_rules_go_with_a_label_that_is_merged_and_come_back(unsure: Project) -> None:
    add_rule(unsure, "dog", "folder:trip")
    cat, dog, _boat = label_set(unsure)
    merge_labels(unsure, dog, cat)
    assert [(one.label_id, one.condition) for one in rules(unsure)] == [(cat.id, "folder:trip")]
    assert len(likely_by_rule(unsure, "cat")) == 4
    undo(unsure)
    assert [one.label_id for one in rules(unsure)] == [dog.id]


def test_what_a_label_stands_below_is_suggested_with_it(unsure: Project) -> None:
    add_rule(unsure, "boat", "folder:trip")
    cat, _dog, boat = (label.id for label in label_set(unsure))
    put_below(unsure, [boat], [cat])
    assert len(likely_by_rule(unsure, "cat")) == 4


def test_labelling_again_keeps_rules_and_later_photos_follow_them(
    unsure: Project, photo_folder: Path, tiny_clip_encoder: Any
) -> None:
    add_rule(unsure, "dog", "folder:trip")
    make_photo(photo_folder / "trip" / "later.jpg", 40)
    add_photos(unsure)
    initialise(unsure, tiny_clip_encoder, InitialiseSettings())
    assert "trip/later.jpg" in likely_by_rule(unsure, "dog")


def test_camera_and_places_are_read_from_exif_iptc_xmp_and_sidecars(unsure: Project, photo_folder: Path) -> None:
    _with_metadata(photo_folder / "beach.jpg")
    sidecar = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Lisboa">'
        "<photoshop:Country>Portugal</photoshop:Country></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    (photo_folder / "zebra.xmp").write_text(sidecar)
    assert describe_photo(photo_folder / "beach.jpg") == ("Canon EOS 5D", ("Roma", "Italia"))
    assert describe_photo(photo_folder / "zebra.bmp") == ("", ("Lisboa", "Portugal"))
    add_photos(unsure)
    add_rule(unsure, "dog", "camera:eos*")
    add_rule(unsure, "cat", "place:lisb*")
    assert likely_by_rule(unsure, "dog") == set()  # nobody has looked into the files yet
    describe_files_for_rules(unsure)
    assert likely_by_rule(unsure, "dog") == {"beach.jpg"}
    assert likely_by_rule(unsure, "cat") == {"zebra.bmp"}


def test_a_damaged_file_says_nothing_and_is_not_read_again(unsure: Project, photo_folder: Path) -> None:
    (photo_folder / "broken.jpg").write_bytes(b"no photo")
    add_photos(unsure)
    assert try_rule(unsure, "dog", "camera:*Canon*").photos == 0
    status = (photo_folder / "broken.jpg").stat()
    assert known_descriptions(unsure, [("broken.jpg", status.st_size, status.st_mtime_ns)]) == [("", ())]


def test_exports_say_that_a_rule_suggests(unsure: Project, tmp_path: Path) -> None:
    add_rule(unsure, "holidays", "folder:trip")
    export_as(unsure, "csv", tmp_path / "labels.csv")
    lines = (tmp_path / "labels.csv").read_text().splitlines()
    assert sorted(line for line in lines if "holidays" in line) == [
        f"trip/{name},holidays,1,suggested,rule"
        for name in ("boat.jpg", "day two/horse.jpeg", "day two/lamp.JPG", "turned.jpg")
    ]
    export_as(unsure, "coco", tmp_path / "labels.json")
    assert (tmp_path / "labels.json").read_text().count('"source":"rule"') == 4


@pytest.mark.parametrize(
    ("pattern", "days", "others"),
    [
        ("2024", ["2024-01-01", "2024-12-31"], ["2023-12-31"]),
        ("2024-05", ["2024-05-01"], ["2024-06-01", "2023-05-01"]),
        ("*-12", ["2023-12-24", "2024-12-01"], ["2024-05-12"]),
        ("*-12-24", ["2023-12-24"], ["2023-12-25"]),
        ("2024-05-30..2024-06-02", ["2024-05-30", "2024-06-02"], ["2024-05-29", "2024-06-03"]),
        ("..2020", ["2020-12-31", "1990-01-01"], ["2021-01-01"]),
        ("2020..", ["2020-01-01"], ["2019-12-31"]),
    ],
)
def test_days(pattern: str, days: list[str], others: list[str]) -> None:
    is_meant = is_of_days(pattern)
    assert [day for day in (*days, *others) if is_meant(date.fromisoformat(day))] == days


@pytest.mark.parametrize(
    "condition", ["dogs", "colour:red", "folder:", "taken:yesterday", "taken:..", "taken:2024-05..soon", ""]
)
def test_what_is_no_condition_is_refused(unsure: Project, condition: str) -> None:
    with pytest.raises(WrongUsage, match="Expected"):
        try_rule(unsure, "dog", condition)


def _with_metadata(file: Path) -> None:
    """A JPEG of a Canon, with a city in IPTC and a country in XMP."""
    with Image.open(file) as photo:
        exif = photo.getexif()
        exif[0x010F], exif[0x0110] = "Canon", "Canon EOS 5D"
        photo.save(file, exif=exif)
    record = b"\x1c\x02\x5a\x00\x04Roma" + b"\x1c\x02\x65\x00\x06Italia"
    block = b"8BIM\x04\x04\x00\x00" + len(record).to_bytes(4, "big") + record
    part = b"Photoshop 3.0\0" + block
    data = file.read_bytes()
    file.write_bytes(data[:2] + b"\xff\xed" + (len(part) + 2).to_bytes(2, "big") + part + data[2:])
