"""Photos whose names are no text, or span lines, survive project and export."""

import csv
import io
import json
import os
from pathlib import Path

import pytest
from making import export_as, make_photo

from engine.formats.files.tables import unguarded
from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")

NAMES = [
    b"caf\xe9.jpg",
    b"\xff\xfe\x80.png",
    b"two\nlines.jpg",
    b"tab\tand return\r.jpg",
    b"-rf.jpg",
    b"=1+1.jpg",
    b"'quoted\".jpg",
    "日本 🐈.webp".encode(),
    b"sub\xe9/inner \xa0.jpg",
]


@pytest.fixture
def strange(tmp_path: Path, tiny_clip_encoder: ClipEncoder) -> Project:
    for at, name in enumerate(NAMES):
        make_photo(tmp_path / "photos" / os.fsdecode(name), at)
    with Project.open(tmp_path / "photos") as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        add_photos(project, Progress(), Cancellation())
        result = initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert (result.labelled, result.unreadable) == (len(NAMES), ())
        yield project


def test_every_name_is_kept_byte_for_byte(strange: Project) -> None:
    snapshot = take_snapshot(strange)
    assert sorted(map(os.fsencode, snapshot.paths)) == sorted(NAMES)
    assert snapshot.paths == sorted(snapshot.paths)
    assert all(strange.file_of(path).is_file() for path in snapshot.paths)


def test_looking_a_second_time_finds_the_same_photos(strange: Project) -> None:
    change = add_photos(strange, Progress(), Cancellation())
    assert (change.added, change.changed, change.moved, change.gone) == (0, 0, 0, 0)


def test_every_name_survives_coco(strange: Project, tmp_path: Path) -> None:
    export_as(strange, "coco", tmp_path / "coco.json")
    images = json.loads((tmp_path / "coco.json").read_text("utf-8"))["images"]
    assert sorted(os.fsencode(image["file_name"]) for image in images) == sorted(NAMES)


def test_every_name_survives_csv(strange: Project, tmp_path: Path) -> None:
    export_as(strange, "scores", tmp_path / "scores.csv")
    text = (tmp_path / "scores.csv").read_bytes().decode("utf-8", "surrogateescape")
    _header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert sorted(os.fsencode(unguarded(row[0])) for row in rows) == sorted(NAMES)
