"""Labels written beside the photos, in the photo folder: only when a person asks for just that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import select

from engine.errors import WrongUsage
from engine.formats.beside import FileBeside, MergedFile, PhotoAtHand
from engine.formats.export_set import ExportSet
from engine.formats.files.keyword_paths import LabelKeyword
from engine.formats.registry import WRITERS
from engine.formats.xmp import SidecarName, keywords_of, merge_xmp, sidecar_names
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.storage.schema import Photo
from engine.stages.exporting.beside_files import FileToMerge, WrittenBeside, write_beside
from engine.stages.exporting.export_request import ExportRequest
from engine.wording import Sentence


class PhotoKeywords(NamedTuple):
    """A photo, by id and path, and the labels it is to have, each with what it stands below."""

    photo_id: int
    path: str
    labels: Sequence[LabelKeyword]


def check_beside(request: ExportRequest) -> None:
    """Raise WrongUsage unless the format writes beside photos."""
    if not request.writer.beside:
        able = ", ".join(name for name, writer in WRITERS.items() if writer.beside)
        raise WrongUsage(
            Sentence("{name} cannot be written beside photos. These can: {able}.").format(
                able=able, name=request.format_name
            )
        )


def export_beside(
    project: Project, exported: ExportSet, request: ExportRequest, progress: Progress, cancellation: Cancellation
) -> WrittenBeside:
    """Merge labels into the files beside the photos; a file is written only where it changes.

    Every byte that others wrote stays, and what they say already is not added. A label of ours that a photo has no
    longer is taken out again. Files that are links, too large or not of the format are left alone. All of it is one
    edit of the history, which can be undone, see `follow_history`.

    Raises:
        UserError: the photo folder cannot be written.
    """
    beside = request.writer.beside
    files = (
        _files_of(exported, beside)
        if isinstance(beside, FileBeside)
        else sidecars_of(project, _keywords(exported), SidecarName(request.sidecars))
    )
    title = Sentence("wrote labels beside the photos as {format}").format(format=request.format_name)
    return write_beside(project, list(files), title, progress, cancellation)


def _files_of(exported: ExportSet, beside: FileBeside) -> Iterator[FileToMerge]:
    names = tuple(label.name for label in exported.labels)
    for photo in exported.photos():
        yield FileToMerge(
            photo.id,
            photo.stem + beside.suffix,
            partial(_merged, beside, PhotoAtHand(photo, names)),
            len(photo.labels),
            bool(photo.labels or photo.rejected),
        )


def _merged(beside: FileBeside, photo: PhotoAtHand, content: bytes | None, ours: Collection[str]) -> MergedFile:
    return beside.merge(content, photo, ours)


def sidecars_of(project: Project, photos: Iterable[PhotoKeywords], name: SidecarName) -> Iterator[FileToMerge]:
    """The XMP sidecars of photos; one that shares its stem with another photo has its whole name in any case."""
    with project.reading() as connection:
        names = sidecar_names(connection.scalars(select(Photo.path)).all(), name)
    for photo in photos:
        merge = partial(_merged_xmp, photo.labels)
        labels = len({label for label, _ in photo.labels})
        yield FileToMerge(photo.photo_id, names[photo.path], merge, labels, bool(photo.labels))


def _keywords(exported: ExportSet) -> Iterator[PhotoKeywords]:
    keywords = keywords_of(exported)
    for photo, path in zip(exported.photos(), exported.paths, strict=True):
        yield PhotoKeywords(photo.id, path, keywords(photo))


def _merged_xmp(labels: Sequence[LabelKeyword], content: bytes | None, ours: Collection[str]) -> MergedFile:
    return merge_xmp(content, labels, ours)
