"""Batches fit into the device's memory."""

import numpy as np
import pytest
import torch

from engine.models.encoders.batches import Batches


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
    with pytest.raises(torch.OutOfMemoryError):
        Batches(SmallDevice(0, OUT_OF_MEMORY[0]), 4).encode(numbered(4))


def test_other_errors_are_not_taken_for_missing_memory() -> None:
    device = SmallDevice(0, RuntimeError("shapes cannot be multiplied"))
    with pytest.raises(RuntimeError, match="shapes"):
        Batches(device, 4).encode(numbered(4))


def test_no_snippets() -> None:
    assert Batches(SmallDevice(1, RuntimeError()), 4).encode(numbered(0)).shape == (0, 1)
