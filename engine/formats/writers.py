"""What can be written: every format by name, and where its files lie in an exported folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar, Literal

from engine.errors import WrongUsage
from engine.formats import voc
from engine.formats.beside import LABELME, TEXT, write_labelme, write_text, write_xmp
from engine.formats.coco import write_coco, write_coco_labels
from engine.formats.createml import write_createml
from engine.formats.export_set import ExportSet
from engine.formats.fiftyone import write_fiftyone
from engine.formats.files.file_beside import FileBeside
from engine.formats.huggingface import write_huggingface
from engine.formats.scores import write_scores
from engine.formats.tables import write_tidy, write_wide
from engine.wording import Sentence

Place = Callable[[str], str]
"""Where something goes in an exported folder, for train, val or test, and for "" where photos are not split."""


@dataclass(frozen=True)
class OneFile:
    """A format that keeps everything in one file; `write` returns how many labels or photos it wrote."""

    suffix: str
    place: Place
    write: Callable[[ExportSet, IO[bytes]], int]

    def write_into(self, part: ExportSet, folder: Path) -> int:
        """Write the file to its place in an exported folder."""
        file = folder / self.place(part.split)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            return self.write(part, stream)


@dataclass(frozen=True)
class ManyFiles:
    """A format that keeps a file for each photo or label; `write` returns how many labels it wrote."""

    place: Place
    write: Callable[[ExportSet, Path], int]
    example: str
    """Pattern of the files that show best what is written."""
    suffix: ClassVar[str] = ""

    def write_into(self, part: ExportSet, folder: Path) -> int:
        """Write the files to their place in an exported folder."""
        return self.write(part, folder / self.place(part.split))


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A format that can be written: its name and what it is, for people, its files, and where photos go."""

    title: Sentence
    description: Sentence
    files: OneFile | ManyFiles
    photos: Place
    counts: str = "labels"
    """What is counted as written: labels or photos."""
    by_stem: bool = False
    """Whether the format knows photos by their names without suffix."""
    escapes: str = ""
    """Characters of photos' names that it cannot hold."""
    beside: FileBeside | Literal["xmp"] | None = None
    """What it writes beside the photos themselves, where it can; XMP has a stage of its own."""

    @property
    def suffix(self) -> str:
        """Of the one file; empty for a format of many files."""
        return self.files.suffix


def _top(split: str) -> str:
    return split


def _below_split(name: str) -> Place:
    return lambda split: f"{split}/{name}" if split else name


def _named_after_split(name: str) -> Place:
    return lambda split: name.format(split=split or "all")


_IMAGES = _named_after_split("images/{split}")

WRITERS = {
    "coco": Writer(
        title=Sentence("COCO"),
        description=Sentence("COCO JSON that loads everywhere: each label as a box over the whole photo"),
        files=OneFile(".json", _named_after_split("annotations/instances_{split}.json"), write_coco),
        photos=_IMAGES,
    ),
    "coco-labels": Writer(
        title=Sentence("COCO without boxes"),
        description=Sentence("COCO JSON with labels of whole photos, as Datumaro reads it (coco_labels)"),
        files=OneFile(".json", _named_after_split("annotations/labels_{split}.json"), write_coco_labels),
        photos=_IMAGES,
    ),
    "voc": Writer(
        title=Sentence("Pascal VOC"),
        description=Sentence("A folder with a list for each label that says of every photo yes, no or undecided"),
        files=ManyFiles(lambda _split: "", voc.write_voc, "*_*.txt"),
        photos=lambda _split: voc.PHOTOS,
        by_stem=True,
        escapes=voc.ESCAPES_IN_IDS,
    ),
    "csv": Writer(
        title=Sentence("CSV, a row for each label"),
        description=Sentence("A row for each photo and label, with score, state and source"),
        files=OneFile(".csv", _named_after_split("labels_{split}.csv"), write_tidy),
        photos=_IMAGES,
    ),
    "csv-wide": Writer(
        title=Sentence("CSV, a column for each label"),
        description=Sentence("A row for each photo: 1 where confirmed, 0 where rejected, a score where suggested"),
        files=OneFile(".csv", _named_after_split("labels_{split}.csv"), write_wide),
        photos=_IMAGES,
    ),
    "scores": Writer(
        title=Sentence("Scores"),
        description=Sentence("A table with the score of every photo and label, whatever the thresholds"),
        files=OneFile(".csv", _named_after_split("scores_{split}.csv"), write_scores),
        photos=_IMAGES,
        counts="photos",
    ),
    "huggingface": Writer(
        title=Sentence("Hugging Face"),
        description=Sentence("An imagefolder for the library datasets: metadata.jsonl, best with copied photos"),
        files=OneFile(".jsonl", _below_split("metadata.jsonl"), write_huggingface),
        photos=_top,
    ),
    "fiftyone": Writer(
        title=Sentence("FiftyOne"),
        description=Sentence("For FiftyOne (FiftyOneImageClassificationDataset): labels.json, best with copied photos"),
        files=OneFile(".json", _below_split("labels.json"), write_fiftyone),
        photos=_below_split("data"),
        by_stem=True,
    ),
    "createml": Writer(
        title=Sentence("Create ML"),
        description=Sentence("Apple's JSON for classifiers of several labels, best with copied photos"),
        files=OneFile(".json", _below_split("annotations.json"), write_createml),
        photos=_top,
    ),
    "text": Writer(
        title=Sentence("Text for each photo"),
        description=Sentence("A text file for each photo, commas between its labels, as taggui and kohya read it"),
        files=ManyFiles(_top, write_text, "*.txt"),
        photos=_top,
        by_stem=True,
        beside=TEXT,
    ),
    "labelme": Writer(
        title=Sentence("labelme"),
        description=Sentence("A JSON file for each photo, a flag for each label, as labelme and X-AnyLabeling read it"),
        files=ManyFiles(_top, write_labelme, "*.json"),
        photos=_top,
        by_stem=True,
        beside=LABELME,
    ),
    "xmp": Writer(
        title=Sentence("XMP sidecars"),
        description=Sentence("A file of keywords for each photo, for digiKam, darktable, Lightroom and Immich"),
        files=ManyFiles(_top, write_xmp, "*.xmp"),
        photos=_top,
        beside="xmp",
    ),
}
"""The formats by name."""


def writer_for(format_name: str) -> Writer:
    """The writer of a format; WrongUsage for a name that is not among `WRITERS`."""
    if format_name not in WRITERS:
        raise WrongUsage(
            Sentence("Expected --format to be one of {known}, but got {name!r}.").format(
                known=", ".join(WRITERS), name=format_name
            )
        )
    return WRITERS[format_name]
