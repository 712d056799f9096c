"""Labels as CSV: tidy, one row a photo and label, or wide, one column a label."""

from __future__ import annotations

from typing import IO

import numpy as np

from engine.formats.export_set import HUMAN, ExportSet
from engine.formats.files.cells import csv_rows, guarded
from engine.project.snapshot import NO, YES

FILE_NAME = "file_name"


def write_tidy(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `file_name,label,score,state,source`, the state confirmed, suggested or rejected; returns the labels.

    A photo of which nothing is known has one row without a label.
    """
    written = 0
    with csv_rows(stream) as write:
        write([FILE_NAME, "label", "score", "state", "source"])
        labels = [guarded(label.name) for label in export.labels]
        for photo in export.photos():
            name = guarded(photo.name)
            for label in photo.labels:
                state = "confirmed" if label.confirmed else "suggested"
                write([name, labels[label.column], f"{label.score:.6g}", state, label.source])
            for column in photo.rejected:
                write([name, labels[column], "0", "rejected", HUMAN])
            if not photo.labels and not photo.rejected:
                write([name, "", "", "", ""])
            written += len(photo.labels)
    return written


def write_wide(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `file_name` and a column for each label; returns the labels.

    1 is confirmed, 0 rejected, a number with a decimal point the score of a suggested label, an empty cell neither.
    """
    with csv_rows(stream) as write:
        write([FILE_NAME, *(guarded(label.name) for label in export.labels)])
        for name, decisions, suggested, scores in zip(
            export.names, export.decisions, export.suggested, export.scores, strict=True
        ):
            cells = np.full(len(decisions), "", object)
            cells[decisions == YES], cells[decisions == NO] = "1", "0"
            cells[suggested] = [f"{score:.6f}" for score in scores[suggested]]
            write([guarded(name), *cells])
    return int(export.present.sum())
