"""`evaluate`, `compare` and `report`: how well scores agree with a truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.choices import SIDES, among
from engine.commands.console import AsJson, Photos, ProjectPlace, path_of, show_progress, tell_unmatched
from engine.commands.exporting import Force
from engine.commands.photos import Chosen, FilterText, PhotoList, open_chosen
from engine.commands.saying import print_json, say, tell
from engine.commands.streams import STANDARD, check_output, input_file, output_file
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
    typer.Argument(
        help="The name of a truth in the project; or a file or folder to compare with once, - for standard input."
    ),
]
TruthByName = Annotated[str | None, typer.Option("--truth", help="The same by its name.", metavar="TRUTH")]
NOW = "in-force"
Whose = Annotated[
    str,
    typer.Option(
        "--stage",
        help=f"{', '.join(SIDES)}; of one run: initial@5.",
        show_default="what suggests labels now",
        autocompletion=among(SIDES),
    ),
]


PlotFile = Annotated[
    Path | None,
    typer.Option(
        help="Draw a picture as well: .svg, .png or .pdf; - for an SVG on standard output. Needs Matplotlib: "
        "pip install 'cdul[plots]'.",
        metavar="FILE",
        parser=path_of,
    ),
]


@dataclass(frozen=True)
class TruthGiven:
    """What the options of a command say of a truth."""

    truth: str
    format_name: str | None
    synonyms: list[str] | None
    photos: Path | None
    difficult: str

    def open(self, chosen: Chosen) -> MatchedTruth:
        """The truth of the photos that the command is about."""
        from engine.project.take_snapshot import take_snapshot
        from engine.stages.importing.import_truth import open_truth

        project = chosen.project
        with input_file(Path(self.truth)) as file:
            known = open_truth(
                project,
                str(file),
                format_name=self.format_name,
                synonyms=synonyms_of(self.synonyms),
                photo_folder=self.photos,
                difficult=self.difficult,
            )
        if chosen.are_all:
            return known
        snapshot = take_snapshot(project)
        return replace(known, table=known.table.of_photos(snapshot.photo_ids[chosen.rows(snapshot)]))


def evaluate(
    photos: Photos,
    truth: Truth = None,
    truth_by_name: TruthByName = None,
    stage: Whose = NOW,
    format_name: FormatOfTruth = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    out: PlotFile = None,
    force: Force = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Show how well scores agree with a truth.

    Those that suggest labels now: refined where a training refined them, taught where answers taught. With --out also
    as a picture: average precision by label, precision and recall at every threshold, calibration.
    """
    from engine.stages.evaluation.compare import Side

    side = Side.parse(stage)
    check_output(out, as_json=as_json)
    given = TruthGiven(_one_truth(truth, truth_by_name), format_name, synonym, truth_photos, difficult)
    with (
        open_chosen([photos], project, photo_list=photo_list, filter_text=filter_text) as chosen,
        show_progress(quiet=as_json) as (_, cancellation),
    ):
        result = _agreement(chosen.project, given.open(chosen), side, cancellation)
        if out is not None:
            from engine.stages.plots.evaluation_plot import write_evaluation_plot

            with output_file(out, ".svg") as file:
                write_evaluation_plot(chosen.project, file, result, force=force)
    if as_json:
        print_json(result.to_json())
    elif out != STANDARD:
        _tell(result)
        tell_plot(out)


def compare(
    photos: Photos,
    sides: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"Two of {', '.join(SIDES)}; of one run: initial@5.",
            metavar="FIRST SECOND",
            autocompletion=among(SIDES),
        ),
    ] = None,
    truth: Annotated[str, typer.Option(help="The name of a truth in the project, or a file.", metavar="TRUTH")] = "",
    format_name: FormatOfTruth = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Compare two stages or runs on the same photos.

    Without any, list those that there are.
    """
    from engine.stages.evaluation.compare import Side
    from engine.stages.evaluation.compare import compare as compare_both
    from engine.stages.evaluation.compare import sides as sides_of

    both = [Side.parse(text) for text in sides or []]
    if len(both) not in (0, 2) or (both and not truth):
        raise WrongUsage(Sentence("Name two stages or runs, and with --truth what to compare them with."))
    given = TruthGiven(truth, format_name, synonym, truth_photos, difficult)
    with (
        open_chosen([photos], project, photo_list=photo_list, filter_text=filter_text) as chosen,
        show_progress(quiet=as_json) as (_, cancellation),
    ):
        if not both:
            _list_sides(sides_of(chosen.project), as_json=as_json)
            return
        known = given.open(chosen)
        found = compare_both(chosen.project, known.table, *both, check=cancellation.check)
    if as_json:
        print_json(found.to_json())
        return
    for one in found.labels:
        say(_side_by_side(one))
    say(_side_by_side(found.map))
    say(f"{n_photos(found.first.photos)} and {n_labels(len(found.labels))} count on both sides.")
    say(
        f"AP of {both[0]}, of {both[1]}, and how much higher that is, in %. "
        "In brackets: 95 % intervals, from drawing the same photos for both again and again."
    )
    tell_unmatched("photos", "truth", known.unmatched_photos)
    tell_unmatched("labels", "truth", known.table.without_label)


def report(
    photos: Photos,
    truth: Truth = None,
    *,
    truth_by_name: TruthByName = None,
    out: Annotated[
        Path, typer.Option(help="The HTML file to write; - for standard output.", metavar="FILE", parser=path_of)
    ],
    stage: Whose = NOW,
    against: Annotated[
        str | None,
        typer.Option(
            help="Another stage or run to show the difference from, like global or initial@5.",
            autocompletion=among(SIDES),
        ),
    ] = None,
    format_name: FormatOfTruth = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Write the agreement with a truth as one HTML file.

    It holds all figures and plots, and opens offline.
    """
    from engine.stages.evaluation.compare import Side
    from engine.stages.evaluation.compare import compare as compare_both
    from engine.stages.evaluation.report import write_report

    side = Side.parse(stage)
    check_output(out, as_json=as_json)
    given = TruthGiven(_one_truth(truth, truth_by_name), format_name, synonym, truth_photos, difficult)
    with (
        open_chosen([photos], project, photo_list=photo_list, filter_text=filter_text) as chosen,
        show_progress(quiet=as_json) as (_, cancellation),
        output_file(out) as file,
    ):
        known = given.open(chosen)
        result = _agreement(chosen.project, known, side, cancellation)
        difference = None
        if against is not None:
            other = Side.parse(against)
            difference = compare_both(chosen.project, known.table, other, side, check=cancellation.check)
        write_report(file, chosen.project, result, difference, cancellation)
    if as_json:
        print_json(
            {"file": str(out), "photos": result.photos, "scores": result.stage if side.run is None else str(side)}
        )
    else:
        tell(f"Wrote {out}.")


def tell_plot(file: Path | None) -> None:
    """Say that a picture was written, where one was."""
    if file is not None:
        tell(f"Wrote {file}.")


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
