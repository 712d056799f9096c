"""Which photos of a folder a list names, as VOC's ImageSets, NUS-WIDE's image lists or a person's own list do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list, one a line, each once, without empty lines."""
    lines = (line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n"))
    return tuple(dict.fromkeys(line for line in lines if line.strip()))


def photos_named(names: Sequence[str], paths: Iterable[str], folder: Path) -> tuple[set[str], tuple[str, ...]]:
    """The photos that a list names, and the names that are no photo here.

    A name is a path relative to the folder or, inside it, an absolute one; with `/` or, as in Windows, with `\\`; with
    its suffix or without, as VOC writes them. What is named without a suffix is every photo of that name.

    Args:
        paths: of the photos of the folder, relative to it with `/`.
    """
    known = set(paths)
    by_stem: dict[str, list[str]] = defaultdict(list)
    for path in known:
        by_stem[path.removesuffix(PurePosixPath(path).suffix)].append(path)
    tops = tuple(dict.fromkeys(f"{top.as_posix()}/" for top in (folder, folder.absolute(), folder.resolve())))
    chosen: set[str] = set()
    missing = []
    for name in names:
        found = next(filter(None, (_photos(way, known, by_stem) for way in _ways(name, tops))), [])
        chosen.update(found)
        if not found:
            missing.append(name)
    return chosen, tuple(missing)


def _photos(name: str, known: set[str], by_stem: dict[str, list[str]]) -> list[str]:
    return [name] if name in known else by_stem.get(name, [])


def _ways(name: str, tops: Sequence[str]) -> Iterator[str]:
    """The paths in the folder that a name can mean, the most literal first."""
    for spelt in dict.fromkeys((name, name.strip(), name.strip().replace("\\", "/"))):
        yield spelt.removeprefix("./")
        yield from (spelt.removeprefix(top) for top in tops if spelt.startswith(top))
