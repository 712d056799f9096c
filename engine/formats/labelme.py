"""labelme's and X-AnyLabeling's files, one JSON a photo: its flags, and, to read, the labels of its shapes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from engine.formats.beside import FileBeside, MergedFile, PhotoLabels, read_each
from engine.formats.export_set import ExportedPhoto
from engine.formats.files.reading import MOST_BYTES_BESIDE, files_below
from engine.formats.files.strict_json import encoded, json_value, kind_of, read_json
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, holds, top
from engine.formats.known_labels import ABSENT, PRESENT, FormatError, KnownLabels, label_name
from engine.wording import Sentence

SUFFIX = ".json"
FLAGS, SHAPES, PHOTO = "flags", "shapes", "imagePath"


def merge_labelme(
    content: bytes | None, photo: ExportedPhoto, names: Sequence[str], ours: Collection[str]
) -> MergedFile:
    """labelme's flags, beside the shapes and flags that others set; see `beside.Merge`."""
    before = json_value(content) if content is not None else {}
    if not isinstance(before, dict) or not isinstance(before.get(FLAGS, {}), dict):
        raise FormatError(Sentence("Expected an object with flags, as labelme writes it."))
    if content is not None and not before.keys() & {FLAGS, SHAPES}:
        raise FormatError(Sentence("Expected flags or shapes, as labelme writes them."))
    there = before.get(FLAGS) or {}
    flags = _flags(photo, names)
    others = {name: flag for name, flag in there.items() if name not in ours}
    added = {name: flag for name, flag in flags.items() if name not in others}
    after = {**_document(photo), **before, FLAGS: {**others, **added}}
    return MergedFile(content if content is not None and after == before else encoded(after), tuple(added))


def read_labelme(folder: Path) -> KnownLabels:
    """Read every JSON file of a folder and those below it that has `flags` or `shapes`; others are passed over.

    A flag that is set is a label that the photo has, one that is not set a label that it has not, and so has it the
    label of every shape. Of `imagePath` only the file name counts; the photo lies where its JSON lies.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, SUFFIX), _read)


def looks_like_labelme(head: str) -> bool:
    """Whether a text begins as such a file does."""
    return head.lstrip().startswith("{") and f'"{FLAGS}"' in head and '"annotations"' not in head


def _flags(photo: ExportedPhoto, names: Sequence[str]) -> dict[str, bool]:
    # A label that nobody decided has no flag: false would say that it is not there.
    return {names[label.column]: True for label in photo.labels} | {names[column]: False for column in photo.rejected}


def _document(photo: ExportedPhoto) -> dict[str, Any]:
    return {
        "version": "5.5.0",
        FLAGS: {},
        SHAPES: [],
        PHOTO: PurePosixPath(photo.name).name,
        "imageData": None,
        "imageHeight": photo.height,
        "imageWidth": photo.width,
    }


def _read(name: str, file: Path) -> PhotoLabels:
    path, data = PurePosixPath(name), read_json(file, MOST_BYTES_BESIDE)
    if not isinstance(data, dict) or not (FLAGS in data or SHAPES in data):
        raise FormatError(Sentence("It has neither flags nor shapes."))
    shapes, flags = data.get(SHAPES) or [], data.get(FLAGS) or {}
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
    photo = path.parent / (_file_name(data.get(PHOTO), path.stem) or path.stem)
    return PhotoLabels(str(photo), list(answers.items()), {})


def _file_name(named: Any, stem: str) -> str:
    """The last part of a path, whichever system wrote it; a name that the JSON has as well may hold a backslash."""
    name = named.rpartition("/")[2] if isinstance(named, str) else ""
    return name if stem in (name, PurePosixPath(name).stem) else name.rpartition("\\")[2]


BESIDE = FileBeside(SUFFIX, merge_labelme)

FORMAT = Format(
    "labelme",
    Reader(
        Sentence("labelme or X-AnyLabeling, a JSON file for each photo"),
        Takes.FOLDER,
        read_labelme,
        lambda path, _head: holds(path, SUFFIX, looks_like_labelme),
        rank=2,
    ),
    Writer(
        title=Sentence("labelme"),
        description=Sentence("A JSON file for each photo, a flag for each label, as labelme and X-AnyLabeling read it"),
        files=ManyFiles(top, BESIDE.write_each, f"*{SUFFIX}"),
        photos=top,
        by_stem=True,
        beside=BESIDE,
    ),
)
