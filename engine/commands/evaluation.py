"""`evaluate`, `compare` and `report`: how well scores agree with a truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.console import (
    AsJson,
    Photos,
    ProjectFolder,
    open_project,
    print_json,
    say,
    show_progress,
    tell_unmatched,
)
from engine.commands.exporting import STAGES
from engine.commands.truth import Difficult, FormatOfTruth, Synonyms, TruthPhotos, synonyms_of
from engine.errors import WrongUsage
from engine.wording import Sentence, n_labels, n_photos

if TYPE_CHECKING:
    from engine.jobs import Cancellation
    from engine.project import Project
    from engine.project.runs import RunRow
    from engine.stages.evaluation.compare import Difference, Side
    from engine.stages.evaluation.result import Evaluation
    from engine.stages.importing.import_truth import MatchedTruth

Truth = Annotated[
    str | None,
    typer.Argument(help="The name of a truth in the project, or a file or folder to compare with once."),
]
TruthByName = Annotated[str | None, typer.Option("--truth", help="The same by its name.", metavar="TRUTH")]
NOW = "in-force"
Whose = Annotated[
    str,
    typer.Option(
        "--stage",
        help=f"{STAGES}; of one run: initial@5.",
        show_default="what suggests labels now",
    ),
]


def evaluate(
    photos: Photos,
    truth: Truth = None,
    truth_by_name: TruthByName = None,
    stage: Whose = NOW,
    format_name: FormatOfTruth = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show how well scores agree with a truth.

    Those that suggest labels now: refined where a training refined them, taught where answers taught.
    """
    from engine.stages.evaluation.compare import Side

    side = Side.parse(stage)
    named = _one_truth(truth, truth_by_name)
    with open_project(photos, project, to_read=True) as opened, show_progress(quiet=as_json) as (_, cancellation):
        known = _open_truth(opened, named, format_name, synonym, truth_photos, difficult)
        result = _agreement(opened, known, side, cancellation)
    if as_json:
        print_json(result.to_json())
    else:
        _tell(result)


def compare(
    photos: Photos,
    sides: Annotated[
        list[str] | None,
        typer.Argument(help=f"Two of in-force, {STAGES}; of one run: initial@5.", metavar="FIRST SECOND"),
    ] = None,
    truth: Annotated[str, typer.Option(help="The name of a truth in the project, or a file.", metavar="TRUTH")] = "",
    format_name: FormatOfTruth = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare two stages or runs on the same photos.

    Without any, list those that there are.
    """
    from engine.stages.evaluation.compare import Side
    from engine.stages.evaluation.compare import compare as compare_both
    from engine.stages.evaluation.compare import sides as sides_of

    chosen = [Side.parse(text) for text in sides or []]
    if len(chosen) not in (0, 2) or (chosen and not truth):
        raise WrongUsage(Sentence("Name two stages or runs, and with --truth what to compare them with."))
    with open_project(photos, project, to_read=True) as opened, show_progress(quiet=as_json) as (_, cancellation):
        if not chosen:
            _list_sides(sides_of(opened), as_json=as_json)
            return
        known = _open_truth(opened, truth, format_name, synonym, truth_photos, difficult)
        found = compare_both(opened, known.table, *chosen, check=cancellation.check)
    if as_json:
        print_json(found.to_json())
        return
    for one in found.labels:
        say(_side_by_side(one))
    say(_side_by_side(found.map))
    say(f"{n_photos(found.first.photos)} and {n_labels(len(found.labels))} count on both sides.")
    say(
        f"AP of {chosen[0]}, of {chosen[1]}, and how much higher that is, in %. "
        "In brackets: 95 % intervals, from drawing the same photos for both again and again."
    )
    tell_unmatched("photos", "truth", known.unmatched_photos)
    tell_unmatched("labels", "truth", known.table.without_label)


def report(
    photos: Photos,
    truth: Truth = None,
    *,
    truth_by_name: TruthByName = None,
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    stage: Whose = NOW,
    against: Annotated[
        str | None, typer.Option(help="Another stage or run to show the difference from, like global or initial@5.")
    ] = None,
    format_name: FormatOfTruth = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the agreement with a truth as one HTML file.

    It holds all figures and plots, and opens offline.
    """
    from engine.stages.evaluation.compare import Side
    from engine.stages.evaluation.compare import compare as compare_both
    from engine.stages.evaluation.report import write_report

    side = Side.parse(stage)
    named = _one_truth(truth, truth_by_name)
    with open_project(photos, project, to_read=True) as opened, show_progress(quiet=as_json) as (_, cancellation):
        known = _open_truth(opened, named, format_name, synonym, truth_photos, difficult)
        result = _agreement(opened, known, side, cancellation)
        difference = None
        if against is not None:
            difference = compare_both(opened, known.table, Side.parse(against), side, check=cancellation.check)
        write_report(out, result, difference, photos=opened.photos)
    if as_json:
        print_json(
            {"file": str(out), "photos": result.photos, "scores": result.stage if side.run is None else str(side)}
        )
    else:
        say(f"Wrote {out}.")


def _open_truth(
    opened: Project,
    truth: str,
    format_name: str | None,
    synonym: list[str] | None,
    truth_photos: Path | None,
    difficult: str,
) -> MatchedTruth:
    from engine.stages.importing.import_truth import open_truth

    synonyms = synonyms_of(synonym)
    return open_truth(
        opened, truth, format_name=format_name, synonyms=synonyms, photo_folder=truth_photos, difficult=difficult
    )


def _one_truth(truth: str | None, by_name: str | None) -> str:
    if truth is not None and by_name is not None:
        raise WrongUsage(Sentence("Name one truth, {truth!r} or {other!r}.").format(truth=truth, other=by_name))
    named = truth or by_name
    if not named:
        raise WrongUsage(
            Sentence("Name what to compare with: a truth in the project (`cdul truth list`), or a file or folder.")
        )
    return named


def _agreement(opened: Project, known: MatchedTruth, side: Side, cancellation: Cancellation) -> Evaluation:
    from engine.stages.evaluation.evaluate import evaluate as compare_with

    return compare_with(
        opened,
        known.table,
        stage=side.stage,
        run=side.run,
        unmatched_photos=known.unmatched_photos,
        check=cancellation.check,
    )


def _list_sides(found: list[tuple[Side, RunRow]], *, as_json: bool) -> None:
    rows = [
        {
            "scores": str(side),
            "by": run.stage,
            "with": run.settings.get("encoder") or run.settings.get("network") or run.settings.get("file"),
            "started_at": f"{run.started_at:%Y-%m-%d %H:%M}",
        }
        for side, run in found
    ]
    if as_json:
        print_json({"scores": rows})
        return
    if not rows:
        say("There are no scores to compare yet: `cdul label` makes some.")
    for row in rows:
        say(f"{row['scores']:16} {row['started_at']}  {row['by']} {row['with'] or ''}".rstrip())


def _tell(result: Evaluation) -> None:
    from engine.stages.evaluation.result import percent, percent_interval

    for one in result.labels:
        if one.ap is not None:
            interval = f"  ({percent_interval(one.ap_interval)})" if one.ap_interval else ""
            counted = "positive " if one.positives == 1 else "positives"
            say(f"{one.label:24} {one.positives:6} {counted}   AP {percent(one.ap):>5}{interval}")
    if result.map is not None:
        interval = f" ({percent_interval(result.map_interval)})" if result.map_interval else ""
        say(
            f"mAP {100 * result.map:.2f}{interval} over {n_labels(result.labels_counted)} with positives, "
            f"{n_photos(result.photos)}, stage {result.stage} (all-point AP)"
        )
    for counted, scores in (
        ("likely labels", result.at_thresholds),
        ("likely and maybe", result.at_maybe),
        ("the top 3", result.at_top_3),
    ):
        say(
            f"P {percent(scores.op):>5}  R {percent(scores.or_):>5}  "
            f"CF1 {percent(scores.cf1):>5}  OF1 {percent(scores.of1):>5}  {counted}"
        )
    say(f"Rule: {result.rule}. In brackets: 95 % intervals, from drawing the photos again and again.")
    for note in result.notes:
        say(note)
    tell_unmatched("photos", "truth", result.unmatched_photos)
    tell_unmatched("labels", "truth", result.unmatched_labels)


def _side_by_side(one: Difference) -> str:
    from engine.stages.evaluation.result import percent, percent_interval

    interval = f" ({percent_interval(one.interval)})" if one.interval else ""
    return f"{one.label:24} {percent(one.first):>5} {percent(one.second):>5}  {100 * one.difference:+5.1f}{interval}"
