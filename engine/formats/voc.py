"""Pascal VOC classification: `ImageSets/Main/<label>_<split>.txt` with a flag for each photo, and `<split>.txt`.

A photo's id is its path without the suffix, so that photos of equal names in different folders stay apart. In ids and
in labels what VOC's readers cannot take is written as `%XX`, see `portable_names`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.formats.export_set import ExportSet
from engine.formats.files.portable_names import portable
from engine.project.snapshot import NO

PHOTOS = "JPEGImages"
ESCAPES_IN_IDS = " \t\u00a0\u3000#"
"""Readers take an id for a word, and a line that begins with `#` for a comment."""
_ESCAPES_IN_LABELS = "/#"
PRESENT, ABSENT, UNDECIDED = " 1", "-1", " 0"
NO_SPLIT = "trainval"
"""VOC's own name for all that is not kept back for a test."""


def write_voc(export: ExportSet, folder: Path) -> int:
    """Write the lists of one split and Datumaro's `labelmap.txt`; returns the number of labels."""
    split = export.split or NO_SPLIT
    lists = folder / "ImageSets" / "Main"
    lists.mkdir(parents=True, exist_ok=True)
    labels = [portable(label.name, _ESCAPES_IN_LABELS) for label in export.labels]
    (folder / "labelmap.txt").write_text(
        "# label:color_rgb:parts:actions\n" + "".join(f"{label}:::\n" for label in labels), "utf-8"
    )
    (lists / f"{split}.txt").write_text("".join(f"{stem}\n" for stem in export.stems), "utf-8")
    present = export.present
    flags = np.where(present, PRESENT, np.where(export.decisions == NO, ABSENT, UNDECIDED))
    for label, column in zip(labels, flags.T.tolist(), strict=True):
        lines = (f"{stem} {flag}\n" for stem, flag in zip(export.stems, column, strict=True))
        (lists / f"{label}_{split}.txt").write_text("".join(lines), "utf-8")
    return int(present.sum())
