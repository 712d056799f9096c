"""Thumbnails kept on disk, in the project's cache."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from PySide6.QtGui import QImage
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import SQLAlchemyError

from cdul_gui.gallery.decoding import as_jpeg
from engine.models.memory import give_back_what_is_free
from engine.project import Project, ProjectError
from engine.project.storage.cache_schema import thumbnail

_MOST_WAITING = 16 * 2**20
"""Bytes of thumbnails that wait to be written, some 80: making a JPEG of each takes a sixth of what making it took."""

_KEPT = select(thumbnail.c.key, thumbnail.c.jpeg).where(
    thumbnail.c.key.in_(bindparam("keys", expanding=True)), thumbnail.c.side == bindparam("side")
)


def load_thumbnails(project: Project, keys: Sequence[bytes], side: int) -> dict[bytes, bytes]:
    """The JPEGs that are kept for these keys with this longest side; none if the cache cannot be read."""
    try:
        with project.reading_cache() as connection:
            return {row.key: row.jpeg for row in connection.execute(_KEPT, {"keys": list(keys), "side": side})}
    except (ProjectError, SQLAlchemyError):
        return {}


class ThumbnailWriter:
    """Collects thumbnails and writes them into the cache in bulk, at best once nothing else is to be made.

    For worker threads; what fails is dropped.
    """

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._lock = Lock()
        self._one_writes = Lock()

    def add(self, project: Project, key: bytes, side: int, image: QImage) -> None:
        """Keep a thumbnail, sooner or later.

        Args:
            side: the longest side it was made for, pixels.
        """
        if project.read_only:
            return
        with self._lock:
            self._waiting.append(_Waiting(project, key, side, image))
            self._bytes += image.sizeInBytes()
            full = self._bytes >= _MOST_WAITING
        if full:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._one_writes:
            with self._lock:
                waiting, self._waiting, self._bytes = self._waiting, [], 0
            for project in {one.project for one in waiting}:
                rows = [one.row for one in waiting if one.project is project]
                # It can all be made again.
                with suppress(ProjectError, SQLAlchemyError), project.writing_cache() as connection:
                    connection.execute(insert(thumbnail).prefix_with("OR REPLACE"), rows)
            if waiting:
                waiting.clear()
                give_back_what_is_free()  # else paging through ten thousand photos leaves 60 MB of holes


@dataclass(frozen=True)
class _Waiting:
    project: Project
    key: bytes
    side: int
    image: QImage

    @property
    def row(self) -> dict[str, object]:
        return {"key": self.key, "side": self.side, "jpeg": as_jpeg(self.image)}
