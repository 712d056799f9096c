"""One photo file to upright RGB pixels, whatever the file holds."""

from __future__ import annotations

import contextlib
import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError
from pillow_heif import register_heif_opener
from simplejpeg import decode_jpeg

from engine.errors import UserError
from engine.photos.colour import to_srgb
from engine.wording import Sentence

register_heif_opener()
# The limits below hold in its place: they refuse, where Pillow's first one only warns.
Image.MAX_IMAGE_PIXELS = None
# Pillow's warnings are about odd metadata, of no use to anybody here.
warnings.filterwarnings("ignore", module=r"PIL\.")

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF")
"""The only decoders that are tried, so that no file can choose a stranger one."""

_JPEG = ("JPEG", "MPO")
"""Formats that can be decoded at a half, a quarter or an eighth of their size."""

_LEAST_TURBO = 16
"""Pixels of a side; of fewer, several of a JPEG's scales are of the same size."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a photo upright, by EXIF orientation."""

MOST_BYTES = 512 * 2**20
MOST_PIXELS = 200_000_000
"""Of the file: a medium format camera makes 150 million."""
MOST_DECODED_PIXELS = 100_000_000
"""Held in memory at once, after a JPEG's own reduction."""


class PhotoProblem(UserError):
    """A photo cannot be read; the message says why."""


@dataclass(frozen=True)
class DecodedPhoto:
    """Upright RGB pixels, and what the file says of itself (`width` and `height` as stored, before rotation)."""

    rgb: npt.NDArray[np.uint8]
    """height x width x 3, upright, sRGB."""
    width: int
    height: int
    orientation: int
    taken_at: datetime | None

    @cached_property
    def picture(self) -> Image.Image:
        """The same as Pillow has it."""
        return Image.fromarray(self.rgb)


def read_file(file: Path) -> bytes:
    """The bytes of a photo file.

    Raises:
        PhotoProblem: gone, empty, too large, or not to be read.
    """
    try:
        size = file.stat().st_size
        if size == 0:
            raise PhotoProblem(Sentence("The file is empty."))
        if size > MOST_BYTES:
            raise PhotoProblem(
                Sentence("The file has {size} MB; at most {most} are read.").format(
                    size=size >> 20, most=MOST_BYTES >> 20
                )
            )
        return file.read_bytes()
    except FileNotFoundError as error:
        raise PhotoProblem(Sentence("The file is no longer there.")) from error
    except OSError as error:
        raise PhotoProblem(Sentence("The file cannot be read ({why}).").format(why=error.strerror)) from error


def content_digest(data: bytes) -> bytes:
    """16 bytes that name a photo by its file's content."""
    return hashlib.blake2b(data, digest_size=16).digest()


def decode(data: bytes, *, at_least: tuple[int, int] | None = None) -> DecodedPhoto:
    """Decode a photo.

    Args:
        data: the file's bytes.
        at_least: width and height that are enough; JPEGs are then decoded at the smallest of their own scales
            (1/2, 1/4, 1/8) that reaches them, which is several times faster.

    Raises:
        PhotoProblem: not a photo, damaged, or gigantic.
    """
    try:
        return _decode(data, at_least)
    except PhotoProblem:
        raise
    except UnidentifiedImageError as error:
        raise PhotoProblem(Sentence("The file is not a photo in a known format.")) from error
    except MemoryError as error:
        raise PhotoProblem(Sentence("The photo needs more memory than there is.")) from error
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise PhotoProblem(
            Sentence("The file is damaged ({why}).").format(why=error or type(error).__name__)
        ) from error


def decode_file(file: Path, *, at_least: tuple[int, int] | None = None) -> DecodedPhoto:
    """Read and `decode` a photo file."""
    return decode(read_file(file), at_least=at_least)


def _decode(data: bytes, at_least: tuple[int, int] | None) -> DecodedPhoto:
    with Image.open(io.BytesIO(data), formats=FORMATS) as photo:
        width, height = photo.size
        if width * height > MOST_PIXELS:
            raise PhotoProblem(
                Sentence("The photo is gigantic ({width} x {height} pixels); at most {most} million are read.").format(
                    width=width, height=height, most=MOST_PIXELS // 1000000
                )
            )
        is_jpeg = photo.format in _JPEG
        if is_jpeg:
            orientation, taken_at = _exif(photo)
            if at_least is not None:
                photo.draft("RGB", at_least if orientation < 5 else at_least[::-1])
        if photo.width * photo.height > MOST_DECODED_PIXELS:
            raise PhotoProblem(
                Sentence(
                    "The photo is too large to decode ({width} x {height} pixels); at most {most} million are held in "
                    "memory."
                ).format(width=width, height=height, most=MOST_DECODED_PIXELS // 1000000)
            )
        pixels = _by_turbo(photo, data) if is_jpeg and orientation == 1 else None
        if pixels is None:
            photo.load()
            if not is_jpeg:
                # Only now: Pillow turns TIFFs by itself while loading them, and PNGs may have it after the pixels.
                orientation, taken_at = _exif(photo)
            coloured = _as_rgb(photo)
            pixels = np.asarray(coloured.transpose(_TURNS[orientation]) if orientation in _TURNS else coloured)
        return DecodedPhoto(pixels, width, height, orientation, taken_at)


def _by_turbo(photo: Image.Image, data: bytes) -> npt.NDArray[np.uint8] | None:
    """An upright JPEG at the scale that was chosen: the same pixels as Pillow's, in two thirds of its time.

    None for another's colours, and for all that is odd about the file, with which Pillow has patience.
    """
    if photo.mode not in ("RGB", "L") or min(photo.size) < _LEAST_TURBO or to_srgb(photo) is not None:
        return None
    try:
        # Pillow has decided on the size: its own scales are eighths too, but only 1, 2, 4 and 8 of them.
        pixels = decode_jpeg(data, "RGB", min_width=photo.width, min_height=photo.height)
    except ValueError:
        return None
    return pixels if pixels.shape == (photo.height, photo.width, 3) else None


def _as_rgb(photo: Image.Image) -> Image.Image:
    if photo.mode.startswith("I;16") or photo.mode in ("I", "F"):
        return _eight_bit(photo)
    has_alpha = photo.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in photo.info
    if photo.mode not in ("RGB", "L", "CMYK") or has_alpha:
        plain = photo.convert("RGBA" if has_alpha else "RGB")
        plain.info["icc_profile"] = photo.info.get("icc_profile")
        photo = plain
    conversion = to_srgb(photo)
    if conversion is not None:
        photo = conversion.apply(photo)
    if photo.mode == "RGBA":
        # What is transparent has arbitrary colours beneath; white is what viewers show.
        opaque = Image.new("RGBA", photo.size, "white")
        opaque.alpha_composite(photo)
        photo = opaque
    return photo if photo.mode == "RGB" else photo.convert("RGB")


def _eight_bit(photo: Image.Image) -> Image.Image:
    """Grey of 16 or more bits: 16-bit by its full range, other depths by the range that occurs."""
    values = np.asarray(photo).astype(np.float32)
    if photo.mode.startswith("I;16") or (photo.mode == "I" and 255 < values.max(initial=0) <= 65535):
        low, high = 0.0, 65535.0
    else:
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    grey = np.clip((values - low) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _exif(photo: Image.Image) -> tuple[int, datetime | None]:
    """Orientation, 1 to 8, and when the photo was taken; 1 and None where the EXIF is missing or damaged."""
    orientation, taken_at = 1, None
    with contextlib.suppress(Exception):  # the pixels of a photo with damaged EXIF are as good as any
        exif = photo.getexif()
        stored = exif.get(ExifTags.Base.Orientation)
        if isinstance(stored, int) and 1 <= stored <= 8:
            orientation = stored
        taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        taken_at = datetime.strptime(str(taken).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    return orientation, taken_at
