"""Truths: what somebody else knows of the photos, to compare with. Nothing is ever trained on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, select, update

from engine.errors import UserError, WrongUsage
from engine.project.labels import LabelRow
from engine.project.printable import is_printable
from engine.project.project import Project
from engine.project.storage.clock import now
from engine.project.storage.columns import Unsound
from engine.project.storage.rows import put_rows
from engine.project.storage.schema import Truth, TruthAnswers
from engine.wording import Sentence

PRESENT, ABSENT, IGNORED = 1, 0, -1
"""A photo has a label, or not, or it is not to be counted, as an object that is difficult to tell."""

Answers = npt.NDArray[np.int8]


class TruthError(UserError):
    """A truth cannot be kept or found; the message says why."""


@dataclass(frozen=True)
class TruthTable:
    """A truth's answers: photos x its own categories, with the label that each category means (None for no label)."""

    name: str
    categories: tuple[str, ...]
    label_ids: tuple[int | None, ...]
    photo_ids: npt.NDArray[np.int64]
    answers: Answers

    def aligned(self, photo_ids: npt.NDArray[np.int64], label_ids: Sequence[int]) -> Answers:
        """The answers for these photos and labels, IGNORED where the truth does not know.

        Where several categories mean one label, any of them that is present decides, then any that is ignored.
        """
        aligned = np.full((len(photo_ids), len(label_ids)), IGNORED, np.int8)
        row_of = {int(photo): row for row, photo in enumerate(self.photo_ids)}
        rows = np.array([row_of.get(int(photo), -1) for photo in photo_ids], np.int64)
        known = rows >= 0
        answers = self.answers[rows[known]]
        column_of = {label: column for column, label in enumerate(label_ids)}
        told: set[int] = set()
        for category, label in enumerate(self.label_ids):
            column = None if label is None else column_of.get(label)
            if column is None:
                continue
            said = answers[:, category]
            if column in told:
                before = aligned[known, column]
                ignored = np.where((said == IGNORED) | (before == IGNORED), IGNORED, ABSENT)
                said = np.where((said == PRESENT) | (before == PRESENT), PRESENT, ignored)
            aligned[known, column] = said
            told.add(column)
        return aligned

    def of_photos(self, photo_ids: npt.NDArray[np.int64]) -> TruthTable:
        """What it says of these photos alone."""
        here = np.isin(self.photo_ids, photo_ids)
        return replace(self, photo_ids=self.photo_ids[here], answers=self.answers[here])

    @property
    def without_label(self) -> tuple[str, ...]:
        """The categories that mean no label of the project."""
        return tuple(name for name, label in zip(self.categories, self.label_ids, strict=True) if label is None)


@dataclass(frozen=True)
class TruthRow:
    """A truth that is kept; `photos` of the project are in it."""

    id: int
    name: str
    source: str
    format: str
    imported_at: datetime
    categories: tuple[str, ...]
    label_ids: tuple[int | None, ...]
    photos: int


def keep_truth(project: Project, table: TruthTable, *, source: str, format_name: str) -> TruthRow:
    """Keep a truth for good, whole or not at all.

    Raises:
        TruthError: the name is empty or taken, or there are no answers.
    """
    if not table.name.strip() or not is_printable(table.name):
        raise TruthError(
            Sentence("{name!r} cannot be the name of a truth. Choose one of letters and digits.").format(
                name=table.name
            )
        )
    if not len(table.photo_ids):
        raise TruthError(Sentence("The truth {name!r} knows no photo of the project.").format(name=table.name))
    with project.writing() as connection:
        if connection.scalar(select(Truth.id).where(Truth.name == table.name)) is not None:
            raise TruthError(
                Sentence(
                    "There is a truth named {name!r} already. Choose another name, or forget that one first."
                ).format(name=table.name)
            )
        kept = {
            "name": table.name,
            "source": source,
            "format": format_name,
            "imported_at": now(),
            "categories": list(table.categories),
            "label_ids": list(table.label_ids),
        }
        truth_id = connection.execute(insert(Truth).values(kept).returning(Truth.id)).scalar_one()
        rows = [
            (truth_id, int(photo), answers.tobytes())
            for photo, answers in zip(table.photo_ids, table.answers, strict=True)
        ]
        put_rows(connection, TruthAnswers, ("truth_id", "photo_id", "answers"), rows, replace=False)
    return truth_named(project, table.name)


def truths(project: Project) -> list[TruthRow]:
    """The truths that are kept, by name."""
    photos = select(func.count()).where(TruthAnswers.truth_id == Truth.id).scalar_subquery().label("photos")
    with project.reading() as connection:
        kept = select(*Truth.__table__.columns, photos).order_by(Truth.name)
        rows = [_row(row) for row in project.rows(connection, kept)]
    for row in rows:
        if len(row.categories) != len(row.label_ids):
            project.leave_out(Unsound(f"truth.label_ids of {row.id}", "one for each category", row.label_ids))
    return [row for row in rows if len(row.categories) == len(row.label_ids)]


def truth_named(project: Project, name: str) -> TruthRow:
    """One truth by its name; WrongUsage where there is none."""
    kept = truths(project)
    for row in kept:
        if row.name == name:
            return row
    names = ", ".join(repr(row.name) for row in kept)
    there = Sentence("Its truths are {names}.").format(names=names) if names else Sentence("It has none yet.")
    raise WrongUsage(Sentence("The project has no truth named {name!r}. {there}").format(name=name, there=there))


def load_truth(project: Project, truth: TruthRow) -> TruthTable:
    """A truth with all its answers, photos in order of their id."""
    with project.reading() as connection:
        found = project.rows(
            connection,
            select(TruthAnswers.photo_id, TruthAnswers.answers)
            .where(TruthAnswers.truth_id == truth.id)
            .order_by(TruthAnswers.photo_id),
        )
    rows = [row for row in found if len(row.answers) == len(truth.categories)]
    for row in found:
        if len(row.answers) != len(truth.categories):
            place, expected = f"truth_answers.answers of photo {row.photo_id}", f"{len(truth.categories)} answers"
            project.leave_out(Unsound(place, expected, row.answers))
    photo_ids = np.array([row.photo_id for row in rows], np.int64)
    answers = np.frombuffer(b"".join(row.answers for row in rows), np.int8).reshape(len(rows), len(truth.categories))
    return TruthTable(truth.name, truth.categories, truth.label_ids, photo_ids, answers)


def map_category(project: Project, truth: TruthRow, category: str, label: LabelRow | None) -> TruthRow:
    """Say which label a truth's category means, or with None that it means none.

    Raises:
        WrongUsage: the truth has no such category.
    """
    if category not in truth.categories:
        raise WrongUsage(
            Sentence("The truth {name!r} has no label {label!r}, but {labels}.").format(
                name=truth.name,
                label=category,
                labels=", ".join(truth.categories[:10]) + (", …" if len(truth.categories) > 10 else ""),
            )
        )
    label_ids = list(truth.label_ids)
    label_ids[truth.categories.index(category)] = None if label is None else label.id
    with project.writing() as connection:
        connection.execute(update(Truth).where(Truth.id == truth.id).values(label_ids=label_ids))
    return truth_named(project, truth.name)


def forget_truth(project: Project, truth: TruthRow) -> None:
    """Delete a truth with its answers. Photos, labels and decisions stay as they are."""
    with project.writing() as connection:
        connection.execute(delete(Truth).where(Truth.id == truth.id))


def _row(row: Any) -> TruthRow:
    return TruthRow(
        row.id,
        row.name,
        row.source,
        row.format,
        row.imported_at,
        tuple(row.categories),
        tuple(row.label_ids),
        row.photos,
    )
