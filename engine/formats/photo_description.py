"""What a photo's file, and the sidecars beside it, say of its camera and of the places it shows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from PIL import ExifTags, Image, IptcImagePlugin, UnidentifiedImageError

from engine.formats.files.reading import MOST_BYTES_BESIDE, FormatError, read_bytes
from engine.formats.files.xmp_packet import PLACES, XmpPacket
from engine.formats.known_labels import KnownLabelsError
from engine.photos.decode import FORMATS
from engine.photos.raw import exif_of
from engine.project.rules import Description
from engine.remote import AnyFile, RemoteFile

_IPTC_PLACES = ((2, 92), (2, 90), (2, 95), (2, 101))
"""Records of IPTC-IIM 4.2: sublocation, city, province or state, country."""

_HEAD = 1 << 20
"""Bytes of a RAW in which its EXIF is."""

_MOST_LETTERS = 200


def describe_photo(file: AnyFile) -> Description:
    """Read what is said; of what cannot be read nothing is."""
    exif: Any = {}
    places: list[str] = []
    with suppress(Exception):  # decoders raise whatever a damaged file leads them to
        try:
            with _head(file) as stream, Image.open(stream, formats=FORMATS) as photo:
                exif = photo.getexif()
                xmp, iptc = photo.info.get("xmp"), IptcImagePlugin.getiptcinfo(photo) or {}
            if xmp:
                places += _in_packet(xmp.encode() if isinstance(xmp, str) else bytes(xmp))
            places += [_text(iptc[record]) for record in _IPTC_PLACES if record in iptc]
        except UnidentifiedImageError:
            with _head(file) as stream:
                exif = exif_of(stream.read(_HEAD))
    for sidecar in _sidecars(file) if isinstance(file, Path) else ():
        with suppress(FormatError, KnownLabelsError):
            places += _in_packet(read_bytes(sidecar, MOST_BYTES_BESIDE))
    maker, model = (_plain(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    # Some write their name into the model as well.
    camera = model if model.casefold().startswith(maker.casefold().partition(" ")[0]) else f"{maker} {model}"
    return Description(_short(camera), tuple(dict.fromkeys(_short(place) for place in places if place)))


def _head(file: AnyFile) -> IO[bytes]:
    """A photo's file; of one in a store as much of it as what it says of itself is in."""
    return io.BytesIO(file.read(_HEAD)) if isinstance(file, RemoteFile) else file.open("rb")


def _sidecars(file: Path) -> Iterator[Path]:
    for sidecar in (file.with_name(file.name + ".xmp"), file.with_suffix(".xmp")):
        if sidecar.is_file():
            yield sidecar


def _in_packet(data: bytes) -> list[str]:
    packet = XmpPacket(data)
    return [place for which in PLACES for place in packet.keywords(which)]


def _text(record: Any) -> str:
    data = record[0] if isinstance(record, list) else record
    try:
        return str(data, "utf-8").strip()
    except UnicodeDecodeError:
        return str(data, "latin-1").strip()


def _plain(value: object) -> str:
    return " ".join(str(value).strip("\0 ").split()) if value else ""


def _short(text: str) -> str:
    return text.strip()[:_MOST_LETTERS]
