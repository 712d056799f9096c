"""Reading labelme's and X-AnyLabeling's files, one JSON a photo: its flags, and the labels of its shapes."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from engine.formats.files.reading import MOST_BYTES_BESIDE, PhotoLabels, files_below, kind_of, read_each, read_json
from engine.formats.known_labels import ABSENT, PRESENT, FormatError, KnownLabels, label_name
from engine.wording import Sentence


def read_labelme(folder: Path) -> KnownLabels:
    """Read every JSON file of a folder and those below it that has `flags` or `shapes`; others are passed over.

    A flag that is set is a label that the photo has, one that is not set a label that it has not, and so has it the
    label of every shape. Of `imagePath` only the file name counts; the photo lies where its JSON lies.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, ".json"), _read)


def looks_like_labelme(head: str) -> bool:
    """Whether a text begins as such a file does."""
    return head.lstrip().startswith("{") and '"flags"' in head and '"annotations"' not in head


def _read(name: str, file: Path) -> PhotoLabels:
    path, data = PurePosixPath(name), read_json(file, MOST_BYTES_BESIDE)
    if not isinstance(data, dict) or not ("flags" in data or "shapes" in data):
        raise FormatError(Sentence("It has neither flags nor shapes."))
    shapes, flags = data.get("shapes") or [], data.get("flags") or {}
    if not isinstance(shapes, list) or not isinstance(flags, dict):
        raise FormatError(Sentence("Expected a list of shapes and an object of flags."))
    answers: dict[str, int] = {}
    for flag, is_set in flags.items():
        if not isinstance(is_set, bool):
            raise FormatError(
                Sentence("Expected true or false for the flag {flag!r}, but got {value!r}.").format(
                    flag=flag, value=str(is_set)[:40]
                )
            )
        answers[label_name(flag)] = PRESENT if is_set else ABSENT
    for place, shape in enumerate(shapes):
        if not isinstance(shape, dict):
            raise FormatError(
                Sentence("Expected an object under shapes[{place}], but got {kind}.").format(
                    place=place, kind=kind_of(shape)
                )
            )
        answers[label_name(shape.get("label"))] = PRESENT
    photo = path.parent / (_file_name(data.get("imagePath"), path.stem) or path.stem)
    return PhotoLabels(str(photo), list(answers.items()), {})


def _file_name(named: Any, stem: str) -> str:
    """The last part of a path, whichever system wrote it; a name that the JSON has as well may hold a backslash."""
    name = named.rpartition("/")[2] if isinstance(named, str) else ""
    return name if stem in (name, PurePosixPath(name).stem) else name.rpartition("\\")[2]
