"""What a search tells of the photos in the gallery, beside their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cdul_gui.session.order import Groups
from cdul_gui.session.session import NO_ROWS
from cdul_gui.session.snapshot_reading import Rows
from engine.stages.finding.search import Part


@dataclass(frozen=True, eq=False)
class Notes:
    """Of the photos of `rows`, in their order; they say nothing about any others."""

    rows: Rows = field(default_factory=lambda: NO_ROWS)
    groups: Groups | None = None
    """Which neighbours belong together, where it is neither folder nor day."""
    parts: Mapping[int, Part] = field(default_factory=dict)
    """By row: where in the photo what was looked for is."""
    best: frozenset[int] = frozenset()
    """The rows that are the best of their group."""

    def groups_for(self, rows: Rows) -> Groups | None:
        """The groups, if they are those of these rows."""
        return self.groups if np.array_equal(rows, self.rows) else None
