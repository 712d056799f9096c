"""The paper's table from small data sets, laid out as the real ones unpack, with a small CLIP and a small network."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from making import TINY_NETWORK, make_photo

import engine

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "paper_table.py"

Answers = dict[str, dict[str, int]]
"""Label to photo to 1, 0, or -1 for not."""


def write(file: Path, lines: list[str], end: str = "\n") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}{end}" for line in lines), newline="")


def make_voc(root: Path, year: int, train: str, test: str) -> None:
    """Four photos to train on and three to test on, in one folder; one label of one test photo is difficult."""
    top = root / "VOCdevkit" / f"VOC{year}"
    ids = [f"{year}_{number:06}" for number in range(1, 8)]
    for seed, photo in enumerate(ids):
        make_photo(top / "JPEGImages" / f"{photo}.jpg", seed)
    flags = {"dog": (1, -1, 1, -1, 1, 0, -1), "tvmonitor": (-1, 1, 1, -1, -1, 1, 1)}
    for split, rows in ((train, slice(0, 4)), (test, slice(4, 7))):
        write(top / "ImageSets" / "Main" / f"{split}.txt", ids[rows])
        for label, answers in flags.items():
            lines = [f"{photo} {answer:2}" for photo, answer in zip(ids[rows], answers[rows], strict=True)]
            write(top / "ImageSets" / "Main" / f"{label}_{split}.txt", lines)


def make_coco(root: Path) -> None:
    """Four photos a side, of which one has no label."""
    for side in ("train", "val"):
        names = [f"COCO_{side}2014_{number:012}.jpg" for number in range(1, 5)]
        for seed, name in enumerate(names):
            make_photo(root / f"{side}2014" / name, seed)
        document = {
            "images": [{"id": number, "file_name": name} for number, name in enumerate(names, 1)],
            "categories": [{"id": 18, "name": "dog"}, {"id": 74, "name": "mouse"}],
            "annotations": [
                {"id": 1, "image_id": 1, "category_id": 18},
                {"id": 2, "image_id": 2, "category_id": 74},
                {"id": 3, "image_id": 3, "category_id": 18, "iscrowd": 1},
            ],
        }
        write(root / "annotations" / f"instances_{side}2014.json", [json.dumps(document)])


def make_nus_wide(root: Path) -> None:
    """Four photos a side, of which one has no label and another is gone, as many of the real ones are."""
    top = root / "NUS-WIDE"
    for side, names in (
        ("Train", ["actor\\0001_1.jpg", "actor\\0002_2.jpg", "zoo\\0003_3.jpg", "zoo\\0004_4.jpg"]),
        ("Test", ["actor\\0005_5.jpg", "sky\\0006_6.jpg", "sky\\0007_7.jpg", "zoo\\0008_8.jpg"]),
    ):
        for seed, name in enumerate(names[:3]):
            make_photo(top / "Flickr" / name.replace("\\", "/"), seed)
        write(top / "ImageList" / f"{side}Imagelist.txt", names, "\r\n")
        for concept, answers in (("animal", "1001"), ("clouds", "1101")):
            write(top / "Groundtruth" / "TrainTestLabels" / f"Labels_{concept}_{side}.txt", list(answers), "\r\n")


@dataclass
class Told:
    out: str
    err: str
    code: int


Table = Callable[..., Told]


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Table:
    """Runs the script over the data sets in `data`, as on a command line."""

    def run(*more: str | Path) -> Told:
        wishes = [SCRIPT, tmp_path / "data", "--work", tmp_path / "work", *more]
        monkeypatch.setattr("sys.argv", [str(wish) for wish in wishes])
        monkeypatch.syspath_prepend(str(SCRIPT.parent))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        told = capfd.readouterr()
        return Told(told.out, told.err, ended.value.code or 0)

    return run


def test_the_whole_table_and_again_from_what_was_kept(
    table: Table, tmp_path: Path, tiny_clip: Path, tiny_network: Path
) -> None:
    root = tmp_path / "data"
    make_voc(root, 2012, "train", "val")
    make_voc(root, 2007, "trainval", "test")
    make_coco(root)
    make_nus_wide(root)
    small = (
        *("--encoder", tiny_clip, "--network", TINY_NETWORK, "--weights", tiny_network),
        *("--epochs", "1", "--set", "input_size=48", "--set", "augment=none"),
    )
    told = table(*small)
    assert told.code == 0, told.err
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in told.out.splitlines() if "|" in line][2:]
    counts = {title: int(photos) for title, photos, *_ in rows}
    assert counts == {
        "VOC2012 train": 4,
        "VOC2012 train, difficult as negative": 4,
        "VOC2012 test": 3,
        "VOC2012 test, difficult as negative": 3,
        "VOC2007 train": 4,
        "VOC2007 train, difficult as negative": 4,
        "VOC2007 test": 3,
        "VOC2007 test, difficult as negative": 3,
        "COCO 2014 train": 3,
        "COCO 2014 test": 3,
        "NUS-WIDE train": 2,
        "NUS-WIDE test": 2,
    }
    assert all(0 < float(figure) <= 100 for row in rows for figure in row[2:5])
    assert [row[-1] for row in rows if row[-1]] == ["88.6", "88.6", "89.0", "89.0", "69.2", "44.0"]
    # COCO's mouse is asked for by COCO's own name, which is no computer mouse.
    with engine.open(root / "train2014", tmp_path / "work" / "coco" / "train", read_only=True) as photos:
        assert {label.texts for label in photos.snapshot().labels} >= {("a photo of a mouse",)}
    assert "NUS-WIDE: label the train photos: done in" in told.err
    assert "of the list 1 are not there" in told.err

    again = table(*small)
    assert (again.out, again.err) == (told.out, "")
    other = table(*small, "--epochs", "2")
    assert "was made with other wishes" in str(other.code)


def test_what_is_not_there_is_named_with_where_it_was_looked_for(table: Table, tmp_path: Path, tiny_clip: Path) -> None:
    make_coco(tmp_path / "data")
    (tmp_path / "data" / "annotations" / "instances_val2014.json").unlink()
    told = table("--only", "voc2007,coco,nus-wide")
    assert told.code == 1
    data = tmp_path / "data"
    assert f"VOC2007: not found. There is no {data / 'VOCdevkit' / 'VOC2007' / 'JPEGImages'}" in told.err
    assert f"COCO 2014: not found. There is no {data / 'annotations' / 'instances_val2014.json'}." in told.err
    assert f"NUS-WIDE: not found. There is no {data / 'NUS-WIDE' / 'Flickr'}" in told.err
    assert told.out.count("| – | – | – | – |") == 3


def test_an_encoder_that_is_not_there_is_said(table: Table, tmp_path: Path) -> None:
    make_voc(tmp_path / "data", 2007, "trainval", "test")
    told = table("--only", "voc2007")
    assert told.code == 1
    assert "RN50x64:openai" in told.err


@pytest.mark.parametrize("wish", [("--only", "imagenet"), ("--set", "colour=1")])
def test_a_wrong_wish_is_said_at_once(wish: tuple[str, str], table: Table) -> None:
    assert table(*wish).code == 2
