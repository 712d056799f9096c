"""Formats that keep a small file for each photo: labels as text, labelme's flags, XMP's keywords."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from engine.formats.export_set import ExportedPhoto, ExportSet
from engine.formats.files.file_beside import FileBeside, MergedFile, merged_keywords
from engine.formats.files.json_bytes import encoded
from engine.formats.files.reading import json_value, listed_in
from engine.formats.known_labels import FormatError
from engine.formats.sidecar import SUFFIX, merged
from engine.formats.xmp_labels import keywords_of
from engine.wording import Sentence


def write_text(export: ExportSet, folder: Path) -> int:
    """Write `<stem>.txt` for each photo, its labels with commas between; returns their number."""
    return _write_each(export, folder, TEXT)


def write_labelme(export: ExportSet, folder: Path) -> int:
    """Write `<stem>.json` for each photo with its flags; returns the number of labels."""
    return _write_each(export, folder, LABELME)


def write_xmp(export: ExportSet, folder: Path) -> int:
    """Write `<name>.xmp` for each photo with its labels as keywords; returns the number of labels."""
    written = 0
    labels = [(label.name, label.supercategory) for label in export.labels]
    for photo in export.photos():
        file = folder / (photo.name + SUFFIX)
        file.parent.mkdir(parents=True, exist_ok=True)
        keywords = [keyword for label in photo.labels for keyword in keywords_of(*labels[label.column])]
        content = merged(file, folder, keywords, ()).content
        if content is not None:
            file.write_bytes(content)
        written += len(photo.labels)
    return written


def merge_text(content: bytes | None, photo: ExportedPhoto, names: Sequence[str], ours: Collection[str]) -> MergedFile:
    """A line of labels that may hold others' words as well; see `sidecar.Merge`."""
    before = (content or b"").decode("utf-8", "surrogateescape")
    there = listed_in(before)
    keywords, added = merged_keywords(there, [names[label.column] for label in photo.labels], ours)
    if content is not None and list(keywords) == there:
        return MergedFile(content, added)
    return MergedFile(_line(keywords).encode("utf-8", "surrogateescape"), added)


def merge_labelme(
    content: bytes | None, photo: ExportedPhoto, names: Sequence[str], ours: Collection[str]
) -> MergedFile:
    """labelme's flags, beside the shapes and flags that others set; see `sidecar.Merge`."""
    before = json_value(content) if content is not None else {}
    if not isinstance(before, dict) or not isinstance(before.get("flags", {}), dict):
        raise FormatError(Sentence("Expected an object with flags, as labelme writes it."))
    if content is not None and not before.keys() & {"flags", "shapes"}:
        raise FormatError(Sentence("Expected flags or shapes, as labelme writes them."))
    there = before.get("flags") or {}
    flags = _flags(photo, names)
    others = {name: flag for name, flag in there.items() if name not in ours}
    added = {name: flag for name, flag in flags.items() if name not in others}
    after = {**_document(photo), **before, "flags": {**others, **added}}
    return MergedFile(content if content is not None and after == before else encoded(after), tuple(added))


def _line(labels: Sequence[str]) -> str:
    """Labels with a comma and a space between, each that holds a comma or a quotation mark in quotation marks."""
    return ", ".join(map(_cell, labels)) + "\n" if labels else ""


def _cell(label: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([label])
    return text.getvalue()


def _flags(photo: ExportedPhoto, names: Sequence[str]) -> dict[str, bool]:
    # A label that nobody decided has no flag: false would say that it is not there.
    return {names[label.column]: True for label in photo.labels} | {names[column]: False for column in photo.rejected}


def _document(photo: ExportedPhoto) -> dict[str, Any]:
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": [],
        "imagePath": PurePosixPath(photo.name).name,
        "imageData": None,
        "imageHeight": photo.height,
        "imageWidth": photo.width,
    }


def _write_each(export: ExportSet, folder: Path, beside: FileBeside) -> int:
    written = 0
    names = [label.name for label in export.labels]
    for photo in export.photos():
        file = folder / (photo.stem + beside.suffix)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(beside.merge(None, photo, names, ()).content)
        written += len(photo.labels)
    return written


TEXT, LABELME = FileBeside(".txt", merge_text), FileBeside(".json", merge_labelme)
