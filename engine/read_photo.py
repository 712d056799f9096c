"""What reading a photo's file tells: whoever reads photos and whoever keeps what was read speak of the same record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.wording import Sentence


@dataclass(frozen=True)
class ReadPhoto:
    """Its content's digest, stored width and height in pixels, EXIF orientation (1 to 8) and time, or its problem."""

    photo_id: int
    content: bytes | None = None
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    taken_at: datetime | None = None
    problem: Sentence | None = None
