"""The last verb: hand over what a project knows."""

from __future__ import annotations

from pathlib import Path

from engine.formats import ExportResult
from engine.formats import export as write
from engine.jobs import Control, Progress
from engine.photos.decode import PhotoProblem, content_digest, decode, read_file
from engine.project import Project
from engine.project.photos import ReadPhoto, photos_never_read, record_read

_PHOTOS_AT_ONCE = 100


def export(
    project: Project,
    format_name: str,
    file: Path,
    progress: Progress,
    control: Control,
    *,
    only: str = "all",
    stage: str | None = None,
) -> ExportResult:
    """Write a format, see `engine.formats.export`; photos that were never opened are read first for their size."""
    unread = photos_never_read(project)
    if unread and not project.read_only:
        progress.start("Reading photos", total=len(unread))
        for start in range(0, len(unread), _PHOTOS_AT_ONCE):
            control.check()
            chunk = unread[start : start + _PHOTOS_AT_ONCE]
            record_read(project, [_read(project, photo_id, path) for photo_id, path in chunk])
            progress.advance(len(chunk))
    progress.start("Exporting", total=None)
    return write(project, format_name, file, only=only, stage=stage)


def _read(project: Project, photo_id: int, path: str) -> ReadPhoto:
    try:
        data = read_file(project.file_of(path))
        photo = decode(data, at_least=(1, 1))
    except PhotoProblem as problem:
        return ReadPhoto(photo_id, problem=str(problem))
    return ReadPhoto(photo_id, content_digest(data), photo.width, photo.height, photo.orientation, photo.taken_at)
