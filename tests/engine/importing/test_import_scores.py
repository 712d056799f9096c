"""Pseudo labels from elsewhere: the CSV that an export writes comes back, and a broken one is a sentence."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import export_as, make_photo

from engine.errors import UserError
from engine.formats.files.reading import MOST_BYTES, KnownLabelsError
from engine.formats.scores import read_scores
from engine.jobs import Cancellation, Progress
from engine.method.thresholds import shape_thresholds
from engine.project import Project
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.runs import INITIAL, load_scores, runs
from engine.project.take_snapshot import take_snapshot
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, ImportPlan, NewLabels, TakeAs, read_source
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.explain import Heatmaps


def table(folder: Path, text: str) -> Path:
    file = folder / "scores.csv"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return file


def bring(project: Project, file: Path) -> ImportPlan:
    choice = ImportChoice(TakeAs.SUGGESTIONS, new_labels=NewLabels.SKIP)
    return carry_out(project, read_source(file, "scores"), choice, Progress(), Cancellation()).plan


def test_exported_scores_come_back_in_another_project(labelled: Project, tmp_path: Path) -> None:
    export_as(labelled, "scores", tmp_path / "scores.csv", stage=INITIAL)
    with Project.open(labelled.photos, tmp_path / "other") as other:
        result = bring(other, tmp_path / "scores.csv")
        assert (result.photos, len(result.new_labels), result.photos_without) == (8, 3, 0)
        assert (result.unmatched_photos, result.skipped_labels) == ((), ())
        assert [label.name for label in label_set(other)] == ["cat", "dog", "boat"]
        snapshot = take_snapshot(other)
        assert snapshot.stage == INITIAL
        expected = take_snapshot(labelled).scores
        np.testing.assert_array_equal(snapshot.scores, expected)
        np.testing.assert_allclose(snapshot.thresholds, shape_thresholds(expected), rtol=1e-5)
        assert runs(other)[0].stage == "import"
        assert Heatmaps(other).of(1) is None


def test_photos_and_labels_that_find_no_place_are_told(project: Project, tmp_path: Path) -> None:
    use_label_set(project, [NewLabel("TV monitor"), NewLabel("cat")])
    file = table(
        tmp_path,
        "file_name,zebra,tvmonitor\r\nbeach.jpg,1,0.25\r\nelsewhere/boat.jpg,0,0.5\r\nnowhere.jpg,0,0\r\ncity.png,,\r\n",
    )
    result = bring(project, file)
    assert (result.photos, result.labels, result.photos_without) == (2, 1, 6)
    assert (result.unmatched_photos, result.skipped_labels) == (("nowhere.jpg",), ("zebra",))
    assert [label.name for label in label_set(project)] == ["TV monitor", "cat"]
    snapshot = take_snapshot(project)
    known = {snapshot.paths[row]: float(snapshot.scores[row, 0]) for row in np.flatnonzero(snapshot.scores[:, 0] >= 0)}
    assert known == {"beach.jpg": 0.25, "trip/boat.jpg": 0.5}


def test_labels_of_nothing_but_signs_are_told_apart(project: Project, tmp_path: Path) -> None:
    result = bring(project, table(tmp_path, "file_name,♥,★,a b\nbeach.jpg,0.1,0.2,0.3\n"))
    assert result.new_labels == ("♥", "★", "a b")
    assert load_scores(project, INITIAL).values.tolist() == [[np.float32(0.1), np.float32(0.2), np.float32(0.3)]]


def test_guarded_names_are_the_names_they_guard(project: Project, tmp_path: Path) -> None:
    make_photo(project.photos / "-1+1.jpg", 5)
    result = bring(project, table(tmp_path, "file_name,'=sum\n'-1+1.jpg,0.5\n"))
    assert result.photos == 1
    assert [label.name for label in label_set(project)] == ["=sum"]


def test_a_file_of_a_spreadsheet_with_a_mark_at_its_beginning(tmp_path: Path) -> None:
    read = read_scores(table(tmp_path, "\ufefffile_name,cat\r\n\r\na.jpg, 0.5\r\n"))
    assert (read.labels, read.file_names, read.values.tolist()) == (("cat",), ("a.jpg",), [[0.5]])


def test_paths_out_of_the_folder_are_only_names(project: Project, tmp_path: Path) -> None:
    make_photo(tmp_path / "secret.jpg")
    with pytest.raises(UserError, match=r"names no photo that is in"):
        bring(project, table(tmp_path, "file_name,cat\n../secret.jpg,0.5\n/etc/passwd,1\n"))
    assert runs(project) == []
    assert label_set(project) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"line 1: Expected a first column 'file_name' .*, but got an empty file"),
        ("file_name\na.jpg\n", "line 1: The label set is empty"),
        ("file_name,cat,Cat\na.jpg,0,0\n", "line 1: The label 'Cat' is there twice"),
        ("file_name,cat\n", "line 1: There are no photos"),
        ("file_name,cat\na.jpg,1.5\n", "line 2: Expected a score from 0 to 1 for 'cat', but got '1.5'"),
        ("file_name,cat\na.jpg,0.5,0.5\n", "line 2: Expected 2 cells, as in the first line, but got 3"),
        ('file_name,cat\n"a.jpg,0.5\n', "line 2: .*unexpected end of data"),
        ("file_name,cat\n" + "x" * 200_000 + ",1\n", "field larger than field limit"),
    ],
)
def test_a_broken_table_is_a_sentence_with_file_and_line(text: str, said: str, tmp_path: Path) -> None:
    file = table(tmp_path, text)
    with pytest.raises(KnownLabelsError, match=said) as caught:
        read_scores(file)
    assert str(caught.value).startswith(str(file))


def test_what_is_odd_in_a_table_is_passed_over(tmp_path: Path) -> None:
    read = read_scores(
        table(
            tmp_path, "Image,cat,width\na.jpg,0.5,640\nb.jpg,high,480\na.jpg,1,1.5\nc.jpg,0.25\nd.jpg,,\ne.jpg,nan,9\n"
        )
    )
    assert read.labels == ("cat",)
    assert read.file_names == ("a.jpg", "b.jpg", "d.jpg", "e.jpg")
    np.testing.assert_array_equal(read.values[:, 0], np.array([0.5, np.nan, np.nan, np.nan], np.float32))
    assert read.passed_over == 6
    assert [problem.partition(", line ")[2][:1] for problem in read.problems] == ["2", "3", "3", "4", "5", "7"]
    assert "Expected a score from 0 to 1 for 'cat', but got 'high'" in read.problems[1]


def test_a_file_that_is_not_there_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(KnownLabelsError, match="cannot be read"):
        read_scores(tmp_path / "missing.csv")
    file = table(tmp_path, "file_name,cat\na.jpg,0.5\n")
    os.truncate(file, MOST_BYTES + 1)  # a hole, which takes no room
    with pytest.raises(KnownLabelsError, match="larger than 2,048 MB"):
        read_scores(file)


@given(st.binary(max_size=200) | st.text(alphabet='file_name,cat\n\r"01.5e-\0é', max_size=80).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_it_is_a_table_or_a_sentence(tmp_path: Path, data: bytes) -> None:
    for beginning in (b"", b"file_name,cat\r\n"):
        (tmp_path / "scores.csv").write_bytes(beginning + data)
        with contextlib.suppress(KnownLabelsError):
            read = read_scores(tmp_path / "scores.csv")
            assert read.values.shape == (len(read.file_names), len(read.labels))


@given(
    st.dictionaries(
        st.text(alphabet="'=+-@,\"\n a.é\udce9", min_size=1, max_size=8), st.floats(0, 1, width=32), min_size=1
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_name_and_score_comes_back(tmp_path: Path, scores: dict[str, float]) -> None:
    from engine.formats.files.tables import guarded

    text = io.StringIO()
    csv.writer(text).writerows(
        [["file_name", "cat"], *([guarded(name), str(np.float32(score))] for name, score in scores.items())]
    )
    read = read_scores(table(tmp_path, text.getvalue()))
    assert dict(zip(read.file_names, read.values[:, 0].tolist(), strict=True)) == scores


def test_the_newest_of_labelling_and_import_counts(labelled: Project, tmp_path: Path) -> None:
    add_photos(labelled, Progress(), Cancellation())
    bring(labelled, table(tmp_path, "file_name,cat,dog,boat\nbeach.jpg,0.1,0.2,0.3\n"))
    snapshot = take_snapshot(labelled)
    np.testing.assert_allclose(snapshot.scores[snapshot.paths.index("beach.jpg")], [0.1, 0.2, 0.3])
