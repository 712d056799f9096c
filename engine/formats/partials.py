"""What a program that was killed while it wrote left beside the place of a file or folder."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PARTIAL, BEFORE = ".partial", ".before"
"""Ends of names: of what is being written, and of what it replaces."""

_A_DAY = 24 * 60 * 60.0


def beginning(place: Path) -> str:
    """How names of what is written for a place begin."""
    return f".{place.name[:100]}."


def forget_partials(places: Iterable[Path]) -> None:
    """Delete what was left unfinished beside files and folders that are about to be written again.

    Only what is a day old, as another program may be writing just now. An earlier export that was about to be replaced
    stays where nothing took its place. No links are followed; what cannot be deleted stays.
    """
    by_folder: dict[Path, set[str]] = defaultdict(set)
    for place in places:
        by_folder[place.parent].add(beginning(place))
    for folder, beginnings in by_folder.items():
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                named = re.fullmatch(r"(\..+\.)[a-z0-9_]{8}(\.partial|\.before)", entry.name)
                if named is None or named[1] not in beginnings or not _is_old(entry):
                    continue
                if named[2] == BEFORE and not (folder / named[1][1:-1]).exists():
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink(missing_ok=True)


def _is_old(entry: os.DirEntry[str]) -> bool:
    return not entry.is_symlink() and time.time() - entry.stat(follow_symlinks=False).st_mtime > _A_DAY
