"""The similarities that a run of stage 1 scored, in a file beside the databases.

They are made from the embeddings faster than a database gives them back, and are as large as all else together. So
they are no part of what is kept for good: without the file only the heatmaps are missing, until the next run.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.ordinary_file import open_ordinary
from engine.project.failures import ProjectError
from engine.project.labels import LabelRow
from engine.project.project import Project
from engine.wording import Sentence

Similarities = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_MOST = 1e6
"""Far above any similarity."""


def basis_of(
    encoder: str, comparison: str, grids: Sequence[int], labels: Sequence[LabelRow], beside: Sequence[str] = ()
) -> str:
    """A digest of all that scores depend on besides the photo and the settings.

    Args:
        beside: what else is heard: the hidden competitors and the detector, as far as there are any.
    """
    of_labels = [[label.id, *label.texts] for label in labels]
    depends_on = json.dumps([encoder, comparison, list(grids), of_labels, *beside])
    return hashlib.blake2b(depends_on.encode(), digest_size=12).hexdigest()


class SimilarityFile:
    """The similarities of one run's photos: snippets x labels, float32, for each photo in a place of its own by its id.

    Which photos are there the run's scores tell: theirs are stored first.
    """

    def __init__(self, project: Project, run_id: int, grids: Sequence[int], labels: int) -> None:
        self._project, self._file = project, _file(project, run_id)
        self._shape = (sum(grid * grid for grid in grids), labels)
        self._bytes = self._shape[0] * labels * 4

    def clear(self) -> None:
        """Begin anew, should there be a file of an earlier run that was given up and had the same number."""
        with self._project.writing_files():
            self._file.unlink(missing_ok=True)

    def exists(self) -> bool:
        """Whether the file is there; it may be deleted at any time."""
        return self._file.is_file()

    def store(self, photo_ids: Ids | Sequence[int], similarities: Similarities) -> None:
        """Keep photos x snippets x labels; what was there of these photos is replaced."""
        stored = np.ascontiguousarray(similarities, "<f4")
        with self._project.writing_files(), self._file.open("r+b" if self._file.is_file() else "wb") as file:
            for first, end in _in_one_piece(photo_ids):
                file.seek(int(photo_ids[first]) * self._bytes)
                file.write(stored[first:end].data)

    def load(self, photo_ids: Ids | Sequence[int]) -> Similarities:
        """Photos x snippets x labels of photos that were stored.

        Raises:
            ProjectError: the file is not there any more.
        """
        loaded = np.empty((len(photo_ids), *self._shape), "<f4")
        try:
            # Read, not mapped: the pages of a mapped file count as memory of the program.
            with open_ordinary(self._file) as file:
                for first, end in _in_one_piece(photo_ids):
                    file.seek(int(photo_ids[first]) * self._bytes)
                    # The stream reads into memory whatever it is told is there.
                    if file.readinto(loaded[first:end].data) < (end - first) * self._bytes:  # type: ignore[attr-defined]
                        raise FileNotFoundError(errno.ENOENT, "it is too short")
            # Of nan neither is true.
            if not (loaded.max(initial=0) < _MOST and loaded.min(initial=0) > -_MOST):
                raise OSError(errno.EIO, "it is damaged")
            return loaded
        except OSError as error:
            raise ProjectError(
                Sentence("The similarities in {file} cannot be read ({why}). Label the photos again.").format(
                    file=self._file, why=error.strerror
                )
            ) from error


def forget_other_similarities(project: Project, run_id: int) -> None:
    """Delete the files of all other runs."""
    for file in project.folder.glob("similarities-*.f32"):
        if file != _file(project, run_id):
            with suppress(OSError):  # somebody looks at a heatmap of it; it goes with the next run
                file.unlink()


def _in_one_piece(photo_ids: Ids | Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and end of the stretches in which ids follow each other, which lie in one piece: most do."""
    breaks = np.flatnonzero(np.diff(photo_ids) != 1) + 1
    return pairwise([0, *breaks.tolist(), len(photo_ids)])


def _file(project: Project, run_id: int) -> Path:
    return project.folder / f"similarities-{run_id}.f32"
