"""`list` and `set`: what is known of photos, and saying what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.completing import labels_of_project
from engine.commands.console import AsJson, ProjectPlace
from engine.commands.photos import FilterText, JustPaths, Nul, PhotoList, SomePhotos, open_chosen
from engine.commands.saying import one_line, print_json, say, tell, warn
from engine.errors import UserError
from engine.wording import Sentence, n_labels, n_photos, some_of

if TYPE_CHECKING:
    from engine.project.snapshot import Snapshot
    from engine.stages.review.photo_labels import ListedPhoto

_MOST_TOLD = 5
"""Labels of which is told what answers taught."""

_MARKS = {
    "confirmed": " yes",
    "implied": " implied",
    "rejected": " no",
    "likely": " {score:.2f}",
    "maybe": " {score:.2f}?",
}


def _label(help: str) -> Any:
    return typer.Option(help=f"{help}; may be repeated.", metavar="LABEL", autocompletion=labels_of_project)


_Confirm = Annotated[list[str] | None, _label("A label that they have")]
_Reject = Annotated[list[str] | None, _label("A label that they have not")]
_Clear = Annotated[list[str] | None, _label("A label of which nobody has said anything")]


def list_photos(
    photos: SomePhotos,
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    paths: JustPaths = False,
    nul: Nul = False,
    project: ProjectPlace = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object a line, and errors as one, too.")
    ] = False,
) -> None:
    """List photos with their labels, states and scores.

    Confirmed labels come first, then those that are implied by labels below them, those that are likely, those that may
    be (?), and those that were rejected. What a rule alone suggests is followed by its condition. Of photos that you
    are to review as the second it is not shown what others said.
    """
    from engine.stages.people.several import hide_unseen
    from engine.stages.teaching.teaching import snapshot_in_force

    with open_chosen(photos, project, photo_list=photo_list, filter_text=filter_text) as chosen:
        snapshot = snapshot_in_force(chosen.project)
        hide_unseen(chosen.project, snapshot)
        rows = chosen.rows(snapshot).tolist()
        if paths or nul:
            chosen.print_paths([snapshot.paths[row] for row in rows], nul=nul)
        else:
            print_photos(snapshot, rows, as_json=as_json)


def print_photos(snapshot: Snapshot, rows: Sequence[int], *, as_json: bool) -> None:
    """What is known of photos, one a line."""
    from engine.stages.review.photo_labels import list_photos as list_them

    for photo in list_them(snapshot, rows):
        if as_json:
            print_json({**photo._asdict(), "labels": [label._asdict() for label in photo.labels]})
        else:
            say(_described(photo))


def _described(photo: ListedPhoto) -> str:
    labels = [
        f"{one.label} by {one.source}" if one.by_rule else one.label + _MARKS[one.state].format(score=one.score)
        for one in photo.labels
    ]
    told = [", ".join(labels) or "-", *(["reviewed"] if photo.reviewed else [])]
    if photo.problem is not None:
        told.append(str(photo.problem))
    return "\t".join([one_line(photo.file_name), *told])


def set_labels(
    photos: SomePhotos,
    confirm: _Confirm = None,
    reject: _Reject = None,
    clear: _Clear = None,
    reviewed: Annotated[
        bool | None,
        typer.Option(
            "--reviewed/--not-reviewed", help="Whether somebody has looked them through.", show_default="as before"
        ),
    ] = None,
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Say of photos which labels they have, and which not.

    All of it is one edit of the history: `cdul undo` takes it back. If a name is no photo's, nothing is changed. From
    ten answers about a label on it is said what they taught of the other photos.
    """
    from engine.stages.review.contradictions import contradictions, told_of
    from engine.stages.review.decide import decide
    from engine.stages.teaching.teaching import snapshot_in_force
    from engine.stages.teaching.what_answers_changed import what_answers_changed

    with open_chosen(photos, project, photo_list=photo_list, filter_text=filter_text, to_read=False) as chosen:
        snapshot = snapshot_in_force(chosen.project)
        rows = chosen.rows(snapshot, all_must_be_there=True)
        if not len(rows):
            raise UserError(Sentence("No photo is meant: none passes the filter, or the list is empty."))
        done = decide(
            chosen.project,
            snapshot,
            rows,
            confirm=confirm or (),
            reject=reject or (),
            clear=clear or (),
            reviewed=reviewed,
        )
        taught = () if done is None else what_answers_changed(chosen.project, snapshot, done)
        against = []
        if done is not None:
            snapshot.apply(done.answers)
            against = told_of(snapshot, contradictions(snapshot, done.answers))
    changed = 0 if done is None else len({answer.photo_id for answer in done.answers})
    if as_json:
        of_others = [asdict(one) for one in taught]
        print_json({"photos": len(rows), "changed": changed, "edit": done and done.edit_id, "taught": of_others})
    elif done is None:
        tell(f"Nothing changes: it is so on {n_photos(len(rows))} already.")
    else:
        tell(f"{done.title} (edit {done.edit_id}).")
        for sentence in against:
            warn(one_line(str(sentence)))
        for one in taught[:_MOST_TOLD]:
            turned = [("likely since", one.on), ("no longer likely", one.off)]
            told = [f"{state} on {n_photos(len(names))} ({some_of(names)})" for state, names in turned if names]
            tell(f"Taught by the answers: {one_line(one.label)} {', and '.join(told)}.")
        if len(taught) > _MOST_TOLD:
            tell(f"So were {n_labels(len(taught) - _MOST_TOLD)} more.")
