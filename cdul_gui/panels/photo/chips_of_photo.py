"""The labels of the current photo as chips that can be clicked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from cdul_gui.look.chips import chip_size, paint_chip
from cdul_gui.look.controls import FlowArea
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.wording import as_score
from engine.project.snapshot import LabelState


class LabelChip(QAbstractButton):
    """One label in one state. A click confirms it or takes that back; a right click, or X, rejects it."""

    rejected = Signal()
    pointed = Signal(bool)

    def __init__(
        self,
        column: int,
        name: str,
        state: LabelState,
        score: float | None,
        key: str | None,
        by_stage: Callable[[int], str],
    ) -> None:
        super().__init__()
        self.column, self.state = column, state
        self._score, self._key = score, key
        self._by_stage = by_stage
        self.looked_at = False
        self.setText(name)
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
        told = self.tr("{label}: {state}").format(label=name, state=states[state])
        if score is not None:
            told += self.tr(", score {score}").format(score=as_score(score))
        self.setAccessibleName(told)

    def sizeHint(self) -> QSize:
        return chip_size(self.font(), self.text(), self.state, self._score, self._key) + QSize(4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        rect = self.rect().adjusted(2, 2, -2, -2)
        paint_chip(painter, rect, self.text(), self.state, self._score, palette=self.palette(), key=self._key)
        if self.looked_at or self.hasFocus():
            colour = self.palette().windowText().color() if self.hasFocus() else self.palette().link().color()
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.rejected.emit()
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            # Asked for now, since some scores come after the chip.
            lines = (self.accessibleName(), self._by_stage(self.column), self.tr("Click confirms, right click rejects"))
            self.setToolTip("\n".join(filter(None, lines)))
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


class ChipsOfPhoto(FlowArea):
    """Confirmed labels first, then suggested ones by score, then what was rejected."""

    def __init__(self, session: Session, review: Review, use: LabelUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._review, self._use = session, review, use
        self._shown: list[tuple[int, str, LabelState, float | None, str | None]] = []
        self.by_stage: Callable[[int], str] = lambda _column: ""
        """What the stages scored a label, on one line."""
        self.setAccessibleName(self.tr("Labels of the current photo"))
        for signal in (session.snapshot_changed, session.current_changed, use.keys_changed):
            signal.connect(self.show_labels)
        session.answers_changed.connect(self._show_answers)
        session.label_changed.connect(self._mark_label)

    def chips(self) -> list[LabelChip]:
        """The chips in their order."""
        widgets = [item.widget() for place in range(self.flow.count()) if (item := self.flow.itemAt(place))]
        return [widget for widget in widgets if isinstance(widget, LabelChip)]

    @Slot(object)
    def _show_answers(self, rows: list[int]) -> None:
        if self._session.current in rows:
            self.show_labels()

    @Slot()
    def show_labels(self) -> None:
        """Show the labels of the current photo; chips are made anew only where something changed."""
        labels = self._labels()
        if labels == self._shown:
            return
        self._shown = labels
        while (item := self.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for column, name, state, score, key in labels:
            chip = LabelChip(column, name, state, score, key, lambda column: self.by_stage(column))
            chip.clicked.connect(lambda _checked=False, column=column: self._review.toggle(column))
            chip.rejected.connect(lambda column=column: self._review.toggle_rejected(column))
            chip.pointed.connect(lambda on, column=column: self._session.point_at_label(column if on else None))
            self.flow.addWidget(chip)
        self._mark_label()
        self.fit()

    def _labels(self) -> list[tuple[int, str, LabelState, float | None, str | None]]:
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            return []
        states, scores = snapshot.states([row])[0], snapshot.scores[row]
        labels: list[tuple[int, str, LabelState, float | None, str | None]] = []
        for state in (LabelState.CONFIRMED, LabelState.LIKELY, LabelState.REJECTED):
            columns = np.flatnonzero(states == state)
            if state == LabelState.LIKELY:
                columns = columns[np.argsort(-scores[columns], kind="stable")]
            for column in columns.tolist():
                score = None if np.isnan(scores[column]) else float(scores[column])
                labels.append((column, snapshot.labels[column].name, state, score, self._use.keys.get(column)))
        return labels

    @Slot()
    def _mark_label(self) -> None:
        for chip in self.chips():
            chip.looked_at = chip.column == self._session.label
            chip.update()
