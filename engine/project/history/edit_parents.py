"""Editing what labels stand below and what else they are called: each is an edit of the history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.project.history.history import Outcome, answer
from engine.project.labels import (
    LabelSetError,
    OtherName,
    check_name,
    check_no_circle,
    labels_by_id,
)
from engine.project.project import Project
from engine.project.storage.schema import Label
from engine.wording import LabelWord, Sentence, some_of

MOST_OTHER_NAMES = 100


def put_below(project: Project, label_ids: Collection[int], parent_ids: Collection[int]) -> Outcome | None:
    """Have labels stand right below others, beside what they stand below already; None if they do.

    Raises:
        LabelSetError: a label would stand below itself; the circle is named.
    """
    title = Sentence("{labels} put under {parents}")
    return _change_parents(project, title, label_ids, parent_ids, lambda old: [*old, *parent_ids])


def take_from_below(project: Project, label_ids: Collection[int], parent_ids: Collection[int]) -> Outcome | None:
    """Have labels no longer stand right below others; None if none does."""
    title = Sentence("{labels} no longer under {parents}")
    away = set(parent_ids)
    return _change_parents(project, title, label_ids, parent_ids, lambda old: [one for one in old if one not in away])


def move_below(
    project: Project, label_ids: Collection[int], before: int | None, parent_id: int | None
) -> Outcome | None:
    """Have labels stand right below another one in place of the one before; None for the top of the tree."""
    new = [] if parent_id is None else [parent_id]
    title = Sentence("{labels} put under {parents}") if new else Sentence("{labels} taken out of {parents}")
    told = new or ([] if before is None else [before])
    return _change_parents(project, title, label_ids, told, lambda old: [*(one for one in old if one != before), *new])


def set_parents(project: Project, label_ids: Collection[int], parent_ids: Collection[int]) -> Outcome | None:
    """Have labels stand right below these and no others; None if they do."""
    new = list(parent_ids)
    title = Sentence("{labels} put under {parents}") if new else Sentence("{labels} stands below nothing")
    return _change_parents(project, title, label_ids, new, lambda _old: new)


def set_other_names(project: Project, label_id: int, names: Sequence[OtherName]) -> Outcome | None:
    """Say what else a label is called, in place of what was said before; None if that is the same.

    Raises:
        LabelSetError: a name that can be none, or by which another label of the label set is called.
    """
    if len(names) > MOST_OTHER_NAMES:
        raise LabelSetError(
            Sentence("Expected at most {most} other names of a label, but got {count}.").format(
                most=MOST_OTHER_NAMES, count=len(names)
            )
        )
    for one in names:
        check_name(one.name)

    def change(session: Session) -> None:
        label = session.get_one(Label, label_id)
        taken: dict[str, str] = {}
        for other in session.scalars(select(Label).where(Label.position.is_not(None), Label.id != label_id)):
            taken |= {name.casefold(): other.name for name in (other.name, *(name for name, _ in other.other_names))}
        # What it is called already is nothing that this edit says.
        had = {one[0].casefold() for one in label.other_names}
        for one in names:
            if one.name.casefold() in taken and one.name.casefold() not in had:
                raise LabelSetError(
                    Sentence("{name!r} is the label {label} already. Choose another name, or merge the two.").format(
                        name=one.name, label=LabelWord(taken[one.name.casefold()])
                    )
                )
        wanted = {one.name.casefold(): one for one in names if one.name.casefold() != label.name.casefold()}
        label.other_names = [list(one) for one in wanted.values()]

    title = Sentence("other names of {label} changed").format(label=labels_by_id(project)[label_id])
    return answer(project, title, (), edit_labels=change)


def _change_parents(
    project: Project,
    title: Sentence,
    label_ids: Collection[int],
    parent_ids: Collection[int],
    changed: Callable[[list[int]], list[int]],
) -> Outcome | None:
    names = labels_by_id(project)

    def change(session: Session) -> None:
        labels = {label.id: label for label in session.scalars(select(Label))}
        for label_id in label_ids:
            labels[label_id].parents = list(dict.fromkeys(changed(labels[label_id].parents)))
        check_no_circle({label.id: label.parents for label in labels.values()}, names)

    said = title.format(
        labels=some_of([names[one] for one in label_ids]), parents=some_of([names[one] for one in parent_ids])
    )
    return answer(project, said, (), edit_labels=change)
