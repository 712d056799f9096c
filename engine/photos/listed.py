"""Which photos of a folder a list names, as VOC's ImageSets, NUS-WIDE's image lists or a person's own list do."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from engine.remote import AnyFolder, RemoteFolder


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list, one a line, each once, without empty lines; with NULs between where there are any."""
    if "\0" in text:
        return tuple(dict.fromkeys(name for name in text.split("\0") if name))
    lines = (line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n"))
    return tuple(dict.fromkeys(line for line in lines if line.strip()))


def photos_named(
    names: Sequence[str], paths: Iterable[str], folder: AnyFolder
) -> tuple[dict[str, None], tuple[str, ...]]:
    """The photos that a list names, in its order, and the names that are no photo here.

    A name is a path relative to the folder, or one that leads into it, absolute or from where the program was called;
    with `/` or, as in Windows, with `\\`; with its suffix or without, as VOC writes them. What is named without a
    suffix is every photo of that name; a folder is every photo below it.

    Args:
        paths: of the photos of the folder, relative to it with `/`.
    """
    known = dict.fromkeys(paths)
    by_stem: dict[str, list[str]] = defaultdict(list)
    for path in known:
        by_stem[path.removesuffix(PurePosixPath(path).suffix)].append(path)
    below = _Below(known)
    if isinstance(folder, RemoteFolder):
        tops: tuple[str, ...] = (f"{folder}/",)
    else:
        tops = tuple(dict.fromkeys(f"{top.as_posix()}/" for top in (folder, folder.absolute(), folder.resolve())))
    chosen: dict[str, None] = {}
    missing = []
    for name in names:
        ways = list(_ways(name, tops))
        found = next(filter(None, (_photos(way, known, by_stem) for way in ways)), [])
        found = found or next(filter(None, map(below.photos, ways)), [])
        chosen.update(dict.fromkeys(found))
        if not found:
            missing.append(name)
    return chosen, tuple(missing)


def _photos(name: str, known: Mapping[str, None], by_stem: dict[str, list[str]]) -> list[str]:
    return [name] if name in known else by_stem.get(name, [])


def _ways(name: str, tops: Sequence[str]) -> Iterator[str]:
    """The paths in the folder that a name can mean, the most literal first."""
    for spelt in dict.fromkeys((name, name.strip(), name.strip().replace("\\", "/"))):
        yield spelt.removeprefix("./")
        absolute = Path(os.path.normpath(Path(spelt).absolute())).as_posix()
        yield from (way.removeprefix(top) for way in (spelt, absolute) for top in tops if way.startswith(top))
        yield from ("" for top in tops if absolute == top.rstrip("/"))


class _Below:
    """The photos below a folder, by its path."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = paths
        self._sorted: list[str] = []

    def photos(self, folder: str) -> list[str]:
        self._sorted = self._sorted or sorted(self._paths)
        beginning = f"{folder.rstrip('/')}/" if folder.strip("/") else ""
        first = bisect_left(self._sorted, beginning)
        after = bisect_left(self._sorted, beginning[:-1] + "0", first) if beginning else len(self._sorted)  # after "/"
        return self._sorted[first:after]
