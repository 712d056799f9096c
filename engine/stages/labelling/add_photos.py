"""The first verb: take the photos of a folder into the project, without reading them yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.photos.decode import PhotoProblem, content_digest, read_file
from engine.photos.find import PhotoFile, find_photos
from engine.project import Project
from engine.project.copies import as_others_have_them
from engine.project.photos import FolderChange, FoundPhoto, record_folder
from engine.stages.labelling.photo_list import listed_photos
from engine.wording import Sentence


def add_photos(
    project: Project,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    photo_list: Sequence[str] | None = None,
    *,
    missing_are_gone: bool = True,
) -> FolderChange:
    """List the photo folder and bring the project's photos in line with it, where who opened the project may.

    Args:
        photo_list: names of the photos that the project is to hold; None for those it has been given, or all.
        missing_are_gone: else photos that are not in the folder stay as they are: others may have them in theirs.

    Raises:
        ProjectError: the photo folder is not there; the project is left as it is.
        UserError: the list names no photo, or leaves out some that the project has.
        Cancelled: before anything was changed.
    """
    files, unlisted = list_folder(project, progress, cancellation, photo_list)
    change = take_files(project, files, cancellation, missing_are_gone=missing_are_gone)
    return replace(change, unlisted=unlisted)


def list_folder(
    project: Project,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    photo_list: Sequence[str] | None = None,
) -> tuple[list[PhotoFile], tuple[str, ...]]:
    """The files of the photo folder that are the project's, and the names of its list that are no photo.

    Raises: as `add_photos`.
    """
    project.check_photos_are_there()
    progress.start("Finding photos", total=None)

    def found(photos: int) -> None:
        cancellation.check()
        progress.advance(photos)

    return listed_photos(project, find_photos(project.photos, found), photo_list)


def take_files(
    project: Project,
    files: Sequence[PhotoFile],
    cancellation: Cancellation = NEVER,
    *,
    missing_are_gone: bool = True,
) -> FolderChange:
    """Bring the project's photos in line with these files, as all that its folder holds."""
    if not project.lists_photos:
        return FolderChange(0, 0, 0, 0, len(files))

    def digest_of(path: str) -> bytes | None:
        cancellation.check()
        try:
            return content_digest(read_file(project.file_of(path)))
        except PhotoProblem:
            return None

    found = [FoundPhoto(*file) for file in files]
    if project.others_write:
        found = as_others_have_them(project, found, digest_of)
    return record_folder(project, found, digest_of, missing_are_gone=missing_are_gone)


def add_some_photos(
    project: Project,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    photo_list: Sequence[str] | None = None,
) -> FolderChange:
    """`add_photos` for work that needs some; UserError where the folder holds none."""
    change = add_photos(project, progress, cancellation, photo_list)
    if not change.total:
        raise UserError(
            Sentence("There are no photos in {photos}. Photos are JPEG, PNG, WebP, TIFF, HEIC, AVIF …").format(
                photos=project.photos
            )
        )
    return change
