"""Pascal VOC: the class files of `ImageSets/Main`, and, to read, the annotations, one XML file a photo.

A class file `<label>_<split>.txt` has a flag for each photo; `<split>.txt` names them all. A photo's id is its path
without the suffix, so that photos of equal names in different folders stay apart. In ids and in labels what VOC's
readers cannot take is written as `%XX`, see `portable_names`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.formats.export_set import ExportSet
from engine.formats.files.portable_names import from_portable, most_bytes_of_a_name, portable
from engine.formats.files.reading import files_below, in_line, opened_text, read_bytes
from engine.formats.files.text_of_xml import as_written, text_of_xml
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, most_of
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.photos.find import SUFFIXES
from engine.project.label_state import NO
from engine.wording import Sentence

CLASS_FILES, ANNOTATIONS, PHOTOS = Path("ImageSets", "Main"), "Annotations", "JPEGImages"
FLAGS = {PRESENT: " 1", ABSENT: "-1", IGNORED: " 0"}
"""What a class file says of a photo; 0 is undecided, and in VOC that all objects of the label are difficult."""
_ANSWERS = {"+1": PRESENT, **{flag.strip(): answer for answer, flag in FLAGS.items()}}
_NO_SPLIT = "trainval"
"""VOC's own name for all that is not kept back for a test."""
_ESCAPES_IN_IDS = " \t\u00a0\u3000#"
"""Readers take an id for a word, and a line that begins with `#` for a comment."""
_ESCAPES_IN_LABELS = "/#"
_MOST_BYTES_EACH = 64 * 2**20
_XML = ".xml"


def write_voc(export: ExportSet, folder: Path) -> int:
    """Write the lists of one split and Datumaro's `labelmap.txt`; returns the number of labels.

    A label whose list would have too long a name for the disk is left out and told.
    """
    split = export.split or _NO_SPLIT
    lists = folder / CLASS_FILES
    lists.mkdir(parents=True, exist_ok=True)
    labels = [portable(label.name, _ESCAPES_IN_LABELS) for label in export.labels]
    (folder / "labelmap.txt").write_text(
        "# label:color_rgb:parts:actions\n" + "".join(f"{label}:::\n" for label in labels), "utf-8"
    )
    (lists / f"{split}.txt").write_text("".join(f"{stem}\n" for stem in export.stems), "utf-8")
    present, absent = export.present, export.decisions == NO
    if export.left_alone is not None:
        absent |= export.left_alone
    flags = np.where(present, FLAGS[PRESENT], np.where(absent, FLAGS[ABSENT], FLAGS[IGNORED]))
    written = 0
    for at, (label, column) in enumerate(zip(labels, flags.T.tolist(), strict=True)):
        lines = (f"{stem} {flag}\n" for stem, flag in zip(export.stems, column, strict=True))
        try:
            (lists / f"{label}_{split}.txt").write_text("".join(lines), "utf-8")
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            export.left_out.append(
                Sentence(
                    "The list of the label {label!r} was not written: its file's name would be too long for this disk, "
                    "which takes {most} bytes. Shorten the label's name."
                ).format(label=export.labels[at].name, most=most_bytes_of_a_name(lists))
            )
        else:
            written += int(present[:, at].sum())
    return written


def read_voc(path: Path, difficult: int = IGNORED) -> KnownLabels:
    """Read VOC's folder, a folder of class files, one class file, or a folder of annotations.

    The class files `<label>_<split>.txt` hold a line `<photo> <flag>` for each photo. They are what VOC scores
    classification by, so where a folder has both they are taken. A photo that is in no file of a label is not counted
    for it. Without them, the objects of the annotations count, and one that is `difficult` makes its label neither
    present nor absent unless another object of the photo has it.

    Args:
        difficult: what a label is to a photo where all its objects are difficult: IGNORED is VOC's own rule; ABSENT is
            that of much code of the literature, which takes the flag 0 of a class file for no.

    Raises:
        KnownLabelsError: not to be read, or not VOC.
    """
    class_files = _class_files(path)
    if class_files:
        return _read_class_files(path, class_files, difficult)
    annotations = path / ANNOTATIONS if (path / ANNOTATIONS).is_dir() else path
    if annotations.is_dir():
        files = sorted(file for _, file in files_below(annotations, _XML))
    else:
        files = [path] if path.suffix.lower() == _XML else []
    if not files:
        raise KnownLabelsError(
            Sentence(
                "{path} holds neither lists, like ImageSets/Main/dog_train.txt, nor annotations, like "
                "Annotations/1.xml. Choose the folder that holds ImageSets or Annotations."
            ).format(path=path)
        )
    return _read_annotations(annotations if annotations.is_dir() else path.parent, files, difficult)


def _class_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if _label_of(path) else []
    folder = path / CLASS_FILES if (path / CLASS_FILES).is_dir() else path
    # Links are passed over, as they may lead out of the folder.
    return [file for file in sorted(folder.glob("*.txt")) if _label_of(file) and not file.is_symlink()]


def _label_of(file: Path) -> str | None:
    """The label of a class file; None for others, as the lists of a split."""
    label, _, split = file.stem.rpartition("_")
    return from_portable(label) if label and split and file.suffix == ".txt" else None


def _read_class_files(path: Path, files: list[Path], difficult: int) -> KnownLabels:
    own_photos = _own_photos(files[0].parent)
    names = {_without_suffix(name): name for name in _photos_in(own_photos)}
    gathering = Gathering()
    said: dict[str, dict[str, int]] = {}
    labels: dict[Path, str] = {}
    for file in files:
        with gathering.entry(file):
            labels[file] = gathering.label(_label_of(file))
    for file, label in labels.items():
        for number, line in enumerate(_text(file).splitlines(), 1):
            with gathering.entry(file, in_line(number)):
                if words := line.split():
                    # A name that holds what cannot stand here is written as `%XX`; one of their own photos has it too.
                    photo = names.get(words[0]) or from_portable(words[0])
                    _take(said.setdefault(photo, {}), label, words)
    for photo, flags in said.items():
        with gathering.entry(path):
            name = gathering.photo(photo)
            for label in labels.values():
                # A photo that no file of the label names is not difficult: nobody knows.
                answer = difficult if flags.get(label) == IGNORED else flags.get(label, IGNORED)
                gathering.answer(name, label, answer)
    return replace(gathering.some, photo_folder=own_photos)


def _take(flags: dict[str, int], label: str, words: list[str]) -> None:
    if len(words) != 2 or words[1] not in _ANSWERS:
        raise FormatError(
            Sentence("Expected a photo and 1, -1 or 0, but got {words!r}.").format(words=" ".join(words)[:60])
        )
    if flags.setdefault(label, _ANSWERS[words[1]]) != _ANSWERS[words[1]]:
        raise FormatError(
            Sentence("The photo {photo!r} has another flag elsewhere for this label.").format(photo=words[0])
        )


def _read_annotations(folder: Path, files: list[Path], difficult: int) -> KnownLabels:
    gathering = Gathering()
    photos: set[str] = set()
    for file in files:
        with gathering.entry(file):
            name, objects = _read_annotation(file, gathering)
            photo = gathering.photo((file.relative_to(folder).parent / name).as_posix())
            if photo in photos:
                raise FormatError(Sentence("The photo {photo!r} has an annotation already.").format(photo=photo))
            photos.add(photo)
            easy = {label for label, is_difficult in objects if not is_difficult}
            for label, _ in objects:
                gathering.answer(photo, label, PRESENT if label in easy else difficult)
    known = gathering.some
    return replace(known, labels=tuple(sorted(known.labels)), photo_folder=_own_photos(folder))


def _read_annotation(file: Path, gathering: Gathering) -> tuple[str, list[tuple[str, bool]]]:
    """The photo's file name, and label and difficulty of each object."""
    root, is_sound = _parsed(file)
    written = str if is_sound else as_written
    if root.tag.rpartition("}")[2] != "annotation":
        raise FormatError(Sentence("Expected an element <annotation>, but got <{tag}>.").format(tag=root.tag[:40]))
    objects = []
    for one in root.iterfind("{*}object"):
        with gathering.entry(file):
            label = (one.findtext("{*}name") or "").strip()
            if not label:
                raise FormatError(Sentence("An <object> has no <name>."))
            objects.append((gathering.label(written(label)), _says_yes(one.findtext("{*}difficult"))))
    # Of the named file only the last part: some programs write the path of the machine they ran on.
    named = (root.findtext("{*}filename") or "").strip().replace("\\", "/").rpartition("/")[2]
    return written(named) or file.stem, objects


def _says_yes(text: str | None) -> bool:
    return (text or "").strip().lower() not in ("", "0", "false", "no", "unspecified")


def _parsed(file: Path) -> tuple[Any, bool]:
    """The outermost element of an annotation, and whether its bytes are in its encoding."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        text, is_sound = text_of_xml(read_bytes(file, _MOST_BYTES_EACH))
        return fromstring(text), is_sound
    except (ParseError, ValueError, LookupError) as error:
        sentence = (
            Sentence("{file} uses what no annotation needs ({why}).")
            if isinstance(error, DefusedXmlException)
            else Sentence("{file} is not XML ({why}).")
        )
        raise KnownLabelsError(sentence.format(file=file, why=error)) from error


def _text(file: Path) -> str:
    with opened_text(file, _MOST_BYTES_EACH) as text:
        return text.read()


def _own_photos(folder: Path) -> Path | None:
    """Where VOC keeps its photos, beside the folder `ImageSets` or `Annotations`."""
    beside = (above / PHOTOS for above in (folder, *folder.parents[:2]))
    return next((photos for photos in beside if photos.is_dir()), None)


def _photos_in(folder: Path | None) -> Iterator[str]:
    if folder is not None:
        for file in folder.rglob("*"):
            if file.suffix.lower() in SUFFIXES:
                yield file.relative_to(folder).as_posix()


def _looks_like_annotation(head: str) -> bool:
    return "<annotation" in head and "<annotations" not in head


def _without_suffix(name: str) -> str:
    return name.rpartition(".")[0]


FORMAT = Format(
    "voc",
    Reader(
        Sentence("Pascal VOC, class files or annotations"),
        Takes.FILE | Takes.FOLDER,
        read_voc,
        lambda path, _head: (
            path.suffix.lower() == _XML
            or (path / CLASS_FILES).is_dir()
            or (path / ANNOTATIONS).is_dir()
            or (path.is_dir() and most_of(path, _XML, _looks_like_annotation))
        ),
        rank=1,
        read_difficult_as_absent=lambda path: read_voc(path, ABSENT),
    ),
    Writer(
        title=Sentence("Pascal VOC"),
        description=Sentence(
            "A folder with a list for each label that says of every photo yes, no (also where it was left alone on a "
            "reviewed photo) or undecided"
        ),
        writes_no=True,
        files=ManyFiles(lambda _split: "", write_voc, "*_*.txt"),
        photos=lambda _split: PHOTOS,
        by_stem=True,
        escapes=_ESCAPES_IN_IDS,
    ),
)
