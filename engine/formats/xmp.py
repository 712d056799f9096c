"""The keywords of photo managers: in XMP sidecars, merged into what others wrote there, and in the photos themselves.

Photos are only read: their XMP, and the older IPTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image, IptcImagePlugin

from engine.formats.beside import MergedFile, PhotoLabels, read_each, write_new
from engine.formats.export_set import ExportedPhoto, ExportSet
from engine.formats.files.keyword_paths import (
    KeywordPaths,
    LabelKeyword,
    copies_in,
    flat_labels,
    lists_of,
    wanted_keywords,
)
from engine.formats.files.reading import MOST_BYTES_BESIDE, files_below, read_bytes
from engine.formats.files.splices import Splice, spliced
from engine.formats.files.xmp_packet import EMPTY, KEYWORD_LISTS, Keyword, XmpPacket
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, most_of, top
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.photos.decode import FORMATS as PHOTO_FORMATS
from engine.photos.find import find_photos
from engine.project.label_state import LabelState
from engine.project.same_label import label_named
from engine.wording import Sentence

SUFFIX = ".xmp"

_IPTC_KEYWORDS, _IPTC_ENCODING, _UTF_8 = (2, 25), (1, 90), b"\x1b%G"
"""Records of IPTC-IIM 4.2: `Keywords`, and `Coded Character Set` with the sign for UTF-8."""


class SidecarName(StrEnum):
    """What a sidecar is called: `IMG.jpg.xmp` (digiKam, darktable, Immich), or `IMG.xmp` (Adobe)."""

    FULL = "full"
    STEM = "stem"


def listed(keyword: Keyword) -> str:
    """A keyword with the list it stands in, as one text."""
    which, text = keyword
    return f"{which} {text}"


def sidecar_names(paths: Sequence[str], name: SidecarName) -> dict[str, str]:
    """Path of each photo to that of its sidecar; photos that share a stem have their whole names in any case."""
    stems = {path: path.removesuffix(PurePosixPath(path).suffix) for path in paths}
    shared = Counter(stem.casefold() for stem in stems.values())
    return {
        path: (stem if name == SidecarName.STEM and shared[stem.casefold()] == 1 else path) + SUFFIX
        for path, stem in stems.items()
    }


def keywords_of(export: ExportSet) -> Callable[[ExportedPhoto], list[LabelKeyword]]:
    """What tells the keywords of each photo of an export: a label below others by each way that leads down to it.

    One that is there because of a label below it is on the way to that one, and among the flat keywords alone.
    """
    paths = [_ways_down(export, column) for column in range(len(export.labels))]
    names = [label.name for label in export.labels]

    def of_photo(photo: ExportedPhoto) -> list[LabelKeyword]:
        return [
            (names[label.column], path)
            for label in photo.labels
            for path in ((None,) if label.state == LabelState.IMPLIED else paths[label.column])
        ]

    return of_photo


def _ways_down(export: ExportSet, column: int) -> Sequence[str]:
    """What stands above a label, level by level with `|` between, by each of the ways down to it."""
    return export.ways_down[column] if export.ways_down else (export.labels[column].supercategory,)


def merge_xmp(content: bytes | None, labels: Sequence[LabelKeyword], ours: Collection[str]) -> MergedFile:
    """A sidecar in line with the labels that a photo has, with nothing else in it touched.

    What is ours and no longer wanted goes; what somebody else wrote stays, and what they say already is not added.

    Args:
        content: of the sidecar, None where there is none.
        labels: each with what it stands below, see `LabelKeyword`.
        ours: the keywords, as `listed` names them, that this program wrote there before.

    Raises:
        FormatError: it is no XMP.
    """
    if content is not None and len(content) > MOST_BYTES_BESIDE:
        raise FormatError(Sentence("It is not a small file, as one of labels is."))
    packet = XmpPacket(content if content is not None else EMPTY)
    there = [(which, text) for which in KEYWORD_LISTS for text in packet.keywords(which)]
    others = lists_of(keyword for keyword in there if listed(keyword) not in ours) | copies_in(packet)
    wishes = {
        listed(keyword): keyword
        for keyword in wanted_keywords(others, labels, label_named(tuple(label for label, _ in labels)))
    }
    known = {listed(keyword) for keyword in there}
    surplus = [keyword for keyword in there if listed(keyword) in ours and listed(keyword) not in wishes]
    missing = [keyword for name, keyword in wishes.items() if name not in known]
    kept = tuple(name for name in wishes if name in known and name in ours)
    splices = packet.with_keywords(missing, surplus)
    if content is None:
        splices = (Splice(0, b"", spliced(EMPTY, splices)),) if missing else ()
    return MergedFile(splices, (*kept, *map(listed, missing)))


def write_xmp(export: ExportSet, folder: Path) -> int:
    """Write `<name>.xmp` for each photo with its labels as keywords; returns the number of labels."""
    written = 0
    keywords = keywords_of(export)
    for photo in export.photos():
        merged = merge_xmp(None, keywords(photo), ())
        if not merged.splices or write_new(export, folder, photo.name + SUFFIX, spliced(b"", merged.splices)):
            written += len(photo.labels)
    return written


def read_sidecars(folder: Path) -> KnownLabels:
    """Read every `.xmp` file of a folder and those below it; `IMG.jpg.xmp` and `IMG.xmp` tell of `IMG.jpg`.

    A damaged sidecar is passed over, and told among the problems.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, SUFFIX), _read)


def read_photo_keywords(folder: Path) -> KnownLabels:
    """Read the keywords in the photos of a folder: their XMP, and the older IPTC. Damaged photos are passed over.

    Raises:
        KnownLabelsError: there is no such folder.
    """
    if not folder.is_dir():
        raise KnownLabelsError(
            Sentence("There is no folder {folder}. Choose the folder that holds the photos.").format(folder=folder)
        )
    return read_each(((photo.path, folder / photo.path) for photo in find_photos(folder)), _read_photo)


def _read(name: str, file: Path, gathering: Gathering) -> PhotoLabels:
    labels = _labels_in(XmpPacket(read_bytes(file, MOST_BYTES_BESIDE)), gathering)
    return PhotoLabels(name[: -len(SUFFIX)], [(label, PRESENT) for label in labels], labels)


def _labels_in(packet: XmpPacket, gathering: Gathering) -> dict[str, str]:
    found = KeywordPaths({which: packet.keywords(which) for which in KEYWORD_LISTS} | copies_in(packet))
    for label, parent in found.steps:
        gathering.stands_below(label, parent)
    return found.labels


def _read_photo(name: str, file: Path, gathering: Gathering) -> PhotoLabels:
    xmp: Any
    try:
        with Image.open(file, formats=PHOTO_FORMATS) as photo:
            xmp, iptc = photo.info.get("xmp"), IptcImagePlugin.getiptcinfo(photo) or {}
    except Exception as error:
        raise FormatError(
            Sentence("Its keywords cannot be read ({why}).").format(why=error or type(error).__name__)
        ) from error
    labels = _labels_in(XmpPacket(xmp.encode() if isinstance(xmp, str) else bytes(xmp)), gathering) if xmp else {}
    keywords = iptc.get(_IPTC_KEYWORDS, [])
    encoding = "utf-8" if iptc.get(_IPTC_ENCODING) == _UTF_8 else None
    plain = flat_labels(_text(one, encoding) for one in (keywords if isinstance(keywords, list) else [keywords]))
    labels = {**plain, **labels}
    return PhotoLabels(name, [(label, PRESENT) for label in labels], labels)


def _text(keyword: bytes, encoding: str | None) -> str:
    # Without its sign many write UTF-8 all the same; what is none is most often Latin-1.
    try:
        return keyword.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return keyword.decode("latin-1")


FORMATS = (
    Format(
        "xmp",
        Reader(
            Sentence("XMP sidecars, the keywords of photo managers"),
            Takes.FOLDER,
            read_sidecars,
            lambda path, _head: most_of(path, SUFFIX),
            rank=2,
        ),
        Writer(
            title=Sentence("XMP sidecars"),
            description=Sentence("A file of keywords for each photo, for digiKam, darktable, Lightroom and Immich"),
            files=ManyFiles(top, write_xmp, f"*{SUFFIX}"),
            photos=top,
            beside="xmp",
        ),
    ),
    Format(
        "keywords",
        Reader(Sentence("Keywords in the photos themselves, XMP and IPTC"), Takes.FOLDER, read_photo_keywords, rank=6),
    ),
)
