"""Reading COCO JSON: which labels each photo has by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.formats.files.reading import in_place, kind_of, read_json
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence


def read_coco(file: Path) -> KnownLabels:
    """Read COCO JSON, with boxes or with labels of whole photos.

    An annotation with `ignore` or `difficult` makes its label neither present nor absent, unless another
    annotation of the photo has it. One whose attributes say that nobody confirmed it is only suggested. LVIS's
    `neg_category_ids` are labels that a photo has not. Of the file names nothing is opened; they are only compared.

    Raises:
        KnownLabelsError: not to be read, not COCO, or with ids that do not fit together.
    """
    data = read_json(file)
    if not isinstance(data, dict):
        raise KnownLabelsError(
            Sentence("{file}: Expected an object with images, categories and annotations.").format(file=file)
        )
    gathering = Gathering()
    labels: dict[Any, str] = {}
    for place, entry, key in _entries(file, data, "categories", labels, "name"):
        with in_place(file, place):
            labels[key] = gathering.label(entry["name"], entry.get("supercategory"))
    photos: dict[Any, str] = {}
    for place, entry, key in _entries(file, data, "images", photos, "file_name"):
        with in_place(file, place):
            photos[key] = gathering.photo(entry["file_name"], reviewed=entry.get("reviewed") is True)
            for label in _label_ids(entry.get("neg_category_ids")):
                gathering.answer(photos[key], _named(labels, label, "category"), ABSENT)
    for index, annotation in enumerate(_list(file, data, "annotations")):
        with in_place(file, f"annotations[{index}]"):
            _take(gathering, photos, labels, annotation)
    return gathering.known


def looks_like_coco(head: str) -> bool:
    """Whether a text begins as COCO JSON does."""
    return head.lstrip().startswith("{") and any(key in head for key in ('"images"', '"categories"', '"annotations"'))


def _take(gathering: Gathering, photos: dict[Any, str], labels: dict[Any, str], annotation: Any) -> None:
    if not isinstance(annotation, dict):
        raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(annotation)))
    photo = _named(photos, annotation.get("image_id"), "image")
    label = _named(labels, annotation.get("category_id"), "category")
    attributes = annotation.get("attributes")
    suggested = isinstance(attributes, dict) and attributes.get("confirmed") is False
    score = annotation.get("score")
    if score is not None or suggested:
        gathering.score(photo, label, 1.0 if score is None else score)
    if not suggested:
        ignored = annotation.get("ignore") or annotation.get("difficult")
        gathering.answer(photo, label, IGNORED if ignored else PRESENT)


def _entries(file: Path, data: dict[str, Any], key: str, known: dict[Any, str], name: str) -> Any:
    """Place, entry and id of each entry under a key; its ids must differ and its names be texts."""
    for index, entry in enumerate(_list(file, data, key)):
        place = f"{key}[{index}]"
        with in_place(file, place):
            if not isinstance(entry, dict) or not isinstance(entry.get(name), str):
                raise FormatError(Sentence("Expected an object with an id and a text {name!r}.").format(name=name))
            if not isinstance(entry.get("id"), int | str):
                raise FormatError(Sentence("Expected a number as id, but got {id!r}.").format(id=entry.get("id")))
            if entry["id"] in known:
                raise FormatError(Sentence("The id {id} is there twice.").format(id=entry["id"]))
        yield place, entry, entry["id"]


def _list(file: Path, data: dict[str, Any], key: str) -> list[Any]:
    values = data.get(key)
    if not isinstance(values, list):
        raise KnownLabelsError(
            Sentence("{file}: Expected a list under {key!r}, but got {kind}. Is it COCO JSON?").format(
                file=file, key=key, kind=kind_of(values)
            )
        )
    return values


def _label_ids(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormatError(
            Sentence("Expected a list under 'neg_category_ids', but got {kind}.").format(kind=kind_of(value))
        )
    return value


def _named(names: dict[Any, str], key: Any, what: str) -> str:
    if not isinstance(key, int | str) or key not in names:
        known = "images" if what == "image" else "categories"
        raise FormatError(
            Sentence("The {what}_id {key!r} is not among the {known}.").format(what=what, key=key, known=known)
        )
    return names[key]
