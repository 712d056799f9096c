"""The curves of a training as a picture, another one's dashed beside them, as the window has them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import UserError
from engine.project import Project
from engine.project.runs import RunRow
from engine.stages.evaluation.provenance import without_folders
from engine.stages.plots.picture import ACCENT, MARK, write_picture
from engine.stages.training.curves import Curves
from engine.wording import Sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLES = {
    "objective": "Objective: mean loss of a photo and label",
    "moved": "How far undecided labels moved on average",
    "crossed": "Labels that crossed their threshold",
    "agreement": "Agreement with decisions held out",
    "truth_map": "mAP by the newest truth, which teaches nothing",
}
_FROM_ZERO = ("moved", "crossed")


def write_training_plot(
    project: Project, file: Path, run: RunRow, beside: RunRow | None = None, *, force: bool = False
) -> None:
    """Draw the curves of a training; see `write_picture` for the file.

    Args:
        beside: another training, dashed.

    Raises:
        UserError: nothing was kept of its epochs.
    """
    shown, dashed = Curves.of_run(run), Curves.of_run(beside)
    if not len(shown.epoch):
        raise UserError(Sentence("There is nothing to plot: training {run} has no epochs.").format(run=run.id))
    there = [name for name in _TITLES if shown.points(name).size or dashed.points(name).size]

    def draw(figure: Figure) -> None:
        figure.suptitle(_title(run, beside), x=0.01, ha="left", fontsize=9)
        grid = figure.subplots(1, len(there), squeeze=False)
        for axes, name in zip(grid.flat, there, strict=True):
            _draw(axes, name, shown, dashed)

    write_picture(project, file, (1.0 + 3.0 * len(there), 2.8), draw, force=force)


def _title(run: RunRow, beside: RunRow | None) -> str:
    network = without_folders(str(run.settings.get("network") or ""))
    title = f"Training {run.id} {network}".rstrip() + f", {run.started_at:%Y-%m-%d %H:%M}"
    return title if beside is None else f"{title}; dashed: training {beside.id}, {beside.started_at:%Y-%m-%d %H:%M}"


def _draw(axes: Axes, name: str, shown: Curves, dashed: Curves) -> None:
    from matplotlib.ticker import MaxNLocator

    for curves, line, colour in ((dashed, "--", MARK), (shown, "-", ACCENT)):
        epochs, values = curves.points(name)
        axes.plot(epochs, values, line, color=colour, linewidth=1.3, marker="o" if len(epochs) == 1 else None)
    last = max(float(np.max(curves.epoch, initial=0)) for curves in (shown, dashed))
    axes.set(xlim=(0, max(10.0, last)), xlabel="Epoch", title=_TITLES[name])
    if name in _FROM_ZERO:
        axes.set_ylim(bottom=0)
    if name == "crossed":
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=True, axis="y")
