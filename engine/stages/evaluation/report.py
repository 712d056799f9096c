"""An evaluation as one HTML file: figures, plots and the photos behind them, to be opened without a network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.formats.files.whole_file import check_is_no_photo, whole_file
from engine.jobs import NEVER, Cancellation
from engine.method.bootstrap import ResampledF1, bootstrap_interval, draw_photos, resampled_f1
from engine.method.intervals import precision_interval
from engine.method.metrics import PrecisionRecall
from engine.project import Project
from engine.project.storage.clock import now
from engine.resources import resource
from engine.stages.evaluation.compare import Comparison, Difference
from engine.stages.evaluation.mistakes import Mistake, Thumbnails, worst_mistakes
from engine.stages.evaluation.provenance import provenance, without_folders
from engine.stages.evaluation.result import (
    FEW_POSITIVES,
    Evaluation,
    LabelEvaluation,
    Outcome,
    percent,
    percent_interval,
)
from engine.wording import n_photos

_MOST_NAMES = 30
"""Of the photos that are listed behind one number."""
_PICTURES = 6
"""Of the photos that are shown behind one number."""
_MOST_MISTAKES, _OF_LABEL = 24, 3
_MOST_CONFUSIONS = 30
_CURVE_POINTS = 120
_TITLES = {Outcome.FALSE_ALARM: "Suggested wrongly", Outcome.MISS: "Missed"}


def write_report(
    file: Path,
    project: Project,
    evaluation: Evaluation,
    comparison: Comparison | None = None,
    cancellation: Cancellation = NEVER,
) -> None:
    """Write the report, whole or not at all. Nothing in it comes from elsewhere; names are shown as text.

    Small pictures of mistaken photos are in it, and the photos' paths within their folder; no path of this machine.

    Args:
        comparison: shown where it is given; its second side is the evaluation's.

    Raises:
        WriteError: no room, no permission, a device or pipe, or a file of a project.
        WrongUsage: a photo would be replaced.
    """
    check_is_no_photo(file)
    text = report(project, evaluation, comparison, cancellation)
    with whole_file(file) as stream:
        # A byte of a file name that is not UTF-8 becomes an escape, as in the other formats.
        stream.write(text.encode("utf-8", "backslashreplace"))


def report(
    project: Project, evaluation: Evaluation, comparison: Comparison | None = None, cancellation: Cancellation = NEVER
) -> str:
    """The report as HTML; see `write_report`."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "percent": percent, "interval": percent_interval, "signed": _signed, "public": without_folders,
    }  # fmt: skip
    template = environment.from_string(resource("report.html.jinja").read_text("utf-8"))
    script = resource("report.js").read_text("utf-8")
    thumbnails = Thumbnails(project, cancellation)
    worst = [_mistake(one, thumbnails) for one in worst_mistakes(evaluation, _MOST_MISTAKES, of_label=_OF_LABEL)]
    resamples = len(evaluation.resampled)
    counts = draw_photos(len(evaluation.paths), resamples)
    likely, maybe, top = (
        resampled_f1(suggested, evaluation.answers, counts)
        for suggested in (evaluation.suggested, evaluation.with_maybe, evaluation.top_3)
    )
    # Those with the lowest AP first, as they are what one opens a report for.
    compared = (evaluation.answers >= 0).any(axis=0)
    order = sorted(np.flatnonzero(compared).tolist(), key=lambda column: _worst_first(evaluation.labels[column]))
    labels = [_label(evaluation, column, likely, thumbnails) for column in order]
    few = [one for one in labels if one["figures"].positives < FEW_POSITIVES]
    enough = [one for one in labels if one["figures"].positives >= FEW_POSITIVES]
    path_of = dict(zip(evaluation.photo_ids.tolist(), evaluation.paths, strict=True))
    return template.render(
        evaluation=evaluation,
        folder=project.photos.name,
        photos=n_photos(evaluation.photos),
        provenance=provenance(project, evaluation),
        made_at=f"{now():%Y-%m-%d %H:%M} UTC",
        cards=[
            ("F1 of likely labels", evaluation.at_thresholds, *_f1_intervals(likely, evaluation.at_thresholds)),
            ("F1 of likely and maybe", evaluation.at_maybe, *_f1_intervals(maybe, evaluation.at_maybe)),
            ("F1 with the top 3", evaluation.at_top_3, *_f1_intervals(top, evaluation.at_top_3)),
        ],
        worst=worst,
        labels=labels,
        enough=enough,
        few=few,
        few_counted=sum(one["figures"].ap is not None for one in few),
        few_positives=FEW_POSITIVES,
        confusions=[
            (one, _named(evaluation.behind_confusion(one.missed, one.suggested), path_of))
            for one in evaluation.confusions[:_MOST_CONFUSIONS]
        ],
        comparison=comparison,
        differences=_differences(comparison.labels) if comparison else [],
        script=script,
        script_digest=b64encode(sha256(script.encode()).digest()).decode(),
    )


def _worst_first(one: LabelEvaluation) -> tuple[bool, float]:
    return one.ap is None, one.ap or 0.0


def _f1_intervals(resampled: ResampledF1, scores: Any) -> tuple[Any, Any]:
    return bootstrap_interval(scores.of1, resampled.of1), bootstrap_interval(scores.cf1, resampled.cf1)


def _mistake(one: Mistake, thumbnails: Thumbnails) -> dict[str, Any]:
    told = "suggested wrongly" if one.outcome == Outcome.FALSE_ALARM else "missed"
    return {"path": one.path, "label": one.label, "told": told, "score": one.score, "jpeg": thumbnails.of(one.path)}


def _label(evaluation: Evaluation, column: int, resampled: ResampledF1, thumbnails: Thumbnails) -> dict[str, Any]:
    one: LabelEvaluation = evaluation.labels[column]
    by_photo = dict(zip(evaluation.photo_ids.tolist(), range(len(evaluation.paths)), strict=True))
    photos = []
    for outcome, title in _TITLES.items():
        rows = [by_photo[photo] for photo in evaluation.behind(one.label, outcome).tolist()]
        pictures = [
            {
                "path": evaluation.paths[row],
                "score": float(evaluation.scores[row, column]),
                "jpeg": thumbnails.of(evaluation.paths[row]),
            }
            for row in rows[:_PICTURES]
        ]
        names = [evaluation.paths[row] for row in rows[_PICTURES:_MOST_NAMES]]
        photos.append((title, {"pictures": pictures, "names": names, "more": max(0, len(rows) - _MOST_NAMES)}))
    return {
        "column": column,
        "figures": one,
        "curve": _points(evaluation.curve(one.label)),
        "precision": precision_interval(one.hits, one.hits + one.false_alarms),
        "recall": precision_interval(one.hits, one.hits + one.misses),
        "f1": None if one.f1 is None else bootstrap_interval(one.f1, resampled.by_label[:, column]),
        "mistakes": one.false_alarms + one.misses,
        "photos": photos,
    }


def _points(curve: PrecisionRecall) -> str:
    """The curve for an SVG polyline in a square of 100 x 100; empty without one."""
    if not len(curve.recall):
        return ""
    kept = np.unique(np.linspace(0, len(curve.recall) - 1, min(_CURVE_POINTS, len(curve.recall))).round().astype(int))
    x = np.append(0.0, curve.recall[kept]) * 100
    y = 100 - np.append(curve.precision[0], curve.precision[kept]) * 100
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


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


def _named(photo_ids: npt.NDArray[np.int64], path_of: dict[int, str]) -> dict[str, Any]:
    names = [path_of[photo] for photo in photo_ids.tolist()]
    return {"count": len(names), "names": names[:_MOST_NAMES], "more": max(0, len(names) - _MOST_NAMES)}


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")
