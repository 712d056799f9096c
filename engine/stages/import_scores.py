"""Pseudo labels from elsewhere: scores that another program or machine made of the same photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.formats.scores import read_scores
from engine.jobs import Control, Progress
from engine.method.thresholds import shape_thresholds
from engine.project import Project
from engine.project.photos import readable_photos
from engine.project.runs import INITIAL, begin_run, finish_run, forget_old_scores, store_scores
from engine.stages.add_photos import add_some_photos
from engine.stages.matching import columns_of, match_photos

IMPORT = "import"


@dataclass(frozen=True)
class ImportResult:
    """What an import brought: `photos` of the project that now have scores of these `labels`, and what found no place.

    `photos_without`: how many readable photos of the project the file has no scores for.
    """

    run: int
    photos: int
    labels: int
    photos_without: int
    unmatched_photos: tuple[str, ...]
    """Of the file, without a readable photo in the project."""
    unmatched_labels: tuple[str, ...]
    """Of the file, without a label in the project."""

    @property
    def sentence(self) -> str:
        """For people."""
        return (
            f"Took over the scores of {self.photos} photos for {self.labels} labels; "
            f"{self.photos_without} photos of the folder are not in the file."
        )


def import_scores(project: Project, file: Path, progress: Progress, control: Control) -> ImportResult:
    """Take a table of scores (see `read_scores`) as initial pseudo labels.

    Photos are matched by relative path, then by file name where it is unique on both sides; labels by name, whatever
    the capitals, spaces and hyphens. A project without labels gets the file's.

    Raises:
        UserError: the file is no such table, or nothing in it matches; nothing was stored.
    """
    progress.start("Reading scores", total=None)
    table = read_scores(file)
    add_some_photos(project, progress, control)
    photos = readable_photos(project)
    rows = match_photos([photo.path for photo in photos], table.file_names)
    scored = [(row, rows[name]) for row, name in enumerate(table.file_names) if name in rows]
    scored = [(row, photo) for row, photo in scored if not np.isnan(table.values[row]).all()]
    if not scored:
        raise UserError(f"No scores in {file} are of a photo in {project.photos}. Do the file names fit?")
    columns = columns_of(project, table.labels)
    values = table.values[np.ix_([row for row, _ in scored], list(columns))]
    thresholds = [None if np.isnan(value) else float(value) for value in shape_thresholds(values)]
    settings = {"file": str(file), "thresholds": {INITIAL: thresholds}}
    run = begin_run(project, IMPORT, label_ids=list(columns.values()), settings=settings)
    store_scores(project, run, INITIAL, [photos[photo].id for _, photo in scored], values)
    finish_run(project, run)
    forget_old_scores(project, IMPORT)
    return ImportResult(
        run,
        len(scored),
        len(columns),
        len(photos) - len(scored),
        tuple(name for name in table.file_names if name not in rows),
        tuple(label for column, label in enumerate(table.labels) if column not in columns),
    )
