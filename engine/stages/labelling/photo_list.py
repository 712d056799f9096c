"""A project of some photos of its folder: those that a list names, such as the train photos of a data set.

The list is the project's: training, evaluation, export and the window then know these photos alone, and what is not
named is as it was the time before. So photos to train on and photos to test on are two projects of one folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import UserError
from engine.formats.files.reading import read_bytes
from engine.photos.find import PhotoFile
from engine.photos.listed import names_in, photos_named
from engine.project import Project
from engine.project.photos import readable_photos
from engine.project.settings import keep_setting, setting
from engine.wording import Sentence, n_photos

_SETTING = "photo list"
_MOST_BYTES = 256 * 2**20


def read_photo_list(file: Path) -> tuple[str, ...]:
    """The names of a list, one a line; KnownLabelsError where it cannot be read."""
    return names_in(read_bytes(file, _MOST_BYTES).decode("utf-8-sig", "surrogateescape"))


def listed_photos(
    project: Project, files: Sequence[PhotoFile], names: Sequence[str] | None
) -> tuple[list[PhotoFile], tuple[str, ...]]:
    """The files of the folder that are the project's, and the names of the list that are no photo.

    Args:
        names: a list that the project gets; None for the one that it has, without which all are the project's.

    Raises:
        UserError: the list names no photo of the folder, or leaves out some that the project has.
    """
    kept = setting(project, _SETTING) if names is None else list(names)
    if kept is None:
        return list(files), ()
    chosen, missing = photos_named(kept, (file.path for file in files), project.photos)
    if names is not None:
        _check(project, chosen, missing, {file.path for file in files})
        keep_setting(project, _SETTING, kept)
    return [file for file in files if file.path in chosen], missing


def _check(project: Project, chosen: Mapping[str, None], missing: Sequence[str], there: set[str]) -> None:
    if not chosen:
        first = missing[0].strip() if missing else "–"
        raise UserError(
            Sentence(
                "The list names no photo in {photos}; its first name is {name!r}. Names are relative to that folder, "
                "with or without suffix."
            ).format(photos=project.photos, name=first)
        )
    left_out = sorted(
        photo.path for photo in readable_photos(project) if photo.path in there and photo.path not in chosen
    )
    if left_out:
        raise UserError(
            Sentence(
                "The project in {folder} has {photos} that the list does not name, like {name}. Choose a project of "
                "its own for the list, with --project FOLDER."
            ).format(folder=project.folder, photos=n_photos(len(left_out)), name=left_out[0])
        )
