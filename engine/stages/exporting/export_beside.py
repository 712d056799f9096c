"""Labels written beside the photos, in the photo folder: only when a person asks for just that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import WrongUsage
from engine.formats.beside import FileBeside
from engine.formats.export_set import ExportSet
from engine.formats.files.reading import MOST_BYTES_BESIDE, reason
from engine.formats.known_labels import FormatError
from engine.formats.registry import WRITERS
from engine.formats.xmp import SidecarName
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.written_keywords import Sidecar, written_keywords
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.exporting.sidecars import PhotoKeywords, write_as_ours, write_sidecars
from engine.wording import Sentence

_PHOTOS_AT_ONCE = 200


@dataclass(frozen=True)
class WrittenBeside:
    """How many labels stand beside the photos, how many files changed for that, and why others were left alone."""

    labels: int
    changed: int
    left_alone: tuple[Sentence, ...]


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

    What others wrote stays. A label of ours that a photo has no longer is taken out again. Files that are links, too
    large or not of the format are left alone. Cancelled or killed, the files that were written are whole and known as
    ours.

    Raises:
        UserError: the photo folder cannot be written.
    """
    beside = request.writer.beside
    if isinstance(beside, FileBeside):
        return _merge_files(project, exported, beside, progress, cancellation)
    labels = [(label.name, label.supercategory) for label in exported.labels]
    photos = [
        PhotoKeywords(photo.id, path, [labels[label.column] for label in photo.labels])
        for photo, path in zip(exported.photos(), exported.paths, strict=True)
    ]
    name = SidecarName(request.sidecars)
    result = write_sidecars(project, photos, project.photos, progress, cancellation, name=name)
    return WrittenBeside(int(exported.present.sum()), result.written, result.problems)


def _merge_files(
    project: Project, exported: ExportSet, beside: FileBeside, progress: Progress, cancellation: Cancellation
) -> WrittenBeside:
    names = [label.name for label in exported.labels]
    left_alone: list[Sentence] = []
    labels = changed = 0
    progress.start("Exporting", total=len(exported))
    for start in range(0, len(exported), _PHOTOS_AT_ONCE):
        cancellation.check()
        chunk = exported.take(np.arange(start, min(start + _PHOTOS_AT_ONCE, len(exported))))
        files = {(photo.id, photo.stem + beside.suffix): photo for photo in chunk.photos()}
        ours = written_keywords(project, list(files))
        contents: dict[Path, bytes] = {}
        keywords: dict[Sidecar, tuple[str, ...]] = {}
        for file, photo in files.items():
            name = file[1]
            try:
                before = _content(project.photos / name, project.photos)
                if before is None and not photo.labels and not photo.rejected:
                    continue
                merged = beside.merge(before, photo, names, ours.get(file, ()))
            except (FormatError, ValueError, OSError) as error:
                left_alone.append(Sentence("{file} was left as it is. {why}").format(file=name, why=reason(error)))
                continue
            labels += len(photo.labels)
            if merged.content != before:
                contents[project.photos / name] = merged.content
            keywords[file] = merged.keywords
        write_as_ours(project, contents, ours, keywords)
        changed += len(contents)
        progress.advance(len(chunk))
    return WrittenBeside(labels, changed, tuple(left_alone))


def _content(file: Path, photos: Path) -> bytes | None:
    """Of a file beside a photo, None where there is none; FormatError where it is not ours to touch."""
    if file.is_symlink():
        raise FormatError(Sentence("It is a link."))
    if not file.parent.resolve().is_relative_to(photos.resolve()):
        raise FormatError(Sentence("It lies outside of {folder}.").format(folder=photos))
    if not file.exists():
        return None
    if not file.is_file() or file.stat().st_size > MOST_BYTES_BESIDE:
        raise FormatError(Sentence("It is not a small file, as one of labels is."))
    return file.read_bytes()
