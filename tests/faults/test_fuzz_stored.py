"""Whatever is in a project's files, it can be read or a sentence says why not."""

# ruff: noqa: S608 (the names are the schema's own)

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from fuzzing import examples
from hypothesis import given
from hypothesis import strategies as st
from stored import read_everything

from engine.models.training.saved_classifier import ClassifierUnreadable, SavedClassifier
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.settings import keep_setting
from engine.project.storage.schema import Base
from engine.project.truths import TruthTable, keep_truth

COLUMNS = [(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=6,
)
VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.sampled_from([0, 1, -1, 7, 2**31, 2**40, 2**63 - 1])
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=12)
    | JSON.map(json.dumps)
    | st.sampled_from(
        ["x" * 20_000, "[" * 5000, "../a.jpg", "2024-02-31 00:00:00", "nan", "{}", "[]", '{"said": "{a}"}']
    )
)


@pytest.fixture
def whole(labelled: Project) -> Path:
    """The photos of a project with something in every table."""
    answer(labelled, "first", [Answer(1, 1, True), Answer(2, 2, False), Answer(1, None, True)])
    table = TruthTable("known", ("cat", "dog"), (1, 2), np.array([1, 2]), np.zeros((2, 2), np.int8))
    keep_truth(labelled, table, source="a file", format_name="coco")
    keep_setting(labelled, "wanted precision", 0.9)
    labelled.close()
    with closing(sqlite3.connect(labelled.folder / "project.sqlite")) as connection, connection:
        connection.execute("INSERT INTO threshold VALUES (1, 1, 'initial', 0.5)")
        connection.execute("INSERT INTO written_keywords VALUES (1, 'beach.xmp', '[\"cat\"]')")
    return labelled.photos


def copied(whole: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=whole.parent) as folder:
        yield shutil.copytree(whole, Path(folder, "photos"))


@pytest.mark.fuzz
def test_any_value_in_any_column(whole: Path) -> None:
    @examples(12)
    @given(st.lists(st.tuples(st.sampled_from(COLUMNS), VALUES, st.integers(0, 7)), min_size=1, max_size=3))
    def forged(forgeries: list[tuple[tuple[str, str], object, int]]) -> None:
        for photos in copied(whole):
            with closing(sqlite3.connect(photos / ".cdul" / "project.sqlite")) as connection:
                connection.execute("PRAGMA ignore_check_constraints = ON")
                for (table, column), value, row in forgeries:
                    key = next(iter(Base.metadata.tables[table].primary_key)).name
                    some = f'SELECT "{key}" FROM "{table}" ORDER BY 1 LIMIT 1 OFFSET {row}'
                    # What the file itself does not take, as a second row of one name, no forger can write either.
                    with suppress(sqlite3.IntegrityError):
                        connection.execute(
                            f'UPDATE OR IGNORE "{table}" SET "{column}" = ? WHERE "{key}" IN ({some})', (value,)
                        )
                connection.commit()
            read_everything(photos)

    forged()


@pytest.mark.fuzz
@pytest.mark.parametrize("name", ["project.sqlite", "cache.sqlite", "similarities-1.f32"])
def test_any_bytes_in_any_file(name: str, whole: Path) -> None:
    size = (whole / ".cdul" / name).stat().st_size

    @examples(4)
    @given(st.lists(st.tuples(st.integers(0, size - 1), st.binary(min_size=1, max_size=200)), min_size=1, max_size=4))
    def damaged(damage: list[tuple[int, bytes]]) -> None:
        for photos in copied(whole):
            with (photos / ".cdul" / name).open("r+b") as file:
                for place, data in damage:
                    file.seek(place)
                    file.write(data)
            read_everything(photos)

    damaged()


@pytest.mark.fuzz
@examples(100)
@given(
    st.dictionaries(
        st.sampled_from(
            ["format", "version", "backbone", "preprocessing", "labels", "thresholds", "objective", "made"]
        ),
        JSON,
    )
)
def test_any_description_of_a_classifier(document: dict[str, object]) -> None:
    whole = {
        **{"format": "cdul-classifier", "version": 1, "backbone": "resnet101", "objective": "bce", "made": {}},
        **{"labels": ["cat"], "thresholds": [0.5]},
        "preprocessing": {"input_size": 224, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "classifier.json").write_text(json.dumps({**whole, **document}), "utf-8")
        with suppress(ClassifierUnreadable):
            read = SavedClassifier.read(Path(folder))
            assert all(isinstance(label, str) for label in read.description.labels)
            assert all(0 <= threshold <= 1 for threshold in read.description.thresholds)
