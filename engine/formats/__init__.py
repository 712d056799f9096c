"""What goes out and comes in, one module a format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import WrongUsage
from engine.formats.coco import write_coco, write_coco_labels
from engine.formats.export_set import ExportSet, collect
from engine.formats.readers import READERS, Reader, guess_format, reader_for
from engine.formats.scores import write_scores
from engine.project import Project

__all__ = [
    "READERS",
    "WRITERS",
    "ExportResult",
    "Reader",
    "Writer",
    "export",
    "guess_format",
    "reader_for",
    "writer_for",
]


@dataclass(frozen=True)
class Writer:
    """A format that can be written: what it is, for people, and what writes it (and counts what it wrote)."""

    description: str
    suffix: str
    counts: str
    write: Callable[[ExportSet, Path], int]


WRITERS = {
    "coco": Writer("COCO, loads everywhere: each label as a box over the whole photo", ".json", "labels", write_coco),
    "coco-labels": Writer("COCO without boxes, for Datumaro", ".json", "labels", write_coco_labels),
    "scores": Writer("Scores of every photo and label, CSV", ".csv", "photos", write_scores),
}
"""The formats by name."""


@dataclass(frozen=True)
class ExportResult:
    """What was written: photos, and labels or rows (as the format `counts`), into which file."""

    file: Path
    photos: int
    written: int
    counts: str


def writer_for(format_name: str) -> Writer:
    """The writer of a format; WrongUsage for a name that is not among `WRITERS`."""
    if format_name not in WRITERS:
        raise WrongUsage(f"Expected --format to be one of {', '.join(WRITERS)}, but got {format_name!r}.")
    return WRITERS[format_name]


def export(
    project: Project, format_name: str, file: Path, *, only: str = "all", stage: str | None = None
) -> ExportResult:
    """Write what a project knows to a file, whole or not at all. See `collect` for `only` and `stage`.

    Raises:
        UserError: an unknown format, nothing to export, or a file that cannot be written.
    """
    writer = writer_for(format_name)
    exported = collect(project, only=only, stage=stage)
    written = writer.write(exported, file)
    return ExportResult(file, len(exported.rows), written, writer.counts)
