"""Labels as CSV: tidy, one row a photo and label, or wide, one column a label."""

from __future__ import annotations

from typing import IO

import numpy as np

from engine.formats.csv_reading import TIDY_COLUMNS, WEAK, looks_tidy, looks_wide, read_csv, read_wide_csv
from engine.formats.export_set import HUMAN, STATE_WORDS, ExportSet
from engine.formats.files.tables import PHOTO, csv_rows, guarded
from engine.formats.format import IN_IMAGES, Format, OneFile, Reader, Takes, Writer, named_after_split
from engine.project.label_state import NO, YES
from engine.wording import Sentence


def write_tidy(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `file_name,label,score,state,source`, the state a word of `STATE_WORDS` or rejected; returns labels.

    A photo of which nothing is known has one row without a label.
    """
    written = 0
    with csv_rows(stream) as write:
        write(TIDY_COLUMNS)
        labels = [guarded(label.name) for label in export.labels]
        for photo in export.photos():
            name = guarded(photo.name)
            for label in photo.labels:
                write([name, labels[label.column], f"{label.score:.6g}", STATE_WORDS[label.state], label.source])
            for column in photo.rejected:
                write([name, labels[column], "0", "rejected", HUMAN])
            if not photo.labels and not photo.rejected:
                write([name, "", "", "", ""])
            written += len(photo.labels)
    return written


def write_wide(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `file_name` and a column for each label; returns the labels.

    1 is confirmed, 0 rejected, a number with a decimal point the score of a suggested label, with a question mark
    behind it that of a weak one; an empty cell is neither.
    """
    with csv_rows(stream) as write:
        write([PHOTO, *(guarded(label.name) for label in export.labels)])
        for name, decisions, suggested, maybe, scores in zip(
            export.names, export.decisions, export.suggested, export.maybe, export.scores, strict=True
        ):
            cells = np.full(len(decisions), "", object)
            cells[decisions == YES], cells[decisions == NO] = "1", "0"
            cells[suggested] = [f"{score:.6f}" for score in scores[suggested]]
            cells[maybe] += WEAK
            write([guarded(name), *cells])
    return int(export.present.sum())


FORMATS = (
    Format(
        "csv",
        Reader(Sentence("CSV, a row for each photo and label"), Takes.FILE, read_csv, looks_tidy),
        Writer(
            title=Sentence("CSV, a row for each label"),
            description=Sentence("A row for each photo and label, with score, state and source"),
            writes_no=True,
            files=OneFile(".csv", named_after_split("labels_{split}.csv"), write_tidy),
            photos=IN_IMAGES,
        ),
    ),
    Format(
        "csv-wide",
        Reader(Sentence("CSV, a row for each photo, a column for each label"), Takes.FILE, read_wide_csv, looks_wide),
        Writer(
            title=Sentence("CSV, a column for each label"),
            description=Sentence("A row for each photo: 1 where confirmed, 0 where rejected, a score where suggested"),
            writes_no=True,
            files=OneFile(".csv", named_after_split("labels_{split}.csv"), write_wide),
            photos=IN_IMAGES,
        ),
    ),
)
