"""A search is prepared once; opened again it goes on from what is kept, whatever happened to the files."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import UserError
from engine.jobs import Cancellation, Cancelled, Progress, ProgressReport
from engine.method.search import Sketch
from engine.project import Project
from engine.stages.finding import search_index
from engine.stages.finding.search import search, words_query
from engine.stages.finding.search_files import SearchFiles
from engine.stages.finding.search_index import SearchIndex
from engine.stages.photo_embeddings import KeptEmbeddings


def load(project: Project) -> SearchIndex:
    return SearchIndex.load(project, Progress(), Cancellation())


def found(project: Project, index: SearchIndex, encoder: Any) -> list[int]:
    return search(project, index, words_query(encoder, "two dogs on a beach")).photo_ids.tolist()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many photos' embeddings were read, each time."""
    counts: list[int] = []
    load_embeddings = KeptEmbeddings.load

    def counted(self: KeptEmbeddings, project: Project, contents: list[bytes]) -> Any:
        counts.append(len(contents))
        return load_embeddings(self, project, contents)

    monkeypatch.setattr(KeptEmbeddings, "load", counted)
    return counts


def test_opened_again_no_embedding_is_read(labelled: Project, tiny_clip_encoder: Any, reads: list[int]) -> None:
    expected = found(labelled, load(labelled), tiny_clip_encoder)
    reads.clear()
    again = load(labelled)
    assert reads == []
    assert found(labelled, again, tiny_clip_encoder) == expected


@pytest.mark.parametrize("name", ["vectors", "contents", "sketch.npz"])
@pytest.mark.parametrize("harm", ["deleted", "cut", "other bytes"])
def test_files_that_are_harmed_are_made_anew(labelled: Project, tiny_clip_encoder: Any, name: str, harm: str) -> None:
    expected = found(labelled, load(labelled), tiny_clip_encoder)
    file = labelled.folder / "search" / name
    if harm == "deleted":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 - 3])
    elif name != "vectors":  # which are looked at closely before anything is found
        file.write_bytes(b"\xa5" * file.stat().st_size)
    assert sorted(found(labelled, load(labelled), tiny_clip_encoder)) == sorted(expected)


def test_only_new_photos_are_added(labelled: Project, tiny_clip_encoder: Any, reads: list[int]) -> None:
    load(labelled)
    kept = (labelled.folder / "search" / "contents").read_bytes()
    (labelled.folder / "search" / "contents").write_bytes(kept[:-16])  # as if the last photo had come later
    reads.clear()
    index = load(labelled)
    assert reads == [1]
    assert len(index) == 8
    assert (labelled.folder / "search" / "contents").read_bytes() == kept


def test_cancelled_it_goes_on_where_it_stopped(
    labelled: Project, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "_READ_AT_ONCE", 2)
    cancellation = Cancellation()

    def cancel_soon(report: ProgressReport) -> None:
        if report.done >= 2:
            cancellation.cancel()

    with pytest.raises(Cancelled):
        SearchIndex.load(labelled, Progress(cancel_soon, per_second=1e9), cancellation)
    kept = len((labelled.folder / "search" / "contents").read_bytes()) // 16
    assert 2 <= kept < 8
    reads.clear()
    assert len(load(labelled)) == 8
    assert sum(reads) == 8 - kept


def test_a_reader_beside_the_writer_leaves_the_files_alone(labelled: Project, tiny_clip_encoder: Any) -> None:
    expected = found(labelled, load(labelled), tiny_clip_encoder)
    before = {file.name: file.read_bytes() for file in (labelled.folder / "search").iterdir()}
    (labelled.folder / "search" / "contents").write_bytes(before["contents"][:-16])
    with Project.open(labelled.photos, read_only=True) as reader:
        assert found(reader, load(reader), tiny_clip_encoder) == expected
    assert (labelled.folder / "search" / "contents").read_bytes() == before["contents"][:-16]


def test_files_deleted_while_they_are_in_use_do_no_harm(labelled: Project, tiny_clip_encoder: Any) -> None:
    index = load(labelled)
    expected = found(labelled, index, tiny_clip_encoder)
    shutil.rmtree(labelled.folder / "search")
    assert found(labelled, index, tiny_clip_encoder) == expected


def test_photos_of_the_same_bytes_are_both_found(labelled: Project, tiny_clip_encoder: Any) -> None:
    with labelled.writing() as connection:
        connection.exec_driver_sql("UPDATE photo SET content = (SELECT content FROM photo WHERE id = 1) WHERE id = 2")
    assert len(found(labelled, load(labelled), tiny_clip_encoder)) == 8


def test_a_collection_twice_as_large_gets_axes_of_its_own(tmp_path: Path) -> None:
    sketch = Sketch(np.zeros(4, np.float32), np.eye(4, dtype=np.float32))
    files = SearchFiles(tmp_path / "search", "key", vectors=2, length=4)
    assert files.sketch is None
    files.begin(sketch, photos=3)
    files.add([b"%016d" % number for number in range(3)], np.arange(24, dtype=np.uint16).reshape(3, 2, 4))
    again = SearchFiles(tmp_path / "search", "key", vectors=2, length=4)
    assert again.made_for == 3
    assert again.rows == files.rows
    assert SearchFiles(tmp_path / "search", "another key", vectors=2, length=4).sketch is None
    assert again.serve(5)
    assert not again.serve(6)
    assert not again.serve(1)
    again.begin(sketch, photos=6)
    assert SearchFiles(tmp_path / "search", "key", vectors=2, length=4).rows == {}


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "search").write_bytes(b"a file")
    files = SearchFiles(tmp_path / "search", "key", vectors=1, length=4)
    with pytest.raises(UserError, match=r"cannot be written to .*search"):
        files.begin(Sketch(np.zeros(4, np.float32), np.eye(4, dtype=np.float32)), photos=1)
