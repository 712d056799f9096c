"""The last verb: hand over what a project knows."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np

from engine.errors import WrongUsage
from engine.formats.beside import left_out_for_its_name
from engine.formats.export_set import ExportSet
from engine.formats.files.partials import forget_partials, put_back
from engine.formats.files.whole_file import WriteError, check_is_no_photo, check_is_ordinary, whole_file
from engine.formats.files.whole_folder import check_place, whole_folder
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.stratification import stratified_split
from engine.photos.decode import MOST_BYTES, PhotoProblem, content_digest, decode, read_file
from engine.project import Project, ProjectError
from engine.project.photos import photos_never_read, record_read
from engine.project.snapshot import Snapshot
from engine.read_photo import ReadPhoto
from engine.remote import AnyFolder, RemoteFile
from engine.stages.exporting.beside_files import WrittenBeside
from engine.stages.exporting.export_beside import check_beside, export_beside
from engine.stages.exporting.export_request import SPLITS, ExportRequest, PhotoFiles
from engine.stages.exporting.exported_files import check_is_ours, keep_as_ours
from engine.stages.exporting.selection import ExportCounts, Selection, select
from engine.stages.teaching.teaching import snapshot_in_force
from engine.wording import Sentence

_PHOTOS_AT_ONCE = 100
_PREVIEWED = 4


@dataclass(frozen=True)
class ExportResult:
    """What was written: photos, and labels or rows (as the format `counts`), into which file or folder."""

    file: Path
    photos: int
    written: int
    counts: str
    selection: ExportCounts
    parts: dict[str, int] = field(default_factory=dict)
    """Photos in train, val and test, where they are split."""
    beside: WrittenBeside | None = None
    """What happened to the files beside the photos, where that was asked for."""
    left_out: tuple[Sentence, ...] = ()
    """Why nothing was written for some photos."""
    unlisted: tuple[str, ...] = ()
    """Names that were asked for and are no photo's."""


@dataclass(frozen=True)
class Preview:
    """The beginning of what would be written, of which file of an exported folder, and how much it would be.

    `of_all`: all labels go in, whatever `counts` says of them.
    """

    file: str
    text: str
    counts: ExportCounts
    of_all: bool


def export(
    project: Project,
    request: ExportRequest,
    out: Path | IO[bytes] | None,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    replace: bool = False,
    force: bool = False,
) -> ExportResult:
    """Write a format, whole or not at all; photos that were never opened are read first for their size.

    Args:
        out: the file to write; or the folder, for a format of many files, with a split, or with photos; None to write
            beside the photos, see `export_beside`; a stream for a format of one file.
        replace: an earlier export in the place of the folder may be replaced.
        force: a file in its place may be replaced whoever wrote it; else only one that this project exported there.

    Raises:
        WrongUsage: a file of somebody else is in its place.
        UserError: an unknown label or stage, a filter that means nothing, a place that cannot be written.
    """
    writer, one_file = request.writer, request.one_file
    check_export(project, request, out, replace=replace, force=force)
    _read_unread(project, progress, cancellation)
    snapshot = snapshot_in_force(project, progress, cancellation)
    selection = select(project, snapshot, request)
    exported, counts, missing = selection.export, selection.counts, selection.unlisted
    if out is None:
        beside = export_beside(project, exported, request, progress, cancellation)
        return ExportResult(
            project.folder_on_disk(),
            counts.photos,
            beside.labels,
            writer.counts,
            counts,
            beside=beside,
            left_out=beside.left_alone,
            unlisted=missing,
        )
    if not isinstance(out, Path):
        assert one_file is not None
        written = one_file.write(exported, out)
        return ExportResult(Path("-"), counts.photos, written, writer.counts, counts, unlisted=missing)
    forget_partials([out])
    if one_file:
        progress.start("Exporting", total=None)
        with whole_file(out) as stream:
            written = one_file.write(exported, stream)
            keep_as_ours(project, out, stream)
        return ExportResult(out, counts.photos, written, writer.counts, counts, unlisted=missing)

    parts = list(_parts(project, snapshot, selection, request, progress, cancellation))
    progress.start("Exporting", total=counts.photos)

    def placed() -> None:
        progress.advance()
        cancellation.check()

    with whole_folder(out, replace=replace) as folder:
        written = 0
        for part in parts:
            cancellation.check()
            written += writer.files.write_into(part, folder)
            if request.photos != PhotoFiles.LEAVE:
                _place_photos(part, project.photos, folder / writer.photos(part.split), request.photos, placed)
    sizes = {part.split: len(part) for part in parts if part.split}
    left_out = tuple(exported.left_out)
    return ExportResult(out, counts.photos, written, writer.counts, counts, sizes, left_out=left_out, unlisted=missing)


def preview(project: Project, snapshot: Snapshot, request: ExportRequest) -> Preview:
    """The beginning of what `export` would write: by the same writer, of the first few photos.

    With a split these are shown as those to train with, since a split looks at all photos.

    Raises:
        UserError: as `export` does, for what is asked for.
    """
    files, of_all = request.writer.files, request.writer.counts != "labels"
    selection = select(project, snapshot, request)
    few = selection.export.take(
        np.arange(min(_PREVIEWED, selection.counts.photos)), SPLITS[0] if request.shares else ""
    )
    with tempfile.TemporaryDirectory() as folder:
        files.write_into(few, Path(folder))
        written = sorted(file for file in Path(folder).rglob(files.example) if file.is_file())
        if not written:
            return Preview("", "", selection.counts, of_all)
        shown = max(written, key=lambda file: file.stat().st_size)
        text = shown.read_bytes().decode("utf-8", "replace")
        name = "" if request.one_file else shown.relative_to(folder).as_posix()
        return Preview(name, text, selection.counts, of_all)


def check_export(
    project: Project,
    request: ExportRequest,
    out: Path | IO[bytes] | None,
    *,
    replace: bool = False,
    force: bool = False,
) -> None:
    """Raise, before hours of work and not after, what `export` would raise for its place."""
    if (out is None) != request.beside:
        raise WrongUsage(Sentence("Expected either a file or folder to write, or to write beside the photos."))
    if out is None:
        check_beside(request)
    elif not isinstance(out, Path):
        if request.one_file is None:
            raise WrongUsage(
                Sentence("{format} is written as a folder of files. Choose a folder for it.").format(
                    format=request.format_name
                )
            )
    elif request.one_file:
        check_is_ordinary(out)
        check_is_no_photo(out)
        if not force:
            check_is_ours(project, out)
    else:
        put_back(out)
        check_place(out, replace=replace)
        photos, place = project.photos, out.resolve()
        inside = photos.resolve() if isinstance(photos, Path) else None
        if inside is not None and (place == inside or inside in place.parents or place in inside.parents):
            raise WrongUsage(
                Sentence("The photo folder {photos} is only read. Choose a folder outside of it.").format(
                    photos=project.photos
                )
            )


def _parts(
    project: Project,
    snapshot: Snapshot,
    selection: Selection,
    request: ExportRequest,
    progress: Progress,
    cancellation: Cancellation,
) -> Iterator[ExportSet]:
    exported = selection.export
    if not request.shares:
        yield exported
        return
    from engine.stages.finding.duplicates import near_duplicate_groups

    groups = near_duplicate_groups(project, snapshot, progress, cancellation)[selection.rows]
    part_of = stratified_split(exported.present, groups, request.shares, request.seed)
    for at, split in enumerate(SPLITS):
        if request.shares[at]:
            yield exported.take(np.flatnonzero(part_of == at), split)


def _place_photos(part: ExportSet, photos: AnyFolder, folder: Path, how: str, placed: Callable[[], None]) -> None:
    """Copy or link photos into a folder.

    Args:
        photos: the photo folder.
        how: one of `PhotoFiles`, not LEAVE.
        placed: called after each photo.

    Raises:
        WriteError: a photo is gone, or there is no room, or this system has no links. One whose name is too long for
            the disk is left out and told.
    """
    for path, name in zip(part.paths, part.names, strict=True):
        source, target = photos / path, folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(source, RemoteFile):
                target.write_bytes(source.read(MOST_BYTES))
            elif how == PhotoFiles.LINK:
                target.symlink_to(source)
            else:
                shutil.copyfile(source, target)
                shutil.copystat(source, target)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                part.left_out.append(left_out_for_its_name(name, folder))
                continue
            sentence = (
                Sentence("The photo {path} could not be linked ({why}). Nothing was exported.")
                if how == PhotoFiles.LINK
                else Sentence("The photo {path} could not be copied ({why}). Nothing was exported.")
            )
            raise WriteError(sentence.format(path=path, why=error.strerror or error)) from error
        placed()


def _read_unread(project: Project, progress: Progress, cancellation: Cancellation) -> None:
    unread = photos_never_read(project)
    if not unread or project.read_only:
        return
    progress.start("Reading photos", total=len(unread))
    for start in range(0, len(unread), _PHOTOS_AT_ONCE):
        cancellation.check()
        chunk = unread[start : start + _PHOTOS_AT_ONCE]
        try:
            record_read(project, [_read(project, photo_id, path) for photo_id, path in chunk])
        except ProjectError:
            return  # its disk is in trouble: labels can be rescued to another, as from a project that is only read
        progress.advance(len(chunk))


def _read(project: Project, photo_id: int, path: str) -> ReadPhoto:
    try:
        data = read_file(project.file_of(path))
        photo = decode(data, at_least=(1, 1))
    except PhotoProblem as problem:
        return ReadPhoto(photo_id, problem=problem.sentence)
    return ReadPhoto(photo_id, content_digest(data), photo.width, photo.height, photo.orientation, photo.taken_at)
