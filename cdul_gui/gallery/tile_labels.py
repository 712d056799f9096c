"""What a tile shows of its photo's labels, and where: chips in two lines, and counts of those that have no room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
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
    """Chips with their places.

    `without_room`: by state, how many labels of it have none, as a chip of that state. `fold`: the place of the one
    that counts the labels that may be, folded or without room, and what it says.
    """

    chips: list[tuple[QRect, TileChip]]
    without_room: list[tuple[QRect, TileChip]]
    fold: tuple[QRect, str] | None


def labels_of_tiles(
    snapshot: Snapshot,
    rows: Sequence[int],
    current_label: int | None,
    unfolded: int | None,
    order_of: Callable[[int], Sequence[int]] = lambda _row: (),
    *,
    swept: bool = False,
) -> dict[int, TileLabels]:
    """By row: the current label first, whatever its state, then what is confirmed, is implied, and is likely.

    The likeliest first; the current one says its chance. All rows at once: a screen of photos is asked for with every
    answer.

    Args:
        unfolded: the row of a photo whose labels that may be are shown singly too, behind the likely ones.
        order_of: the columns of a photo that stand in an order of their own, before the others: that of their digits.
        swept: keys answer for the current label also where it is absent: it is shown there, too.
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
        ranks[swept | (states[:, current_label] != LabelState.ABSENT), current_label] = 0
    about = np.round(likelihoods, 4)
    depths = np.broadcast_to(snapshot.parents.depths, about.shape)
    # All photos' labels in one order, photo by photo: a call of NumPy for each would take longer than what it orders.
    at, columns = np.nonzero(ranks < _NOT_SHOWN)
    places = np.full(about.shape, len(snapshot.labels))
    for number, row in enumerate(rows):
        own = order_of(row)
        places[number, own] = range(len(own))
    places[ranks == 0] = -1
    order = np.lexsort((-depths[at, columns], -about[at, columns], ranks[at, columns], places[at, columns], at))
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
        row: TileLabels(tuple(chips[start:end]), behind)
        for row, (start, end), behind in zip(rows, spans, folded, strict=True)
    }


def lay_out(font: QFont, room: QRect, labels: TileLabels) -> LaidOut:
    """In two lines from the upper left; the last one has room for what counts the labels that are not shown."""
    placed: list[tuple[QRect, TileChip]] = []
    left, top, height = room.left(), room.top(), chip_height(font)
    end = room.right() + 1
    for number, chip in enumerate(labels.chips):
        size = chip_size(font, chip.text, chip.state, chip.chance)
        if left > room.left() and top == room.top() and left + size.width() > end:
            left, top = room.left(), top + height + CHIP_SPACING
        width = end - left
        # What would be said were this chip the last one that is shown.
        if top > room.top():
            width -= sum(_widths(font, *_behind(labels.chips[number + 1 :], labels.folded)))
        # Of a name that is cut, something is to be read.
        if size.width() > width and (left > room.left() or width < 3 * height):
            break
        size.setWidth(min(size.width(), width))
        placed.append((QRect(QPoint(left, top), size), chip))
        left += size.width() + CHIP_SPACING
    counts, folded = _behind(labels.chips[len(placed) :], labels.folded)
    places: list[QRect] = []
    for width in _widths(font, counts, folded):
        if left > room.left() and left + width > end + CHIP_SPACING and top == room.top():
            left, top = room.left(), top + height + CHIP_SPACING
        places.append(QRect(left, top, width - CHIP_SPACING, height))
        left += width
    without_room = list(zip(places, counts, strict=False))
    return LaidOut(placed, without_room, (places[-1], f"+{folded}") if folded else None)


def _behind(chips: Sequence[TileChip], folded: int) -> tuple[list[TileChip], int]:
    """What counts chips that have no room, by state, and the number of labels that may be, folded or without room."""
    counts = Counter(chip.state for chip in chips)
    folded += counts.pop(LabelState.MAYBE, 0)
    return [TileChip(f"+{count}", state, None) for state, count in counts.items()], folded


def _widths(font: QFont, counts: Sequence[TileChip], folded: int) -> list[int]:
    """Of what counts labels that are not shown, each with the gap beside it, pixels."""
    widths = [chip_size(font, chip.text, chip.state).width() for chip in counts]
    if folded:
        widths.append(fold_size(font, f"+{folded}").width())
    return [width + CHIP_SPACING for width in widths]
