"""`refine` and `classifier`: train one, and export it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.commands.choices import Augment, Objective, Optimizer, PresetName, Start, Train
from engine.commands.console import (
    AnyFolder,
    AsJson,
    Commands,
    Device,
    Photos,
    ProjectPlace,
    open_project,
    path_of,
    show_progress,
    showing,
)
from engine.commands.evaluation import PlotFile, tell_plot
from engine.commands.exporting import Force
from engine.commands.saying import one_line, print_json, say, tell
from engine.commands.streams import STANDARD, check_output, output_file
from engine.errors import WrongUsage
from engine.models.training.training_settings import TrainingSettings
from engine.wording import Sentence, n_suggestions

if TYPE_CHECKING:
    from engine.models.training.saved_classifier import SavedClassifier
    from engine.project.storage.address import Place

WORDS = TrainingSettings.words()

_SHOWN = 3
"""Photos of a label that would change."""


def _setting(name: str) -> Any:
    return typer.Option(help=WORDS[name], show_default="the preset's")


Folder = Annotated[Path, typer.Argument(help="The classifier's folder.", metavar="CLASSIFIER")]

classifier = Commands(
    help="List trained classifiers, also with PHOTOS alone; show one, export one.",
    no_args_is_help=True,
    cls=showing("list"),
)


def refine(
    photos: Photos,
    network: Annotated[
        str | None,
        typer.Option(
            help="A name of timm, or of weights of torchvision: torchvision/resnet101.IMAGENET1K_V1 is the paper's.",
            show_default="tf_efficientnet_lite2; of the preset paper, trained in full, the paper's",
        ),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="The network's weights, a safetensors or PyTorch file.", show_default="cached")
    ] = None,
    train: Annotated[
        Train, typer.Option(help="head: the last layer; full: all of the network, which wants a graphics card.")
    ] = "head",
    preset: Annotated[PresetName, typer.Option(help="paper has the published values.")] = "default",
    objective: Annotated[Objective | None, _setting("objective")] = None,
    sigma: Annotated[float | None, _setting("sigma")] = None,
    step_size: Annotated[float | None, _setting("step_size")] = None,
    warm_up: Annotated[int | None, _setting("warm_up")] = None,
    update_every: Annotated[int | None, _setting("update_every")] = None,
    optimizer: Annotated[Optimizer | None, _setting("optimizer")] = None,
    learning_rate: Annotated[float | None, _setting("learning_rate")] = None,
    weight_decay: Annotated[float | None, _setting("weight_decay")] = None,
    epochs: Annotated[int | None, _setting("epochs")] = None,
    batch: Annotated[int | None, _setting("batch")] = None,
    patience: Annotated[int | None, _setting("patience")] = None,
    seed: Annotated[int | None, _setting("seed")] = None,
    scale_to_top: Annotated[bool | None, _setting("scale_to_top")] = None,
    wait: Annotated[bool | None, _setting("wait")] = None,
    input_size: Annotated[int | None, _setting("input_size")] = None,
    augment: Annotated[Augment | None, _setting("augment")] = None,
    start: Annotated[Start | None, _setting("start")] = None,
    device: Device = None,
    show_waiting: Annotated[
        bool, typer.Option("--show", help="Train nothing: show what the training that waits would change.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Train nothing: use the new scores of the training that waits.")
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Train nothing: leave out the training that waits.")
    ] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Train a classifier and refine the suggestions.

    It learns from the suggestions of `label` and from what you decided. A training that would take away or add more
    than half of the suggestions waits until you --accept or --discard it; --show lists what it would change.
    """
    if show_waiting:
        show_what_waits(photos, project, as_json=as_json)
        return
    if accept or discard:
        end_waiting(photos, project, accept=accept, discard=discard, as_json=as_json)
        return
    changes = {name: value for name, value in locals().items() if name in WORDS and value is not None}
    with (
        open_project(photos, project, must_exist=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        progress.start("Opening the network", total=None, unit="")
        from engine.stages.training.refine import refine as train_and_refine  # takes seconds
        from engine.stages.training.refine import settings_by_name

        settings = settings_by_name(preset, train, network, weights, **changes)
        result = train_and_refine(opened, settings, progress, cancellation)
    if as_json:
        print_json(asdict(result))
        return
    tell(result.sentence)
    tell(f"The classifier is in {result.classifier}.")
    if result.held_back:
        tell(
            "See what would change with `cdul refine --show`; use the new scores with `cdul refine --accept`, or leave "
            "them out with `cdul refine --discard`."
        )


def show_what_waits(photos: AnyFolder, project: Place | None, *, as_json: bool) -> None:
    """List by label what the training that waits would change, the photos changed most first."""
    from engine.stages.training.held_back import look_at_waiting

    with open_project(photos, project, to_read=True) as opened:
        waiting = look_at_waiting(opened)
    if as_json:
        print_json(asdict(waiting))
        return
    say(f"Training {waiting.run} waits. It would change, of {n_suggestions(waiting.suggested)}:")
    for one in waiting.labels:
        say(f"{one.label:24} {one.suggested:6,} likely   {len(one.new):+6,} new   {-len(one.gone):6,} gone")
        for sign, paths in (("+", one.new), ("-", one.gone)):
            for path in paths[:_SHOWN]:
                say(f"  {sign} {one_line(path)}")


def end_waiting(photos: AnyFolder, project: Place | None, *, accept: bool, discard: bool, as_json: bool) -> None:
    """Put the training that waits into force, or leave it out."""
    from engine.stages.training.held_back import accept_training, discard_training

    if accept and discard:
        raise WrongUsage(Sentence("Expected one of --accept and --discard, but got both."))
    with open_project(photos, project, must_exist=True) as opened:
        run = accept_training(opened) if accept else discard_training(opened)
    if as_json:
        print_json({"run": run.id, "accepted": accept})
    elif accept:
        tell(f"The scores of training {run.id} suggest labels now.")
    else:
        tell(f"Training {run.id} is left out: what suggested before still does.")


@classifier.command("list")
def list_classifiers(photos: Photos, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """List the trained classifiers, newest first."""
    from engine.stages.training.classifiers import classifiers_of

    with open_project(photos, project, to_read=True) as opened:
        found = classifiers_of(opened)
    if as_json:
        print_json({"classifiers": [_described(one) for one in found]})
        return
    if not found:
        say("No classifier is trained yet: `cdul refine` trains one.")
    for one in found:
        say(f"{one.folder}  {one.backbone}, {len(one.description.labels)} labels, {_made(one)}")


@classifier.command()
def show(folder: Folder, as_json: AsJson = False) -> None:
    """Show a classifier: its labels, their thresholds, how it was made."""
    from engine.models.training.saved_classifier import SavedClassifier

    saved = SavedClassifier.read(folder)
    if as_json:
        print_json(_described(saved))
        return
    say(f"{saved.backbone}, {len(saved.description.labels)} labels, {_made(saved)}")
    for name, threshold in zip(saved.description.labels, saved.description.thresholds, strict=True):
        say(f"{name:24} suggested from {threshold:.3f}")


@classifier.command("curves")
def curves(
    photos: Photos,
    run: Annotated[
        str | None,
        typer.Argument(help="A training, by its number in `cdul history`, like r3.", show_default="the newest"),
    ] = None,
    beside: Annotated[str | None, typer.Option(help="Another training, dashed beside it.", metavar="RUN")] = None,
    out: PlotFile = None,
    force: Force = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Show what the epochs of a training did.

    Its objective, how far labels moved and how many crossed their threshold, and how well it agrees with decisions that
    were held out and with the newest truth; with --out also as a picture.
    """
    from engine.stages.training.curves import Curves, training_called

    check_output(out, as_json=as_json)
    with open_project(photos, project, to_read=True) as opened:
        shown = training_called(opened, run)
        dashed = None if beside is None else training_called(opened, beside)
        if out is not None:
            from engine.stages.plots.training_plot import write_training_plot

            with output_file(out, ".svg") as file:
                write_training_plot(opened, file, shown, dashed, force=force)
    reports = [dict(report) for report in shown.settings.get("reports", ())]
    if as_json:
        print_json({"run": shown.id, "epochs": reports})
    elif out != STANDARD:
        found = Curves.of(reports)
        say(f"{'epoch':>6} {'objective':>10} {'moved':>8} {'crossed':>8} {'agreement':>10} {'mAP':>6}")
        for row in zip(*(getattr(found, name) for name in Curves.names()), strict=True):
            say(_epoch(*row))
        tell_plot(out)


def _epoch(*values: float) -> str:
    """A line of the table; a dash where something is not known."""
    widths = ((6, ".0f"), (10, ".4f"), (8, ".4f"), (8, ".0f"), (10, ".3f"), (6, ".3f"))
    told = ["–" if value != value else f"{value:{form}}" for value, (_width, form) in zip(values, widths, strict=True)]
    return " ".join(f"{text:>{width}}" for text, (width, _form) in zip(told, widths, strict=True))


@classifier.command("export")
def export_classifier(
    folder: Folder,
    out: Annotated[
        Path, typer.Option(help="The file to write; - for standard output.", metavar="FILE", parser=path_of)
    ],
    format_name: Annotated[Literal["onnx"], typer.Option("--format", help="Of the file.")] = "onnx",
    as_json: AsJson = False,
) -> None:
    """Hand a classifier over to other programs."""
    from engine.stages.training.classifiers import export_onnx

    check_output(out, as_json=as_json)
    with output_file(out, f".{format_name}") as file:
        export_onnx(folder, file)
    if as_json:
        print_json({"file": str(out), "format": format_name})
    else:
        tell(f"Wrote {out}.")


def _described(saved: SavedClassifier) -> dict[str, Any]:
    description = saved.description
    return {
        "folder": str(saved.folder),
        "network": saved.backbone,
        "preprocessing": asdict(saved.preprocessing),
        "objective": description.objective,
        "labels": list(description.labels),
        "thresholds": list(description.thresholds),
        "made": description.made,
    }


def _made(saved: SavedClassifier) -> str:
    made = saved.description.made
    return f"trained on {made.get('photos', '?')} photos and {made.get('decisions', '?')} decisions"
