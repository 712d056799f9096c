"""An evaluation as one HTML file: figures, plots and the photos behind them, to be opened without a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.formats.files.whole_file import check_is_no_photo, whole_file
from engine.method.intervals import Interval
from engine.method.metrics import PrecisionRecall
from engine.project.storage.clock import now
from engine.resources import resource
from engine.stages.evaluation.compare import Comparison, Difference
from engine.stages.evaluation.result import Evaluation, LabelEvaluation, Outcome, percent, percent_interval

_MOST_NAMES = 30
"""Of the photos that are listed behind one number."""
_MOST_CONFUSIONS = 30
_CURVE_POINTS = 120


def write_report(
    file: Path, evaluation: Evaluation, comparison: Comparison | None = None, *, photos: Path | None = None
) -> None:
    """Write the report, whole or not at all. Nothing in it comes from elsewhere; names are shown as text.

    Args:
        comparison: shown where it is given; its second side is the evaluation's.
        photos: the photo folder, named in the head.

    Raises:
        WriteError: no room, no permission, a device or pipe, or a file of a project.
        WrongUsage: a photo would be replaced.
    """
    check_is_no_photo(file)
    text = report(evaluation, comparison, photos=photos)
    with whole_file(file) as stream:
        # A byte of a file name that is not UTF-8 becomes an escape, as in the other formats.
        stream.write(text.encode("utf-8", "backslashreplace"))


def report(evaluation: Evaluation, comparison: Comparison | None = None, *, photos: Path | None = None) -> str:
    """The report as HTML; see `write_report`."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"percent": percent, "interval": percent_interval, "signed": _signed}
    template = environment.from_string(resource("report.html.jinja").read_text("utf-8"))
    path_of = dict(zip(evaluation.photo_ids.tolist(), evaluation.paths, strict=True))
    counted = [one for one in evaluation.labels if one.ap is not None]
    return template.render(
        evaluation=evaluation,
        photos=str(photos or ""),
        made_at=f"{now():%Y-%m-%d %H:%M} UTC",
        bars=[_bar(one.label, one.ap, one.ap_interval) for one in sorted(counted, key=lambda one: -(one.ap or 0))],
        labels=[_label(evaluation, one, path_of) for one in evaluation.labels],
        confusions=[
            (one, _named(evaluation.behind_confusion(one.missed, one.suggested), path_of))
            for one in evaluation.confusions[:_MOST_CONFUSIONS]
        ],
        comparison=comparison,
        differences=_differences(comparison.labels) if comparison else [],
    )


def _label(evaluation: Evaluation, one: LabelEvaluation, path_of: dict[int, str]) -> dict[str, Any]:
    return {
        "figures": one,
        "curve": _points(evaluation.curve(one.label)),
        "photos": [
            (title, _named(evaluation.behind(one.label, outcome), path_of))
            for title, outcome in (("Suggested wrongly", Outcome.FALSE_ALARM), ("Missed", Outcome.MISS))
        ],
    }


def _points(curve: PrecisionRecall) -> str:
    """The curve for an SVG polyline in a square of 100 x 100; empty without one."""
    if not len(curve.recall):
        return ""
    kept = np.unique(np.linspace(0, len(curve.recall) - 1, min(_CURVE_POINTS, len(curve.recall))).round().astype(int))
    x = np.append(0.0, curve.recall[kept]) * 100
    y = 100 - np.append(curve.precision[0], curve.precision[kept]) * 100
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _bar(label: str, value: float | None, interval: Interval | None) -> dict[str, Any]:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return {"label": label, "value": value, "low": low, "high": high}


def _differences(differences: Sequence[Difference]) -> list[dict[str, Any]]:
    """Largest gain first, each with its place on an axis from -`reach` to `reach`."""
    ends = [abs(end) for one in differences for end in (_ends(one) or (one.difference,))]
    reach = max([*ends, 0.01])
    rows = []
    for one in sorted(differences, key=lambda one: -one.difference):
        low, high = _ends(one) or (one.difference, one.difference)
        place = {
            name: 50 + 50 * value / reach for name, value in (("at", one.difference), ("low", low), ("high", high))
        }
        rows.append({"figures": one, "sure": low > 0 or high < 0, "reach": reach, **place})
    return rows


def _ends(one: Difference) -> tuple[float, float] | None:
    return (one.interval.low, one.interval.high) if one.interval else None


def _named(photo_ids: Any, path_of: dict[int, str]) -> dict[str, Any]:
    names = [path_of[photo] for photo in photo_ids.tolist()]
    return {"count": len(names), "names": names[:_MOST_NAMES], "more": max(0, len(names) - _MOST_NAMES)}


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")
