"""The first verb: take the photos of a folder into the project, without reading them yet."""

from __future__ import annotations

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.photos.decode import PhotoProblem, content_digest, read_file
from engine.photos.find import find_photos
from engine.project import Project
from engine.project.photos import FolderChange, FoundPhoto, record_folder
from engine.wording import Sentence


def add_photos(project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> FolderChange:
    """List the photo folder and bring the project's photos in line with it.

    Raises:
        ProjectError: the photo folder is not there; the project is left as it is.
        Cancelled: before anything was changed.
    """
    project.check_photos_are_there()
    progress.start("Finding photos", total=None)

    def found(photos: int) -> None:
        cancellation.check()
        progress.advance(photos)

    def digest_of(path: str) -> bytes | None:
        try:
            return content_digest(read_file(project.file_of(path)))
        except PhotoProblem:
            return None

    files = find_photos(project.photos, found)
    return record_folder(project, [FoundPhoto(*file) for file in files], digest_of)


def add_some_photos(project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> FolderChange:
    """`add_photos` for work that needs some; UserError where the folder holds none."""
    change = add_photos(project, progress, cancellation)
    if not change.total:
        raise UserError(
            Sentence("There are no photos in {photos}. Photos are JPEG, PNG, WebP, TIFF, HEIC, AVIF …").format(
                photos=project.photos
            )
        )
    return change
