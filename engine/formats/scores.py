"""Scores as a wide CSV: `file_name` and a column for each label, every photo, full precision."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from engine.formats.cells import guarded
from engine.formats.export_set import ExportSet
from engine.formats.whole_file import whole_file


def write_scores(export: ExportSet, file: Path) -> int:
    """Write the scores of the exported stage; a photo without scores gets empty cells. Returns the number of photos.

    Numbers are the shortest that read back as the same float32.
    """
    with whole_file(file) as stream:
        text = io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="", write_through=True)
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(["file_name", *(guarded(label.name) for label in export.labels)])
        for row in export.rows:
            cells = ["" if np.isnan(score) else str(score) for score in export.scores[row]]
            rows.writerow([guarded(export.snapshot.paths[row]), *cells])
        text.detach()
    return len(export.rows)
