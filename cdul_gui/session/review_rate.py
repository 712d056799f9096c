"""How fast a review goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

_SECONDS_LOOKED_BACK = 180.0
_LEAST_SECONDS = 10.0


class ReviewRate:
    """Photos a minute, over the last minutes. `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._done: deque[tuple[float, int]] = deque()

    def add(self, photos: int) -> None:
        """So many photos are done just now; negative: they are to be done again."""
        if photos:
            self._done.append((self._clock(), photos))

    @property
    def per_minute(self) -> float | None:
        """None while it is too early to tell."""
        now = self._clock()
        while self._done and self._done[0][0] < now - _SECONDS_LOOKED_BACK:
            self._done.popleft()
        seconds = min(now - self._began, _SECONDS_LOOKED_BACK)
        if seconds < _LEAST_SECONDS:
            return None
        return max(0.0, 60 * sum(photos for _, photos in self._done) / seconds)
