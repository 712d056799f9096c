"""What a tile shows of its photo's labels, and where: chips in two lines, and one that others stand folded behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont

from cdul_gui.look.chips import CHIP_SPACING, chip_height, chip_size, fold_size
from cdul_gui.session.thresholds import likelihoods_of, says_chance
from cdul_gui.wording import shown_name
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot

_NOT_SHOWN = 9
_STATES = [*LabelState]
_MOST_CHIPS = 64
"""More than two lines of the widest tile have room for."""


def _ranks(*shown: LabelState) -> npt.NDArray[np.int8]:
    """By state: in which order labels stand, those that are looked at at 0."""
    return np.array([1 + shown.index(state) if state in shown else _NOT_SHOWN for state in LabelState], np.int8)


_RANKS = _ranks(LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.LIKELY)
_UNFOLDED_RANKS = _ranks(LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.LIKELY, LabelState.MAYBE)


@dataclass(frozen=True)
class TileChip:
    """One label. `chance`: that it is there, 0 to 1; None where that is not known."""

    text: str
    state: LabelState
    chance: float | None


@dataclass(frozen=True)
class TileLabels:
    """The labels that are shown singly, in their order, and how many stand behind them."""

    chips: tuple[TileChip, ...]
    folded: int

    def __bool__(self) -> bool:
        return bool(self.chips or self.folded)

    @property
    def foldable(self) -> bool:
        """Whether any label may be there, shown singly or not."""
        return bool(self.folded) or any(chip.state == LabelState.MAYBE for chip in self.chips)


@dataclass(frozen=True)
class LaidOut:
    """Chips with their places; `fold`: the place of the one that tells of what is not shown, and what it says."""

    chips: list[tuple[QRect, TileChip]]
    fold: tuple[QRect, str] | None


def labels_of_tiles(
    snapshot: Snapshot, rows: Sequence[int], current_label: int | None, unfolded: int | None
) -> dict[int, TileLabels]:
    """By row: the current label first, whatever its state, then what is confirmed, is implied, and is likely.

    The likeliest first; the current one says its chance. All rows at once: a screen of photos is asked for with every
    answer.

    Args:
        unfolded: the row of a photo whose labels that may be are shown singly too, behind the likely ones.
    """
    states, scores = snapshot.states(rows), snapshot.scores[rows]
    likelihoods = likelihoods_of(snapshot, scores)
    # From which chance on a label is likely is its own: those of two labels side by side would seem to contradict.
    chances = np.full_like(likelihoods, np.nan)
    if current_label is not None and says_chance(snapshot, current_label):
        chances[:, current_label] = likelihoods[:, current_label]
    ranks = _RANKS[states]
    if unfolded in rows:
        ranks[rows.index(unfolded)] = _UNFOLDED_RANKS[states[rows.index(unfolded)]]
    if current_label is not None:
        ranks[states[:, current_label] != LabelState.ABSENT, current_label] = 0
    about = np.round(likelihoods, 4)
    depths = np.broadcast_to(snapshot.parents.depths, about.shape)
    # All photos' labels in one order, photo by photo: a call of NumPy for each would take longer than what it orders.
    at, columns = np.nonzero(ranks < _NOT_SHOWN)
    order = np.lexsort((-depths[at, columns], -about[at, columns], ranks[at, columns], at))
    at, columns = at[order], columns[order]
    starts = np.searchsorted(at, np.arange(len(rows) + 1)).tolist()
    names = {column: shown_name(snapshot.labels[column].name) for column in set(columns.tolist())}
    chips = [
        TileChip(names[column], _STATES[state], None if isnan(chance) else chance)
        for column, state, chance in zip(
            columns.tolist(), states[at, columns].tolist(), chances[at, columns].tolist(), strict=True
        )
    ]
    folded = ((states == LabelState.MAYBE) & (ranks == _NOT_SHOWN)).sum(axis=1).tolist()
    spans = pairwise(starts)
    return {
        row: TileLabels(tuple(chips[start : min(end, start + _MOST_CHIPS)]), behind)
        for row, (start, end), behind in zip(rows, spans, folded, strict=True)
    }


def lay_out(font: QFont, room: QRect, labels: TileLabels) -> LaidOut:
    """In two lines from the upper left; the last one has room for what tells of labels that are not shown."""
    placed: list[tuple[QRect, TileChip]] = []
    left, top, height = room.left(), room.top(), chip_height(font)
    end = room.right() + 1
    for number, chip in enumerate(labels.chips):
        size = chip_size(font, chip.text, chip.state, chip.chance)
        if left > room.left() and top == room.top() and left + size.width() > end:
            left, top = room.left(), top + height + CHIP_SPACING
        width = end - left
        # What would be said were this chip the last one that is shown.
        if top > room.top() and (behind := _behind(labels.chips[number + 1 :], labels.folded)):
            width -= fold_size(font, behind).width() + CHIP_SPACING
        if left > room.left() and size.width() > width:
            break
        size.setWidth(min(size.width(), width))
        placed.append((QRect(QPoint(left, top), size), chip))
        left += size.width() + CHIP_SPACING
    behind = _behind(labels.chips[len(placed) :], labels.folded)
    if not behind:
        return LaidOut(placed, None)
    width = fold_size(font, behind).width()
    if left > room.left() and left + width > end and top == room.top():
        left, top = room.left(), top + height + CHIP_SPACING
    return LaidOut(placed, (QRect(left, top, width, height), behind))


def _behind(chips: Sequence[TileChip], folded: int) -> str:
    """An ellipsis for chips that had no room, and the count of labels that may be there, folded or without room."""
    maybe = sum(chip.state == LabelState.MAYBE for chip in chips)
    folded += maybe
    return " ".join(part for part in ("…" if len(chips) > maybe else "", f"+{folded}" if folded else "") if part)
