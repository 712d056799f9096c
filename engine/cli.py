"""The command line: one function a command, over the same stages as the window.

Everything heavy is imported where it is used, so that `cdul --help` answers at once.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.errors import UserError, WrongUsage

if TYPE_CHECKING:
    from engine.jobs import Control, Progress
    from engine.project import Project

FAILED, WRONG_USAGE, FINISHED_WITH_UNREADABLE = 1, 2, 3
"""Exit codes; 0 when all went well."""

app = typer.Typer(
    name="cdul",
    help="Label photo collections on your own machine. Without a command the window opens.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Photos = Annotated[Path, typer.Argument(help="The folder that holds the photos; it is only read.", metavar="PHOTOS")]
ProjectFolder = Annotated[
    Path | None, typer.Option("--project", help="Where the project is kept.", show_default="PHOTOS/.cdul")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@app.command()
def label(
    photos: Photos,
    labels: Annotated[
        str | None,
        typer.Option(
            help="coco, voc, nus-wide, a text file with one label a line, or 'cat,dog,…'.", show_default="coco"
        ),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help="starter, MODEL:WEIGHTS, or a checkpoint's path.", show_default="starter")
    ] = None,
    grid: Annotated[str | None, typer.Option(help="3 for 3 x 3 snippets; 2,3 for both.", show_default="3")] = None,
    preset: Annotated[str, typer.Option(help="default, or paper for the published values.")] = "default",
    temperature: Annotated[
        float | None, typer.Option(help="tau, by which similarities are divided.", show_default="the encoder's best")
    ] = None,
    zeta: Annotated[float | None, typer.Option(help="Threshold of the min-max aggregator.", show_default="0")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="Suggest labels from this score on, 0 to 1.", show_default="0.2")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Export to this file afterwards.")] = None,
    format_name: Annotated[str, typer.Option("--format", help="Of the export: coco, coco-labels or scores.")] = "coco",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Label the photos of a folder; a second time only new photos are encoded."""
    from engine.formats import writer_for
    from engine.stages.label_command import LabelRequest, label_photos

    writer_for(format_name)  # before hours of work, not after
    request = LabelRequest(labels, encoder, grid, preset, temperature, zeta, threshold)
    with _open(photos, project) as opened, show_progress(quiet=as_json) as (progress, control):
        result = label_photos(opened, request, progress, control)
        exported = _export(opened, format_name, out, progress, control) if out else None
    unreadable = [{"file_name": path, "reason": reason} for path, reason in result.unreadable]
    if as_json:
        _print_json({**asdict(result), "unreadable": unreadable, "exported": exported})
    else:
        typer.echo(result.sentence)
        if exported:
            typer.echo(_written(exported))
    _tell_unreadable(unreadable, as_json)


@app.command()
def export(
    photos: Photos,
    out: Annotated[Path, typer.Option(help="The file to write; it is there whole or not at all.")],
    format_name: Annotated[str, typer.Option("--format", help="coco, coco-labels or scores.")] = "coco",
    stage: Annotated[
        str | None, typer.Option(help="Whose scores suggest labels: global or initial.", show_default="the best")
    ] = None,
    only: Annotated[str, typer.Option(help="Which photos: reviewed or all.")] = "all",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Hand over labels or scores."""
    with _open(photos, project, to_read=True) as opened, show_progress(quiet=as_json) as (progress, control):
        exported = _export(opened, format_name, out, progress, control, only=only, stage=stage)
    if as_json:
        _print_json(exported)
    else:
        typer.echo(_written(exported))


@app.command()
def evaluate(
    photos: Photos,
    truth: Annotated[Path, typer.Option(help="COCO JSON with the true labels.")],
    stage: Annotated[str, typer.Option(help="global or initial.")] = "initial",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare a stage's scores with a truth."""
    from engine.formats.coco_truth import read_coco_truth
    from engine.stages.evaluate import evaluate as compare

    with _open(photos, project, to_read=True) as opened:
        result = compare(opened, read_coco_truth(truth), stage=stage)
    if as_json:
        _print_json(asdict(result))
        return
    for one in result.labels:
        if one.ap is not None:
            typer.echo(f"{one.label:24} {one.positives:6} positives   AP {100 * one.ap:5.1f}")
    if result.map is not None:
        typer.echo(
            f"mAP {100 * result.map:.2f} over {result.labels_counted} labels with positives, "
            f"{result.photos} photos, stage {result.stage} (all-point AP)"
        )
    for what, names in (("photos", result.unmatched_photos), ("labels", result.unmatched_labels)):
        if names:
            more = ", …" if len(names) > 5 else ""
            typer.echo(f"{len(names)} {what} of the truth are not in the project: {', '.join(names[:5])}{more}")


@app.command()
def encoders(
    every: Annotated[bool, typer.Option("--all", help="Every CLIP model that open_clip knows.")] = False,
    download: Annotated[
        str | None, typer.Option(help="Fetch the weights of MODEL:TAG into the cache.", metavar="MODEL:TAG")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the encoders and whether their weights are on this machine."""
    from engine.models.catalog import encoders as list_encoders

    if download:
        from engine.models.clip_weights import download_weights

        typer.echo(f"The weights of {download} are in {download_weights(download)}.")
        return
    found = list_encoders(every=every)
    if as_json:
        _print_json({"encoders": [asdict(encoder) for encoder in found]})
        return
    for encoder in found:
        here = "here" if encoder.available else "not here"
        size = f"{encoder.size_mb} MB" if encoder.size_mb else ""
        typer.echo(f"{encoder.name:40} {here:9} {size:>8}  {encoder.licence or 'licence: see model card'}")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Versions, device, threads, model caches, and where projects go."""
    from engine.stages.doctor import examine

    facts = examine()
    if as_json:
        _print_json(facts)
        return
    for name, value in facts.items():
        typer.echo(f"{name:20} {value}")


def run() -> int:
    """Run the command line on `sys.argv` and return the exit code; a person never sees a traceback of theirs."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every photo's name is text that can be printed
    try:
        app()
    except SystemExit as ending:
        return int(ending.code or 0)
    except UserError as error:
        typer.echo(str(error), err=True)
        return WRONG_USAGE if isinstance(error, WrongUsage) else FAILED
    return 0


@contextmanager
def _open(photos: Path, folder: Path | None, *, to_read: bool = False) -> Iterator[Project]:
    """The project; for commands that only read it must be there, and may be open in a window."""
    from engine.project import Project
    from engine.project.project import ProjectInUse

    try:
        project = Project.open(photos, folder, must_exist=to_read)
    except ProjectInUse:
        if not to_read:
            raise
        project = Project.open(photos, folder, read_only=True)
    with project:
        yield project


@contextmanager
def show_progress(*, quiet: bool = False) -> Iterator[tuple[Progress, Control]]:
    """A progress line on standard error, for people only; Ctrl+C ends the work with a sentence."""
    from engine.jobs import Control, Progress

    try:
        if quiet or not sys.stderr.isatty():
            yield Progress(), Control()
            return
        from engine.progress_line import progress_line

        with progress_line() as listener:
            yield Progress(listener), Control()
    except KeyboardInterrupt:
        raise UserError("Stopped. What was done so far is kept; the same command goes on from there.") from None


def _export(
    project: Project, format_name: str, out: Path, progress: Progress, control: Control, **which: Any
) -> dict[str, Any]:
    from engine.stages.export import export as hand_over

    result = hand_over(project, format_name, out, progress, control, **which)
    return {
        "file": str(result.file),
        "format": format_name,
        "photos": result.photos,
        "written": result.written,
        "counts": result.counts,
    }


def _written(exported: dict[str, Any]) -> str:
    counted = f", {exported['written']} labels" if exported["counts"] == "labels" else ""
    return f"Wrote {exported['file']}: {exported['photos']} photos{counted}."


def _tell_unreadable(unreadable: list[dict[str, str]], quiet: bool) -> None:
    if not unreadable:
        return
    if not quiet:
        typer.echo(f"{len(unreadable)} photos could not be read:", err=True)
        for one in unreadable:
            typer.echo(f"  {one['file_name']}: {one['reason']}", err=True)
    raise typer.Exit(FINISHED_WITH_UNREADABLE)


def _print_json(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()
