"""Create ML's JSON for classifiers of several labels: a list of `{"filename", "annotations"}`, beside the photos.

Apple describes it in "Creating a multi-label image classifier" (Create ML Components).
"""

from __future__ import annotations

from typing import IO

from engine.formats.export_set import ExportSet
from engine.formats.files.json_bytes import encoded


def write_createml(export: ExportSet, stream: IO[bytes]) -> int:
    """Write one object a line for each photo; returns the number of labels."""
    written = 0
    stream.write(b"[")
    for place, photo in enumerate(export.photos()):
        names = [export.labels[label.column].name for label in photo.labels]
        stream.write((b",\n" if place else b"\n") + encoded({"filename": photo.name, "annotations": names}))
        written += len(names)
    stream.write(b"\n]\n")
    return written
