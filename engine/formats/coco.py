"""COCO JSON with labels of whole photos, in two profiles.

COCO has no task of this kind. `coco` gives every label a box over the whole photo, so that every reader loads it;
`coco-labels` is Datumaro's extension, without boxes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from engine.formats.export_set import ExportedLabel, ExportedPhoto, ExportSet
from engine.formats.whole_file import whole_file
from engine.project.clock import now

_LABELS_EVER = 1_000_000
"""More than a project ever knows, those that left the label set included: ids of annotations must not meet."""


def write_coco(export: ExportSet, file: Path) -> int:
    """Write the profile that loads everywhere; returns the number of annotations."""
    return _write(export, file, _whole_photo_box)


def write_coco_labels(export: ExportSet, file: Path) -> int:
    """Write Datumaro's profile `coco_labels`; returns the number of annotations."""
    return _write(export, file, lambda _photo: {})


def _whole_photo_box(photo: ExportedPhoto) -> dict[str, Any]:
    # pycocotools filters out an area of 0, and needs `iscrowd`.
    return {
        "bbox": [0, 0, photo.width, photo.height],
        "area": photo.width * photo.height,
        "iscrowd": 0,
        "segmentation": [],
    }


def _write(export: ExportSet, file: Path, more: Any) -> int:
    written = 0

    def annotations() -> Iterator[dict[str, Any]]:
        nonlocal written
        for photo in export.photos():
            for label in photo.labels:
                written += 1
                yield _annotation(export, photo, label, more(photo))

    with whole_file(file) as stream:
        stream.write(b'{"info": ')
        stream.write(_encoded(_info()))
        stream.write(b',\n"licenses": [],\n"categories": ')
        _write_list(stream, (_category(label.id, label.name, label.supercategory) for label in export.labels))
        stream.write(b',\n"images": ')
        _write_list(stream, (_image(export, photo) for photo in export.photos()))
        stream.write(b',\n"annotations": ')
        _write_list(stream, annotations())
        stream.write(b"}\n")
    return written


def _info() -> dict[str, Any]:
    return {
        "description": "Labels of whole photos. width and height are the stored pixels, before any EXIF rotation.",
        "version": "1.0",
        "contributor": f"CDUL {version('cdul')}",
        "date_created": now().isoformat(timespec="seconds") + "Z",
    }


def _category(label_id: int, name: str, supercategory: str) -> dict[str, Any]:
    return {"id": label_id, "name": name, "supercategory": supercategory}


def _image(export: ExportSet, photo: ExportedPhoto) -> dict[str, Any]:
    image: dict[str, Any] = {
        "id": photo.id,
        "file_name": photo.path,
        "width": photo.width,
        "height": photo.height,
        "license": 0,
        "reviewed": photo.reviewed,
    }
    if photo.rejected:
        image["neg_category_ids"] = [export.labels[column].id for column in photo.rejected]
    return image


def _annotation(export: ExportSet, photo: ExportedPhoto, label: ExportedLabel, more: dict[str, Any]) -> dict[str, Any]:
    label_id = export.labels[label.column].id
    return {
        # Unique, and the same at every export, because those of photo and label are.
        "id": (photo.id - 1) * _LABELS_EVER + label_id,
        "image_id": photo.id,
        "category_id": label_id,
        **more,
        "score": label.score,
        "attributes": {"image_level": True, "source": label.source, "confirmed": label.confirmed},
    }


def _write_list(stream: IO[bytes], items: Iterable[dict[str, Any]]) -> None:
    separator = b"[\n"
    for item in items:
        stream.write(separator)
        stream.write(_encoded(item))
        separator = b",\n"
    stream.write(b"[]" if separator == b"[\n" else b"\n]")


def _encoded(value: Any) -> bytes:
    # A byte of a file name that is not UTF-8 becomes an escape, which Python's readers turn back into that byte.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
