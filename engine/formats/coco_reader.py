"""Reading COCO JSON: which labels each photo has by it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.formats.known_labels import ABSENT, IGNORED, MOST_BYTES, PRESENT, KnownLabels, KnownLabelsError


def read_coco(file: Path) -> KnownLabels:
    """Read COCO JSON, with boxes or with labels of whole photos.

    An annotation with `ignore` or `difficult` makes its label neither present nor absent, unless another
    annotation of the photo has it. Of the file names nothing is opened; they are only compared.

    Raises:
        KnownLabelsError: not to be read, not COCO, or with ids that do not fit together.
    """
    data = _load(file)
    labels = _by_id(file, data, "categories", "name")
    photos = _by_id(file, data, "images", "file_name")
    answers: dict[str, dict[str, int]] = {name: {} for name in photos.values()}
    for index, annotation in enumerate(_list(file, data, "annotations")):
        where = f"{file}: annotations[{index}]"
        if not isinstance(annotation, dict):
            raise KnownLabelsError(f"{where}: expected an object, but got {type(annotation).__name__}.")
        photo, label = _named(photos, annotation.get("image_id")), _named(labels, annotation.get("category_id"))
        if photo is None or label is None:
            key, known = ("image_id", "images") if photo is None else ("category_id", "categories")
            raise KnownLabelsError(f"{where}: {key} {annotation.get(key)!r} is not among the {known}.")
        ignored = annotation.get("ignore") or annotation.get("difficult")
        known_answer = answers[photo].get(label, ABSENT)
        answers[photo][label] = PRESENT if known_answer == PRESENT or not ignored else IGNORED
    return KnownLabels(tuple(labels.values()), answers)


def _load(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise KnownLabelsError(f"{file} is larger than {MOST_BYTES >> 30} GB. Is it COCO JSON?")
        data = json.loads(file.read_bytes())
    except OSError as error:
        raise KnownLabelsError(f"{file} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise KnownLabelsError(f"{file} is not JSON ({error}).") from error
    if not isinstance(data, dict):
        raise KnownLabelsError(f"{file}: expected an object with images, categories and annotations.")
    return data


def _list(file: Path, data: dict[str, Any], key: str) -> Iterable[Any]:
    values = data.get(key)
    if not isinstance(values, list):
        raise KnownLabelsError(
            f"{file}: expected a list under {key!r}, but got {type(values).__name__}. Is it COCO JSON?"
        )
    return values


def _by_id(file: Path, data: dict[str, Any], key: str, name: str) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for index, entry in enumerate(_list(file, data, key)):
        where = f"{file}: {key}[{index}]"
        if not isinstance(entry, dict) or not isinstance(entry.get(name), str):
            raise KnownLabelsError(f"{where}: expected an object with an id and a text {name!r}.")
        if not isinstance(entry.get("id"), int | str):
            raise KnownLabelsError(f"{where}: expected a number as id, but got {entry.get('id')!r}.")
        if entry["id"] in found:
            raise KnownLabelsError(f"{where}: the id {entry['id']} is there twice.")
        found[entry["id"]] = entry[name]
    return found


def _named(names: dict[Any, str], key: Any) -> str | None:
    return names.get(key) if isinstance(key, int | str) else None
