"""Which file of the folder is which photo that is known: one that was moved or renamed keeps its decisions.

A photo is its content. Where several are equal, the file with the time of change of one of them is that one; else
equal paths go together, then equal names, the longer the way to them agrees the sooner, then equal folders. As many
photos as there are equal files are found again; the others are lost, and keep their decisions until they come back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple, Protocol

DigestOf = Callable[[str], bytes | None]

_DEEPEST = 32
"""Of a path, so many folders are compared."""


class FileThere(Protocol):
    """A file as the folder lists it: path relative to the folder, bytes, time of change."""

    @property
    def path(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def modified_ns(self) -> int: ...


class KnownPhoto(NamedTuple):
    """A photo as it was when it was last looked at. `path`: where it was then, also of one that is lost."""

    id: int
    path: str
    size: int
    modified_ns: int
    content: bytes | None
    """Digest of its bytes; None where they were not read since the file last changed."""
    is_lost: bool
    """Whether there was no such file already when the folder was last looked at."""

    @property
    def stamp(self) -> tuple[int, int]:
        """What tells without reading whether a file changed."""
        return self.size, self.modified_ns


class Match(NamedTuple):
    """A photo that was found. `has_changed`: its file has other bytes than those that are known, or they are not."""

    photo_id: int
    has_changed: bool


def match_photos(
    known: Sequence[KnownPhoto], found: Mapping[str, FileThere], digest_of: DigestOf | None
) -> dict[str, Match]:
    """Path to the photo that is there. Files that are no known photo are new; photos that are nowhere are lost.

    Args:
        digest_of: tells the digest of a file's bytes, None where it cannot be read; read are only files that may be
            another photo by their size. Without it a photo is what has its path.
    """
    matches: dict[str, Match] = {}
    for photo in sorted(known, key=lambda photo: photo.is_lost):  # in a lost photo's place there may be another one
        file = found.get(photo.path)
        if file is not None and _stamp(file) == photo.stamp and photo.path not in matches:
            matches[photo.path] = Match(photo.id, False)
    settled = {match.photo_id for match in matches.values()}
    rest = [photo for photo in known if photo.id not in settled]
    if digest_of is not None:
        matches |= _moved(rest, {path: file for path, file in found.items() if path not in matches}, digest_of)
        settled = {match.photo_id for match in matches.values()}
    for photo in rest:
        # What was edited keeps its name. A lost photo whose bytes are known is not whatever else has its name by now.
        by_name = not photo.is_lost or photo.content is None or digest_of is None
        if photo.id not in settled and by_name and photo.path in found and photo.path not in matches:
            matches[photo.path] = Match(photo.id, True)
    return matches


def _moved(photos: Sequence[KnownPhoto], files: Mapping[str, FileThere], digest_of: DigestOf) -> dict[str, Match]:
    """The photos whose bytes are there, at their own path or at another one."""
    digest = cache(digest_of)
    in_place = {photo.path: photo for photo in photos if not photo.is_lost and photo.path in files}
    read = [photo for photo in photos if photo.content is not None]
    missing = [photo for photo in read if in_place.get(photo.path) is not photo]
    edited = [photo for photo in read if in_place.get(photo.path) is photo]

    # Another photo may be where one is that changed, whatever its time; a new file is one that changed only if it has
    # its time: a copy that somebody made before editing has not.
    by_size: dict[int, list[KnownPhoto]] = defaultdict(list)
    for photo in read:
        by_size[photo.size].append(photo)
    stamps = {photo.stamp for photo in edited}
    sizes = {photo.size for photo in missing}
    taken = [file for path, file in files.items() if path in in_place]
    new = [file for path, file in files.items() if path not in in_place]
    worth_reading = [file for file in taken if any(one is not in_place[file.path] for one in by_size[file.size])]
    worth_reading += [file for file in new if file.size in sizes or _stamp(file) in stamps]
    matches = {
        file.path: Match(photo.id, False)
        for photos_alike, files_alike in _alike(read, worth_reading, digest)
        for photo, file in _pairs(photos_alike, files_alike, in_place)
    }

    # Those in whose place another one is by now may be anywhere.
    found = {match.photo_id for match in matches.values()}
    pushed_out = [photo for photo in edited if photo.id not in found and photo.path in matches]
    sizes = {photo.size for photo in pushed_out}
    free = [file for file in new if file.path not in matches and file.size in sizes]
    for photos_alike, files_alike in _alike(pushed_out, free, digest):
        matches |= {file.path: Match(photo.id, False) for photo, file in _pairs(photos_alike, files_alike, {})}

    unread = [photo for photo in photos if photo.content is None]
    free = [file for path, file in files.items() if path not in matches]
    return matches | _moved_unread(unread, free)


def _moved_unread(photos: Sequence[KnownPhoto], files: Sequence[FileThere]) -> dict[str, Match]:
    """Photos that were moved before they were read: by size and time, where these leave no doubt, or the name as well.

    Not every drive tells times so finely that they name one photo.
    """
    matches: dict[str, Match] = {}
    of_stamp: dict[tuple[int, int], list[FileThere]] = defaultdict(list)
    for file in files:
        of_stamp[_stamp(file)].append(file)
    by_stamp: dict[tuple[int, int], list[KnownPhoto]] = defaultdict(list)
    for photo in photos:
        if photo.stamp in of_stamp:
            by_stamp[photo.stamp].append(photo)
    for stamp, alike in by_stamp.items():
        there = of_stamp[stamp]
        in_doubt = len(alike) > 1 or len(there) > 1
        for photo, file in _pairs(alike, there, {}):
            if not in_doubt or _name(photo.path) == _name(file.path):
                matches[file.path] = Match(photo.id, True)
    return matches


def _alike(
    photos: Iterable[KnownPhoto], files: Iterable[FileThere], digest: DigestOf
) -> Iterator[tuple[list[KnownPhoto], list[FileThere]]]:
    """Photos and the files with their bytes, group by group."""
    by_content: dict[bytes, tuple[list[KnownPhoto], list[FileThere]]] = {}
    for photo in photos:
        if photo.content is not None:
            by_content.setdefault(photo.content, ([], []))[0].append(photo)
    for file in files:
        content = digest(file.path)
        if content is not None and content in by_content:
            by_content[content][1].append(file)
    return ((some, there) for some, there in by_content.values() if there)


def _pairs(
    photos: Sequence[KnownPhoto], files: Sequence[FileThere], in_place: Mapping[str, KnownPhoto]
) -> Iterator[tuple[KnownPhoto, FileThere]]:
    """Which of equal photos is which of the files with their bytes.

    Args:
        in_place: the photos at whose path there is a file still. A new file is one of them by its time alone.
    """
    if len(photos) == len(files) == 1:
        # Nearly always: fast.
        photo, file = photos[0], files[0]
        stays = in_place.get(photo.path) is photo and file.path not in in_place
        if not stays or photo.stamp == _stamp(file):
            yield photo, file
        return
    waiting = {photo.id: photo for photo in sorted(photos, key=lambda photo: photo.path)}
    left = {file.path: file for file in sorted(files, key=lambda file: file.path)}

    def pair(key: Callable[[str], Hashable], by_time: bool, lost: bool) -> Iterator[tuple[KnownPhoto, FileThere]]:
        # Two rounds: a photo that may still be in its place is only looked for where others were.
        for in_new_files in (False, True):
            free: dict[Hashable, list[FileThere]] = defaultdict(list)
            for file in reversed(left.values()):
                if (file.path not in in_place) == in_new_files and (word := key(file.path)) is not None:
                    free[word, _stamp(file) if by_time else None].append(file)
            for photo in list(waiting.values()):
                stays = in_new_files and not by_time and in_place.get(photo.path) is photo
                there = free.get((key(photo.path), photo.stamp if by_time else None))
                if there and photo.is_lost == lost and not stays:
                    yield waiting.pop(photo.id), left.pop(there.pop().path)

    deepest = min(_DEEPEST, max((path.count("/") for path in (*left, *(one.path for one in photos))), default=0))
    for by_time in (True, False):
        for key in _keys(deepest):
            for lost in (False, True):
                if waiting and left:
                    yield from pair(key, by_time, lost)


def _keys(deepest: int) -> Iterator[Callable[[str], Hashable]]:
    """What paths are compared by, the surest first; None for a path that is too short for it."""
    yield str
    for parts in range(deepest + 1, 0, -1):
        yield partial(_end, parts=parts)
    for parts in range(deepest, -1, -1):
        yield partial(_end_of_folder, parts=parts)


def _end(path: str, parts: int) -> str | None:
    """The last parts of a path; None where it has fewer."""
    if parts == 0:
        return ""
    return "/".join(path.rsplit("/", parts)[-parts:]) if path.count("/") >= parts - 1 else None


def _end_of_folder(path: str, parts: int) -> str | None:
    return _end(path.rpartition("/")[0], parts)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _stamp(file: FileThere) -> tuple[int, int]:
    return file.size, file.modified_ns
