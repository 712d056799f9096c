"""Hugging Face imagefolder: `metadata.jsonl` beside the photos, one JSON object a line for each photo."""

from __future__ import annotations

from typing import IO

from engine.formats.export_set import ExportSet
from engine.formats.files.json_bytes import encoded


def write_huggingface(export: ExportSet, stream: IO[bytes]) -> int:
    """Write a line for each photo; returns the number of labels.

    `labels` are all that the photo has; `suggested` are those of them that nobody confirmed.
    """
    written = 0
    names = [label.name for label in export.labels]
    for photo in export.photos():
        # Every line has every key, so that the columns have one type.
        line = {
            "file_name": photo.name,
            "labels": [names[label.column] for label in photo.labels],
            "suggested": [names[label.column] for label in photo.labels if not label.confirmed],
            "rejected": [names[column] for column in photo.rejected],
            "reviewed": photo.reviewed,
        }
        stream.write(encoded(line) + b"\n")
        written += len(photo.labels)
    return written
