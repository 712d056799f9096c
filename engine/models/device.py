"""Where networks run, and how exactly."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

import torch

from engine.errors import WrongUsage

Given = TypeVar("Given")
Made = TypeVar("Made")


def device_for(name: str = "auto") -> torch.device:
    """The device to compute on.

    Args:
        name: auto (CUDA if there is one, else MPS, else the processor), cpu, mps, cuda, or cuda:1 and so on.

    Raises:
        WrongUsage: the name is unknown or the device is not in this machine.
    """
    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available = ["cuda", *(f"cuda:{index}" for index in range(torch.cuda.device_count())), *available]
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise WrongUsage(
            f"Expected the device to be auto or one in this machine ({', '.join(available)}), but got {name!r}."
        )
    return torch.device(name)


def bfloat16_is_fast(device: torch.device) -> bool:
    """Whether a network in bfloat16 runs faster there than in float32.

    Every processor computes in bfloat16, but one without instructions for it does so several times slower than in
    float32.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the processor compute in one thread: matrices this small take longer to share out than to multiply."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def map_in_threads(function: Callable[[Given], Made], given: Iterable[Given]) -> Generator[Made, None, None]:
    """What `function` makes of each of `given`, in order, made in as many threads as torch would use in one.

    Within each, torch computes in one thread. Threads that share every product wait for each other all the time, and
    for very long where other programs keep the processor busy.
    """
    threads = torch.get_num_threads()
    with ThreadPoolExecutor(threads, "compute") as pool:
        together = threading.Barrier(threads)

        def begin(_thread: int) -> None:
            together.wait()
            torch.get_num_threads()  # a thread that never asked would forget what is set now
            torch.set_num_threads(1)

        list(pool.map(begin, range(threads)))
        # The number holds for the thread that sets it, but also for those that begin later: not for them.
        torch.set_num_threads(threads)
        remaining = iter(given)
        making = deque(pool.submit(function, one) for one in islice(remaining, threads + 1))
        try:
            while making:
                yield making.popleft().result()
                making.extend(pool.submit(function, one) for one in islice(remaining, 1))
        finally:
            pool.shutdown(cancel_futures=True)
