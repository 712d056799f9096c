"""`opinion`: another encoder's or classifier's scores beside what suggests, and where both differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.choices import encoder_names
from engine.commands.console import AsJson, Device, Photos, ProjectPlace, open_project, path_of, show_progress
from engine.commands.photos import JustPaths, Nul, print_paths
from engine.commands.saying import one_line, print_json, say, tell
from engine.errors import UserError, WrongUsage
from engine.wording import Sentence, n_photos

if TYPE_CHECKING:
    from engine.jobs import Cancellation, Progress
    from engine.project import Project

_MOST_LABELS = 3


def opinion(
    photos: Photos,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Ask this encoder: starter, MODEL:TAG or the path of a file or folder.",
            autocompletion=encoder_names,
        ),
    ] = None,
    classifier: Annotated[
        Path | None,
        typer.Option(help="Ask this classifier, of these or of other photos.", metavar="FOLDER", parser=path_of),
    ] = None,
    top: Annotated[int, typer.Option(help="How many photos to list at most.", min=1)] = 50,
    paths: JustPaths = False,
    nul: Nul = False,
    device: Device = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """List photos on which a second opinion differs from what suggests, the farthest apart first.

    With --encoder or --classifier that one is asked first. Its scores stand beside those that suggest, as the stage
    `second`, and suggest nothing themselves. `cdul import FILE --as opinion` takes one from a file.
    """
    if encoder is not None and classifier is not None:
        raise WrongUsage(Sentence("Expected either --encoder or --classifier, but got both."))
    asks = encoder is not None or classifier is not None
    with (
        open_project(photos, project, must_exist=True, to_read=not asks) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        asked = _ask(opened, encoder, classifier, progress, cancellation) if asks else None
        found = _differences(opened, top)
    if as_json:
        print_json({"asked": asked, "photos": found})
    elif paths or nul:
        print_paths(photos, [one["file_name"] for one in found], nul=nul)
    else:
        for one in found:
            told = [
                f"{each['label']} {_yes_or_no(each['suggested'])}, second {_yes_or_no(not each['suggested'])} "
                f"({each['score']:.2f}, {each['second']:.2f})"
                for each in one["labels"][:_MOST_LABELS]
            ]
            say("\t".join([one_line(one["file_name"]), "; ".join(told)]))
        if not found:
            tell("They agree on every label that nobody has answered.")
        elif asked is not None:
            tell(f"{asked['by']} has an opinion on {n_photos(asked['photos'])}.")


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def _ask(
    opened: Project, encoder: str | None, classifier: Path | None, progress: Progress, cancellation: Cancellation
) -> dict[str, Any]:
    if classifier is not None:
        from engine.stages.training.predict import predict

        done = predict(opened, classifier, progress, cancellation, look_for_photos=False, as_opinion=True)
        return {"run": done.run, "by": str(classifier), "photos": done.labelled}
    from engine.models.encoders.catalog import open_encoder
    from engine.models.encoders.confirmed import confirm_encoder
    from engine.stages.labelling.second_opinion import ask_encoder

    assert encoder is not None
    confirm_encoder(encoder)
    progress.start("Opening the encoder", total=None, unit="")
    asked = ask_encoder(opened, open_encoder(encoder), progress, cancellation)
    return {"run": asked.run, "by": asked.by, "photos": asked.photos}


def _differences(opened: Project, most: int) -> list[dict[str, Any]]:
    """Photos and their labels on which both differ, the farthest apart first."""
    import numpy as np

    from engine.project.runs import SECOND, newest_run_with
    from engine.stages.review.queues import OPINIONS, opposed, queue
    from engine.stages.teaching.teaching import snapshot_in_force

    if newest_run_with(opened, SECOND) is None:
        raise UserError(
            Sentence("There is no second opinion yet. Ask for a second opinion first, with --encoder or --classifier.")
        )
    snapshot = snapshot_in_force(opened)
    second, apart = snapshot.matrix_of(opened, SECOND), opposed(opened, snapshot)
    return [
        {
            "file_name": snapshot.paths[row],
            "labels": [
                {
                    "label": snapshot.labels[column].name,
                    "suggested": bool(snapshot.scores[row, column] >= snapshot.thresholds[column]),
                    "score": round(float(snapshot.scores[row, column]), 6),
                    "second": round(float(second[row, column]), 6),
                }
                for column in np.argsort(-apart[row]).tolist()
                if apart[row, column] > 0
            ],
        }
        for row in queue(opened, snapshot, OPINIONS, count=most).tolist()
    ]
