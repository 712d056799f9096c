"""One photo file to upright RGB pixels, whatever the file holds."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import warnings
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError
from pillow_heif import register_heif_opener
from simplejpeg import decode_jpeg

from engine.errors import UserError
from engine.ordinary_file import open_ordinary
from engine.photos import jpeg_xl
from engine.photos.colour import to_srgb
from engine.photos.deep import brightened_png, is_deep_png, no_data_of, read_tiff, significant_bits, to_eight_bits
from engine.photos.mended import with_end
from engine.photos.raw import (
    LARGE_ENOUGH,
    NotInstalled,
    Preview,
    develop,
    exif_of,
    is_raw,
    orientation_of,
    previews,
)
from engine.remote import AnyFile, RemoteFile
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

TIFFS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How a TIFF begins."""

_MOST_PAGES = 64
_MOST_LETTERS = 200
"""Of what a decoder says to be wrong."""

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


def read_file(file: AnyFile) -> bytes:
    """The bytes of a photo file.

    Raises:
        PhotoProblem: gone, empty, too large, or not to be read.
    """
    try:
        if isinstance(file, RemoteFile):
            data = file.read(MOST_BYTES + 1)
            size = len(data)
        else:
            with open_ordinary(file) as stream:
                size = os.fstat(stream.fileno()).st_size
                # One that grows while it is read is cut, and then does not decode.
                data = stream.read(size) if size <= MOST_BYTES else b""
        if size == 0:
            raise PhotoProblem(Sentence("The file is empty."))
        if size > MOST_BYTES:
            raise PhotoProblem(
                Sentence("The file has {size} MB; at most {most} are read.").format(
                    size=size >> 20, most=MOST_BYTES >> 20
                )
            )
        return data
    except FileNotFoundError as error:
        raise PhotoProblem(Sentence("The file is no longer there.")) from error
    except OSError as error:
        raise PhotoProblem(Sentence("The file cannot be read ({why}).").format(why=error.strerror or error)) from error


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
        return _decode_raw(data, at_least) if is_raw(data) else _decode_or_mend(data, at_least)
    except PhotoProblem:
        raise
    except UnidentifiedImageError as error:
        raise PhotoProblem(Sentence("The file is not a photo in a known format.")) from error
    except MemoryError as error:
        raise PhotoProblem(Sentence("The photo needs more memory than there is.")) from error
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise PhotoProblem(
            Sentence("The file is damaged ({why}).").format(why=_in_a_line(error) or type(error).__name__)
        ) from error


def _in_a_line(error: Exception) -> str:
    """What a decoder says; some add advice for programmers, a few lines of it."""
    return next(iter(str(error).splitlines()), "")[:_MOST_LETTERS]


def decode_file(file: AnyFile, *, at_least: tuple[int, int] | None = None) -> DecodedPhoto:
    """Read and `decode` a photo file."""
    return decode(read_file(file), at_least=at_least)


def _decode_or_mend(data: bytes, at_least: tuple[int, int] | None) -> DecodedPhoto:
    try:
        return _decode(data, at_least)
    except PhotoProblem:
        raise
    except UnidentifiedImageError:
        # Pillow does not know all that a TIFF may be.
        if data.startswith(TIFFS) and (found := read_tiff(data, MOST_DECODED_PIXELS)) is not None:
            return _upright(*found)
        raise
    except Exception:
        if (mended := with_end(data)) is None:
            raise
        return _decode(mended, at_least)


def _decode(data: bytes, at_least: tuple[int, int] | None) -> DecodedPhoto:
    with Image.open(io.BytesIO(data), formats=_formats_for(data)) as photo:
        if photo.format == "TIFF":
            _go_to_largest_page(photo)
            if _is_deep_colour(photo) and (found := read_tiff(data, MOST_DECODED_PIXELS)) is not None:
                rgb = _in_srgb(found[0], photo.info.get("icc_profile"))
                return replace(_upright(rgb, found[1]), taken_at=_exif(photo)[1])
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
            is_deep = is_deep_png(photo)
            photo.load()
            if not is_jpeg:
                # Only now: Pillow turns TIFFs by itself while loading them, and PNGs may have it after the pixels.
                orientation, taken_at = _exif(photo)
                if photo.format == "JXL" and jpeg_xl.is_upright(data):
                    orientation = 1
            coloured = _as_rgb(
                brightened_png(photo, data) if is_deep else photo,
                bits=significant_bits(data) if photo.format == "PNG" else None,
            )
            pixels = np.asarray(coloured.transpose(_TURNS[orientation]) if orientation in _TURNS else coloured)
        return DecodedPhoto(pixels, width, height, orientation, taken_at)


def _decode_raw(data: bytes, at_least: tuple[int, int] | None) -> DecodedPhoto:
    """A camera's RAW: the picture that lies in it where that is large enough, else what is made of it."""
    pictures = previews(data)
    exif = exif_of(data)
    large = [one for one in pictures if _is_large_enough(one, at_least)]
    if large:
        # The smallest of those: it is the fastest.
        jpeg = data[large[-1].start :]
        photo = _decode_or_mend(jpeg, at_least)
        with Image.open(io.BytesIO(jpeg), formats=("JPEG", "MPO")) as header:
            is_turned = orientation_of(header.getexif()) != 1
        if not is_turned and orientation_of(exif) != 1:
            turned = _upright(photo.rgb, orientation_of(exif))
            photo = replace(photo, rgb=turned.rgb, orientation=turned.orientation)
        return replace(photo, taken_at=photo.taken_at or _taken_at(exif))
    try:
        rgb = develop(data, MOST_DECODED_PIXELS, half=at_least is not None)
    except NotInstalled:
        told = f"{pictures[0].width} x {pictures[0].height}" if pictures else "0 x 0"
        raise PhotoProblem(
            Sentence(
                "The camera's file holds no picture that is large enough ({size} pixels), and what develops it is not "
                "installed. Install it with: pip install 'cdul[raw]'"
            ).format(size=told)
        ) from None
    return replace(_upright(rgb, 1), taken_at=_taken_at(exif))


def _is_large_enough(picture: Preview, at_least: tuple[int, int] | None) -> bool:
    # However it is held: the sides may change places.
    wanted = max(at_least) if at_least is not None else LARGE_ENOUGH
    return min(picture.width, picture.height) >= wanted or max(picture.width, picture.height) >= LARGE_ENOUGH


def _in_srgb(rgb: npt.NDArray[np.uint8], profile: object) -> npt.NDArray[np.uint8]:
    """Pixels whose colours are those of a profile."""
    picture = Image.fromarray(rgb)
    picture.info["icc_profile"] = profile
    conversion = to_srgb(picture)
    return rgb if conversion is None else np.asarray(conversion.apply(picture))


def _upright(rgb: npt.NDArray[np.uint8], orientation: int) -> DecodedPhoto:
    """Pixels as they are stored, height x width x 3, turned."""
    height, width = rgb.shape[:2]
    if orientation in _TURNS:
        rgb = np.asarray(Image.fromarray(rgb).transpose(_TURNS[orientation]))
    return DecodedPhoto(np.ascontiguousarray(rgb), width, height, orientation, None)


def _formats_for(data: bytes) -> tuple[str, ...]:
    """The decoders that are tried; JPEG XL's is there where it was installed."""
    if not data.startswith(jpeg_xl.BEGINS):
        return FORMATS
    try:
        import pillow_jxl  # noqa: F401
    except ImportError:
        raise PhotoProblem(
            Sentence("JPEG XL is read by a package that is not installed. Install it with: pip install 'cdul[raw]'")
        ) from None
    return ("JXL",)


def _go_to_largest_page(photo: Image.Image) -> None:
    """Of a TIFF's pages the first may be a thumbnail of another one; of equal ones it is the first."""
    pages = min(getattr(photo, "n_frames", 1), _MOST_PAGES)
    if pages == 1:
        return
    areas = []
    for page in range(pages):
        photo.seek(page)
        area = photo.width * photo.height
        areas.append(area if area <= MOST_DECODED_PIXELS else 0)
    photo.seek(areas.index(max(areas)))


def _is_deep_colour(photo: Image.Image) -> bool:
    """Whether a TIFF has more than 8 bits a colour, of which Pillow keeps the upper 8: of 12 in 16 nearly nothing."""
    tags: Any = getattr(photo, "tag_v2", {})
    bits = tags.get(258, (8,))
    return photo.mode in ("RGB", "RGBA", "RGBX") and max(bits if isinstance(bits, tuple) else (bits,)) > 8


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


def _as_rgb(photo: Image.Image, *, bits: int | None = None) -> Image.Image:
    if photo.mode.startswith("I;16") or photo.mode in ("I", "F"):
        return _eight_bit(photo, bits)
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


def _eight_bit(photo: Image.Image, bits: int | None) -> Image.Image:
    """Grey of 16 or more bits, of which so many have a meaning, where that is known."""
    tags: Any = getattr(photo, "tag_v2", {})
    grey = to_eight_bits(np.asarray(photo), inverted=tags.get(262) == 0, no_data=no_data_of(tags), bits=bits)
    return Image.fromarray(grey).convert("RGB")


def _exif(photo: Image.Image) -> tuple[int, datetime | None]:
    """Orientation, 1 to 8, and when the photo was taken; 1 and None where the EXIF is missing or damaged."""
    orientation, taken_at = 1, None
    with contextlib.suppress(Exception):  # the pixels of a photo with damaged EXIF are as good as any
        exif = photo.getexif()
        stored = exif.get(ExifTags.Base.Orientation)
        if isinstance(stored, int) and 1 <= stored <= 8:
            orientation = stored
        taken_at = _taken_at(exif)
    return orientation, taken_at


def _taken_at(exif: Image.Exif) -> datetime | None:
    with contextlib.suppress(Exception):  # dates are written in every way
        taken = (
            exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
            or exif.get(ExifTags.Base.DateTimeOriginal)
            or exif.get(ExifTags.Base.DateTime)
        )
        return datetime.strptime(str(taken).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    return None
