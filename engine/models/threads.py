"""How many threads compute: torch's own sharing out of small products costs more than it saves."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

import torch

Given = TypeVar("Given")
Made = TypeVar("Made")


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
