"""Progress where nobody watches a bar, as in a log or a mail: a line every ten seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.jobs import ProgressReport, in_megabytes

_SECONDS = 10.0


def plain_lines(
    say: Callable[[str], object], *, every_task: bool = False, clock: Callable[[], float] = time.monotonic
) -> Callable[[ProgressReport], None]:
    """A listener that says how far the work is, every ten seconds of a task; what is done sooner is not worth a line.

    Args:
        every_task: say as well which task begins.
        clock: seconds.
    """
    said_at, task = clock(), ""

    def hear(report: ProgressReport) -> None:
        nonlocal said_at, task
        if report.task != task:
            said_at, task = clock(), report.task
            if every_task:
                say(_line(in_megabytes(report)))
        elif clock() - said_at >= _SECONDS:
            said_at = clock()
            say(_line(in_megabytes(report)))

    return hear


def _line(report: ProgressReport) -> str:
    parts = []
    if report.total is not None:
        parts.append(f"{report.done:,} of {report.total:,} {report.unit}")
    elif report.done:
        parts.append(f"{report.done:,} {report.unit}")
    if report.rate:
        parts.append(f"{report.rate:.1f} a second")
    if report.seconds_left is not None:
        parts.append(f"{_duration(report.seconds_left)} left")
    return f"{report.task}: {', '.join(parts)}" if parts else f"{report.task} …"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{max(1, round(seconds))} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
