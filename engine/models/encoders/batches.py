"""Full batches through an encoder, as large as the device's memory takes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock, local
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.models.encoders.encoder import FloatArray, SnippetEncoder
from engine.models.memory import Portions
from engine.wording import Sentence

SNIPPETS_AT_ONCE = 40
"""On a processor more are no faster; on a card the first batch, which shows how much memory a snippet takes."""

_MOST_AT_ONCE = 1024
_MOST_BYTES = 2**28
"""Of the pixels of a batch: several wait in memory."""

_SHARE = 0.6
"""Of a card's free memory that batches may take: what a batch needs grows by jumps, and the screen is there as well."""


class Memory(Protocol):
    """A card's memory."""

    def free(self) -> int:
        """Bytes that a batch could take."""
        ...

    def taken_by(self, work: Callable[[], FloatArray]) -> tuple[FloatArray, int]:
        """What the work makes, and the bytes that it took at most beside what was taken before."""
        ...


class Batches:
    """Feeds an encoder batches of at most `size` snippets, from as many threads at once as `threads` says.

    On a card the first batch is small and tells how many snippets the free memory takes; each thread has a stream of
    its own, so that pixels travel while others are computed.
    """

    def __init__(self, encoder: SnippetEncoder, size: int = SNIPPETS_AT_ONCE, memory: Memory | None = None) -> None:
        device = str(getattr(encoder, "device", "cpu"))  # what is no network of ours computes on the processor
        self._on_card = device if device.startswith("cuda") else None
        self._encoder = encoder
        self._portions = Portions(size)
        if memory is None and self._on_card is not None:
            memory = _CardMemory(self._on_card)
        self._unknown_memory = memory
        self._first = Lock()
        self._of_thread = local()
        self.threads = 1 if self._on_card is None else 2

    @property
    def size(self) -> int:
        """Snippets in a batch; more once the memory is known, fewer after it did not suffice."""
        return self._portions.size

    def room(self, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
        """Room for pixels; beside a card in memory that it can read by itself."""
        if self._on_card is not None:
            import torch

            try:
                return torch.empty(shape, dtype=torch.uint8, pin_memory=True).numpy()
            except RuntimeError:  # a system may allow little of it
                pass
        return np.empty(shape, np.uint8)

    def encode(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed any number of snippets: n x side x side x 3 to n x dimension.

        Raises:
            NotEnoughMemory: not even one fits.
            UserError: what comes out is not numbers.
        """

        def part(rows: slice) -> FloatArray:
            return self._encoder.encode_snippets(snippets[rows])

        with self._stream():
            parts = self._first_parts(snippets)
            done = sum(map(len, parts))
            rest = self._portions.of(
                lambda rows: part(slice(done + rows.start, done + rows.stop)), len(snippets) - done
            )
        parts += rest
        if not all(np.isfinite(each).all() for each in parts):
            raise UserError(
                Sentence(
                    "The network computes no numbers on this device, as some do in half precision. Compute on the "
                    "processor (--device cpu)."
                )
            )
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros((0, self._encoder.dimension), np.float32)

    def _first_parts(self, snippets: npt.NDArray[np.uint8]) -> list[FloatArray]:
        """The very first batch on a card, by which the others are measured; else nothing."""
        if self._unknown_memory is None:
            return []
        with self._first:
            memory = self._unknown_memory
            if memory is None or len(snippets) < self.size:
                return []
            first = snippets[: self.size]
            measured: list[int] = []

            def work(rows: slice) -> FloatArray:
                made, taken = memory.taken_by(lambda: self._encoder.encode_snippets(first[rows]))
                measured.append(max(1, taken // len(made)))
                return made

            parts = self._portions.of(work, len(first))
            each = max(measured)
            self._portions.most = snippets_that_fit(memory.free() // self.threads, each, snippets[0].nbytes)
            self._portions.size = min(self._portions.most, self._portions.size if len(measured) > 1 else _MOST_AT_ONCE)
            self._unknown_memory = None
            return parts

    def _stream(self) -> AbstractContextManager[Any]:
        if self._on_card is None:
            return nullcontext()
        import torch

        if not hasattr(self._of_thread, "stream"):
            card = torch.device(self._on_card)
            self._of_thread.stream = torch.cuda.Stream(card)
            # The weights may still be on their way there.
            self._of_thread.stream.wait_stream(torch.cuda.default_stream(card))
        return torch.cuda.stream(self._of_thread.stream)


def snippets_that_fit(free: int, each: int, pixels: int) -> int:
    """How many snippets to take at a time: a multiple of 8, or fewer, up to 1024.

    Args:
        free: bytes of a card's memory.
        each: bytes that a snippet takes there.
        pixels: bytes of a snippet's pixels.
    """
    fitting = min(int(_SHARE * free) // each, _MOST_BYTES // pixels, _MOST_AT_ONCE)
    return max(1, fitting - fitting % 8 if fitting >= 8 else fitting)


class _CardMemory:
    def __init__(self, device: str) -> None:
        self._device = device

    def free(self) -> int:
        import torch

        on_card, _ = torch.cuda.mem_get_info(self._device)
        return on_card + torch.cuda.memory_reserved(self._device) - torch.cuda.memory_allocated(self._device)

    def taken_by(self, work: Callable[[], FloatArray]) -> tuple[FloatArray, int]:
        import torch

        before = torch.cuda.memory_allocated(self._device)
        torch.cuda.reset_peak_memory_stats(self._device)
        made = work()
        return made, torch.cuda.max_memory_allocated(self._device) - before
