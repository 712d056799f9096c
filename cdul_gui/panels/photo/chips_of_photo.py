"""The labels of the current photo as chips that can be clicked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from cdul_gui.look.chips import chip_size, fold_size, paint_chip, paint_fold
from cdul_gui.look.controls import FlowArea
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.session.thresholds import likelihoods_of, says_chance
from cdul_gui.wording import as_chance, shown_name
from engine.project.snapshot import LabelState

_ORDER = (LabelState.CONFIRMED, LabelState.LIKELY, LabelState.MAYBE, LabelState.REJECTED)


@dataclass(frozen=True)
class PhotoLabel:
    """A label of the current photo: the snapshot's column, what the chip says, and the key that toggles it.

    `chance`: that it is there, 0 to 1; None where that is not known.
    """

    column: int
    name: str
    state: LabelState
    chance: float | None
    key: str | None


class LabelChip(QAbstractButton):
    """One label in one state. A click confirms it or takes that back; a right click, or X, rejects it."""

    rejected = Signal()
    pointed = Signal(bool)

    def __init__(self, label: PhotoLabel) -> None:
        super().__init__()
        self.column, self.state = label.column, label.state
        self._chance, self._key = label.chance, label.key
        self.looked_at = False
        self.setText(label.name)
        # Reached by Tab, but a click leaves the keyboard with the photos.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        states = {
            LabelState.LIKELY: self.tr("likely"),
            LabelState.MAYBE: self.tr("maybe"),
            LabelState.CONFIRMED: self.tr("confirmed"),
            LabelState.REJECTED: self.tr("rejected"),
            LabelState.ABSENT: self.tr("absent"),
        }
        told = self.tr("{label}: {state}").format(label=label.name, state=states[label.state])
        if label.chance is not None:
            told += self.tr(", chance {chance}").format(chance=as_chance(label.chance))
        self.setAccessibleName(told)
        self.setToolTip(f"{told}\n{self.tr('Click confirms, right click rejects')}")

    def sizeHint(self) -> QSize:
        return chip_size(self.font(), self.text(), self.state, self._chance, self._key) + QSize(4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        rect = self.rect().adjusted(2, 2, -2, -2)
        paint_chip(painter, rect, self.text(), self.state, self._chance, palette=self.palette(), key=self._key)
        if self.hasFocus():
            _paint_frame(painter, self, self.palette().windowText().color(), 5)
        elif self.looked_at:
            _paint_frame(painter, self, self.palette().link().color(), 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.rejected.emit()
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        # While a chip has the focus, these keys are its own and not the window's shortcuts.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_X)
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_X:
            self.rejected.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)


class FoldChip(QAbstractButton):
    """What may be on the photo, folded behind a count; a click unfolds it, and folds it up again."""

    def __init__(self, names: list[str], *, unfolded: bool) -> None:
        super().__init__()
        self.setText("−" if unfolded else f"+{len(names)}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        told = self.tr("Fold up what may be there") if unfolded else self.tr("Maybe: {labels}")
        self.setAccessibleName(told.replace("{labels}", ", ".join(names)))

    def sizeHint(self) -> QSize:
        return fold_size(self.font(), self.text()) + QSize(4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        paint_fold(painter, self.rect().adjusted(2, 2, -2, -2), self.text(), self.palette())
        if self.hasFocus():
            _paint_frame(painter, self, self.palette().windowText().color(), self.height() / 2)

    def event(self, event: QEvent) -> bool:
        # While it has the focus, Space is its own and not the window's.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)


class ChipsOfPhoto(FlowArea):
    """Confirmed labels first, then likely ones, the likeliest first, the count of those that may be, the rejected.

    Unfolded, those that may be stand in place of their count. The one that is looked at is always shown.
    """

    def __init__(
        self, session: Session, review: Review, use: LabelUse, keys: KeyNames, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._review, self._use, self._keys = session, review, use, keys
        self._shown: tuple[list[PhotoLabel], list[str]] = ([], [])
        self.setAccessibleName(self.tr("Labels of the current photo"))
        for signal in (
            session.snapshot_changed,
            session.current_changed,
            session.label_changed,
            session.unfolded_changed,
            use.keys_changed,
        ):
            signal.connect(self.show_labels)
        session.answers_changed.connect(self._show_answers)

    def chips(self) -> list[LabelChip]:
        """The chips of labels in their order."""
        return [widget for widget in self._widgets() if isinstance(widget, LabelChip)]

    @property
    def fold(self) -> FoldChip | None:
        """The chip that unfolds what may be there; None where nothing may."""
        return next((widget for widget in self._widgets() if isinstance(widget, FoldChip)), None)

    def _widgets(self) -> list[QWidget | None]:
        return [item.widget() for place in range(self.flow.count()) if (item := self.flow.itemAt(place))]

    @Slot(object)
    def _show_answers(self, rows: list[int]) -> None:
        if self._session.current in rows:
            self.show_labels()

    @Slot()
    def show_labels(self) -> None:
        """Show the labels of the current photo; chips are made anew only where something changed."""
        labels, folded = self._labels()
        if (labels, folded) != self._shown:
            self._shown = labels, folded
            self._make_chips(labels, folded)
        self._mark_label()

    def _make_chips(self, labels: list[PhotoLabel], maybe: list[str]) -> None:
        had_focus = self.fold is not None and self.fold.hasFocus()
        while (item := self.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        of_state = {state: [label for label in labels if label.state == state] for state in LabelState}
        for state in _ORDER:
            for label in of_state[state]:
                self.flow.addWidget(self._chip(label))
            if state == LabelState.MAYBE and maybe:
                fold = FoldChip(maybe, unfolded=self._session.unfolded)
                fold.setToolTip(self._keys.after(fold.accessibleName(), "maybe"))
                fold.clicked.connect(self._session.toggle_unfolded)
                self.flow.addWidget(fold)
                if had_focus:
                    fold.show()
                    fold.setFocus()
        self.fit()

    def _chip(self, label: PhotoLabel) -> LabelChip:
        chip = LabelChip(label)
        chip.clicked.connect(lambda: self._review.toggle(label.column))
        chip.rejected.connect(lambda: self._review.toggle_rejected(label.column))
        chip.pointed.connect(lambda on: self._session.point_at_label(label.column if on else None))
        return chip

    def _labels(self) -> tuple[list[PhotoLabel], list[str]]:
        """Those that are shown singly, and the names of those that the fold is about, the likeliest first."""
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            return [], []
        states, scores = snapshot.states([row])[0], snapshot.scores[row]
        likelihoods = likelihoods_of(snapshot, scores)
        chances = np.where(says_chance(snapshot), likelihoods, np.nan)
        labels: list[PhotoLabel] = []
        folded: list[str] = []
        for state in _ORDER:
            columns = np.flatnonzero(states == state)
            if state in (LabelState.LIKELY, LabelState.MAYBE):
                columns = columns[np.argsort(-likelihoods[columns], kind="stable")]
            for column in columns.tolist():
                name = shown_name(snapshot.labels[column].name)
                if state == LabelState.MAYBE and not (self._session.unfolded or column == self._session.label):
                    folded.append(name)
                    continue
                chance = None if np.isnan(chances[column]) else float(chances[column])
                labels.append(PhotoLabel(column, name, state, chance, self._use.keys.get(column)))
        if self._session.unfolded:
            folded = [label.name for label in labels if label.state == LabelState.MAYBE]
        return labels, folded

    def _mark_label(self) -> None:
        for chip in self.chips():
            chip.looked_at = chip.column == self._session.label
            chip.update()


def _paint_frame(painter: QPainter, chip: QWidget, colour: QColor, radius: float) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(chip.rect().adjusted(1, 1, -1, -1), radius, radius)
