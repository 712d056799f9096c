"""Which photos of a project are meant: by files and folders, by a list of names, by a filter, or by all of these."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError, WrongUsage
from engine.photos.listed import photos_named
from engine.project import Project
from engine.project.filters import parse
from engine.project.folder import folder_with_project, remote_folder_with_project
from engine.project.labels import all_names
from engine.project.snapshot import Snapshot
from engine.project.storage.address import Place
from engine.remote import AnyFolder, RemoteFolder
from engine.wording import Sentence

_ONE_FOLDER = Sentence("Expected photos of one folder, but got some of another one behind it.")


@dataclass(frozen=True)
class GivenPhotos:
    """A photo folder, and the names of what is meant in it; None for all of its photos."""

    folder: AnyFolder
    names: tuple[str, ...] | None = None


def given_photos(given: Sequence[AnyFolder], project: Place | None = None) -> GivenPhotos:
    """The photo folder that a person means who names it, a folder in it, or photos in it: from here, or behind the
    folder as they are called in it.

    Args:
        project: where the project is kept, where it is not in the photo folder: then only that can be named.

    Raises:
        WrongUsage: photos or several folders and a `project`, or places on several drives.
    """
    named = [one for one in given if isinstance(one, Path)]
    if not isinstance(given[0], Path):
        return _given_in_a_store(given[0], given[1:], project)
    if len(named) < len(given):
        raise WrongUsage(_ONE_FOLDER)
    places = [Path(os.path.normpath(one.expanduser().absolute())) for one in named]
    first = places[0]
    if len(places) == 1 and not first.is_file():
        found = first if project is not None else folder_with_project(first)
        if found is None or found == first:
            return GivenPhotos(given[0])
        return GivenPhotos(found, (first.relative_to(found).as_posix(),))
    behind = [Path(os.path.normpath(first / one)) for one in named[1:]]
    is_photo_folder = not first.is_file() and (project is not None or folder_with_project(first) == first)
    if is_photo_folder and _are_in(first, behind) and not any(place.exists() for place in places[1:]):
        return GivenPhotos(given[0], tuple(place.relative_to(first).as_posix() for place in behind))
    if project is not None:
        raise WrongUsage(
            Sentence(
                "Expected the photo folder first, as the project is kept elsewhere; behind it photos as called "
                "there: cdul list PHOTOS cat.jpg --project …"
            )
        )
    try:
        common = Path(os.path.commonpath([place if place.is_dir() else place.parent for place in places]))
    except ValueError as error:
        raise WrongUsage(Sentence("Expected photos of one folder, but got some on several drives.")) from error
    folder = folder_with_project(common) or common
    if folder in places:
        return GivenPhotos(folder)
    return GivenPhotos(folder, tuple(place.relative_to(folder).as_posix() for place in places))


def _given_in_a_store(first: RemoteFolder, behind: Sequence[AnyFolder], project: Place | None) -> GivenPhotos:
    folder = first if project is not None else remote_folder_with_project(first) or first
    places = behind if folder == first else (first, *behind)
    names = [one.as_posix() if isinstance(one, Path) else folder.path_of(one) for one in places]
    found = [name for name in names if name is not None]
    if len(found) < len(names):
        raise WrongUsage(_ONE_FOLDER)
    return GivenPhotos(folder, tuple(found) or None)


def _are_in(folder: Path, places: Sequence[Path]) -> bool:
    return all(place.is_relative_to(folder) and place.exists() for place in places)


def chosen_rows(
    project: Project, snapshot: Snapshot, *, filter_text: str = "", names: Sequence[str] | None = None
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """The rows of the photos that are named and pass a filter, in the order of the names; and names of no photo.

    Args:
        filter_text: in the filter language; empty for all.
        names: see `photos_named`; None for all.

    Raises:
        UserError: a filter that means nothing, or names of which none is a photo's.
    """
    condition = parse(filter_text, all_names(snapshot.labels))
    passes = condition.rows(snapshot, partial(snapshot.matrix_of, project))
    if names is None:
        return np.flatnonzero(passes), ()
    found, missing = photos_named(names, snapshot.paths, project.photos)
    if missing and not found:
        raise UserError(
            Sentence("None of what is named is a photo of the project in {photos}, such as {name!r}.").format(
                photos=project.photos, name=missing[0]
            )
        )
    row_of = {path: row for row, path in enumerate(snapshot.paths)}
    return np.array([row for path in found if passes[row := row_of[path]]], np.int64), missing
