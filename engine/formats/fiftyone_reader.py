"""Reading FiftyOne's `labels.json`, as `FiftyOneImageClassificationDataset` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.formats.files.reading import in_place, kind_of, read_json
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

LABELS = "labels.json"


def read_fiftyone(path: Path) -> KnownLabels:
    """Read `labels.json`, or the folder that holds it: photos by their name without its suffix, each with its targets.

    A target is an index among `classes`, a name, an object with `label` and `confidence`, a list of those, or null. A
    label whose attributes say that nobody confirmed it is only suggested.

    Raises:
        KnownLabelsError: not to be read, or not such an object.
    """
    file = path / LABELS if path.is_dir() else path
    data = read_json(file)
    if not isinstance(data, dict) or not isinstance(data.get("labels"), dict):
        raise KnownLabelsError(
            Sentence("{file}: Expected an object with classes and, for each photo, labels.").format(file=file)
        )
    classes = data.get("classes") or []
    gathering = Gathering()
    with in_place(file, "classes"):
        if not isinstance(classes, list):
            raise FormatError(Sentence("Expected a list of labels, but got {kind}.").format(kind=kind_of(classes)))
        names = [gathering.label(name) for name in classes]
    for key, targets in data["labels"].items():
        with in_place(file, f"labels[{key!r}]"):
            photo = gathering.photo(key)
            if isinstance(targets, dict) and isinstance(targets.get("labels"), list):
                targets = targets["labels"]  # as it nests them when it writes confidences
            for target in targets if isinstance(targets, list) else [] if targets is None else [targets]:
                _take(gathering, photo, names, target)
    return gathering.known


def _take(gathering: Gathering, photo: str, names: list[str], target: Any) -> None:
    confidence, suggested = None, False
    if isinstance(target, dict):
        attributes = target.get("attributes")
        suggested = isinstance(attributes, dict) and attributes.get("confirmed") is False
        confidence, target = target.get("confidence"), target.get("label")
    if isinstance(target, int) and not isinstance(target, bool):
        if not 0 <= target < len(names):
            raise FormatError(
                Sentence("Expected an index below {classes}, the number of classes, but got {index}.").format(
                    classes=len(names), index=str(target)[:40]
                )
            )
        target = names[target]
    label = gathering.label(target)
    if not suggested:
        gathering.answer(photo, label, PRESENT)
    if suggested or confidence is not None:
        gathering.score(photo, label, 1.0 if confidence is None else confidence)
