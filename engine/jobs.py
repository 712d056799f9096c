"""Progress and cancellation of long work, free of Qt.

A verb is a plain function that takes a `Progress` to report to and a `Cancellation` to ask whether to go on, by
default `QUIET` and `NEVER`:

    def verb(project: Project, …, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> Result:
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace


class Cancelled(Exception):
    """The user asked a job to stop. What was committed so far stays."""


class Cancellation:
    """Lets one thread pause, resume or cancel the work of another.

    The working thread calls `check` at every safe point; it blocks while paused and raises `Cancelled` once
    cancelled. All methods may be called from any thread.
    """

    def __init__(self) -> None:
        self._may_run = threading.Event()
        self._may_run.set()
        self._cancelled = threading.Event()

    def pause(self) -> None:
        """Make the next `check` wait, unless it is cancelled."""
        if not self._cancelled.is_set():
            self._may_run.clear()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._may_run.set()

    def cancel(self) -> None:
        """Make the next `check` raise `Cancelled`, also out of a pause."""
        self._cancelled.set()
        self._may_run.set()

    @property
    def paused(self) -> bool:
        return not self._may_run.is_set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for so long, or until cancelled; returns whether it is."""
        return self._cancelled.wait(seconds)

    def check(self) -> None:
        """Wait while paused; raise `Cancelled` when cancelled."""
        self._may_run.wait()
        if self._cancelled.is_set():
            raise Cancelled


@dataclass(frozen=True)
class ProgressReport:
    """How far a job is.

    `done` and `total` count `unit`s (`total` is None while unknown); `rate` is units a second over the last
    seconds; `seconds_left` is None until it can be told.
    """

    task: str
    done: int
    total: int | None
    unit: str
    rate: float | None
    seconds_left: float | None

    @property
    def fraction(self) -> float | None:
        """Done as a fraction of 1, None while the total is unknown."""
        return self.done / self.total if self.total else None


BYTES = "bytes"
"""The unit of what is counted in bytes; people read it in megabytes."""


def in_megabytes(report: ProgressReport) -> ProgressReport:
    """A report that counts bytes as people read it, in MB; any other as it is."""
    if report.unit != BYTES:
        return report
    total = None if report.total is None else round(report.total / 1e6)
    rate = None if report.rate is None else report.rate / 1e6
    return replace(report, done=round(report.done / 1e6), total=total, unit="MB", rate=rate)


class Progress:
    """Counts units of work and passes a `ProgressReport` on, at most `per_second` times a second.

    The rate is that of all units after the first, and later an exponential average, so that it follows a machine that
    slows down. What it takes until the first is done is mostly preparing and no part of it. The first and the last
    report of a task are always passed on.
    """

    def __init__(
        self,
        listener: Callable[[ProgressReport], None] | None = None,
        *,
        per_second: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        self._interval = 1.0 / per_second
        self._clock = clock
        self.start("", total=None, unit="")

    def start(self, task: str, *, total: int | None, unit: str = "photos", passes: int = 1) -> None:
        """Begin a task of `total` units; an earlier task of this job is over. Of one of 0 nobody hears.

        Args:
            passes: how often each unit is taken up; it is told of as one all the same, done once the last has ended.
        """
        self._task, self._unit, self._passes = task, unit, passes
        self._total = None if total is None else total * passes
        self._done = 0
        self._rate: float | None = None
        self._marked_at = self._reported_at = self._clock()
        self._marked_done = 0
        self._first_at: float | None = None
        if task and total != 0:
            self._report()

    def advance(self, units: int = 1) -> None:
        """Count `units` more as done."""
        self._done += units
        now = self._clock()
        elapsed = now - self._marked_at
        if self._first_at is None:
            self._first_at = self._marked_at = now
            self._marked_done = self._done
        elif elapsed >= 0.5:
            latest = (self._done - self._marked_done) / elapsed
            weight = min(1.0, elapsed / min(5.0, now - self._first_at))
            self._rate = latest if self._rate is None else self._rate + weight * (latest - self._rate)
            self._marked_at, self._marked_done = now, self._done
        if now - self._reported_at >= self._interval or self._done == self._total:
            self._reported_at = now
            self._report()

    def skip(self, units: int) -> None:
        """Count `units` more as done that were done before this task began: they are no part of its rate."""
        self._done += units
        self._marked_done += units
        self._report()

    def _report(self) -> None:
        if self._listener is None:
            return
        left = None
        if self._rate and self._total is not None:
            left = max(0, self._total - self._done) / self._rate
        done, total = self._done // self._passes, None if self._total is None else self._total // self._passes
        rate = None if self._rate is None else self._rate / self._passes
        self._listener(ProgressReport(self._task, done, total, self._unit, rate, left))


class _Quiet(Progress):
    """Reports to nobody and counts nothing, so that any number of jobs may share it."""

    def start(self, task: str, *, total: int | None, unit: str = "photos", passes: int = 1) -> None:
        pass

    def advance(self, units: int = 1) -> None:
        pass

    def skip(self, units: int) -> None:
        pass


class _Never(Cancellation):
    """Lets all work go on to its end; being shared, it can be neither paused nor cancelled."""

    def pause(self) -> None:
        raise RuntimeError("Expected a Cancellation of this job's own, but got NEVER, which all jobs share.")

    cancel = pause

    def check(self) -> None:
        pass


QUIET: Progress = _Quiet()
"""The progress of a verb that was given none."""

NEVER: Cancellation = _Never()
"""The cancellation of a verb that was given none."""
