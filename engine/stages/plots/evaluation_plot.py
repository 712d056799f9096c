"""An evaluation as a picture: average precision by label, precision and recall at every threshold, calibration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import UserError
from engine.method.calibration import expected_calibration_error, reliability
from engine.project import Project
from engine.stages.evaluation.provenance import without_folders
from engine.stages.evaluation.result import FEW_POSITIVES, Evaluation, LabelEvaluation, percent, percent_interval
from engine.stages.plots.picture import ACCENT, FAINT, LINE, MARK, shares, shortened, write_picture
from engine.wording import Sentence, n_labels, n_photos

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LABELS = 60
"""Of a picture; of more those with enough positives, and of these those with the lowest AP."""

_COLUMNS = 6
_WIDTH, _BAR, _CURVE = 11.0, 0.2, 1.75
"""Inches: of the picture, a label's bar and a label's curve."""


def write_evaluation_plot(project: Project, file: Path, evaluation: Evaluation, *, force: bool = False) -> None:
    """Draw what the window's evaluation shows; see `write_picture` for the file.

    Raises:
        UserError: no label can be judged, as the truth has no positive.
    """
    known = sorted((one for one in evaluation.labels if one.ap is not None), key=lambda one: (_is_rare(one), one.ap))
    if not known:
        raise UserError(Sentence("There is nothing to plot: the truth has no photo with one of the labels."))
    shown = known[:MOST_LABELS]
    drawn = [one for one in shown if not _is_rare(one)] or shown
    lines = -(-len(drawn) // _COLUMNS)
    heights = (max(3.4, _BAR * len(shown) + 1.0), _CURVE * lines + 0.4)

    def draw(figure: Figure) -> None:
        figure.suptitle(_title(evaluation), x=0.01, ha="left", fontsize=9)
        above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=heights).flat
        bars, beside = above.subfigures(1, 2, squeeze=False, width_ratios=(2, 1)).flat
        _draw_bars(bars.subplots(), shown, len(known))
        _draw_calibration(beside.subplots(), evaluation)
        below.suptitle(
            "Precision (upwards) and recall (to the right) at every threshold; the diamond is in force",
            x=0.01, ha="left", fontsize=8,
        )  # fmt: skip
        grid = below.subplots(lines, _COLUMNS, squeeze=False, sharex=True, sharey=True)
        for axes, one in zip(grid.flat, drawn, strict=False):
            _draw_curve(axes, evaluation, one)
        for axes in grid.flat[len(drawn) :]:
            axes.set_visible(False)

    write_picture(project, file, (_WIDTH, sum(heights)), draw, force=force)


def _is_rare(one: LabelEvaluation) -> bool:
    return one.positives < FEW_POSITIVES


def _title(evaluation: Evaluation) -> str:
    interval = f" ({percent_interval(evaluation.map_interval)})" if evaluation.map_interval else ""
    truth = shortened(without_folders(evaluation.truth), 60)
    return (
        f"mAP {percent(evaluation.map)}{interval} over {n_labels(evaluation.labels_counted)}, "
        f"{n_photos(evaluation.photos)}; {evaluation.stage} scores, truth {truth}"
    )


def _draw_bars(axes: Axes, shown: list[LabelEvaluation], known: int) -> None:
    places = np.arange(len(shown))
    values = np.array([one.ap for one in shown], float)
    known_ends = [(one.ap_interval.low, one.ap_interval.high) if one.ap_interval else (one.ap,) * 2 for one in shown]
    low, high = np.array(known_ends, float).T
    rare = sum(map(_is_rare, shown))
    bars = axes.barh(places, values, height=0.62, color=ACCENT, alpha=0.55)
    for bar in bars[len(shown) - rare :]:
        bar.set(color=LINE, hatch="////", edgecolor="white", linewidth=0)
    around = np.clip([values - low, high - values], 0, None)
    around[:, len(shown) - rare :] = np.nan
    axes.errorbar(values, places, xerr=around, fmt="none", ecolor="#0d2f61", elinewidth=1, capsize=2)
    axes.set_yticks(places, [f"{shortened(one.label, 28)}  {one.positives:,}" for one in shown])
    axes.tick_params(axis="y", length=0, labelcolor="black")
    axes.set(xlim=(0, 1.02), ylim=(len(shown) - 0.3, -0.7), xticks=np.linspace(0, 1, 6))
    axes.xaxis.set_major_formatter(lambda value, _place: f"{100 * value:.0f}")
    axes.grid(visible=True, axis="x")
    which = f"{len(shown)} of {known} labels" if len(shown) < known else "By label"
    hatched = f"\nHatched: fewer than {FEW_POSITIVES} positives, where one photo may turn it over" if rare else ""
    axes.set_title(f"{which}: positives, average precision in % with 95 % intervals{hatched}")


def _draw_calibration(axes: Axes, evaluation: Evaluation) -> None:
    """Scores against the share that the truth says yes to; on the dashed line a score is a chance."""
    told: Any = np.select([evaluation.answers > 0, evaluation.answers == 0], [1, -1], 0)
    bins = reliability(evaluation.scores, told)
    score, share, low, high = np.array([(one.chance, one.share.value, one.share.low, one.share.high) for one in bins]).T
    axes.plot([0, 1], [0, 1], "--", color=FAINT, linewidth=0.8)
    around = np.clip([share - low, high - share], 0, None)
    axes.errorbar(score, share, yerr=around, fmt="o-", color=ACCENT, linewidth=1, markersize=4, capsize=2)
    shares(axes, "x", "y")
    axes.set(aspect="equal", anchor="N", xlabel="Score", ylabel="Share that has the label")
    error, answers = percent(expected_calibration_error(bins)), sum(one.answers for one in bins)
    axes.set_title(f"Calibration: {error} % off on average, {answers:,} answers")


def _draw_curve(axes: Axes, evaluation: Evaluation, one: LabelEvaluation) -> None:
    curve = evaluation.curve(one.label)
    # As in the window: without a first point at recall 0 a curve that falls at once would not be seen to begin high.
    axes.plot(
        np.append(0.0, curve.recall), np.append(curve.precision[:1], curve.precision), color=ACCENT, linewidth=1.2
    )
    if one.recall is not None and one.precision is not None:
        axes.plot(one.recall, one.precision, "D", color=MARK, markersize=4, clip_on=False)
    axes.axhline(one.positives / max(1, evaluation.photos - one.ignored), color=LINE, linewidth=0.8, linestyle=":")
    shares(axes, "x", "y")
    axes.set_title(f"{shortened(one.label, 18)} {percent(one.ap)}")
