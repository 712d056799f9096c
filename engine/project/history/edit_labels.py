"""Editing labels and the label set: each change is an edit of the history, and nothing that a person decided is lost.

A label that is merged away or removed leaves the label set and stays in the project, and comes back when it is named
again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.project.answer import Answer
from engine.project.history.history import Outcome, answer
from engine.project.labels import (
    LabelRow,
    LabelSetError,
    NewLabel,
    add_label,
    check_label_set,
    label_set,
    labels_by_id,
    put_in_force,
    read_label_set,
    use_label_set,
)
from engine.project.printable import is_printable
from engine.project.project import Project
from engine.project.snapshot import NO, YES, LabelState, Snapshot
from engine.project.storage.schema import Decision, Label
from engine.wording import Sentence, some_of

MOST_PROMPTS = 100


@dataclass(frozen=True)
class LabelUse:
    """On how many photos a label is confirmed, rejected and suggested."""

    confirmed: int
    rejected: int
    suggested: int


def use_of_label(snapshot: Snapshot, column: int) -> LabelUse:
    """What goes out of sight when the label leaves the label set."""
    decisions = snapshot.decisions[:, column]
    suggested = snapshot.states()[:, column] == LabelState.LIKELY
    return LabelUse(*(int(np.count_nonzero(part)) for part in (decisions == YES, decisions == NO, suggested)))


@dataclass(frozen=True)
class Merge:
    """What merging one label into another does.

    `moved`: decisions that go over. `agreed`: photos on which both labels were decided alike. `conflicts`: ids of the
    photos on which one is confirmed and the other rejected; there both decisions stay as they are.
    """

    moved: int
    agreed: int
    conflicts: tuple[int, ...]


def join_label_set(project: Project, name: str) -> int:
    """Put one more label at the end of the label set, or bring it back with its decisions; returns its id."""
    check_label_set([NewLabel(name)])

    def join(session: Session) -> None:
        label = _find(session, name)
        if label is not None and label.position is not None:
            raise LabelSetError(Sentence("The label {name!r} is in the label set already.").format(name=label.name))
        add_label(session, name)

    answer(project, Sentence("{label} added to the label set").format(label=name), (), edit_labels=join)
    return next(label.id for label in label_set(project) if label.name.casefold() == name.casefold())


def add_labels(project: Project, labels: Sequence[NewLabel]) -> Outcome | None:
    """Put labels at the end of the label set, those that are not there yet, all as one edit. None if all are.

    One that was there before comes back with its decisions and prompts.

    Raises:
        LabelSetError: a name that can be no label's, or one twice.
    """
    check_label_set(labels)
    there = {label.name.casefold() for label in label_set(project)}
    new = [label for label in labels if label.name.casefold() not in there]

    def join(session: Session) -> None:
        for label in new:
            row = add_label(session, label.name)
            row.prompts = row.prompts or list(label.prompts)
            row.supercategory = row.supercategory or label.supercategory

    title = Sentence("{label} added to the label set").format(label=some_of([label.name for label in new]))
    return answer(project, title, (), edit_labels=join) if new else None


def rename_label(project: Project, label_id: int, name: str) -> None:
    """Give a label another name; its id, decisions and scores stay."""
    check_label_set([NewLabel(name)])

    def rename(session: Session) -> None:
        other = _find(session, name)
        if other is not None and other.id != label_id:
            way_out = (
                Sentence("merge the two") if other.position is not None else Sentence("add it to the label set again")
            )
            raise LabelSetError(
                Sentence("There is a label {name!r} already. Choose another name, or {way_out}.").format(
                    name=other.name, way_out=way_out
                )
            )
        session.get_one(Label, label_id).name = name

    title = Sentence("{label} renamed to {name}").format(label=_name(project, label_id), name=name)
    answer(project, title, (), edit_labels=rename)


def set_prompts(project: Project, label_id: int, prompts: Iterable[str]) -> Outcome | None:
    """Ask for a label with these texts, in place of those before; with none, by the default prompt."""
    texts = [text.strip() for text in prompts if text.strip()]
    if len(texts) > MOST_PROMPTS:
        raise LabelSetError(
            Sentence("Expected at most {most} prompts for a label, but got {count}.").format(
                most=MOST_PROMPTS, count=len(texts)
            )
        )
    for text in texts:
        _check_printable(Sentence("prompt"), text)
    title = Sentence("prompts of {label} changed").format(label=_name(project, label_id))
    return _set(project, title, label_id, prompts=list(dict.fromkeys(texts)))


def set_supercategory(project: Project, label_id: int, supercategory: str) -> None:
    """Say what kind of thing a label is, for COCO; empty for nothing."""
    kind = supercategory.strip()
    _check_printable(Sentence("supercategory"), kind)
    title = Sentence("kind of {label} changed").format(label=_name(project, label_id))
    _set(project, title, label_id, supercategory=kind)


def set_colour(project: Project, label_id: int, colour: str | None) -> None:
    """Give a label a colour, as `#rrggbb`; None for one by its place."""
    if colour is not None and not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise LabelSetError(Sentence("Expected a colour as #rrggbb, but got {colour!r}.").format(colour=colour))
    title = Sentence("colour of {label} changed").format(label=_name(project, label_id))
    _set(project, title, label_id, colour=colour)


def set_keys(project: Project, keys: Mapping[int, str | None]) -> Outcome | None:
    """Give labels keys, by label id: each one letter or digit that no other label has; None for one that is handed out.

    All of them are given, or none. None is returned if they have them already.
    """
    for key in keys.values():
        if key is not None and not (len(key) == 1 and key.isalnum()):
            raise LabelSetError(Sentence("Expected one letter or digit as key, but got {key!r}.").format(key=key))

    def give(session: Session) -> None:
        owners: dict[str, Label] = {}
        for label in session.scalars(select(Label).where(Label.position.is_not(None)).order_by(Label.position)):
            key = keys.get(label.id, label.key)
            label.key = None if key is None else key.upper()
            if label.key is not None and (other := owners.setdefault(label.key, label)) is not label:
                owner = label if other.id in keys else other
                sentence = Sentence("The key {key} belongs to the label {name!r}. Choose another one.")
                raise LabelSetError(sentence.format(key=label.key, name=owner.name))

    title = Sentence("keys of {count} labels changed").format(count=len(keys))
    if len(keys) == 1:
        title = Sentence("key of {label} changed").format(label=_name(project, next(iter(keys))))
    return answer(project, title, (), edit_labels=give)


def order_labels(project: Project, label_ids: Sequence[int]) -> None:
    """Put the labels of the label set, each named once, into this order."""

    def order(session: Session) -> None:
        labels = {label.id: label for label in session.scalars(select(Label).where(Label.position.is_not(None)))}
        if sorted(label_ids) != sorted(labels):
            raise LabelSetError(
                Sentence("Expected the {count} labels of the label set, each once, but got {came} others.").format(
                    count=len(labels), came=len(label_ids)
                )
            )
        for position, label_id in enumerate(label_ids):
            labels[label_id].position = position

    answer(project, Sentence("order of labels changed"), (), edit_labels=order)


def choose_label_set(project: Project, labels: Sequence[NewLabel], name: str) -> None:
    """Make these the labels in force, see `use_label_set`: one edit, but for the first, which has none to go back to.

    Args:
        name: what the label set is called, for people.
    """
    if not label_set(project):
        use_label_set(project, labels)
        return
    check_label_set(labels)
    title = Sentence("label set changed to {name}").format(name=name)
    answer(project, title, (), edit_labels=lambda session: put_in_force(session, labels))


def import_label_set(project: Project, file: Path) -> None:
    """Make the labels of a text file those in force, see `use_label_set`."""
    labels = read_label_set(file)
    title = Sentence("label set imported from {file}").format(file=file.name)
    answer(project, title, (), edit_labels=lambda session: put_in_force(session, labels))


def remove_label(project: Project, label_id: int) -> None:
    """Take a label out of the label set. Its decisions stay, and come back with it."""
    names = {label.id: label.name for label in label_set(project)}
    if list(names) == [label_id]:
        raise LabelSetError(Sentence("This is the last label. Add another one before you remove it."))
    title = Sentence("{label} removed from the label set").format(label=names[label_id])
    _set(project, title, label_id, position=None)


def plan_merge(project: Project, label_id: int, into: int) -> Merge:
    """What `merge_labels` would do."""
    return _plan(project, label_id, into)[0]


def merge_labels(project: Project, label: LabelRow, into: LabelRow) -> Merge:
    """Move a label's decisions to another label and take it out of the label set.

    All of it is one edit of the history: undone, the decisions are where they were and the label is in its place.
    """
    merge, answers = _plan(project, label.id, into.id)
    title = Sentence("{label} merged into {into}").format(label=label.name, into=into.name)
    _set(project, title, label.id, answers, position=None)
    return merge


def _plan(project: Project, label_id: int, into: int) -> tuple[Merge, list[Answer]]:
    if label_id == into:
        raise LabelSetError(Sentence("A label cannot be merged into itself. Choose another one."))
    with project.reading() as connection:
        decisions: dict[int, dict[int, bool]] = {label_id: {}, into: {}}
        rows = select(Decision.label_id, Decision.photo_id, Decision.value).where(Decision.label_id.in_(decisions))
        for row in connection.execute(rows):
            decisions[row.label_id][row.photo_id] = row.value
    there, here = decisions[into], decisions[label_id]
    conflicts = sorted(photo for photo, value in here.items() if there.get(photo, value) != value)
    moving = {photo: value for photo, value in here.items() if there.get(photo, value) == value}
    answers = [Answer(photo, into, value) for photo, value in moving.items()]
    answers += [Answer(photo, label_id, None) for photo in moving]
    agreed = len(moving.keys() & there.keys())
    return Merge(len(moving) - agreed, agreed, tuple(conflicts)), answers


def _set(
    project: Project, title: str, label_id: int, answers: Sequence[Answer] = (), **fields: object
) -> Outcome | None:
    """Change fields of a label, and what else belongs to it, as one edit."""

    def change(session: Session) -> None:
        label = session.get_one(Label, label_id)
        for field, value in fields.items():
            setattr(label, field, value)

    return answer(project, title, answers, edit_labels=change)


def _name(project: Project, label_id: int) -> str:
    return labels_by_id(project)[label_id]


def _find(session: Session, name: str) -> Label | None:
    # Compared here: SQLite's own capitals are those of English alone.
    return next((label for label in session.scalars(select(Label)) if label.name.casefold() == name.casefold()), None)


def _check_printable(what: str, text: str) -> None:
    if not is_printable(text):
        raise LabelSetError(
            Sentence("Expected a {what} to be printable text, but got {text!r}.").format(what=what, text=text)
        )
