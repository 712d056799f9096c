"""Work in a process of its own, killed at a random moment as a power cut or the system would: without a last word."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

PATIENCE = 120
"""Seconds after which work that should have ended counts as hanging."""


def kills(few: int) -> int:
    """How often something is killed: few times in the tests, or as often as the environment says in CDUL_KILLS.

    Two hundred take longer than a test may: `CDUL_KILLS=200 pytest -o faulthandler_timeout=0 tests/faults`.
    """
    return int(os.environ.get("CDUL_KILLS", few))


# Each process is forked off one that has imported everything, so that two hundred of them start in seconds.
_PROCESSES = multiprocessing.get_context("forkserver")


def _start_server() -> None:
    # Before Python 3.14 the server looks for what it is to import only where its environment says.
    environment = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    try:
        _PROCESSES.set_forkserver_preload(["paths"])
        forkserver.ensure_running()
    finally:
        if environment is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = environment


def stop_server() -> None:
    """Let go of the process that the others are forked off; it holds all that they import."""
    forkserver._forkserver._stop()  # there is no public way


def run(work: Callable[..., None], *arguments: Any, kill_after: float | None = None) -> tuple[bool, float]:
    """Run `work` in another process.

    Args:
        work: a function of `paths.py`; its first argument is the end of a pipe on which it says when it begins.
        kill_after: seconds from its beginning on; None to let it come to its end.

    Returns:
        Whether it came to its end, and the seconds that it had.
    """
    with _begun(work, arguments) as process:
        began = time.monotonic()
        process.join(PATIENCE if kill_after is None else kill_after)
        ended = process.exitcode is not None
        seconds = time.monotonic() - began
    assert not ended or process.exitcode == 0, f"The work failed with {process.exitcode}."
    assert ended or kill_after is not None, f"The work was not done after {PATIENCE} s."
    return ended, seconds


@contextmanager
def running(work: Callable[..., None], *arguments: Any) -> Iterator[None]:
    """While `work`, having begun, waits in another process; it is killed at the end."""
    with _begun(work, arguments):
        yield


@contextmanager
def _begun(work: Callable[..., None], arguments: tuple[Any, ...]) -> Iterator[BaseProcess]:
    _start_server()
    here, there = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=work, args=(there, *arguments))
    process.start()
    there.close()
    try:
        here.recv()
        yield process
    finally:
        process.kill()
        process.join()
        here.close()


class Killer:
    """Kills work at moments spread over the time that it takes undisturbed."""

    def __init__(self, work: Callable[..., None], seconds: float, seed: int) -> None:
        self.work, self.seconds = work, seconds
        self.kills = 0
        self._moments = random.Random(seed)

    def strike(self, *arguments: Any) -> bool:
        """Begin the work and kill it; False if it was done before."""
        ended, _ = run(self.work, *arguments, kill_after=self._moments.uniform(0, self.seconds))
        self.kills += not ended
        return not ended


def check_files(folder: Path) -> None:
    """Both databases are sound, as SQLite itself sees it."""
    for name in ("project.sqlite", "cache.sqlite"):
        if (folder / name).exists():
            with closing(sqlite3.connect(folder / name)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
