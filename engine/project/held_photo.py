"""What learning may not change: the photo that somebody looks at, and what is likely on a reviewed one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.project.label_state import UNDECIDED

if TYPE_CHECKING:
    from engine.project.snapshot import Snapshot

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Held:
    """A photo that somebody looks at. `row`: of the snapshot; `likely`: labels, which were when they came to it."""

    row: int
    likely: Mask

    def in_another(self, before: Snapshot, now: Snapshot) -> Held | None:
        """The same photo and labels in a snapshot that was read anew; None where the photo is gone."""
        photo = int(before.photo_ids[self.row])
        if not now.has(photo):
            return None
        ids = {label.id for label, was in zip(before.labels, self.likely, strict=True) if was}
        return Held(now.row_of(photo), np.array([label.id in ids for label in now.labels], bool))


def as_it_was_seen(snapshot: Snapshot, rows: Places, columns: Places, likely: Mask) -> Mask:
    """What is likely, but on a held photo as when somebody came to it, and on a reviewed one only what answers did not
    make so: learning changes neither.

    Args:
        rows: photos; columns: labels.
        likely: rows x columns, by the scores there are.

    Returns:
        rows x columns.
    """
    held = snapshot.held
    here = rows == held.row if held is not None else np.zeros(len(rows), bool)
    changed = likely & snapshot.reviewed[rows, None] & ~here[:, None]
    if held is not None:
        changed[here] = likely[here] != held.likely[columns]
    if not changed.any():
        return likely
    changed &= snapshot.known[rows][:, columns] == UNDECIDED
    for place in np.flatnonzero(changed.any(axis=0)):
        at, column = np.flatnonzero(changed[:, place]), int(columns[place])
        of_label = [column, *snapshot.parents.below(column)]
        if snapshot.taught.keys().isdisjoint(of_label):
            changed[:, place] = False
        else:
            changed[at, place] = here[at] | ~_likely_untaught(snapshot, rows[at], of_label)
    return likely ^ changed


def _likely_untaught(snapshot: Snapshot, rows: Places, columns: list[int]) -> Mask:
    """Whether one of these labels is likely without what answers taught: rows."""
    likely = np.zeros(len(rows), bool)
    for column in columns:
        own = snapshot.untaught.get(column) or snapshot.scores_of(column)
        likely |= own.scores[rows] >= own.threshold
    return likely
