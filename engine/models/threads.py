"""How many threads compute: torch's own sharing out of small products costs more than it saves."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController

Given = TypeVar("Given")
Made = TypeVar("Made")


def thread_count() -> int:
    """How many threads compute: as torch has it where it is loaded, else one for each core that it would take."""
    torch = loaded_torch()
    if torch is not None:
        return int(torch.get_num_threads())
    named = os.environ.get("OMP_NUM_THREADS", "").strip()
    return int(named) if named.isdecimal() and int(named) else _cores()


def loaded_torch() -> Any:
    """torch where somebody has loaded it, else None: for what there is nothing to do about where nobody has."""
    # Where another thread is loading it, the import waits.
    return import_module("torch") if "torch" in sys.modules else None


def _cores() -> int:
    """Of the processors that this process may use those that are not a second half of another one."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    mine = os.sched_getaffinity(0)
    halves = (Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list") for number in mine)
    try:
        return len({each.read_text("ascii") for each in halves})
    except OSError:
        return len(mine)


_numpy = threading.Lock()
_limits: list[Any] = []
"""Of each block in which NumPy computes in one thread, the same for all; the last one to end takes it away."""


@contextmanager
def numpy_in_one_thread() -> Iterator[None]:
    """Let NumPy multiply in one thread. Its threads wait for each other by running, for very long on a busy processor.

    That holds for all threads of the process, for as long as any is within such a block.
    """
    with _numpy:
        _limits.append(_limits[0] if _limits else ThreadpoolController().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _numpy:
            limit = _limits.pop()
            if not _limits:
                limit.restore_original_limits()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute in one thread: matrices this small take longer to share out than to multiply."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def map_in_threads(function: Callable[[Given], Made], given: Iterable[Given]) -> Generator[Made, None, None]:
    """What `function` makes of each of `given`, in order, made in as many threads as torch would use in one.

    Within each, torch and NumPy compute in one thread. Threads that share every product wait for each other all the
    time, and for very long where other programs keep the processor busy.
    """
    torch, threads = loaded_torch(), thread_count()
    with numpy_in_one_thread(), ThreadPoolExecutor(threads, "compute") as pool:
        together = threading.Barrier(threads)

        def begin(_thread: int) -> None:
            together.wait()
            torch.get_num_threads()  # a thread that never asked would forget what is set now
            torch.set_num_threads(1)

        if torch is not None:
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
