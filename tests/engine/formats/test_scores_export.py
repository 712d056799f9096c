"""Scores as CSV: every photo, every label, full precision."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import export_as, make_photo

from engine.errors import WrongUsage
from engine.formats.files.tables import guarded, unguarded
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8", "surrogateescape"), newline="")))


@pytest.mark.parametrize("stage", ["global", "initial"])
def test_scores_read_back_as_the_same_float32(stage: str, labelled: Project, tmp_path: Path) -> None:
    result = export_as(labelled, "scores", tmp_path / "scores.csv", stage=stage)
    header, *rows = rows_of(tmp_path / "scores.csv")
    snapshot = take_snapshot(labelled)
    assert header == ["file_name", "cat", "dog", "boat"]
    assert [row[0] for row in rows] == snapshot.paths
    assert result.photos == 8
    read_back = np.array([[np.float32(cell) for cell in row[1:]] for row in rows])
    np.testing.assert_array_equal(read_back, snapshot.matrix_of(labelled, stage))


def test_lines_end_as_the_standard_says(labelled: Project, tmp_path: Path) -> None:
    export_as(labelled, "scores", tmp_path / "scores.csv")
    data = (tmp_path / "scores.csv").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == 9


def test_a_photo_without_scores_has_empty_cells(labelled: Project, tmp_path: Path) -> None:
    make_photo(labelled.photos / "new.jpg", 5)
    add_photos(labelled, Progress(), Cancellation())
    export_as(labelled, "scores", tmp_path / "scores.csv")
    assert ["new.jpg", "", "", ""] in rows_of(tmp_path / "scores.csv")


def test_cells_that_a_spreadsheet_would_calculate_are_guarded(labelled: Project, tmp_path: Path) -> None:
    use_label_set(labelled, [NewLabel("=cmd|' /C calc'!A0"), NewLabel("cat")])
    make_photo(labelled.photos / "-1+1.jpg", 5)
    make_photo(labelled.photos / "@home, sweet.jpg", 6)
    add_photos(labelled, Progress(), Cancellation())
    export_as(labelled, "scores", tmp_path / "scores.csv")
    header, *rows = rows_of(tmp_path / "scores.csv")
    assert header[1] == "'=cmd|' /C calc'!A0"
    assert {"'-1+1.jpg", "'@home, sweet.jpg"} <= {row[0] for row in rows}


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_what_was_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"format_name": "xml"}, "--format to be one of coco, .*, scores.*, but got 'xml'"),
        ({"only": "some"}, "--only to be one of all, reviewed, but got 'some'"),
        ({"stage": "final"}, "stage to be one of global, .*, but got 'final'"),
    ],
)
def test_what_is_not_there_is_told_what_is(wrong: dict[str, str], said: str, labelled: Project, tmp_path: Path) -> None:
    wishes = {"format_name": "scores", **wrong}
    with pytest.raises(WrongUsage, match=said):
        export_as(labelled, wishes.pop("format_name"), tmp_path / "out", **wishes)
    assert not (tmp_path / "out").exists()
