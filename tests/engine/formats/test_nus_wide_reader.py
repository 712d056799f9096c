"""Reading NUS-WIDE's truth as it is published, also where parts of it are missing or do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.formats.known_labels import PRESENT, KnownLabelsError
from engine.formats.nus_wide import read_nus_wide
from engine.formats.registry import guess_format

TRAIN, TEST = ("actor\\0001_1.jpg", "zebra\\0002_2.jpg"), ("actor\\0003_3.jpg",)
LABELS = {"airport": "010", "zebra": "110"}
"""Of the train photos, then of the test photo."""


def write(file: Path, lines: tuple[str, ...] | str, end: str = "\n") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}{end}" for line in lines), newline="")


@pytest.fixture
def split(tmp_path: Path) -> Path:
    """The files of train and test photos; lines end as in Windows."""
    top = tmp_path / "NUS-WIDE"
    write(top / "ImageList" / "TrainImagelist.txt", TRAIN, " \r\n")
    write(top / "ImageList" / "TestImagelist.txt", TEST, " \r\n")
    for concept, answers in LABELS.items():
        write(top / "Groundtruth" / "TrainTestLabels" / f"Labels_{concept}_Train.txt", answers[:2], "\r\n")
        write(top / "Groundtruth" / "TrainTestLabels" / f"Labels_{concept}_Test.txt", answers[2:], "\r\n")
    return top


def test_train_and_test_photos_by_their_own_files(split: Path) -> None:
    known = read_nus_wide(split)
    assert known.labels == ("airport", "zebra")
    assert known.answers == {
        "actor/0001_1.jpg": {"zebra": PRESENT},
        "zebra/0002_2.jpg": {"airport": PRESENT, "zebra": PRESENT},
        "actor/0003_3.jpg": {},
    }
    assert read_nus_wide(split / "Groundtruth") == known
    assert guess_format(split) == guess_format(split / "Groundtruth") == "nus-wide"
    (split / "ImageList" / "TrainImagelist.txt").unlink()
    assert list(read_nus_wide(split).answers) == ["actor/0003_3.jpg"]


def test_the_files_of_all_photos_are_taken_where_they_are(split: Path) -> None:
    write(split / "ImageList" / "ImageList.txt", (*TEST, *TRAIN))
    write(split / "Groundtruth" / "AllLabels" / "Labels_zebra.txt", "001")
    assert read_nus_wide(split).answers == {
        "actor/0003_3.jpg": {},
        "actor/0001_1.jpg": {},
        "zebra/0002_2.jpg": {"zebra": PRESENT},
    }


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            "1",
            r"Labels_zebra_Train\.txt: Expected an answer for each of the 2 photos of TrainImagelist\.txt, but got 1",
        ),
        ("1?", r"Labels_zebra_Train\.txt: Expected 0 or 1, but got '\?'"),
    ],
)
def test_a_file_that_does_not_fit_its_list_is_named(answers: str, said: str, split: Path) -> None:
    write(split / "Groundtruth" / "TrainTestLabels" / "Labels_zebra_Train.txt", answers)
    with pytest.raises(KnownLabelsError, match=said):
        read_nus_wide(split)


def test_another_folder_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(KnownLabelsError, match=r"holds no truth of NUS-WIDE.*Labels_airport\.txt"):
        read_nus_wide(tmp_path)
