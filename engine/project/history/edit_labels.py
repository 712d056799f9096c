"""Editing labels and the label set: each change is an edit of the history, and nothing that a person decided is lost.

A label that is merged away or removed leaves the label set and stays in the project, and comes back when it is named
again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.project.history.history import Outcome, answer
from engine.project.label_state import LabelState
from engine.project.labels import (
    LabelSetError,
    NewLabel,
    add_label,
    check_label_set,
    check_no_circle,
    label_set,
    labels_by_id,
    put_in_force,
    put_parents,
    read_label_set,
    use_label_set,
)
from engine.project.printable import is_printable
from engine.project.project import Project
from engine.project.snapshot import Snapshot
from engine.project.storage.schema import Label
from engine.wording import LabelWord, Sentence, some_of

MOST_PROMPTS = 100


@dataclass(frozen=True)
class LabelUse:
    """On how many photos a label is confirmed, rejected, suggested, and implied by labels below it."""

    confirmed: int
    rejected: int
    suggested: int
    implied: int = 0


def use_of_label(snapshot: Snapshot, column: int) -> LabelUse:
    """What goes out of sight when the label leaves the label set."""
    states = snapshot.states(columns=[column])
    told = (LabelState.CONFIRMED, LabelState.REJECTED, LabelState.LIKELY, LabelState.IMPLIED)
    return LabelUse(*(int(np.count_nonzero(states == state)) for state in told))


def join_label_set(project: Project, name: str) -> int:
    """Put one more label at the end of the label set, or bring it back with its decisions; returns its id.

    What was merged away and comes back is no longer another name of the label that it went into.

    Raises:
        LabelSetError: a name that can be none, that is in the label set, or by which one of its labels is called.
    """
    check_label_set([NewLabel(name)])

    def join(session: Session) -> None:
        label = _find(session, name)
        if label is not None and label.position is not None:
            raise LabelSetError(
                Sentence("The label {name!r} is in the label set already.").format(name=LabelWord(label.name))
            )
        if label is None:
            _refuse_other_name(session, name)
        for other in _called(session, name):
            other.other_names = [one for one in other.other_names if one[0].casefold() != name.casefold()]
        add_label(session, name)

    answer(project, Sentence("{label} added to the label set").format(label=LabelWord(name)), (), edit_labels=join)
    return next(label.id for label in label_set(project) if label.name.casefold() == name.casefold())


def add_labels(
    project: Project, labels: Sequence[NewLabel], below: Mapping[int, Sequence[str]] = MappingProxyType({})
) -> Outcome | None:
    """Put labels at the end of the label set, those that are not there yet, all as one edit. None if all are.

    One that was there before comes back with its decisions and prompts. What they stand below must be there, or among
    them.

    Args:
        below: by id, labels of the label set that come to stand below some of these as well, by their names.

    Raises:
        LabelSetError: a name that can be no label's, or one twice; a parent that is no label, or a circle of them.
    """
    check_label_set(labels)
    there = {label.name.casefold() for label in label_set(project)}
    new = [label for label in labels if label.name.casefold() not in there]

    def join(session: Session) -> None:
        for label in new:
            row = add_label(session, label.name)
            row.prompts = row.prompts or list(label.prompts)
            row.supercategory = row.supercategory or label.supercategory
            row.other_names = row.other_names or [list(one) for one in label.other_names]
        put_parents(session, new)
        rows = {row.id: row for row in session.scalars(select(Label))}
        ids = {row.name.casefold(): row.id for row in rows.values()}
        for label_id, parents in below.items():
            more = [ids[name.casefold()] for name in parents if name.casefold() in ids]
            rows[label_id].parents = list(dict.fromkeys([*rows[label_id].parents, *more]))
        check_no_circle({row.id: row.parents for row in rows.values()}, {row.id: row.name for row in rows.values()})

    title = Sentence("{label} added to the label set").format(label=some_of([LabelWord(label.name) for label in new]))
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
                    name=LabelWord(other.name), way_out=way_out
                )
            )
        _refuse_other_name(session, name, but=label_id)
        label = session.get_one(Label, label_id)
        label.name = name
        label.other_names = [one for one in label.other_names if one[0].casefold() != name.casefold()]

    title = Sentence("{label} renamed to {name}").format(label=_name(project, label_id), name=LabelWord(name))
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
                raise LabelSetError(sentence.format(key=label.key, name=LabelWord(owner.name)))

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
    names = {label.id: LabelWord(label.name) for label in label_set(project)}
    if list(names) == [label_id]:
        raise LabelSetError(Sentence("This is the last label. Add another one before you remove it."))
    title = Sentence("{label} removed from the label set").format(label=names[label_id])
    _set(project, title, label_id, position=None)


def _set(project: Project, title: str, label_id: int, **fields: object) -> Outcome | None:
    """Change fields of a label as one edit."""

    def change(session: Session) -> None:
        label = session.get_one(Label, label_id)
        for field, value in fields.items():
            setattr(label, field, value)

    return answer(project, title, (), edit_labels=change)


def _name(project: Project, label_id: int) -> LabelWord:
    return labels_by_id(project)[label_id]


def _find(session: Session, name: str) -> Label | None:
    # Compared here: SQLite's own capitals are those of English alone.
    return next((label for label in session.scalars(select(Label)) if label.name.casefold() == name.casefold()), None)


def _called(session: Session, name: str) -> list[Label]:
    """The labels of the label set that have it as another name."""
    labels = session.scalars(select(Label).where(Label.position.is_not(None)))
    return [label for label in labels if name.casefold() in {one[0].casefold() for one in label.other_names}]


def _refuse_other_name(session: Session, name: str, but: int | None = None) -> None:
    for label in _called(session, name):
        if label.id != but:
            raise LabelSetError(
                Sentence(
                    "{name!r} is another name of the label {label}. Choose another one, or take it back there first."
                ).format(name=name, label=LabelWord(label.name))
            )


def _check_printable(what: str, text: str) -> None:
    if not is_printable(text):
        raise LabelSetError(
            Sentence("Expected a {what} to be printable text, but got {text!r}.").format(what=what, text=text)
        )
