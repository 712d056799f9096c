"""YOLO's text files, one a photo, a line for each box: `<class> <x> <y> <w> <h>`, or a polygon. Only read.

What the numbers of the classes mean stands in a file of its own: `classes.txt` (labelImg, X-AnyLabeling), `obj.names`
(Darknet) or `data.yaml` (Ultralytics). Where there are several, that counts which is nearest to the text of boxes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from engine.formats.files.reading import MOST_BYTES_BESIDE, files_below, in_line, in_place, opened_text, read_bytes
from engine.formats.format import Format, Reader, Takes, most_of
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

SUFFIX = ".txt"
_NAME_FILES = ("classes.txt", "obj.names", "predefined_classes.txt", "_darknet.labels")
_SURE_YAML = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")
_NUMBERED = re.compile(r"(\d+)\s*[:=]?\s+(\S.*)")
"""A name with its number before it, as some write `classes.txt`."""
_YAML = (".yaml", ".yml")
_NO_PHOTOS = (*_NAME_FILES, "train.txt", "val.txt", "test.txt", "valid.txt", "notes.txt", "readme.txt")
_BOX = re.compile(r"(\d{1,9})(?:\.0+)?(\s+[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?){4,}\s*")
_LABELS, _IMAGES = "labels", "images"
_MOST_BYTES_OF_NAMES = 2**20


def read_yolo(folder: Path) -> KnownLabels:
    """Read every text of boxes in a folder and those below it; the photo has the label of each box.

    A file without a line tells of a photo on which nothing was found. A line that is no box is passed over.

    Raises:
        KnownLabelsError: there is no such folder, or nothing in it says what the classes are called.
    """
    names = _ClassNames(folder)
    gathering = Gathering()
    labels: dict[Path, dict[int, str]] = {}
    for name, file in files_below(folder, SUFFIX):
        if file.name.lower() not in _NO_PHOTOS:
            with gathering.entry(file), opened_text(file, MOST_BYTES_BESIDE) as text:
                lines = text.read().splitlines()
                if any(map(str.strip, lines)) and not any(_BOX.fullmatch(line.strip()) for line in lines):
                    raise FormatError(_no_box(next(line for line in lines if line.strip())))
                source = names.nearest(file)
                if source not in labels:
                    labels[source] = _labels(gathering, source, names.by_file[source])
                _take(gathering, gathering.photo(_photo_of(name)), file, lines, labels[source])
    return gathering.known


def _labels(gathering: Gathering, source: Path, names: dict[int, str]) -> dict[int, str]:
    labels: dict[int, str] = {}
    for number, name in names.items():
        with gathering.entry(source):
            labels[number] = gathering.label(name)
    return labels


def looks_like_boxes(head: str) -> bool:
    """Whether a text begins as lines of boxes do."""
    return _BOX.match(head.splitlines()[0]) is not None if head.strip() else False


def _no_box(line: str) -> Sentence:
    return Sentence("Expected a class and the numbers of a box, but got {line!r}.").format(line=line[:60])


def _take(gathering: Gathering, photo: str, file: Path, lines: list[str], labels: dict[int, str]) -> None:
    for number, line in enumerate(lines, 1):
        with gathering.entry(file, in_line(number)):
            if not line.strip():
                continue
            box = _BOX.fullmatch(line.strip())
            if box is None:
                raise FormatError(_no_box(line))
            index = int(box[1])
            if index not in labels:
                raise FormatError(
                    Sentence("The class {index} has no name; there are names for {count:,}.").format(
                        index=index, count=len(labels)
                    )
                )
            gathering.answer(photo, labels[index], PRESENT)


def _photo_of(name: str) -> str:
    """The photo of a file, without suffix; where its labels lie in `labels`, the photos lie in `images`."""
    path = PurePosixPath(name).with_suffix("")
    parts = list(path.parts[:-1])
    if _LABELS in parts:
        parts[len(parts) - 1 - parts[::-1].index(_LABELS)] = _IMAGES  # the last one, as Ultralytics has it
    return PurePosixPath(*parts, path.name).as_posix()


class _ClassNames:
    """What says in a folder, and below it, what the numbers of classes mean.

    Raises:
        KnownLabelsError: nothing does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.by_file: dict[Path, dict[int, str]] = {}
        """The surest first; those in the folder before those further down."""
        problem = None
        for file in _files_of_names(folder):
            try:
                with in_place(file):
                    names = _of_yaml(file, folder) if file.suffix.lower() in _YAML else _of_text(file)
            except KnownLabelsError as error:
                problem = problem or error
                continue
            if names:
                self.by_file[file] = names
        if not self.by_file:
            raise problem or KnownLabelsError(
                Sentence(
                    "The text files in {folder} hold the numbers of classes, and none says what these are called. "
                    "Choose a folder that holds classes.txt, obj.names or data.yaml as well."
                ).format(folder=folder)
            )

    def nearest(self, file: Path) -> Path:
        """That which counts for a text of boxes: in its own folder, else in those above it, else the surest."""
        for above in file.parents:
            if found := next((one for one in self.by_file if one.parent == above), None):
                return found
            if above == self._folder:
                break
        return next(iter(self.by_file))


def _files_of_names(folder: Path) -> Iterator[Path]:
    """What may say what classes are called, the surest first; those in the folder before those further down."""
    texts = [file for suffix in (SUFFIX, ".names", ".labels") for _, file in files_below(folder, suffix)]
    for name in _NAME_FILES:
        yield from sorted((one for one in texts if one.name.lower() == name), key=lambda one: len(one.parts))
    yield from (one for one in texts if one.suffix == ".names" and one.name not in _NAME_FILES)
    yamls = [file for suffix in _YAML for _, file in files_below(folder, suffix)]
    yield from sorted(yamls, key=lambda one: (one.name.lower() not in _SURE_YAML, len(one.parts)))


def _of_text(file: Path) -> dict[int, str]:
    with opened_text(file, _MOST_BYTES_OF_NAMES) as text:
        lines = text.read().splitlines()
    numbered = [_NUMBERED.fullmatch(line.strip()) for line in lines if line.strip()]
    if all(found is not None and int(found[1]) == at for at, found in enumerate(numbered)):
        return {at: found[2] for at, found in enumerate(numbered) if found is not None}
    # A line that is empty at the end is none; one between names is a class without a name.
    return {number: line.strip() for number, line in enumerate(lines) if line.strip()}


def _of_yaml(file: Path, folder: Path) -> dict[int, str]:
    import yaml

    try:
        # To this loader all is text: `no` is a name like any other, and nothing is made of what a file asks for.
        data: Any = yaml.load(read_bytes(file, _MOST_BYTES_OF_NAMES), yaml.BaseLoader)  # noqa: S506 - it makes text alone
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise FormatError(Sentence("It is not YAML ({why}).").format(why=" ".join(str(error).split())[:200])) from error
    names = data.get("names") if isinstance(data, dict) else None
    if isinstance(names, str) and (listed := Path(os.path.normpath(file.parent / names))).is_relative_to(folder):
        # A list of its own, beside it; links may lead out of the folder.
        return _of_text(listed) if listed.is_file() and listed.resolve().is_relative_to(folder.resolve()) else {}
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict):
        return {}
    return {int(key): name for key, name in names.items() if _NUMBER.fullmatch(str(key)) and isinstance(name, str)}


_NUMBER = re.compile(r"[0-9]{1,9}")


FORMAT = Format(
    "yolo",
    Reader(
        Sentence("YOLO, a text file of boxes for each photo, with classes.txt, obj.names or data.yaml"),
        Takes.FOLDER,
        read_yolo,
        lambda path, _head: most_of(path, SUFFIX, looks_like_boxes),
        rank=2,
    ),
)
