"""`thresholds`: from which score on each label is suggested, who says so, and what reviewed photos tell of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.choices import SuggestingStage
from engine.commands.console import AsJson, Photos, ProjectPlace, open_project
from engine.commands.saying import print_json, say
from engine.errors import WrongUsage
from engine.wording import Sentence, n_labels

if TYPE_CHECKING:
    from engine.stages.thresholds.report import ThresholdReport

BEST_F1 = "best-f1"
_OFTEN = 3


def thresholds(
    photos: Photos,
    stage: Annotated[SuggestingStage | None, typer.Option(help="Whose scores.", show_default="the best")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="LABEL=VALUE sets one by hand, LABEL=auto takes that back; may be repeated.",
            metavar="LABEL=VALUE",
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help=f"The precision to aim at, like 0.9, where reviewed photos tell; {BEST_F1} for the best F1.",
            show_default="as before",
        ),
    ] = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Show the threshold of every label, or set some."""
    from engine.stages.teaching.teaching import snapshot_in_force
    from engine.stages.thresholds.calibrate import calibrate_labels, check_precision, want_precision
    from engine.stages.thresholds.report import report_thresholds, set_by_name

    by_hand = _by_label(changes or [])
    wanted = _number(precision, "--precision") if precision and precision != BEST_F1 else None
    check_precision(wanted)
    changing = bool(by_hand) or precision is not None
    with open_project(photos, project, must_exist=True, to_read=not changing) as opened:
        if by_hand:
            set_by_name(opened, by_hand, stage=stage, snapshot=snapshot_in_force(opened))
        if precision is not None:
            want_precision(opened, wanted)
        if not opened.read_only:
            calibrate_labels(opened, stage=stage)
        report = report_thresholds(opened, snapshot_in_force(opened), stage=stage)
    if as_json:
        print_json(asdict(report))
    else:
        _tell(report)


def _tell(report: ThresholdReport) -> None:
    # What is so of many labels is said once.
    notes = Counter(str(one.sentence) for one in report.labels if one.note)
    common = {note: count for note, count in notes.items() if count > _OFTEN}
    for one in report.labels:
        share = one.precision
        precision = "" if share is None else f"precision {share.value:.2f} ({share.low:.2f}-{share.high:.2f})"
        say(
            f"{one.label:24} {one.threshold:.3f}  {one.source:21} {one.suggested:6} likely {one.maybe:6} maybe "
            f"{one.undecided:6} undecided  {precision}".rstrip()
        )
        if one.taught and one.expected is not None:
            say(
                f"{'':24} Chances from {one.yes + one.no} answers: about {one.expected:,.0f} photos have it, "
                f"{one.yes:,} of them confirmed."
            )
        if one.note and str(one.sentence) not in common:
            say(f"{'':24} {one.sentence}")
    for note, count in common.items():
        say(f"For each of {n_labels(count)}: {note}")
    wish = "the best F1" if report.wanted_precision is None else f"a precision of {report.wanted_precision:g}"
    say(f"Thresholds of {report.stage} scores. Where enough photos are reviewed, they aim at {wish}.")
    if report.calibration_error is not None:
        say(
            f"Chances are {100 * report.calibration_error:.1f} % off on average, "
            f"over {report.answers} answers that they had not seen."
        )


def _by_label(changes: list[str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for change in changes:
        label, sign, value = change.rpartition("=")
        if not sign or not label:
            raise WrongUsage(
                Sentence("Expected --set to be LABEL=VALUE, like cat=0.3, but got {change!r}.").format(change=change)
            )
        found[label] = None if value.strip() == "auto" else _number(value, f"--set {label}")
    return found


def _number(text: str, option: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise WrongUsage(
            Sentence("Expected {option} to be a number from 0 to 1, but got {text!r}.").format(option=option, text=text)
        )
    return value
