"""The embeddings of a project made ready for searching: read from the cache once, then kept in files beside it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.search import Bits, ShortVectors, Sketch, to_bits
from engine.project import Project
from engine.project.embeddings import Half, contents_with_embeddings
from engine.project.photos import readable_contents
from engine.stages.finding.search_files import SearchFiles
from engine.stages.photo_embeddings import KeptEmbeddings
from engine.wording import Sentence

_VERSION = 1
_FOLDER = "search"

_LENGTH = 192
"""Of a short vector: 384 MB for 100,000 photos of ten."""

_SAMPLE = 1000
"""Photos that the axes are taken from."""

_READ_AT_ONCE = 250
_KEPT_AT_ONCE = 20  # times as many: each part waits for the disk


@dataclass(frozen=True)
class SearchIndex:
    """What a search looks at first. It knows the photos that were there when it was loaded."""

    embeddings: KeptEmbeddings
    photo_ids: npt.NDArray[np.int64]
    contents: list[bytes]
    rows: npt.NDArray[np.int64]
    """Where each photo lies in `vectors`; photos of the same content share a row."""
    sketch: Sketch
    vectors: ShortVectors

    @classmethod
    def load(cls, project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> SearchIndex:
        """Take what is kept, and read the embeddings of the other photos from the cache. Cancelled, it goes on there.

        Raises:
            UserError: there are none yet.
            Cancelled: what was kept so far stays.
        """
        embeddings = KeptEmbeddings.of(project)
        if embeddings is None:
            raise UserError(
                Sentence("There is nothing to search in yet. Label the photos first: that looks at every photo.")
            )
        encoded = contents_with_embeddings(project, embeddings.encoder_id, embeddings.grids)
        photos = [(photo, content) for photo, content in readable_contents(project) if content in encoded and content]
        contents = [content for _, content in photos]
        progress.start("Reading what the encoder saw", total=len(set(contents)))
        with _folder_for(project) as folder:
            files = files_of(embeddings, folder)
            sketch = files.sketch
            if sketch is None or not files.serve(len(contents)):
                sketch = _sketch(project, embeddings, contents)
                files.begin(sketch, len(contents))
            _add_missing(project, embeddings, sketch, files, contents, progress, cancellation)
            there = [(photo, content, files.rows[content]) for photo, content in photos if content in files.rows]
            vectors = files.vectors(in_memory=project.read_only)
        ids, contents, rows = map(list, zip(*there, strict=True)) if there else ([], [], [])
        return cls(embeddings, np.array(ids, np.int64), contents, np.array(rows, np.int64), sketch, vectors)

    def is_current(self, project: Project) -> bool:
        """Whether it would be the same if it were loaded now."""
        if KeptEmbeddings.of(project) != self.embeddings:
            return False
        there = [(photo, content) for photo, content in readable_contents(project) if content is not None]
        return there == list(zip(self.photo_ids.tolist(), self.contents, strict=True))

    def __len__(self) -> int:
        return len(self.photo_ids)


def files_of(embeddings: KeptEmbeddings, folder: Path) -> SearchFiles:
    """The files in a folder of what is made of these embeddings."""
    length = min(_LENGTH, embeddings.features)
    key = hashlib.blake2b(json.dumps([_VERSION, length, *astuple(embeddings)]).encode(), digest_size=16).hexdigest()
    return SearchFiles(folder, key, sum(grid * grid for grid in embeddings.grids), length)


@contextmanager
def _folder_for(project: Project) -> Iterator[Path]:
    """Where the files are; of a project that must not be written, a copy that goes again."""
    folder = project.folder / _FOLDER
    if not project.read_only:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="cdul-", ignore_cleanup_errors=True) as elsewhere:
        if folder.is_dir():
            shutil.copytree(folder, elsewhere, dirs_exist_ok=True)
        yield Path(elsewhere)


def _sketch(project: Project, embeddings: KeptEmbeddings, contents: list[bytes]) -> Sketch:
    some = contents[:: max(1, len(contents) // _SAMPLE)]
    _, sample = embeddings.load(project, some)
    if not len(sample):
        raise UserError(Sentence("What the encoder saw is not in the cache any more. Label the photos again."))
    features = embeddings.features
    return Sketch.of(sample[..., :features].reshape(-1, features), min(_LENGTH, features))


def _add_missing(
    project: Project,
    embeddings: KeptEmbeddings,
    sketch: Sketch,
    files: SearchFiles,
    contents: list[bytes],
    progress: Progress,
    cancellation: Cancellation,
) -> None:
    """Make the short vectors of the photos that have none yet, and keep them."""
    from engine.models.threads import map_in_threads

    missing = [content for content in dict.fromkeys(contents) if content not in files.rows]
    progress.advance(len(set(contents)) - len(missing))
    if not missing:
        return

    def load(start: int) -> tuple[list[bytes], Half]:
        part = missing[start : start + _READ_AT_ONCE]
        found, vectors = embeddings.load(project, part)
        return [content for content, is_there in zip(part, found, strict=True) if is_there], vectors

    made: list[tuple[list[bytes], Bits]] = []
    # Read in this thread alone: several that make rows of one database hinder each other.
    loaded = map(load, range(0, len(missing), _READ_AT_ONCE))
    try:
        with closing(map_in_threads(partial(_shorten, sketch), loaded)) as parts:
            for part in parts:
                cancellation.check()
                made.append(part)
                progress.advance(len(part[0]))
                if len(made) == _KEPT_AT_ONCE:
                    _keep(files, made)
    finally:
        _keep(files, made)


def _shorten(sketch: Sketch, loaded: tuple[list[bytes], Half]) -> tuple[list[bytes], Bits]:
    contents, vectors = loaded
    return contents, to_bits(sketch.short(vectors[..., : len(sketch.mean)]))


def _keep(files: SearchFiles, made: list[tuple[list[bytes], Bits]]) -> None:
    if made:
        files.add([content for contents, _ in made for content in contents], np.concatenate([bits for _, bits in made]))
        made.clear()
