"""What can be read: every format by name, what it takes, and what it looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path

from engine.errors import UserError, WrongUsage
from engine.formats.coco_reader import looks_like_coco, read_coco
from engine.formats.createml_reader import read_createml
from engine.formats.csv_reader import looks_tidy, looks_wide, read_csv, read_wide_csv
from engine.formats.fiftyone_reader import LABELS, read_fiftyone
from engine.formats.files.reading import files_below, head_of
from engine.formats.folder_reader import read_folders
from engine.formats.huggingface_reader import METADATA, read_huggingface
from engine.formats.keyword_reader import read_photo_keywords, read_sidecars
from engine.formats.known_labels import KnownLabels
from engine.formats.labelme_reader import looks_like_labelme, read_labelme
from engine.formats.scores import ScoreTable, looks_like_scores, read_scores
from engine.formats.sidecar import SUFFIX
from engine.formats.text_reader import read_text
from engine.formats.voc_reader import ANNOTATIONS, CLASS_FILES, read_voc
from engine.wording import Sentence


class Takes(Flag):
    """What a reader is given."""

    FILE = auto()
    FOLDER = auto()


@dataclass(frozen=True)
class Reader:
    """A format that can be read: what it is, for people, what it takes, what reads it, and what it looks like.

    `fits` gets the path and the beginning of the text in it, empty for a folder.
    """

    description: Sentence
    takes: Takes
    read: Callable[[Path], KnownLabels | ScoreTable]
    fits: Callable[[Path, str], bool]


READERS = {
    "coco": Reader(
        Sentence("COCO, with boxes or with labels of whole photos"),
        Takes.FILE,
        read_coco,
        lambda _path, head: looks_like_coco(head),
    ),
    "coco-labels": Reader(
        Sentence("COCO without boxes, as Datumaro writes it"), Takes.FILE, read_coco, lambda _p, _h: False
    ),
    "csv": Reader(
        Sentence("CSV, a row for each photo and label"), Takes.FILE, read_csv, lambda _path, head: looks_tidy(head)
    ),
    "csv-wide": Reader(
        Sentence("CSV, a row for each photo, a column for each label"),
        Takes.FILE,
        read_wide_csv,
        lambda _path, head: looks_wide(head),
    ),
    "scores": Reader(
        Sentence("CSV, scores of photos and labels"),
        Takes.FILE,
        read_scores,
        lambda _path, head: looks_like_scores(head),
    ),
    "huggingface": Reader(
        Sentence("Hugging Face imagefolder, metadata.jsonl"),
        Takes.FILE | Takes.FOLDER,
        read_huggingface,
        lambda path, _head: path.suffix == ".jsonl" or (path / METADATA).is_file(),
    ),
    "fiftyone": Reader(
        Sentence("FiftyOne, labels.json"),
        Takes.FILE | Takes.FOLDER,
        read_fiftyone,
        lambda path, head: (head.lstrip().startswith("{") and '"labels"' in head) or (path / LABELS).is_file(),
    ),
    "createml": Reader(
        Sentence("Create ML, JSON"),
        Takes.FILE,
        read_createml,
        lambda _path, head: head.lstrip("\ufeff \r\n\t").startswith("["),
    ),
    "voc": Reader(
        Sentence("Pascal VOC, class files or annotations"),
        Takes.FILE | Takes.FOLDER,
        read_voc,
        lambda path, _head: path.suffix == ".xml" or (path / CLASS_FILES).is_dir() or (path / ANNOTATIONS).is_dir(),
    ),
    "labelme": Reader(
        Sentence("labelme or X-AnyLabeling, a JSON file for each photo"),
        Takes.FOLDER,
        read_labelme,
        lambda path, _head: _holds(path, ".json", looks_like_labelme),
    ),
    "xmp": Reader(
        Sentence("XMP sidecars, the keywords of photo managers"),
        Takes.FOLDER,
        read_sidecars,
        lambda path, _head: _holds(path, SUFFIX),
    ),
    "text": Reader(
        Sentence("Text files, one for each photo, with commas between labels"),
        Takes.FOLDER,
        read_text,
        lambda path, _head: _holds(path, ".txt"),
    ),
    "folders": Reader(Sentence("Folders named after labels"), Takes.FOLDER, read_folders, lambda _path, _head: True),
    "keywords": Reader(
        Sentence("Keywords in the photos themselves, XMP and IPTC"),
        Takes.FOLDER,
        read_photo_keywords,
        lambda _path, _head: False,
    ),
}
"""The formats by name; what a file is, is tried in this order."""


def reader_for(format_name: str, path: Path) -> Reader:
    """The reader of a format that takes such a path; WrongUsage where there is none."""
    if format_name not in READERS:
        raise WrongUsage(
            Sentence("Expected --format to be one of {known}, but got {name!r}.").format(
                known=", ".join(READERS), name=format_name
            )
        )
    reader = READERS[format_name]
    if not path.exists():
        raise UserError(Sentence("There is no {path}. Choose the file or folder to read.").format(path=path))
    if path.is_dir() and Takes.FOLDER not in reader.takes:
        raise WrongUsage(
            Sentence("{format} is one file, but {path} is a folder. Choose the file in it.").format(
                format=format_name, path=path
            )
        )
    if not path.is_dir() and Takes.FILE not in reader.takes:
        raise WrongUsage(
            Sentence("{format} is a folder of files, but {path} is a file. Choose its folder.").format(
                format=format_name, path=path
            )
        )
    return reader


def guess_format(path: Path) -> str:
    """The format that a file or folder looks like; WrongUsage where it looks like none."""
    if not path.exists():
        raise UserError(Sentence("There is no {path}. Choose the file or folder to read.").format(path=path))
    head = head_of(path)
    kind = Takes.FOLDER if path.is_dir() else Takes.FILE
    for name, reader in READERS.items():
        if kind in reader.takes and reader.fits(path, head):
            return name
    raise WrongUsage(
        Sentence("It cannot be told which format {path} has. Choose one of {known}.").format(
            path=path, known=", ".join(READERS)
        )
    )


def _holds(folder: Path, suffix: str, looks_right: Callable[[str], bool] = lambda _head: True) -> bool:
    """Whether the first file with a suffix in a folder looks right."""
    first = next((file for _, file in files_below(folder, suffix)), None)
    return first is not None and looks_right(head_of(first))
