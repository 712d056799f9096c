"""When each label was asked about: who reviewed a photo before a label came into the label set said nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from engine.project.project import Project
from engine.project.storage.schema import Change, Edit, Run

Times = npt.NDArray[np.datetime64]
Spells = tuple[tuple[np.datetime64, np.datetime64], ...]
"""From when until when, UTC, not-a-time for ever."""

_NEVER: np.datetime64 = np.datetime64("NaT", "us")


def spells_in_label_set(project: Project, connection: Connection) -> dict[int, Spells]:
    """By label when it was in the label set; of one that was always there nothing is said."""
    moves = project.rows(
        connection,
        select(Change.label_id, Change.old, Change.new, Edit.at, Run.started_at)
        .outerjoin(Edit, Edit.id == Change.edit_id)
        .outerjoin(Run, Run.id == Change.run_id)
        .where(Change.photo_id.is_(None), Change.field.in_(("joined", "position")))
        .order_by(Change.id),
    )
    found: dict[int, list[tuple[bool, np.datetime64]]] = {}
    for label, old, new, at_edit, at_run in moves:
        at = at_edit or at_run
        if label is not None and at is not None and (old is None) != (new is None):
            found.setdefault(label, []).append((old is None, np.datetime64(at, "us")))
    return {label: _spells(of_label) for label, of_label in found.items()}


def _spells(moves: Sequence[tuple[bool, np.datetime64]]) -> Spells:
    """Of when a label came in (True) and went out (False), in order."""
    spells: list[tuple[np.datetime64, np.datetime64]] = []
    since: np.datetime64 | None = None if moves[0][0] else _NEVER
    for came, at in moves:
        if came:
            since = at if since is None else since
        elif since is not None:
            spells.append((since, at))
            since = None
    return tuple(spells) if since is None else (*spells, (since, _NEVER))


def was_asked(reviewed_at: Times, spells: Mapping[int, Spells], label_ids: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Whether a label was in the label set when a photo was reviewed: photos x labels.

    Args:
        reviewed_at: photos, UTC, not-a-time where that is not known: it counts as asked.
    """
    wanted = list(label_ids)
    asked = np.ones((len(reviewed_at), len(wanted)), bool)
    by_spells: dict[Spells, list[int]] = {}
    for column, label in enumerate(wanted):
        if label in spells:
            by_spells.setdefault(spells[label], []).append(column)
    for kept, columns in by_spells.items():
        inside = np.isnat(reviewed_at)
        for since, until in kept:
            inside |= (np.isnat(since) | (reviewed_at >= since)) & (np.isnat(until) | (reviewed_at < until))
        asked[:, columns] = inside[:, None]
    return asked
