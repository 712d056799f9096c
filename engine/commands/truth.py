"""`truth`: what somebody else knows of the photos, kept to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.choices import OF_FORMAT_IN
from engine.commands.choices import Difficult as DifficultIs
from engine.commands.completing import labels_of_project, truths_of_project
from engine.commands.console import (
    AsJson,
    Commands,
    Photos,
    ProjectPlace,
    open_project,
    show_progress,
    showing,
    tell_problems,
    tell_unmatched,
)
from engine.commands.saying import print_json, say, tell
from engine.commands.streams import STANDARD, FileToRead, input_file
from engine.errors import WrongUsage
from engine.wording import Sentence, n_labels, n_photos

if TYPE_CHECKING:
    from engine.project.labels import LabelRow
    from engine.project.truths import TruthRow

truth = Commands(
    help="Keep a truth to compare with; nothing is trained on it. With PHOTOS alone the truths are listed.",
    no_args_is_help=True,
    cls=showing("list"),
)

Name = Annotated[str, typer.Argument(help="The truth's name.", metavar="NAME", autocompletion=truths_of_project)]
FormatOfTruth = Annotated[
    str | None,
    typer.Option("--format", help="Of the truth.", show_default="what it looks like", **OF_FORMAT_IN),
]
Synonyms = Annotated[
    list[str] | None,
    typer.Option("--synonym", help="What a label of the truth means here, like aeroplane=airplane; may be repeated."),
]
TruthPhotos = Annotated[
    Path | None,
    typer.Option(help="Where the truth's own photos lie, to recognise them by content.", show_default="beside it"),
]

Difficult = Annotated[
    DifficultIs,
    typer.Option(help="Of VOC, labels of which all objects are difficult: ignore them, or count them negative."),
]


@truth.command("import")
def import_one(
    photos: Photos,
    file: FileToRead,
    format_name: FormatOfTruth = None,
    name: Annotated[str | None, typer.Option(help="What to call it.", show_default="the file's name")] = None,
    synonym: Synonyms = None,
    truth_photos: TruthPhotos = None,
    difficult: Difficult = "ignore",
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Keep a truth in the project."""
    from engine.formats.registry import guess_format
    from engine.stages.importing.import_truth import import_truth, read_truth

    with (
        input_file(file) as read,
        open_project(photos, project, must_exist=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        chosen = format_name or guess_format(read)
        progress.start("Reading the truth", total=None)
        result = import_truth(
            opened,
            read_truth(read, chosen, difficult),
            progress,
            cancellation,
            source=read if file != STANDARD else Path(read.name),
            format_name=chosen,
            name=name,
            synonyms=synonyms_of(synonym),
            photo_folder=truth_photos,
        )
    if as_json:
        print_json(
            {
                "name": result.truth.name,
                "format": result.truth.format,
                "photos": result.truth.photos,
                "by_content": result.by_content,
                "labels": len(result.truth.categories),
                "passed_over": result.passed_over,
                "problems": result.problems,
                "unmatched_photos": result.unmatched_photos,
                "unmatched_labels": result.unmatched_labels,
            }
        )
        return
    tell(result.sentence)
    tell_problems(result.problems, result.passed_over)
    tell_unmatched("photos", "truth", result.unmatched_photos)
    tell_unmatched("labels", "truth", result.unmatched_labels)
    if result.unmatched_labels:
        tell(f"To say what one means: cdul truth map {photos} {result.truth.name!r} LABEL-OF-THE-TRUTH LABEL")


@truth.command("list")
def list_truths(photos: Photos, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """List the truths of the project."""
    from engine.project.truths import truths

    with open_project(photos, project, to_read=True) as opened:
        found = truths(opened)
    if as_json:
        print_json({"truths": [_described(one) for one in found]})
        return
    for one in found:
        say(f"{one.name:24} {n_photos(one.photos)}, {n_labels(len(one.categories))}, {one.format}, from {one.source}")
    if not found:
        say(f"There is no truth yet. Import one with: cdul truth import {photos} FILE")


@truth.command()
def show(photos: Photos, name: Name, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """Show which label each label of a truth means."""
    from engine.project.labels import labels_by_id
    from engine.project.truths import PRESENT, load_truth, truth_named

    with open_project(photos, project, to_read=True) as opened:
        one = truth_named(opened, name)
        present = (load_truth(opened, one).answers == PRESENT).sum(axis=0).tolist()
        names = labels_by_id(opened)
    means = [None if label is None else names[label] for label in one.label_ids]
    if as_json:
        labels = [
            {"name": category, "means": label, "positives": photos_with}
            for category, label, photos_with in zip(one.categories, means, present, strict=True)
        ]
        print_json({**_described(one), "labels": labels})
        return
    say(f"{one.name}: {n_photos(one.photos)}, read from {one.source} ({one.format}).")
    for category, label, photos_with in zip(one.categories, means, present, strict=True):
        means_what = f"means {label}" if label is not None else "means no label here"
        say(f"{category:24} {photos_with:6} photos   {means_what}")


@truth.command("map")
def map_label(
    photos: Photos,
    name: Name,
    category: Annotated[str, typer.Argument(help="A label of the truth.", metavar="LABEL-OF-THE-TRUTH")],
    label: Annotated[
        str | None,
        typer.Argument(
            help="The label that it means; without one that of the same name, as after the import.",
            metavar="[LABEL]",
            autocompletion=labels_of_project,
        ),
    ] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="It means no label here.")] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Say which label a label of a truth means."""
    from engine.project.labels import label_set
    from engine.project.truths import map_category, truth_named
    from engine.stages.importing.import_truth import label_meant
    from engine.stages.matching import labels_called

    if nothing and label is not None:
        raise WrongUsage(Sentence("Expected either a label or --nothing, but got both."))
    with open_project(photos, project, must_exist=True) as opened:
        labels = label_set(opened)
        found: LabelRow | None
        if label is not None:
            found = labels[labels_called([label], labels)[0]]
        else:
            found = None if nothing else label_meant(opened, category)
        map_category(opened, truth_named(opened, name), category, found)
    if as_json:
        print_json({"truth": name, "name": category, "means": found and found.name})
        return
    tell(f"{category} of {name} now means {found.name if found is not None else 'no label here'}.")


@truth.command()
def forget(photos: Photos, name: Name, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """Delete a truth. Labels and decisions stay as they are."""
    from engine.project.truths import forget_truth, truth_named

    with open_project(photos, project, must_exist=True) as opened:
        forget_truth(opened, truth_named(opened, name))
    if as_json:
        print_json({"forgotten": name})
        return
    tell(f"Forgot the truth {name}.")


def synonyms_of(given: list[str] | None) -> dict[str, str]:
    """`aeroplane=airplane` as label of the truth to label of the project."""
    found = {}
    for text in given or []:
        category, equals, label = (part.strip() for part in text.partition("="))
        if not category or not equals or not label:
            raise WrongUsage(
                Sentence("Expected --synonym to be LABEL-OF-THE-TRUTH=LABEL, but got {text!r}.").format(text=text)
            )
        found[category] = label
    return found


def _described(one: TruthRow) -> dict[str, Any]:
    return {
        "name": one.name,
        "photos": one.photos,
        "format": one.format,
        "source": one.source,
        "imported_at": one.imported_at.isoformat(),
    }
