"""Folders that are there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.formats.files.partials import BEFORE, PARTIAL, beginning
from engine.formats.files.strict_json import json_value
from engine.formats.files.whole_file import WriteError
from engine.ordinary_file import read_ordinary
from engine.synced import make_folder, sync_folders, sync_tree
from engine.wording import Sentence

_MOST_BYTES_OF_A_LIST = 256 * 2**20

MARKER = ".cdul-export.json"
"""Lists what was exported, so that another export may take its place and nothing else is ever lost."""


@contextmanager
def whole_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """Fill a new folder beside its place, and move it there when all of it is written.

    Args:
        replace: an earlier export in its place may be replaced, if nothing was added to it since.

    Raises:
        WriteError: something is in its place that may not be replaced, no room, no permission.
    """
    check_place(folder, replace=replace)
    try:
        make_folder(folder.parent)
        partial = Path(tempfile.mkdtemp(prefix=beginning(folder), suffix=PARTIAL, dir=folder.parent))
    except OSError as error:
        raise WriteError(
            Sentence("{folder} cannot be written ({why}). Choose another place.").format(
                folder=folder, why=error.strerror
            )
        ) from error
    try:
        yield partial
        _mark(partial)
        umask = os.umask(0)
        os.umask(umask)
        partial.chmod(0o777 & ~umask)
        sync_tree(partial)
        _move(partial, folder)
    except OSError as error:
        raise WriteError(
            Sentence("{folder} could not be written ({why}); nothing was changed there.").format(
                folder=folder, why=error.strerror
            )
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_place(folder: Path, *, replace: bool) -> None:
    """Raise WriteError unless a folder may be written here: nothing, an empty folder, or what may be replaced."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise WriteError(
            Sentence("{folder} is there already, and it is not a folder. Choose another place.").format(folder=folder)
        )
    there = set(_files_in(folder))
    if not there:
        return
    listed = exported_in(folder)
    if listed is None:
        raise WriteError(
            Sentence("The folder {folder} is not empty. Choose a new or an empty folder.").format(folder=folder)
        )
    if added := sorted(there - listed):
        raise WriteError(
            Sentence(
                "The folder {folder} holds an earlier export and other files, {name!r} for one. Choose "
                "another folder, or move these files away."
            ).format(folder=folder, name=added[0])
        )
    if not replace:
        raise WriteError(
            Sentence(
                "The folder {folder} holds an earlier export. Say that it may be replaced, or choose another."
            ).format(folder=folder)
        )


def exported_in(folder: Path) -> set[str] | None:
    """Paths of the files of the export that a folder holds, relative to it; None where it holds none."""
    try:
        listed = json_value(read_ordinary(folder / MARKER, _MOST_BYTES_OF_A_LIST))["files"]
        return {os.fsdecode(name.encode("latin-1")) for name in listed} | {MARKER}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _mark(folder: Path) -> None:
    # Bytes as characters, since a photo's name may be no text.
    files = [os.fsencode(name).decode("latin-1") for name in sorted(_files_in(folder))]
    with (folder / MARKER).open("x", encoding="utf-8") as stream:
        json.dump({"program": "CDUL", "files": files}, stream)


def _files_in(folder: Path) -> Iterator[str]:
    """Paths of all files below a folder, relative to it; links are not followed."""
    for path, folders, files in os.walk(folder):
        below = os.path.relpath(path, folder)
        links = (name for name in folders if Path(path, name).is_symlink())
        for name in (*files, *links):
            yield os.path.normpath(os.path.join(below, name))  # noqa: PTH118 - a Path would take ten times as long


def _move(partial: Path, folder: Path) -> None:
    if not folder.is_dir():
        partial.rename(folder)
        sync_folders([folder.parent])
        return
    before = partial.with_suffix(BEFORE)
    before.mkdir(mode=0o700)
    earlier = before / folder.name
    try:
        folder.rename(earlier)
        # A kill at this moment leaves nothing in its place, until `put_back`.
        partial.rename(folder)
    except BaseException:
        with suppress(OSError):
            earlier.rename(folder)
        with suppress(OSError):
            before.rmdir()
        raise
    sync_folders([folder.parent])
    shutil.rmtree(before, ignore_errors=True)
