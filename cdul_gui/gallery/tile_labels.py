"""What a tile shows of its photo's labels, and where: chips in two lines, and one that others stand folded behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont

from cdul_gui.look.chips import CHIP_SPACING, chip_height, chip_size, fold_size
from cdul_gui.session.thresholds import chances_of
from cdul_gui.wording import shown_name
from engine.project.snapshot import LabelState, Snapshot


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


def labels_of_tile(snapshot: Snapshot, row: int, current_label: int | None, *, unfolded: bool) -> TileLabels:
    """The current label first, whatever its state, then what is confirmed, then what is likely, the likeliest first.

    Args:
        unfolded: those that may be are shown singly too, behind the likely ones.
    """
    states, scores = snapshot.states([row])[0], snapshot.scores[row]
    shown = [LabelState.CONFIRMED, LabelState.LIKELY, *([LabelState.MAYBE] if unfolded else [])]
    ordered: list[int] = []
    for state in shown:
        columns = np.flatnonzero(states == state)
        ordered += columns[np.argsort(-scores[columns], kind="stable")].tolist()
    if current_label is not None and states[current_label] != LabelState.ABSENT:
        ordered = [current_label, *(column for column in ordered if column != current_label)]
    maybe = set(np.flatnonzero(states == LabelState.MAYBE).tolist())
    chances = chances_of(snapshot, scores, slice(None))
    chips = (
        TileChip(
            shown_name(snapshot.labels[column].name),
            LabelState(states[column]),
            None if np.isnan(chances[column]) else float(chances[column]),
        )
        for column in ordered
    )
    return TileLabels(tuple(chips), len(maybe.difference(ordered)))


def lay_out(font: QFont, room: QRect, labels: TileLabels) -> LaidOut:
    """In two lines from the upper left; the last one has room for what tells of labels that are not shown."""
    placed: list[tuple[QRect, TileChip]] = []
    left, top, height = room.left(), room.top(), chip_height(font)
    end = room.right() + 1
    for number, chip in enumerate(labels.chips):
        size = chip_size(font, chip.text, chip.state, chip.chance)
        # What would be said were this chip the last one that is shown.
        behind = _behind(len(labels.chips) - number - 1, labels.folded)
        more = fold_size(font, behind).width() + CHIP_SPACING if behind else 0
        if left > room.left() and top == room.top() and left + size.width() > end:
            left, top = room.left(), top + height + CHIP_SPACING
        width = end - left - (more if top > room.top() else 0)
        if left > room.left() and size.width() > width:
            break
        size.setWidth(min(size.width(), width))
        placed.append((QRect(QPoint(left, top), size), chip))
        left += size.width() + CHIP_SPACING
    behind = _behind(len(labels.chips) - len(placed), labels.folded)
    if not behind:
        return LaidOut(placed, None)
    width = fold_size(font, behind).width()
    if left > room.left() and left + width > end and top == room.top():
        left, top = room.left(), top + height + CHIP_SPACING
    return LaidOut(placed, (QRect(left, top, width, height), behind))


def _behind(chips: int, folded: int) -> str:
    """An ellipsis for chips that had no room, and the count of labels that may be there."""
    return " ".join(part for part in ("…" if chips else "", f"+{folded}" if folded else "") if part)
