"""The keywords in the photos themselves, which are only read: their XMP, and the older IPTC."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, IptcImagePlugin

from engine.formats.beside import PhotoLabels, read_each
from engine.formats.files.xmp_packet import XmpPacket, flat_labels, labels_in
from engine.formats.format import Format, Reader, Takes
from engine.formats.known_labels import PRESENT, FormatError, KnownLabels, KnownLabelsError
from engine.photos.decode import FORMATS
from engine.photos.find import find_photos
from engine.wording import Sentence

_IPTC_KEYWORDS, _IPTC_ENCODING, _UTF_8 = (2, 25), (1, 90), b"\x1b%G"
"""Records of IPTC-IIM 4.2: `Keywords`, and `Coded Character Set` with the sign for UTF-8."""


def read_photo_keywords(folder: Path) -> KnownLabels:
    """Read the keywords in the photos of a folder: their XMP, and the older IPTC. Damaged photos are passed over.

    Raises:
        KnownLabelsError: there is no such folder.
    """
    if not folder.is_dir():
        raise KnownLabelsError(
            Sentence("There is no folder {folder}. Choose the folder that holds the photos.").format(folder=folder)
        )
    return read_each(((photo.path, folder / photo.path) for photo in find_photos(folder)), _read)


def _read(name: str, file: Path) -> PhotoLabels:
    xmp: Any
    try:
        with Image.open(file, formats=FORMATS) as photo:
            xmp, iptc = photo.info.get("xmp"), IptcImagePlugin.getiptcinfo(photo) or {}
    except Exception as error:
        raise FormatError(
            Sentence("Its keywords cannot be read ({why}).").format(why=error or type(error).__name__)
        ) from error
    labels = labels_in(XmpPacket(xmp.encode() if isinstance(xmp, str) else bytes(xmp))) if xmp else {}
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


FORMAT = Format(
    "keywords",
    Reader(Sentence("Keywords in the photos themselves, XMP and IPTC"), Takes.FOLDER, read_photo_keywords, rank=5),
)
