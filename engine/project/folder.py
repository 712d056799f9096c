"""The folder of a project: where it is, whether it is safe to write there, and that one process alone does."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from engine.project.failures import ProjectError, ProjectInUse, ProjectNotWritable
from engine.remote import AnyFolder, RemoteFolder, StoreUnreachable
from engine.synced import make_folder
from engine.wording import Sentence

PROJECT_FOLDER = ".cdul"
PROJECT_FILE, CACHE_FILE = "project.sqlite", "cache.sqlite"
"""What cannot be made again, and what can."""


def default_folder(photos: AnyFolder) -> Path:
    """`PHOTOS/.cdul` where the photo folder can be written, else a folder of its own in the user's data folder."""
    if isinstance(photos, RemoteFolder):
        return _in_user_data(photos)
    beside = photos / PROJECT_FOLDER
    if beside.is_dir() or _can_write(photos):
        return beside
    return _in_user_data(photos)


def remote_folder_with_project(place: RemoteFolder) -> RemoteFolder | None:
    """The same as `folder_with_project`, in a store."""
    folders = (place, *place.parents)
    return next((folder for folder in folders if _is_there(_in_user_data(folder) / PROJECT_FILE)), None)


def folder_with_project(place: Path) -> Path | None:
    """The photo folder that a place is in, itself or the nearest above it that has a project; None where none has."""
    folders = (place, *place.parents)
    return next(
        (
            folder
            for folder in folders
            if any(_is_there(kept / PROJECT_FILE) for kept in (folder / PROJECT_FOLDER, _in_user_data(folder)))
        ),
        None,
    )


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # where nobody may look
        return False


def _in_user_data(photos: AnyFolder) -> Path:
    digest = hashlib.blake2b(os.fsencode(str(photos)), digest_size=6).hexdigest()
    return user_data_path("cdul", appauthor=False) / "projects" / f"{photos.name}-{digest}"


def can_be_read(photos: AnyFolder) -> bool:
    """Whether there is such a folder; ProjectError if there is, but nobody may look into it."""
    if isinstance(photos, RemoteFolder):
        try:
            return photos.is_there()
        except StoreUnreachable as error:
            raise ProjectError(error.sentence) from error
    try:
        with os.scandir(photos) as entries:
            next(entries, None)
        # A folder may be listed and yet not be entered.
        photos.joinpath(PROJECT_FOLDER).exists()
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ProjectError(
            Sentence(
                "The folder {photos} cannot be read ({why}). Give yourself the right to read it, or choose another one."
            ).format(photos=photos, why=error.strerror)
        ) from error


def is_kept_elsewhere(photos: AnyFolder, folder: AnyFolder) -> bool:
    """Whether this folder of a project is in the user's data folder, as the photos' own cannot be written."""
    return isinstance(photos, Path) and folder == _in_user_data(photos)


def _can_write(folder: Path) -> bool:
    # Permission bits do not tell for administrators and network drives; trying does.
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_PATIENCE = 15.0
"""Seconds that another program's opening is waited for."""

_WRITTEN = re.compile(r".*\.sqlite.*|(writer|opening)\.lock|similarities-.*|training|classifiers|search")
"""What is written in a project's folder."""


def check_folder(folder: Path, *, read_only: bool) -> None:
    """Raise ProjectError for what is in a stranger's project to have files elsewhere written, or to wait for ever.

    Links may not lead out of a folder that is written, and what is read is files: a pipe never ends, nor does a device.
    """
    inside = folder.resolve()
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        ours = [Path(entry) for entry in entries if _WRITTEN.fullmatch(entry.name)]
        for file in (below for one in ours for below in (one, *one.rglob("*"))):
            if not read_only and file.is_symlink() and not file.resolve().is_relative_to(inside):
                raise ProjectError(
                    Sentence(
                        "{link} is a link that leads out of the project, where nothing is written. Put what it leads "
                        "to in its place."
                    ).format(link=file)
                )
            if file.exists() and not file.is_file() and not file.is_dir():
                raise ProjectError(
                    Sentence(
                        "{file} is a device or a pipe, not a file. Remove it; the project needs none there."
                    ).format(file=file)
                )


def lock_folder(folder: Path) -> FileLock:
    try:
        make_folder(folder)
        lock = FileLock(folder / "writer.lock", thread_local=False, is_singleton=False)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ProjectInUse(
            Sentence(
                "The project in {folder} is open in another window or command. Close that one first; until then the "
                "project can only be looked at."
            ).format(folder=folder)
        ) from error
    except OSError as error:
        raise ProjectNotWritable(
            Sentence(
                "The project folder {folder} cannot be written ({why}). Choose another place for the project, or free "
                "some room."
            ).format(folder=folder, why=error.strerror)
        ) from error
    return lock


def opening_lock(folder: Path) -> FileLock:
    """Held while what is in a folder is made, where several programs may; an OSError where it takes too long."""
    return FileLock(folder / "opening.lock", timeout=_PATIENCE, thread_local=False, is_singleton=False)
