"""JPEGs without their last two bytes, as some cameras and downloads leave them: every pixel is there."""

from __future__ import annotations

from simplejpeg import decode_jpeg

_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"


def with_end(data: bytes) -> bytes | None:
    """The file with the mark of its end, where that is all that it lacks; None where pixels are missing, too."""
    if not data.startswith(_BEGIN):
        return None
    # What is lost may be written over with nothing, of which the first bytes may belong to the pixels.
    bare = data.rstrip(b"\0")
    for found in (data, bare, bare + b"\0", bare + b"\0\0"):
        mended = found.removesuffix(b"\xff") + _END
        try:
            # Strict: it refuses what has fewer pixels than it says. An eighth of the size takes the least time.
            decode_jpeg(mended, "GRAY", fastdct=True, min_height=1, min_width=1, min_factor=8)
        except ValueError:
            continue
        return mended
    return None
