"""labelme's and X-AnyLabeling's files, one JSON a photo: its flags, and, to read, its tags and its shapes' labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from engine.formats.beside import FileBeside, MergedFile, PhotoAtHand, PhotoLabels, read_each
from engine.formats.export_set import ExportedPhoto
from engine.formats.files.json_members import JsonObject
from engine.formats.files.reading import files_below, read_without
from engine.formats.files.splices import Splice
from engine.formats.files.strict_json import encoded, json_value, kind_of, once, shown
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, most_of, top
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels
from engine.project.same_label import label_named
from engine.wording import Sentence

SUFFIX = ".json"
FLAGS, SHAPES, TAGS, PHOTO, PHOTO_DATA = "flags", "shapes", "tags", "imagePath", "imageData"


def merge_labelme(content: bytes | None, photo: PhotoAtHand, ours: Collection[str]) -> MergedFile:
    """labelme's flags, beside whatever else others set; see `beside.Merge`.

    A label that the file says already, as a flag, a tag or the label of a shape, gets no flag.
    """
    # A label that nobody decided has no flag: false would say that it is not there.
    flags = dict.fromkeys(photo.labels, True) | dict.fromkeys(photo.rejected, False)
    if content is None:
        return MergedFile((Splice(0, b"", encoded(_document(photo.photo, flags))),), tuple(flags))
    before = json_value(content)
    if not isinstance(before, dict) or not isinstance(before.get(FLAGS) or {}, dict):
        raise FormatError(Sentence("Expected an object with flags, as labelme writes it."))
    if not before.keys() & {FLAGS, SHAPES, TAGS}:
        raise FormatError(Sentence("Expected flags or shapes, as labelme writes them."))
    once(before, FLAGS, SHAPES, TAGS)
    content.decode()  # in another encoding it is left alone
    there = before.get(FLAGS) or {}
    once(there, *there)
    others = {name: flag for name, flag in there.items() if name not in ours}
    said = {name for name, flag in others.items() if flag is True} | set(_names(before))
    named = label_named(photo.names)
    known = {label for name in said for label in (name, named(name)) if label is not None} | others.keys()
    added = {name: flag for name, flag in flags.items() if name not in known}
    changed = {name: flag for name, flag in added.items() if there.get(name) is not flag}
    gone = [name for name in there if name in ours and name not in added]
    if not changed and not gone:
        return MergedFile((), tuple(added))
    return MergedFile(_splices(content, changed, gone), tuple(added))


def read_labelme(folder: Path) -> KnownLabels:
    """Read every JSON file of a folder and those below it that has `flags`, `shapes` or `tags`; others are passed over.

    A flag that is set is a label that the photo has, one that is not set a label that it has not; it has the label of
    every shape and, as X-AnyLabeling keeps them, every tag. Of `imagePath` only the file name counts; the photo lies
    where its JSON lies. A photo within the file is not looked at, however large.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, SUFFIX), _read)


def looks_like_labelme(head: str) -> bool:
    """Whether a text begins as such a file does."""
    keys = (FLAGS, SHAPES, PHOTO)
    return head.lstrip("\ufeff \t\r\n").startswith("{") and (
        sum(f'"{key}"' in head for key in keys) > 1 or (f'"{FLAGS}"' in head and '"annotations"' not in head)
    )


def _splices(content: bytes, changed: dict[str, bool], gone: list[str]) -> tuple[Splice, ...]:
    start = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    document = JsonObject(content, start)
    flags = document.members.get(FLAGS)
    if flags is None or content[flags.value : flags.value + 1] != b"{":
        return document.set({FLAGS: changed})
    return JsonObject(content, flags.value).set(changed, gone)


def _document(photo: ExportedPhoto, flags: dict[str, bool]) -> dict[str, Any]:
    return {
        "version": "5.5.0",
        FLAGS: flags,
        SHAPES: [],
        PHOTO: PurePosixPath(photo.name).name,
        PHOTO_DATA: None,
        "imageHeight": photo.height,
        "imageWidth": photo.width,
    }


def _names(data: dict[str, Any]) -> Iterator[str]:
    """What tags and shapes say, as far as it is text."""
    tags, shapes = data.get(TAGS), data.get(SHAPES)
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str):
            yield tag.strip()
    for shape in shapes if isinstance(shapes, list) else ():
        if isinstance(shape, dict) and isinstance(label := shape.get("label"), str):
            yield label.strip()


def _read(name: str, file: Path, gathering: Gathering) -> PhotoLabels:
    path, data = PurePosixPath(name), json_value(read_without(file, PHOTO_DATA))
    if not isinstance(data, dict) or not data.keys() & {FLAGS, SHAPES, TAGS}:
        raise FormatError(Sentence("It has neither flags nor shapes."))
    once(data, FLAGS, SHAPES, TAGS, PHOTO)
    shapes, flags, tags = data.get(SHAPES) or [], data.get(FLAGS) or {}, data.get(TAGS) or []
    answers: list[tuple[str, int]] = []
    if not isinstance(shapes, list) or not isinstance(flags, dict):
        with gathering.entry(file):
            raise FormatError(Sentence("Expected a list of shapes and an object of flags."))
        shapes = shapes if isinstance(shapes, list) else []
        flags = flags if isinstance(flags, dict) else {}
    for flag, is_set in flags.items():
        with gathering.entry(file, FLAGS):
            once(flags, flag)
            if is_set not in (0, 1):  # true and false, as others write them as well
                answers.append((flag, IGNORED))  # neither a yes nor a no
                raise FormatError(
                    Sentence("Expected true or false for the flag {flag!r}, but got {value}.").format(
                        flag=flag[:200], value=shown(is_set)
                    )
                )
            answers.append((flag, PRESENT if is_set else ABSENT))
    for place, shape in enumerate(shapes):
        with gathering.entry(file, f"{SHAPES}[{place}]"):
            if not isinstance(shape, dict):
                raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(shape)))
            answers.append((gathering.label(shape.get("label")), PRESENT))
    with gathering.entry(file, TAGS):
        if not isinstance(tags, list):
            raise FormatError(
                Sentence("Expected a list of labels under {key!r}, but got {kind}.").format(
                    key=TAGS, kind=kind_of(tags)
                )
            )
        for place, tag in enumerate(tags):
            with gathering.entry(file, f"{TAGS}[{place}]"):
                answers.append((gathering.label(tag), PRESENT))
    # What is drawn or said to be there is there, whatever a flag says.
    present = {label for label, answer in answers if answer == PRESENT}
    answers = [one for one in answers if one[1] == PRESENT or one[0].strip() not in present]
    photo = path.parent / (_file_name(data.get(PHOTO), path.stem) or path.stem)
    return PhotoLabels(str(photo), answers, {})


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
        lambda path, _head: most_of(path, SUFFIX, looks_like_labelme),
        rank=2,
    ),
    Writer(
        title=Sentence("labelme"),
        description=Sentence("A JSON file for each photo, a flag for each label, as labelme and X-AnyLabeling read it"),
        writes_no=True,
        files=ManyFiles(top, BESIDE.write_each, f"*{SUFFIX}"),
        photos=top,
        by_stem=True,
        beside=BESIDE,
    ),
)
