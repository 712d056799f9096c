"""COCO JSON with labels of whole photos, in two profiles.

COCO has no task of this kind. `coco` gives every label a box over the whole photo, so that every reader loads it;
`coco-labels` is Datumaro's extension, without boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from typing import IO, Any

import numpy as np

from engine.formats.export_set import HUMAN, ExportSet, rounded
from engine.formats.files.json_bytes import encoded
from engine.project.snapshot import NO, YES
from engine.project.storage.clock import now

_LABELS_EVER = 1_000_000
"""More than a project ever knows, those that left the label set included: ids of annotations must not meet."""


def write_coco(export: ExportSet, stream: IO[bytes]) -> int:
    """Write the profile that loads everywhere; returns the number of annotations."""
    return _write(export, stream, _whole_photo_box)


def write_coco_labels(export: ExportSet, stream: IO[bytes]) -> int:
    """Write Datumaro's profile `coco_labels`; returns the number of annotations."""
    return _write(export, stream, lambda _width, _height: {})


def _whole_photo_box(width: int, height: int) -> dict[str, Any]:
    # pycocotools filters out an area of 0, and needs `iscrowd`.
    return {"bbox": [0, 0, width, height], "area": width * height, "iscrowd": 0, "segmentation": []}


def _write(export: ExportSet, stream: IO[bytes], more: Callable[[int, int], dict[str, Any]]) -> int:
    stream.write(b'{"info": ')
    stream.write(encoded(_info()))
    stream.write(b',\n"licenses": [],\n"categories": ')
    _write_list(stream, (_category(label.id, label.name, label.supercategory) for label in export.labels))
    stream.write(b',\n"images": ')
    _write_list(stream, _images(export))
    stream.write(b',\n"annotations": ')
    written = _write_list(stream, _annotations(export, more))
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


def _images(export: ExportSet) -> Iterator[dict[str, Any]]:
    label_ids = np.array([label.id for label in export.labels], np.int64)
    rejected = export.decisions == NO
    some_rejected = rejected.any(axis=1)
    facts = zip(export.photo_ids.tolist(), export.names, export.sizes.tolist(), export.reviewed.tolist(), strict=True)
    for row, (photo, name, (width, height), reviewed) in enumerate(facts):
        image: dict[str, Any] = {
            "id": photo,
            "file_name": name,
            "width": width,
            "height": height,
            "license": 0,
            "reviewed": reviewed,
        }
        if some_rejected[row]:
            image["neg_category_ids"] = label_ids[rejected[row]].tolist()
        yield image


def _annotations(export: ExportSet, more: Callable[[int, int], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    # Whole columns at once, since there may be a million annotations.
    rows, columns = np.nonzero(export.present)
    label_ids = np.array([label.id for label in export.labels], np.int64)[columns]
    photo_ids = export.photo_ids[rows]
    facts = zip(
        # Unique, and the same at every export, because those of photo and label are.
        ((photo_ids - 1) * _LABELS_EVER + label_ids).tolist(),
        photo_ids.tolist(),
        label_ids.tolist(),
        export.sizes[rows].tolist(),
        export.shown_scores[rows, columns].tolist(),
        (export.decisions[rows, columns] == YES).tolist(),
        strict=True,
    )
    for annotation, photo, label, (width, height), score, confirmed in facts:
        source = HUMAN if confirmed else export.stage
        yield {
            "id": annotation,
            "image_id": photo,
            "category_id": label,
            **more(width, height),
            "score": rounded(score),
            "attributes": {"image_level": True, "source": source, "confirmed": confirmed},
        }


def _write_list(stream: IO[bytes], items: Iterable[dict[str, Any]]) -> int:
    """Write a list of objects, one a line; returns how many."""
    written = 0
    for item in items:
        stream.write((b",\n" if written else b"[\n") + encoded(item))
        written += 1
    stream.write(b"\n]" if written else b"[]")
    return written
