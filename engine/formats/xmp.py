"""XMP sidecars: the labels of a photo as keywords, merged into what other programs wrote there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from engine.errors import UserError
from engine.formats.beside import PhotoLabels, read_each
from engine.formats.export_set import ExportSet
from engine.formats.files.reading import MOST_BYTES_BESIDE, files_below, read_bytes
from engine.formats.files.xmp_packet import KEYWORD_LISTS, Keyword, XmpPacket, keywords_of, labels_in
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, holds, top
from engine.formats.known_labels import PRESENT, FormatError, KnownLabels, KnownLabelsError
from engine.wording import Sentence

SUFFIX = ".xmp"


class SidecarName(StrEnum):
    """What a sidecar is called: `IMG.jpg.xmp` (digiKam, darktable, Immich), or `IMG.xmp` (Adobe)."""

    FULL = "full"
    STEM = "stem"


class SidecarProblem(UserError):
    """A sidecar is left as it is; the message says why."""


class Merged(NamedTuple):
    """What is to become of a sidecar: its new content, None where it stays as it is, and which keywords are ours then.

    `ours` are as `listed` names them.
    """

    content: bytes | None
    ours: list[str]


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


def merged(file: Path, folder: Path, wanted: Sequence[Keyword], ours: Collection[str]) -> Merged:
    """A sidecar in line with the keywords that are wanted, with nothing else in it touched.

    What is ours and no longer wanted goes; what somebody else wrote stays, also where it is the same keyword. None is
    made for no keywords.

    Args:
        file: the sidecar, somewhere below `folder`; nothing outside of it is read.
        ours: the keywords, as `listed` names them, that this program wrote there before.

    Raises:
        SidecarProblem: a link, outside the folder, not to be read, or no XMP.
    """
    try:
        packet = _packet(file, folder)
        if packet is None and not wanted:
            return Merged(None, [])
        packet = packet or XmpPacket.empty()
        there = {listed((which, text)): (which, text) for which in KEYWORD_LISTS for text in packet.keywords(which)}
        wishes = {listed(keyword): keyword for keyword in wanted}
        surplus = [keyword for name, keyword in there.items() if name in ours and name not in wishes]
        missing = [keyword for name, keyword in wishes.items() if name not in there]
        for which, text in surplus:
            packet.remove(which, text)
        for which, text in missing:
            packet.add(which, text)
    except FormatError as error:
        raise SidecarProblem(
            Sentence("{file} was left as it is. {why}").format(file=file, why=error.sentence)
        ) from error
    except KnownLabelsError as error:
        raise SidecarProblem(Sentence("{why} It was left as it is.").format(why=error.sentence)) from error
    kept = [name for name in wishes if name in there and name in ours]
    return Merged(bytes(packet) if surplus or missing else None, [*kept, *map(listed, missing)])


def write_xmp(export: ExportSet, folder: Path) -> int:
    """Write `<name>.xmp` for each photo with its labels as keywords; returns the number of labels."""
    written = 0
    labels = [(label.name, label.supercategory) for label in export.labels]
    for photo in export.photos():
        file = folder / (photo.name + SUFFIX)
        file.parent.mkdir(parents=True, exist_ok=True)
        keywords = [keyword for label in photo.labels for keyword in keywords_of(*labels[label.column])]
        content = merged(file, folder, keywords, ()).content
        if content is not None:
            file.write_bytes(content)
        written += len(photo.labels)
    return written


def read_sidecars(folder: Path) -> KnownLabels:
    """Read every `.xmp` file of a folder and those below it; `IMG.jpg.xmp` and `IMG.xmp` tell of `IMG.jpg`.

    A damaged sidecar is passed over, and told among the problems.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, SUFFIX), _read)


def _read(name: str, file: Path) -> PhotoLabels:
    labels = labels_in(XmpPacket(read_bytes(file, MOST_BYTES_BESIDE)))
    return PhotoLabels(name[: -len(SUFFIX)], [(label, PRESENT) for label in labels], labels)


def _packet(file: Path, folder: Path) -> XmpPacket | None:
    """What the sidecar holds; None where there is none."""
    if file.is_symlink() or not file.parent.resolve().is_relative_to(folder.resolve()):
        raise SidecarProblem(
            Sentence("{file} was left as it is. It is a link, or lies outside of {folder}.").format(
                file=file, folder=folder
            )
        )
    return XmpPacket(read_bytes(file, MOST_BYTES_BESIDE)) if file.exists() else None


FORMAT = Format(
    "xmp",
    Reader(
        Sentence("XMP sidecars, the keywords of photo managers"),
        Takes.FOLDER,
        read_sidecars,
        lambda path, _head: holds(path, SUFFIX),
        rank=3,
    ),
    Writer(
        title=Sentence("XMP sidecars"),
        description=Sentence("A file of keywords for each photo, for digiKam, darktable, Lightroom and Immich"),
        files=ManyFiles(top, write_xmp, f"*{SUFFIX}"),
        photos=top,
        beside="xmp",
    ),
)
