"""Scores of the newest labelling as Parquet files beside the parts they were made from, for whoever reads them there.

A row for each photo: `content` (the digest in hexadecimal), `path`, and a column for each label. The stages lie in
folders `stage=initial`, `stage=aggregated` and `stage=global` of one of their own for these labels and this encoder,
which pandas, DuckDB, Spark and Arrow read as one table with a column `stage`. Files are named by what is in them: after
another labelling those that are still true stay as they were. The project has the same scores, and needs none of these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine.cluster.parts import SUFFIX
from engine.cluster.store import Store
from engine.project import Project
from engine.project.labels import labels_by_id
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, ScoreMatrix, newest_run_with, scores_in_parts
from engine.project.storage.schema import Photo

if TYPE_CHECKING:
    import pyarrow as pa

_PHOTOS_OF_A_FILE = 10_000
_OF_PHOTOS = ("content", "path", "stage")


def write_score_parts(project: Project, address: str, check: Callable[[], None] = lambda: None) -> str | None:
    """Write the scores of the newest labelling to a store; returns the folder there, None where there are none.

    Args:
        check: is called between two files; may raise to stop.

    Raises:
        UserError: nothing can be written there.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    run = newest_run_with(project, INITIAL)
    if run is None:
        return None
    store, by_id = Store(address), labels_by_id(project)
    names = [_column(by_id[label]) for label in run.label_ids]
    told = json.dumps([run.settings.get("encoder_id"), names]).encode()
    folder = f"scores/{hashlib.blake2b(told, digest_size=8).hexdigest()}"
    for stage in (GLOBAL, AGGREGATED, INITIAL):
        of_stage, written = f"{folder}/stage={stage}", set()
        before = set(store.names(of_stage))
        for part in scores_in_parts(project, stage, run, _PHOTOS_OF_A_FILE):
            check()
            made = pa.BufferOutputStream()
            pq.write_table(_table(project, part, names), made, compression="zstd")
            data = made.getvalue().to_pybytes()
            name = hashlib.blake2b(data, digest_size=16).hexdigest() + SUFFIX
            if name not in before:
                store.write(f"{of_stage}/{name}", data)
            written.add(name)
        for name in before - written:
            store.remove(f"{of_stage}/{name}")
    return folder


def _column(label: str) -> str:
    return f"label {label}" if label in _OF_PHOTOS else label


def _table(project: Project, part: ScoreMatrix, names: list[str]) -> pa.Table:
    import pyarrow as pa

    ids = part.photo_ids.tolist()
    with project.reading() as connection:
        of_part = select(Photo.id, Photo.content, Photo.path).where(Photo.id >= ids[0], Photo.id <= ids[-1])
        photos = {row[0]: row for row in project.rows(connection, of_part)}
    columns = {
        "content": pa.array([photos[photo][1].hex() for photo in ids], pa.string()),
        "path": pa.array([photos[photo][2] for photo in ids], pa.string()),
        **{name: pa.array(values) for name, values in zip(names, part.values.T, strict=True)},
    }
    return pa.table(columns)
