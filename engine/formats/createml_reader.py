"""Reading CreateML's JSON: a list of photos, each with its annotations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.formats.files.reading import in_place, kind_of, read_json
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

_PHOTO_KEYS = ("filename", "image", "imagefilename", "file_name")
_LABELS_KEYS = ("annotations", "annotation", "labels")


def read_createml(file: Path) -> KnownLabels:
    """Read CreateML's JSON; an annotation is a text, or an object with `label`, whatever box it has.

    Raises:
        KnownLabelsError: not to be read, or not such a list.
    """
    data = read_json(file)
    if not isinstance(data, list):
        raise KnownLabelsError(
            Sentence("{file}: Expected a list of photos with annotations. Is it JSON of Create ML?").format(file=file)
        )
    gathering = Gathering()
    for index, entry in enumerate(data):
        with in_place(file, f"[{index}]"):
            _take(gathering, entry)
    return gathering.known


def _take(gathering: Gathering, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(entry)))
    photo = gathering.photo(next((entry[key] for key in _PHOTO_KEYS if key in entry), None))
    annotations: Any = next((entry[key] for key in _LABELS_KEYS if entry.get(key) is not None), [])
    if isinstance(annotations, str):
        annotations = [annotations]
    if not isinstance(annotations, list):
        raise FormatError(Sentence("Expected a list of annotations, but got {kind}.").format(kind=kind_of(annotations)))
    for annotation in annotations:
        text = annotation.get("label") if isinstance(annotation, dict) else annotation
        gathering.answer(photo, gathering.label(text), PRESENT)
