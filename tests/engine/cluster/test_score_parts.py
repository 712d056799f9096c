"""Scores lie in a store as tables that other programs read, each stage whole and none twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from making import make_photo

from engine.cluster import score_parts
from engine.cluster.score_parts import write_score_parts
from engine.jobs import NEVER, QUIET
from engine.project import Project
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, load_scores
from engine.stages.labelling.label_photos import LabelRequest, label_photos

parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `cluster` is not installed")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for at in range(7):
        make_photo(tmp_path / "photos" / f"{at}.jpg", at, size=(40, 30))
    return tmp_path / "photos"


def label(project: Project, tiny_clip: Path, labels: str) -> None:
    label_photos(project, LabelRequest(labels, str(tiny_clip)), QUIET, NEVER)


def test_each_stage_is_read_as_one_table_and_is_what_the_project_has(
    photos: Path, tiny_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_parts, "_PHOTOS_OF_A_FILE", 3)
    with Project.open(photos) as project:
        label(project, tiny_clip, "cat,dog,path")
        folder = write_score_parts(project, str(tmp_path / "store"))
        assert folder is not None
        table = parquet.read_table(tmp_path / "store" / folder).to_pandas()
        assert list(table.columns) == ["content", "path", "cat", "dog", "label path", "stage"]
        for stage in (GLOBAL, AGGREGATED, INITIAL):
            kept = load_scores(project, stage)
            assert kept is not None
            of_stage = table[table["stage"] == stage].sort_values("path")
            assert of_stage["path"].tolist() == [f"{at}.jpg" for at in range(7)]
            found = of_stage[["cat", "dog", "label path"]].to_numpy()
            np.testing.assert_array_equal(found, kept.values)
        assert all(len(bytes.fromhex(content)) == 16 for content in table["content"])


def test_after_another_labelling_nothing_is_there_twice_and_what_is_still_true_stays(
    photos: Path, tiny_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_parts, "_PHOTOS_OF_A_FILE", 3)
    store = tmp_path / "store"
    with Project.open(photos) as project:
        label(project, tiny_clip, "cat,dog")
        folder = write_score_parts(project, str(store))
        before = {file: file.stat().st_mtime_ns for file in store.rglob("*.parquet")}
        assert write_score_parts(project, str(store)) == folder
        assert {file: file.stat().st_mtime_ns for file in store.rglob("*.parquet")} == before
        make_photo(photos / "new.jpg", 9, size=(40, 30))
        label(project, tiny_clip, "cat,dog")
        assert write_score_parts(project, str(store)) == folder
        table = parquet.read_table(store / str(folder)).to_pandas()
        assert sorted(table["path"].value_counts().to_dict().items()) == [
            (name, 3) for name in sorted([*(f"{at}.jpg" for at in range(7)), "new.jpg"])
        ]


def test_they_lie_in_an_object_store_as_well(photos: Path, tiny_clip: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="the extra `cluster` is not installed")
    memory = fsspec.filesystem("memory")
    with Project.open(photos) as project:
        label(project, tiny_clip, "cat,dog")
        first = write_score_parts(project, "memory://kept/parts")
        label(project, tiny_clip, "cat,boat")
        second = write_score_parts(project, "memory://kept/parts")
    assert first != second
    for folder in (first, second):
        assert parquet.read_table(f"/kept/parts/{folder}", filesystem=memory).num_rows == 21
    memory.rm("/kept", recursive=True)


def test_without_scores_nothing_is_written(photos: Path, tmp_path: Path) -> None:
    with Project.open(photos) as project:
        assert write_score_parts(project, str(tmp_path / "store")) is None
    assert not (tmp_path / "store").exists()
