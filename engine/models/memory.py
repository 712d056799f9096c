"""Work in portions that fit into a device's memory: halved when they do not, and tried larger again later."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from engine.errors import UserError
from engine.models.threads import loaded_torch
from engine.wording import Sentence

Given = TypeVar("Given")
Made = TypeVar("Made")

_PATIENCE, _MOST_PATIENCE = 8, 512


class NotEnoughMemory(UserError):
    """Not even the smallest portion fits into the device's memory; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "The memory is not enough for this network, not even for one photo at a time. Close other programs "
                "that use the same device, choose a smaller network, or compute on the processor (--device cpu)."
            )
        )


class Portions:
    """Takes rows through a function, at most `size` at a time, for one or several threads.

    When the device runs out of memory, half as many are tried, and twice as many again after a while: what filled the
    memory may have been another program. The wait doubles each time that this was wrong.

    Attributes:
        size: rows at a time, now.
        most: rows at a time, at best.
    """

    def __init__(self, size: int) -> None:
        self.size = self.most = size
        self._lock = Lock()
        self._went_well, self._patience = 0, _PATIENCE

    def of(self, function: Callable[[slice], Made], count: int) -> list[Made]:
        """What the function makes of the rows from 0 to `count`, portion by portion.

        Raises:
            NotEnoughMemory: a single row is too much.
        """
        made: list[Made] = []
        start = 0
        while start < count:
            size = min(self.size, count - start)
            result = if_it_fits(function, slice(start, start + size))
            if result is None:
                self.was_too_large(size)
            else:
                made.append(result[0])
                start += size
                self.went_well(size)
        return made

    def was_too_large(self, size: int) -> None:
        """Take half of a size that did not fit; what it took is free again.

        Raises:
            NotEnoughMemory: there is no half.
        """
        free_what_is_cached()
        if size <= 1:
            raise NotEnoughMemory
        with self._lock:
            self.size = min(self.size, size // 2)
            self._went_well, self._patience = 0, min(2 * self._patience, _MOST_PATIENCE)

    def went_well(self, size: int) -> None:
        """Count a portion that fitted, and try more after many."""
        with self._lock:
            if self.size == self.most or size < self.size:
                return
            self._went_well += 1
            if self._went_well >= self._patience:
                self._went_well, self.size = 0, min(2 * self.size, self.most)


def if_it_fits(function: Callable[[Given], Made], given: Given) -> tuple[Made] | None:
    """What the function makes, in a tuple; None where the memory ran out.

    The error is gone by then, and all tensors that its frames held with it.
    """
    try:
        return (function(given),)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that a device's memory, or the processor's, did not suffice."""
    # CUDA has an error of its own; its libraries, MPS, the processor and OpenVINO say it in words.
    words = ("out of memory", "can't alloc", "not enough memory", "ALLOC_FAILED", "bad_alloc")
    torch = loaded_torch()
    own = () if torch is None else (torch.OutOfMemoryError,)
    return isinstance(error, (MemoryError, *own)) or any(word in str(error) for word in words)


def out_of_memory(error: Exception) -> UserError | None:
    """What to tell of an error that says that the memory did not suffice, wherever; None for any other."""
    if not is_out_of_memory(error):
        return None
    return UserError(
        Sentence(
            "The memory of this computer is not enough for that. Close other programs, or choose a smaller network. "
            "What was done so far is kept."
        )
    )


def free_what_is_cached() -> None:
    """Give back what torch keeps for later, so that it can be cut up anew."""
    torch = loaded_torch()
    if torch is None:
        return
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


def give_back_what_is_free() -> None:
    """Have the system take the memory that was freed. Linux's C library keeps it, a heap for each thread.

    A few milliseconds.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # not with every C library
        trim(0)


def fitting(move: Callable[[], Made]) -> Made:
    """What `move` makes, as a network on its device.

    Raises:
        NotEnoughMemory: it does not fit there.
    """
    try:
        return move()
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    free_what_is_cached()
    raise NotEnoughMemory
