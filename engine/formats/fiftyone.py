"""FiftyOne's `FiftyOneImageClassificationDataset` with several labels a photo: `labels.json`, photos in `data`."""

from __future__ import annotations

from typing import IO

from engine.formats.export_set import ExportSet
from engine.formats.files.json_bytes import encoded


def write_fiftyone(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `classes` and, for each photo by its name without suffix, a list of labels; returns their number."""
    written = 0
    stream.write(b'{"classes": ')
    stream.write(encoded([label.name for label in export.labels]))
    stream.write(b',\n"labels": {')
    for place, photo in enumerate(export.photos()):
        targets = [
            {
                "label": label.column,
                "confidence": label.score,
                "attributes": {"confirmed": label.confirmed, "source": label.source},
            }
            for label in photo.labels
        ]
        stream.write((b",\n" if place else b"\n") + encoded(photo.stem) + b": " + encoded(targets))
        written += len(targets)
    stream.write(b"\n}}\n")
    return written
