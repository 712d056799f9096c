"""What learning may not change: the photo that somebody looks at, and what is likely on a reviewed one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Held:
    """A photo that somebody looks at. `row`: of the snapshot; `likely`: labels, which were when they came to it;
    `scored`: those that had a score then: of others nothing could be seen. `firm`: also what no answer taught stays, as
    long as scores are coming and thresholds are measured anew with them."""

    row: int
    likely: Mask
    scored: Mask
    firm: bool = False


def as_it_was_seen(
    likely: Mask,
    undecided: Mask,
    reviewed: Mask,
    held: Held | None,
    rows: Places,
    columns: Places,
    likely_untaught: Callable[[int], Mask | None],
) -> Mask:
    """What is likely, but on a held photo as when somebody came to it, and on a reviewed one only what answers did not
    make so: learning changes neither, and what is still being scored not the held one that is `firm`.

    Args:
        likely: rows x columns, by the scores there are; undecided: likewise, what nobody answered.
        reviewed: rows x columns, whether the photo was reviewed with the label in the label set.
        rows, columns: which photos and labels these are.
        likely_untaught: of a column, photos: what would be likely had answers taught nothing; None where they did not.

    Returns:
        rows x columns.
    """
    here = rows == held.row if held is not None else np.zeros(len(rows), bool)
    changed = likely & reviewed & ~here[:, None]
    if held is not None:
        changed[here] = (likely[here] != held.likely[columns]) & held.scored[columns]
    if not changed.any():
        return likely
    changed &= undecided
    firm = here if held is not None and held.firm else np.zeros(len(rows), bool)
    for place in np.flatnonzero(changed.any(axis=0)):
        untaught = likely_untaught(int(columns[place]))
        changed[:, place] &= firm if untaught is None else here | ~untaught[rows]
    return likely ^ changed
