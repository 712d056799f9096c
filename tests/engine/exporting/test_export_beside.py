"""Labels beside the photos: merged with what others wrote, taken back when rejected, and nothing else touched."""

import json
from pathlib import Path
from typing import Any

import pytest
from making import HARD_LABELS

from engine.errors import WrongUsage
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.labels import label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.exporting.beside_files import WrittenBeside
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest


@pytest.fixture
def decided(labelled: Project) -> Project:
    """Beach (photo 1) has a cat and no dog, city (photo 2) a boat; nothing else is confirmed."""
    cat, dog, boat = (label.id for label in label_set(labelled))
    answer(labelled, "decided", [Answer(1, cat, True), Answer(1, dog, False), Answer(2, boat, True)])
    return labelled


def write(project: Project, format_name: str, **wishes: Any) -> WrittenBeside:
    request = ExportRequest(format_name, beside=True, **{"states": "confirmed", **wishes})
    result = export(project, request, None, Progress(), Cancellation())
    assert result.beside is not None
    return result.beside


def flags_of(file: Path) -> dict[str, bool]:
    return json.loads(file.read_bytes())["flags"]


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file() and ".cdul" not in file.parts}


def test_text_beside_photos_that_have_labels(decided: Project) -> None:
    before = files_in(decided.photos)
    beside = write(decided, "text")
    assert (beside.labels, beside.changed, beside.left_alone) == (2, 2, ())
    after = files_in(decided.photos)
    assert {name: after[name] for name in after.keys() - before} == {"beach.txt": b"cat\n", "city.txt": b"boat\n"}
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    "content",
    [
        b'sunny day, "dunes, grass", cat',
        b"1girl, solo, cat\n",
        b"0 0.716797 0.395833 0.216406 0.147222\n",
        b"We went to the beach, with Anna.\r\nIt was warm.\r\n",
        "\ufeffa photo of a cat".encode("utf-16"),
        b"caf\xe9",
        b"",
        b"x" * 200_000,
    ],
    ids=["a list", "tags", "YOLO", "a diary", "UTF-16", "Latin-1", "empty", "long"],
)
def test_a_text_of_others_is_left_alone(content: bytes, decided: Project) -> None:
    (decided.photos / "beach.txt").write_bytes(content)
    assert write(decided, "text").left_alone == (
        "beach.txt was left as it is. It is no list of labels that CDUL wrote.",
    )
    assert (decided.photos / "beach.txt").read_bytes() == content
    assert (decided.photos / "city.txt").read_text() == "boat\n"


def test_what_others_added_to_a_list_of_ours_stays(decided: Project) -> None:
    write(decided, "text")
    file = decided.photos / "beach.txt"
    file.write_bytes(b'dunes ,cat,  "sun, and sea"\r\n')
    assert write(decided, "text").changed == 0
    answer(decided, "otherwise", [Answer(1, 1, False), Answer(1, 3, True)])
    write(decided, "text")
    assert file.read_bytes() == b'dunes ,"sun, and sea", boat\r\n'
    answer(decided, "none", [Answer(1, 3, False)])
    write(decided, "text")
    assert file.read_bytes() == b'dunes ,"sun, and sea"\r\n'
    # Nothing of ours is in it any longer.
    answer(decided, "again", [Answer(1, 3, True)])
    assert write(decided, "text").changed == 0
    assert file.read_bytes() == b'dunes ,"sun, and sea"\r\n'


def test_a_list_of_ours_goes_with_its_last_label(decided: Project) -> None:
    write(decided, "text")
    answer(decided, "rejected", [Answer(1, 1, False)])
    assert write(decided, "text").changed == 1
    assert not (decided.photos / "beach.txt").exists()
    answer(decided, "after all", [Answer(1, 1, True)])
    write(decided, "text")
    assert (decided.photos / "beach.txt").read_text() == "cat\n"


def test_a_second_time_nothing_is_written(decided: Project) -> None:
    write(decided, "text")
    write(decided, "labelme")
    times = {file: file.stat().st_mtime_ns for file in decided.photos.iterdir()}
    assert write(decided, "text").changed == write(decided, "labelme").changed == 0
    assert {file: file.stat().st_mtime_ns for file in times} == times


def test_labelme_keeps_shapes_and_flags_of_others(decided: Project) -> None:
    shape = {"label": "umbrella", "points": [[1, 2], [3, 4]], "shape_type": "rectangle"}
    (decided.photos / "beach.json").write_text(
        json.dumps({"version": "4.0", "flags": {"blurred": True}, "shapes": [shape], "mine": 1})
    )
    write(decided, "labelme")
    data = json.loads((decided.photos / "beach.json").read_bytes())
    assert data["flags"] == {"blurred": True, "cat": True, "dog": False}
    assert (data["shapes"], data["version"], data["mine"]) == ([shape], "4.0", 1)
    answer(decided, "undecided again", [Answer(1, 1, None), Answer(1, 2, True)])
    write(decided, "labelme")
    assert flags_of(decided.photos / "beach.json") == {"blurred": True, "dog": True}


@pytest.mark.parametrize(
    "content",
    [
        b"[1, 2]",
        b'{"annotations": []}',
        b"{",
        b'{"flags": [1]}',
        b"\xff\xfe",
        b'{"flags":' * 3000,
        '{"flags": {}}'.encode("utf-16"),
        b'{"flags": {"a": true, "a": false}}',
    ],
    ids=["a list", "COCO", "half", "flags in a list", "no text", "deep", "UTF-16", "a flag twice"],
)
def test_files_that_are_something_else_are_left_alone(content: bytes, decided: Project) -> None:
    (decided.photos / "beach.json").write_bytes(content)
    beside = write(decided, "labelme")
    assert (decided.photos / "beach.json").read_bytes() == content
    assert [one.partition(" was left as it is")[0] for one in beside.left_alone] == ["beach.json"]
    assert flags_of(decided.photos / "city.json") == {"boat": True}


def test_links_are_left_alone(decided: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("mine")
    (decided.photos / "beach.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert write(decided, "text").left_alone == ("beach.txt was left as it is. It is a link.",)
    assert (tmp_path / "elsewhere.txt").read_text() == "mine"
    assert (decided.photos / "beach.txt").is_symlink()


@pytest.mark.parametrize(("sidecars", "name"), [("full", "beach.jpg.xmp"), ("stem", "beach.xmp")])
def test_xmp_sidecars(sidecars: str, name: str, decided: Project) -> None:
    beside = write(decided, "xmp", sidecars=sidecars)
    assert (beside.labels, beside.changed) == (2, 2)
    assert b"<rdf:li>cat</rdf:li>" in (decided.photos / name).read_bytes()
    assert write(decided, "xmp", sidecars=sidecars).changed == 0


@pytest.mark.parametrize("format_name", ["text", "labelme", "xmp"])
def test_hard_names(format_name: str, hard_names: Project) -> None:
    before = files_in(hard_names.photos)
    beside = write(hard_names, format_name, states="suggested")
    assert beside.left_alone == ()
    assert beside.changed == len(take_snapshot(hard_names)) - 1  # of one photo nothing is known
    assert write(hard_names, format_name, states="suggested").changed == 0
    after = files_in(hard_names.photos)
    assert {name: after[name] for name in before} == before
    answers = [Answer(photo, label.id, False) for photo in (1, 3) for label in label_set(hard_names)]
    answer(hard_names, "none of them", answers)
    write(hard_names, format_name, states="suggested")
    if format_name == "labelme":
        snapshot = take_snapshot(hard_names)
        path = snapshot.paths[snapshot.row_of(1)]
        file = hard_names.photos / f"{path.rpartition('.')[0]}.json"
        assert flags_of(file) == dict.fromkeys(HARD_LABELS, False)


def test_other_formats_are_not_written_beside_photos(decided: Project) -> None:
    with pytest.raises(WrongUsage, match=r"coco cannot be written beside photos\. These can: text, labelme, xmp"):
        write(decided, "coco")
