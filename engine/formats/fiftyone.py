"""FiftyOne's `FiftyOneImageClassificationDataset` with several labels a photo: `labels.json`, photos in `data`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from engine.formats.export_set import MAYBE, ExportSet
from engine.formats.files.reading import in_place
from engine.formats.files.strict_json import encoded, kind_of, once, read_json, shown
from engine.formats.format import Format, OneFile, Reader, Takes, Writer, below_split
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.project.label_state import LabelState
from engine.wording import Sentence

FILE = "labels.json"
CLASSES, LABELS = "classes", "labels"
LABEL, CONFIDENCE, ATTRIBUTES, CONFIRMED = "label", "confidence", "attributes", "confirmed"


def write_fiftyone(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `classes` and, for each photo by its name without suffix, a list of labels; returns their number."""
    written = 0
    names = [label.name for label in export.labels]
    stream.write(b"{" + encoded(CLASSES) + b": " + encoded(names) + b",\n" + encoded(LABELS) + b": {")
    for place, photo in enumerate(export.photos()):
        targets = [
            {
                LABEL: label.column,
                CONFIDENCE: label.score,
                ATTRIBUTES: {
                    CONFIRMED: label.confirmed,
                    "source": label.source,
                    **({MAYBE: True} if label.state == LabelState.MAYBE else {}),
                },
            }
            for label in photo.labels
        ]
        stream.write((b",\n" if place else b"\n") + encoded(photo.stem) + b": " + encoded(targets))
        written += len(targets)
    stream.write(b"\n}}\n")
    return written


def read_fiftyone(path: Path) -> KnownLabels:
    """Read `labels.json`, or the folder that holds it: photos by their name without its suffix, each with its targets.

    A target is an index among `classes`, a name, an object with `label` and `confidence`, a list of those, or null. A
    label whose attributes say that nobody confirmed it is only suggested.

    Raises:
        KnownLabelsError: not to be read, or not such an object.
    """
    file = path / FILE if path.is_dir() else path
    data = read_json(file)
    if not isinstance(data, dict) or not isinstance(data.get(LABELS), dict):
        raise KnownLabelsError(
            Sentence("{file}: Expected an object with classes and, for each photo, labels.").format(file=file)
        )
    with in_place(file):
        once(data, CLASSES, LABELS)
    classes = data.get(CLASSES) or []
    gathering = Gathering()
    with in_place(file, CLASSES):
        if not isinstance(classes, list):
            raise FormatError(Sentence("Expected a list of labels, but got {kind}.").format(kind=kind_of(classes)))
    names: dict[int, str] = {}
    for index, name in enumerate(classes):
        with gathering.entry(file, f"{CLASSES}[{index}]"):
            names[index] = gathering.label(name)
    for key, targets in data[LABELS].items():
        with gathering.entry(file, f"{LABELS}[{_short(key)!r}]"):
            once(data[LABELS], key)
            photo = gathering.photo(key)
            if isinstance(targets, dict) and isinstance(targets.get(LABELS), list):
                targets = targets[LABELS]  # as it nests them when it writes confidences
            for target in targets if isinstance(targets, list) else [] if targets is None else [targets]:
                with gathering.entry(file, f"{LABELS}[{_short(key)!r}]"):
                    _take(gathering, photo, names, target)
    return gathering.some


def looks_like_fiftyone(path: Path, head: str) -> bool:
    """Whether a text begins as such a file does, or a folder holds one."""
    return (head.lstrip().startswith("{") and f'"{LABELS}"' in head) or (path / FILE).is_file()


def _short(key: str) -> str:
    return key if len(key) <= 200 else f"{key[:200]}…"


def _take(gathering: Gathering, photo: str, names: dict[int, str], target: Any) -> None:
    confidence, suggested, weak = None, False, False
    if isinstance(target, dict):
        attributes = target.get(ATTRIBUTES)
        said = attributes if isinstance(attributes, dict) else {}
        suggested = said.get(CONFIRMED) is False
        weak = suggested and said.get(MAYBE) is True
        confidence, target = target.get(CONFIDENCE), target.get(LABEL)
    if isinstance(target, int) and not isinstance(target, bool):
        if target not in names:
            raise FormatError(
                Sentence("Expected an index below {classes}, the number of classes, but got {index}.").format(
                    classes=len(names), index=shown(target)
                )
            )
        target = names[target]
    label = gathering.label(target)
    if not suggested:
        gathering.answer(photo, label, PRESENT)
    if suggested or confidence is not None:
        gathering.score(photo, label, 1.0 if confidence is None else confidence, weak=weak)


FORMAT = Format(
    "fiftyone",
    Reader(Sentence("FiftyOne, labels.json"), Takes.FILE | Takes.FOLDER, read_fiftyone, looks_like_fiftyone),
    Writer(
        title=Sentence("FiftyOne"),
        description=Sentence("For FiftyOne (FiftyOneImageClassificationDataset): labels.json, best with copied photos"),
        files=OneFile(".json", below_split(FILE), write_fiftyone),
        photos=below_split("data"),
        by_stem=True,
    ),
)
