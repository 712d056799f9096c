"""Progress on a terminal: task, bar, count, rate and time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from engine.jobs import ProgressReport, in_megabytes


@contextmanager
def progress_line() -> Iterator[Callable[[ProgressReport], None]]:
    """A line on standard error that shows the reports it is called with."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        line = bars.add_task("", total=None, count="", rate="")

        def show(report: ProgressReport) -> None:
            report = in_megabytes(report)
            rate = f"{report.rate:.1f} {report.unit}/s" if report.rate else ""
            count = f"{report.done}/{'?' if report.total is None else report.total}"
            if bars.tasks[0].description != report.task:
                bars.reset(line, description=report.task, total=report.total)
            bars.update(line, completed=report.done, total=report.total, count=count, rate=rate)

        yield show
