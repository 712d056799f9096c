"""Batches fit into the device's memory."""

import weakref
from collections.abc import Callable

import numpy as np
import pytest
import torch

from engine.errors import UserError
from engine.models import memory
from engine.models.encoders.batches import Batches, snippets_that_fit
from engine.models.memory import NotEnoughMemory, Portions, fitting


class SmallDevice:
    """An encoder whose device holds `room` snippets; an embedding is the snippet's first value."""

    dimension = 1

    def __init__(self, room: int, error: Exception) -> None:
        self.room, self.error = room, error
        self.batches: list[int] = []

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        if len(snippets) > self.room:
            raise self.error
        self.batches.append(len(snippets))
        return snippets[:, 0, 0, :1].astype(np.float32)


def numbered(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint8).reshape(-1, 1, 1, 1).repeat(3, axis=3)


OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory."),
    RuntimeError("MPS backend out of memory (MPS allocated: 17 GB)"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to …"),
]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=["cuda", "mps", "cpu"])
def test_out_of_memory_halves_the_batch_and_goes_on(error: Exception) -> None:
    device = SmallDevice(12, error)
    batches = Batches(device, 40)
    assert batches.encode(numbered(45))[:, 0].tolist() == list(range(45))
    assert device.batches == [10, 10, 10, 10, 5]
    assert batches.size == 10


def test_full_batches_where_there_is_room() -> None:
    device = SmallDevice(100, RuntimeError())
    assert Batches(device, 40).encode(numbered(100))[:, 0].tolist() == list(range(100))
    assert device.batches == [40, 40, 20]


def test_no_room_for_a_single_snippet_is_an_error() -> None:
    with pytest.raises(NotEnoughMemory, match="--device cpu"):
        Batches(SmallDevice(0, OUT_OF_MEMORY[0]), 4).encode(numbered(4))


def test_other_errors_are_not_taken_for_missing_memory() -> None:
    device = SmallDevice(0, RuntimeError("shapes cannot be multiplied"))
    with pytest.raises(RuntimeError, match="shapes"):
        Batches(device, 4).encode(numbered(4))


def test_no_snippets() -> None:
    assert Batches(SmallDevice(1, RuntimeError()), 4).encode(numbered(0)).shape == (0, 1)


def test_after_a_while_more_is_tried_again() -> None:
    """Another program filled the memory, and is gone."""
    device = SmallDevice(10, OUT_OF_MEMORY[0])
    batches = Batches(device, 40)
    batches.encode(numbered(40))
    assert batches.size == 10
    device.room = 1000
    for _ in range(40):
        batches.encode(numbered(200))
    assert batches.size == 40
    assert max(device.batches) == 40


def test_what_never_fits_is_tried_ever_more_rarely() -> None:
    tried: list[int] = []

    def work(rows: slice) -> int:
        tried.append(rows.stop - rows.start)
        if tried[-1] > 10:
            raise torch.OutOfMemoryError
        return tried[-1]

    portions = Portions(16)
    assert sum(portions.of(work, 20_000)) == 20_000
    assert 2 <= tried.count(16) < 12


def test_what_a_failed_batch_took_is_free_before_the_cache_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tensor:
        pass

    taken: list[weakref.ref[Tensor]] = []
    alive: list[bool] = []
    monkeypatch.setattr(memory, "free_what_is_cached", lambda: alive.append(taken[-1]() is not None))

    def work(rows: slice) -> int:
        tensor = Tensor()
        taken.append(weakref.ref(tensor))
        if rows.stop - rows.start > 2:
            raise torch.OutOfMemoryError
        return 1

    Portions(8).of(work, 8)
    assert alive == [False, False]


def test_a_network_that_does_not_fit_on_its_device_is_a_sentence() -> None:
    def move() -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    with pytest.raises(NotEnoughMemory, match="smaller network"):
        fitting(move)


class SomeMemory:
    """A card with so many bytes, of which each snippet takes a thousand."""

    def __init__(self, free: int) -> None:
        self._free = free

    def free(self) -> int:
        return self._free

    def taken_by(self, work: Callable[[], np.ndarray]) -> tuple[np.ndarray, int]:
        made = work()
        return made, 1000 * len(made)


@pytest.mark.parametrize(("free", "size"), [(10**9, 1024), (500_000, 296), (3_000, 1)])
def test_on_a_card_the_first_batch_tells_how_many_fit(free: int, size: int) -> None:
    device = SmallDevice(10**6, RuntimeError())
    batches = Batches(device, 40, SomeMemory(free))
    assert batches.encode(numbered(40))[:, 0].tolist() == list(range(40))
    assert (device.batches, batches.size) == ([40], size)
    assert batches.encode(numbered(200))[:, 0].tolist() == list(range(200))


def test_a_first_batch_that_is_too_large_is_halved_as_well() -> None:
    batches = Batches(SmallDevice(12, OUT_OF_MEMORY[0]), 40, SomeMemory(10**9))
    assert batches.encode(numbered(95))[:, 0].tolist() == list(range(95))
    assert batches.size == 10


def test_large_snippets_are_not_kept_waiting_by_the_thousand() -> None:
    assert snippets_that_fit(10**12, 1000, 448 * 448 * 3) == 440
    assert snippets_that_fit(0, 1000, 10) == 1


def test_what_is_no_number_is_never_kept() -> None:
    class Overflows(SmallDevice):
        def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
            return np.full((len(snippets), 1), np.inf, np.float32)

    with pytest.raises(UserError, match="half precision"):
        Batches(Overflows(9, RuntimeError())).encode(numbered(2))
