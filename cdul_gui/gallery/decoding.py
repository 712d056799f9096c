"""Photo files to thumbnails, as fast as the decoders allow. For worker threads."""

from __future__ import annotations

import io
from functools import cache
from math import ceil
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QPainter
from simplejpeg import decode_jpeg, decode_jpeg_header, encode_jpeg

from engine.photos.decode import decode_file, read_file
from engine.remote import AnyFile

_QT_FORMATS = (b"jpeg", b"png", b"webp", b"bmp")
"""What Qt reads fast and well; all else, and what Qt cannot read, is for the engine's decoder."""

_TURBO_COLOURS = ("YCbCr", "RGB", "Gray")
"""Of JPEGs that libjpeg-turbo reads in half of Qt's time; others, such as for print, are better with Qt."""

_MOST_QT_PIXELS = 50_000_000
"""Below the size at which Qt refuses with a warning; the engine's decoder says why in a sentence."""

_FAST = 49
"""Below 50, Qt's reader of JPEG takes the faster transform; nobody sees the difference at this size."""

_JPEG_QUALITY = 80

CORNER = 5.0
"""Radius of a thumbnail's corners, in the pixels of a screen of usual density."""


def thumbnail_of_file(file: AnyFile, side: int) -> QImage:
    """A photo file's thumbnail, upright, its longest side at most `side` pixels.

    Raises:
        PhotoProblem: gone, damaged, not a photo, gigantic.
    """
    image = _jpeg_by_turbo(file, side)
    if image is None and isinstance(file, Path):
        reader = QImageReader(str(file))
        reader.setDecideFormatFromContent(True)
        image = _read(reader, QSize(side, side))
    return image if image is not None else _by_engine(file, side)


def thumbnail_of_jpeg(jpeg: bytes, box: QSize) -> QImage | None:
    """A kept thumbnail, made to fit into a box; None if it is damaged."""
    # Not `QBuffer(QByteArray(jpeg))`, which would read from bytes that nobody keeps.
    buffer = QBuffer()
    buffer.setData(jpeg)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return _read(QImageReader(buffer, b"jpeg"), box)


def fitted(image: QImage, box: QSize) -> QImage:
    """The image made to fit into a box; never enlarged."""
    size = _fitted(image.size(), box)
    if size == image.size():
        return image
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def with_cut_corners(image: QImage, ratio: float) -> QImage:
    """The image with round corners, beyond which it is transparent; its colours stay there, see `uncut`.

    So that it is painted as it is: a rounded rectangle of a texture takes three times as long, in the window's thread.

    Args:
        ratio: device pixels by pixels of a screen of usual density.
    """
    cut = image.convertToFormat(QImage.Format.Format_ARGB32)
    alpha = np.frombuffer(cut.bits(), np.uint8).reshape(cut.height(), cut.width(), 4)[..., 3]
    corner = _corner(CORNER * ratio)
    corner = corner[: (cut.height() + 1) // 2, : (cut.width() + 1) // 2]
    height, width = corner.shape
    alpha[:height, :width], alpha[:height, -width:] = corner, corner[:, ::-1]
    alpha[-height:, :width], alpha[-height:, -width:] = corner[::-1], corner[::-1, ::-1]
    return cut


def uncut(image: QImage) -> QImage:
    """The image as it was before its corners were cut."""
    whole = image.copy()
    whole.reinterpretAsFormat(QImage.Format.Format_RGB32)
    return whole


@cache
def _corner(radius: float) -> npt.NDArray[np.uint8]:
    """How opaque the pixels of the upper left corner are, as Qt paints it."""
    side = ceil(radius)
    image = QImage(4 * side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawRoundedRect(image.rect(), radius, radius)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(4 * side, 4 * side, 4)[:side, :side, 3].copy()


def as_jpeg(image: QImage) -> bytes:
    """The bytes under which a thumbnail is kept."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return bytes(encode_jpeg(pixels, _JPEG_QUALITY, "BGRX", "420", fastdct=True))


def _jpeg_by_turbo(file: AnyFile, side: int) -> QImage | None:
    """None where it is for another decoder, that turns what lies on its side, or says what is wrong with the file."""
    try:
        data = read_file(file)
        height, width, colours, _sampling = decode_jpeg_header(data)
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as header:
            turned = header.getexif().get(ExifTags.Base.Orientation, 1) != 1
            profile = header.info.get("icc_profile")
        if turned or colours not in _TURBO_COLOURS or width * height > _MOST_QT_PIXELS:
            return None
        size = _fitted(QSize(width, height), QSize(side, side))
        # The smallest of a JPEG's own scales that is enough, and from there made to fit.
        smallest = {"min_width": size.width(), "min_height": size.height()}
        pixels = decode_jpeg(data, "BGRA", fastdct=True, fastupsample=True, **smallest)
        return _opaque(_in_colours(fitted(_as_image(pixels), size), profile))
    except Exception:  # noqa: BLE001 (decoders raise whatever a damaged file leads them to)
        return None


def _as_image(pixels: npt.NDArray[np.uint8]) -> QImage:
    """height x width x 4, blue first, as an image with bytes of its own."""
    height, width, _ = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _in_colours(image: QImage, profile: bytes | None) -> QImage:
    if profile:
        image.setColorSpace(QColorSpace.fromIccProfile(QByteArray(profile)))
    return image


def _read(reader: QImageReader, box: QSize) -> QImage | None:
    if reader.format().data() not in _QT_FORMATS:
        return None
    stored = reader.size()
    if stored.isEmpty() or stored.width() * stored.height() > _MOST_QT_PIXELS:
        return None
    reader.setAutoTransform(True)
    reader.setQuality(_FAST)
    # The reader scales before it turns. That is right, since a box for files is square and kept JPEGs are upright.
    reader.setScaledSize(_fitted(stored, box))
    image = reader.read()
    return None if image.isNull() else _opaque(image)


def _fitted(size: QSize, box: QSize) -> QSize:
    if size.width() <= box.width() and size.height() <= box.height():
        return size
    return size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))


def _opaque(image: QImage) -> QImage:
    """As 32-bit RGB in the screen's colour space, on white where it is transparent."""
    if image.colorSpace().isValid() and image.colorSpace() != QColorSpace(QColorSpace.NamedColorSpace.SRgb):
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    if not image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_RGB32)
    opaque = QImage(image.size(), QImage.Format.Format_RGB32)
    opaque.fill(Qt.GlobalColor.white)
    painter = QPainter(opaque)
    painter.drawImage(0, 0, image)
    painter.end()
    return opaque


def _by_engine(file: AnyFile, side: int) -> QImage:
    picture = decode_file(file, at_least=(side, side)).picture
    picture.thumbnail((side, side))
    rgbx = np.asarray(picture.convert("RGBA"))
    return _as_image(rgbx[..., [2, 1, 0, 3]])
