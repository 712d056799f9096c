"""Photos of other colour spaces, as Display P3, Adobe RGB or a press's CMYK, made sRGB by the profile in their file.

Encoders have learnt from sRGB and screens expect it: taken as they are, the numbers of a wide colour space look pale.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

MOST_BYTES = 4 * 2**20
"""Of a profile that is looked at; those of presses have up to three million."""

# Pillow refuses a PNG whose profile is larger than a million bytes when unpacked.
PngImagePlugin.MAX_TEXT_CHUNK = MOST_BYTES

_SPACES = {"RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK", "L": "GRAY"}
"""The colour space that a profile must be of, by Pillow's mode."""

_SAME = 3
"""Steps of 255 within which a profile's colours are sRGB's: what rounding does."""

_WHITE = 215
"""The least of white's colours that a profile may make of it; newspaper is darker than paper should be."""

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def to_srgb(photo: Image.Image) -> ImageCms.ImageCmsTransform | None:
    """What makes the photo's colours sRGB; None where they are, where nothing is said, or where it makes no sense.

    The photo need not be loaded yet. What the transform makes is of mode RGB, for RGBA again RGBA.
    """
    profile = photo.info.get("icc_profile")
    if not isinstance(profile, bytes) or not 128 <= len(profile) <= MOST_BYTES or photo.mode not in _SPACES:
        return None
    return _transform(profile, photo.mode)


@lru_cache(maxsize=8)  # nearly all photos of a collection have one of a few profiles
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if opened.profile.xcolor_space.strip() != _SPACES[mode]:
            return None
        transform = ImageCms.buildTransform(
            opened,
            _SRGB,
            mode,
            "RGBA" if mode == "RGBA" else "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return None if _is_damaged(transform, mode) or _is_srgb(transform, mode) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _is_damaged(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether white, or bare paper, is not nearly white."""
    white = Image.new(mode, (1, 1), (0, 0, 0, 0) if mode == "CMYK" else "white")
    return min(np.asarray(transform.apply(white).convert("RGB")).ravel().tolist()) < _WHITE


def _is_srgb(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode == "CMYK":
        return False
    levels = np.linspace(0, 255, 6).round().astype(np.uint8)
    colours = np.stack(np.meshgrid(levels, levels, levels), -1).reshape(1, -1, 3)
    sample = Image.fromarray(colours).convert(mode)
    made = transform.apply(sample).convert("RGB")
    return bool(np.abs(np.asarray(made, np.int16) - np.asarray(sample.convert("RGB"), np.int16)).max() <= _SAME)
