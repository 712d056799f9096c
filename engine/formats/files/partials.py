"""What a program that was killed while it wrote left beside the place of a file or folder."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

PARTIAL, BEFORE = ".partial", ".before"
"""Ends of names: of what is being written, and of the folder that holds what it replaces, under its own name."""

_LEFT = re.compile(r"(\..+\.)[a-z0-9_]{8}(\.partial|\.before)")
_A_DAY = 24 * 60 * 60.0


def beginning(place: Path) -> str:
    """How names of what is written for a place begin."""
    # A name may have 255 bytes, and these of another alphabet have several each.
    return f".{place.name.encode('utf-8', 'ignore')[:100].decode('utf-8', 'ignore')}."


def put_back(folder: Path) -> None:
    """Put an earlier export back where a program was killed after it moved it away, before the new one took its place.

    No links are followed; what cannot be put back stays beside its place.
    """
    if os.path.lexists(folder):
        return
    left = _left_for({folder.parent: {beginning(folder)}}, BEFORE)
    with suppress(OSError):
        for before in sorted(left, key=lambda one: one.lstat().st_mtime, reverse=True):
            earlier = before / folder.name
            if earlier.is_dir() and not earlier.is_symlink():
                earlier.rename(folder)
                # Nobody goes on writing that.
                shutil.rmtree(before.with_suffix(PARTIAL), ignore_errors=True)
                before.rmdir()
                return


def forget_partials(places: Iterable[Path]) -> None:
    """Delete what was left unfinished beside files and folders that are about to be written again.

    Only what is a day old, as another program may be writing just now. An earlier export that was about to be replaced
    stays where nothing took its place. No links are followed; what cannot be deleted stays.
    """
    by_folder: dict[Path, set[str]] = defaultdict(set)
    for place in places:
        by_folder[place.parent].add(beginning(place))
    for left in _left_for(by_folder, PARTIAL, BEFORE):
        with suppress(OSError):
            if not _is_old(left) or (left.suffix == BEFORE and _holds_the_only_one(left)):
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _left_for(beginnings: Mapping[Path, Collection[str]], *ends: str) -> Iterator[Path]:
    """What was left in folders for places whose names begin like this; no links."""
    for folder, wanted in beginnings.items():
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                named = _LEFT.fullmatch(entry.name)
                if named is not None and named[1] in wanted and named[2] in ends and not entry.is_symlink():
                    yield folder / entry.name


def _holds_the_only_one(before: Path) -> bool:
    return any(not os.path.lexists(before.parent / earlier.name) for earlier in before.iterdir())


def _is_old(file: Path) -> bool:
    return time.time() - file.lstat().st_mtime > _A_DAY
