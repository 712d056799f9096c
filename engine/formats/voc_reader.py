"""Reading Pascal VOC: the class files of `ImageSets/Main`, or the annotations, one XML file a photo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabels, KnownLabelsError
from engine.photos.find import SUFFIXES

CLASS_FILES, ANNOTATIONS, PHOTOS = Path("ImageSets", "Main"), "Annotations", "JPEGImages"

_FLAGS = {"1": PRESENT, "+1": PRESENT, "-1": ABSENT, "0": IGNORED}
"""A flag of 0 means that all objects of the label are difficult."""
_MOST_BYTES_EACH = 64 * 2**20


def read_voc(path: Path) -> KnownLabels:
    """Read VOC's folder, a folder of class files, one class file, or a folder of annotations.

    The class files `<label>_<split>.txt` hold a line `<photo> <flag>` for each photo. They are what VOC scores
    classification by, so where a folder has both they are taken. A photo that is in no file of a label is not counted
    for it. Without them, the objects of the annotations count, and one that is `difficult` makes its label neither
    present nor absent unless another object of the photo has it.

    Raises:
        KnownLabelsError: not to be read, or not VOC.
    """
    class_files = _class_files(path)
    if class_files:
        return _read_class_files(path, class_files)
    annotations = path / ANNOTATIONS if (path / ANNOTATIONS).is_dir() else path
    files = sorted(annotations.rglob("*.xml")) if annotations.is_dir() else [path] if path.suffix == ".xml" else []
    if not files:
        raise KnownLabelsError(
            f"{path}: expected class files as ImageSets/Main/dog_train.txt or annotations as Annotations/*.xml, "
            "but found neither. Choose the folder that holds ImageSets or Annotations."
        )
    return _read_annotations(annotations if annotations.is_dir() else path.parent, files)


def _class_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if _label_of(path) else []
    folder = path / CLASS_FILES if (path / CLASS_FILES).is_dir() else path
    return [file for file in sorted(folder.glob("*.txt")) if _label_of(file)]


def _label_of(file: Path) -> str | None:
    """The label of a class file; None for others, as the lists of a split."""
    label, _, split = file.stem.rpartition("_")
    return label if label and split and file.suffix == ".txt" else None


def _read_class_files(path: Path, files: list[Path]) -> KnownLabels:
    own_photos = _own_photos(files[0].parent)
    names = {_without_suffix(name): name for name in _photos_in(own_photos)}
    by_label: dict[str, dict[str, int]] = {}
    for file in files:
        answers = by_label.setdefault(_label_of(file) or "", {})
        for number, line in enumerate(_text(file).splitlines(), 1):
            words = line.split()
            if not words:
                continue
            if len(words) != 2 or words[1] not in _FLAGS:
                raise KnownLabelsError(
                    f"{file}, line {number}: expected a photo and 1, -1 or 0, but got {line.strip()[:60]!r}."
                )
            photo, answer = words[0], _FLAGS[words[1]]
            if answers.setdefault(photo, answer) != answer:
                raise KnownLabelsError(
                    f"{file}, line {number}: the photo {photo!r} has another flag elsewhere for this label."
                )
    photos = {photo: names.get(photo, photo) for answers in by_label.values() for photo in answers}
    return KnownLabels(
        tuple(by_label),
        {
            name: {label: answers.get(photo, IGNORED) for label, answers in by_label.items()}
            for photo, name in photos.items()
        },
        photo_folder=own_photos,
    )


def _read_annotations(folder: Path, files: list[Path]) -> KnownLabels:
    answers: dict[str, dict[str, int]] = {}
    labels: dict[str, None] = {}
    for file in files:
        name, objects = _read_annotation(file)
        photo = (file.relative_to(folder).parent / name).as_posix()
        if photo in answers:
            raise KnownLabelsError(f"{file}: the photo {photo!r} has an annotation already.")
        known = answers[photo] = {}
        for label, difficult in objects:
            labels[label] = None
            known[label] = PRESENT if known.get(label) == PRESENT or not difficult else IGNORED
    return KnownLabels(tuple(sorted(labels)), answers, photo_folder=_own_photos(folder))


def _read_annotation(file: Path) -> tuple[str, list[tuple[str, bool]]]:
    """The photo's file name, and label and difficulty of each object."""
    root = _parsed(file)
    if root.tag != "annotation":
        raise KnownLabelsError(f"{file}: expected an element <annotation>, but got <{root.tag[:40]}>.")
    objects = []
    for one in root.iter("object"):
        label = (one.findtext("name") or "").strip()
        if not label:
            raise KnownLabelsError(f"{file}: an <object> has no <name>.")
        objects.append((label, (one.findtext("difficult") or "0").strip() not in ("", "0")))
    # Of the named file only the last part: some programs write the path of the machine they ran on.
    named = (root.findtext("filename") or "").strip().replace("\\", "/").rpartition("/")[2]
    return named or file.stem, objects


def _parsed(file: Path) -> Any:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(_bytes(file))
    except (ParseError, ValueError, LookupError) as error:
        what = "uses what no annotation needs" if isinstance(error, DefusedXmlException) else "is not XML"
        raise KnownLabelsError(f"{file} {what} ({error}).") from error


def _text(file: Path) -> str:
    return _bytes(file).decode("utf-8-sig", "surrogateescape")


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES_EACH:
            raise KnownLabelsError(f"{file} is larger than {_MOST_BYTES_EACH >> 20} MB. Is it VOC?")
        return file.read_bytes()
    except OSError as error:
        raise KnownLabelsError(f"{file} cannot be read ({error.strerror}).") from error


def _own_photos(folder: Path) -> Path | None:
    """Where VOC keeps its photos, beside the folder `ImageSets` or `Annotations`."""
    beside = (above / PHOTOS for above in (folder, *folder.parents[:2]))
    return next((photos for photos in beside if photos.is_dir()), None)


def _photos_in(folder: Path | None) -> Iterator[str]:
    if folder is not None:
        for file in folder.rglob("*"):
            if file.suffix.lower() in SUFFIXES:
                yield file.relative_to(folder).as_posix()


def _without_suffix(name: str) -> str:
    return name.rpartition(".")[0]
