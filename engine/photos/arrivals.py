"""Which files of a watched folder are whole: a copy in progress is waited for, a photo that is renamed is not missed.

A folder is looked at again and again. What two looks find the same, size and time, and what can be decoded, has come; a
photo that is not there in two looks has gone. In between all is as it was known before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.photos.decode import PhotoProblem, decode, read_file
from engine.photos.find import PhotoFile
from engine.remote import AnyFile

SECONDS_TO_SETTLE = 1.0
"""For so long a file has to stay the same, or away."""

SECONDS_OF_PATIENCE = 60.0
"""A file that stays the same for so long and still cannot be decoded is damaged, not on its way."""

_LAST_BYTES = 64

Stamp = tuple[int, int]
"""A file's size in bytes and time of change in nanoseconds."""


@dataclass(frozen=True)
class KnownFile:
    """A photo as it was last seen. `is_there`: its file was, when the folder was last looked at."""

    stamp: Stamp
    is_there: bool


@dataclass(frozen=True)
class _Coming:
    stamp: Stamp
    since: float


class Arrivals:
    """What is on its way, from one look to the next."""

    def __init__(self) -> None:
        self._coming: dict[str, _Coming] = {}
        self._damaged: dict[str, Stamp] = {}
        self._going: dict[str, float] = {}

    @property
    def waiting(self) -> int:
        """Files and photos of which the next look tells more."""
        return len(self._coming) + len(self._going)

    def begin_again(self) -> None:
        """The folder was away: how long its files stayed the same is not known."""
        self._coming, self._damaged, self._going = {}, {}, {}

    def settled(
        self,
        files: Sequence[PhotoFile],
        known: Mapping[str, KnownFile],
        now: float,
        is_whole: Callable[[str], bool],
    ) -> list[PhotoFile]:
        """The files that are to be taken as what the folder holds.

        Args:
            files: what it lists.
            known: the photos by their path.
            now: of the look, in seconds of any clock.
            is_whole: tells of a path whether its file can be decoded; may raise, and the look has not been.
        """
        there = {file.path for file in files}
        missing = {path: one.stamp for path, one in known.items() if one.is_there and path not in there}
        moved = {_stamp(file) for file in files if not _is_known(file, known)} & set(missing.values())
        taken = []
        coming, going = {}, {}
        for file in files:
            if _is_known(file, known) or _stamp(file) in moved:
                taken.append(file)
                continue
            before = self._coming.get(file.path)
            if before is None or before.stamp != _stamp(file):
                before = _Coming(_stamp(file), now)
            if self._has_come(file, now - before.since, is_whole):
                taken.append(file)
                continue
            coming[file.path] = before
            if file.path in known and known[file.path].is_there:
                taken.append(PhotoFile(file.path, *known[file.path].stamp))
        for path, stamp in missing.items():
            since = self._going.get(path, now)
            if stamp not in moved and now - since < SECONDS_TO_SETTLE:
                going[path] = since
                taken.append(PhotoFile(path, *stamp))
        self._coming, self._going = coming, going
        self._damaged = {path: stamp for path, stamp in self._damaged.items() if path in coming}
        return sorted(taken)

    def _has_come(self, file: PhotoFile, seconds: float, is_whole: Callable[[str], bool]) -> bool:
        """Whether a file that stayed the same for so long is all there."""
        if seconds >= SECONDS_OF_PATIENCE:
            return True
        if seconds < SECONDS_TO_SETTLE or self._damaged.get(file.path) == _stamp(file):
            return False
        if is_whole(file.path):
            return True
        # Not decoded at each look.
        self._damaged[file.path] = _stamp(file)
        return False


def can_be_decoded(file: AnyFile) -> bool:
    """Whether a file can be decoded to its last pixel."""
    try:
        data = read_file(file)
        # Some programs make the file as large as it will be, and then fill it.
        if not data[-_LAST_BYTES:].strip(b"\0") and data.startswith(b"\xff\xd8"):
            return False
        decode(data, at_least=(1, 1))
    except PhotoProblem:
        return False
    return True


def _is_known(file: PhotoFile, known: Mapping[str, KnownFile]) -> bool:
    one = known.get(file.path)
    return one is not None and one.stamp == _stamp(file)


def _stamp(file: PhotoFile) -> Stamp:
    return file.size, file.modified_ns
