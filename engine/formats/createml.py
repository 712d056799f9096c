"""Create ML's JSON for classifiers of several labels: a list of `{"filename", "annotations"}`, beside the photos.

Apple describes it in "Creating a multi-label image classifier" (Create ML Components).
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from engine.formats.export_set import ExportSet
from engine.formats.files.strict_json import encoded, kind_of, once, read_json
from engine.formats.format import Format, OneFile, Reader, Takes, Writer, below_split, top
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

PHOTO, *_OTHER_PHOTO_KEYS = "filename", "image", "imagefilename", "file_name"
LABELS, *_OTHER_LABELS_KEYS = "annotations", "annotation", "labels"
"""What is written, and what others write."""


def write_createml(export: ExportSet, stream: IO[bytes]) -> int:
    """Write one object a line for each photo; returns the number of labels."""
    written = 0
    stream.write(b"[")
    for place, photo in enumerate(export.photos()):
        names = [export.labels[label.column].name for label in photo.labels]
        stream.write((b",\n" if place else b"\n") + encoded({PHOTO: photo.name, LABELS: names}))
        written += len(names)
    stream.write(b"\n]\n")
    return written


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
        with gathering.entry(file, f"[{index}]"):
            _take(gathering, file, index, entry)
    return gathering.some


def _take(gathering: Gathering, file: Path, index: int, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(entry)))
    once(entry, PHOTO, LABELS)
    photo = gathering.photo(_under(entry, PHOTO, *_OTHER_PHOTO_KEYS))
    annotations = _under(entry, LABELS, *_OTHER_LABELS_KEYS)
    if annotations is None:
        annotations = []
    if isinstance(annotations, str):
        annotations = [annotations]
    if not isinstance(annotations, list):
        raise FormatError(Sentence("Expected a list of annotations, but got {kind}.").format(kind=kind_of(annotations)))
    for place, annotation in enumerate(annotations):
        with gathering.entry(file, f"[{index}].{LABELS}[{place}]"):
            text = annotation.get("label") if isinstance(annotation, dict) else annotation
            gathering.answer(photo, gathering.label(text), PRESENT)


def _under(entry: dict[str, Any], *keys: str) -> Any:
    """What stands under the first of these keys that says something; FormatError where there is none of them."""
    if not entry.keys() & set(keys):
        raise FormatError(
            Sentence("Expected one of the keys {keys}, but there are {found}.").format(
                keys=", ".join(keys), found=", ".join(entry)[:200] or Sentence("none")
            )
        )
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


FORMAT = Format(
    "createml",
    Reader(
        Sentence("Create ML, JSON"),
        Takes.FILE,
        read_createml,
        lambda _path, head: head.lstrip("\ufeff \r\n\t").startswith("["),
    ),
    Writer(
        title=Sentence("Create ML"),
        description=Sentence("Apple's JSON for classifiers of several labels, best with copied photos"),
        files=OneFile(".json", below_split("annotations.json"), write_createml),
        photos=top,
    ),
)
