"""Where answers belong in arrays of photos x labels. Thousands at once, in the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from engine.project.answer import Answer
from engine.project.label_state import NO, UNDECIDED, YES

VALUE_OF = {YES: True, NO: False, UNDECIDED: None}
"""As an `Answer` says them."""
_CODE_OF = {value: code for code, value in VALUE_OF.items()}
_GONE, _MARK = -1, -2

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class AnswerPlaces:
    """`rows` and `columns` of answers, less than 0 for what left the project and, of columns, for marks as reviewed."""

    rows: Rows
    columns: Rows
    values: tuple[bool | None, ...]

    @classmethod
    def of(cls, answers: Sequence[Answer], rows: Mapping[int, int], columns: Mapping[int, int]) -> AnswerPlaces:
        """Look them up, `rows` by the ids of photos and `columns` by those of labels; not an answer at a time."""
        photos, labels, values = zip(*answers, strict=True)
        columns_or_mark: dict[int | None, int] = {None: _MARK} | dict(columns)
        return cls(
            np.fromiter(map(rows.get, photos, repeat(_GONE)), np.int64, len(photos)),
            np.fromiter(map(columns_or_mark.get, labels, repeat(_GONE)), np.int64, len(labels)),
            values,
        )

    @property
    def codes(self) -> npt.NDArray[np.int8]:
        """What they say: YES, NO or UNDECIDED."""
        return np.fromiter(map(_CODE_OF.__getitem__, self.values), np.int8, len(self.values))

    @property
    def on_labels(self) -> npt.NDArray[np.bool_]:
        """Which of them answer a label of a photo that is there."""
        return (self.rows >= 0) & (self.columns >= 0)

    @property
    def marks(self) -> npt.NDArray[np.bool_]:
        """Which of them mark a photo that is there as reviewed, or not."""
        return (self.rows >= 0) & (self.columns == _MARK)
