"""The labels of the current photo as chips that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from cdul_gui.look.chips import chip_size, fold_size, paint_chip, paint_fold
from cdul_gui.look.flow import FlowArea
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.labels_of_photo import LabelsOfPhoto, PhotoLabel
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.wording import as_chance
from engine.project.label_state import LabelState

_ACCEPTING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Y)
_REJECTING = (Qt.Key.Key_X, Qt.Key.Key_Delete)


class LabelChip(QAbstractButton):
    """One label in one state. A click confirms it or takes that back; a right click rejects it.

    While it has the keyboard, Enter and Y are a click, X and Delete a right click. Space goes on to the next photo, as
    everywhere: on a label that was just rejected it would confirm it.
    """

    rejected = Signal()
    pointed = Signal(bool)
    has_keyboard = Signal(bool)

    def __init__(self, label: PhotoLabel) -> None:
        super().__init__()
        self._label: PhotoLabel | None = None
        self.looked_at = False
        # Reached by Tab, but a click leaves the keyboard with the photos.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # In a narrow dock a long name is cut.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_label(label)

    def show_label(self, label: PhotoLabel) -> None:
        """Say what a label is to the photo by now; it may be another label than before."""
        before, self._label = self._label, label
        if label == before:
            return
        self.column = label.column
        if before is not None and before.column != label.column:
            # A click that was begun was of the one before.
            self.setDown(False)
            if self.underMouse():
                self.pointed.emit(True)
        self.state, self._key = label.state, label.key
        self.setText(label.name)
        states = {
            LabelState.LIKELY: self.tr("likely"),
            LabelState.MAYBE: self.tr("maybe"),
            LabelState.CONFIRMED: self.tr("confirmed"),
            LabelState.REJECTED: self.tr("rejected"),
            LabelState.ABSENT: self.tr("absent"),
            LabelState.IMPLIED: self.tr("implied by a label below it"),
            LabelState.RULED_OUT: self.tr("ruled out by a label above it"),
        }
        told = self.tr("{label}: {state}").format(label=label.name, state=states[label.state])
        if label.rule is not None:
            told += self.tr(", by the rule {rule}").replace("{rule}", label.rule)
        elif label.chance is not None:
            told += self.tr(", chance {chance}").format(chance=as_chance(label.chance))
            if label.likely_from is not None and label.state in (LabelState.LIKELY, LabelState.MAYBE):
                # A label that is hard to see is likely at a chance at which one that is easy to see is not.
                told += self.tr(" (likely from {chance} on)").format(chance=as_chance(label.likely_from))
        yes, no = self.tr("{name} says yes"), self.tr("{name} says no")
        for name, says in label.others:
            told += f"; {(yes if says else no).format(name=name)}"
        self.setAccessibleName(told)
        tip = f"{told}\n{self.tr('Click confirms, right click rejects')}"
        if label.key is not None and label.key.isdigit():
            tip += "\n" + self.tr("{key} confirms, Shift+{key} rejects").replace("{key}", label.key)
        self.setToolTip(tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return chip_size(self.font(), self.text(), self.state, key=self._key) + QSize(4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        rect = self.rect().adjusted(2, 2, -2, -2)
        paint_chip(painter, rect, self.text(), self.state, None, palette=self.palette(), key=self._key)
        if self.hasFocus():
            _paint_frame(painter, self, self.palette().windowText().color(), 5)
        elif self.looked_at:
            _paint_frame(painter, self, self.palette().link().color(), 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.rejected.emit()
        else:
            super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.has_keyboard.emit(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.has_keyboard.emit(False)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (*_ACCEPTING, *_REJECTING) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            pass  # a key that is held says one thing, not yes and no in turn
        elif event.key() in _ACCEPTING:
            self.click()
        else:
            self.rejected.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)


class FoldChip(QAbstractButton):
    """What may be on the photo, folded behind a count; a click or Enter unfolds it, and folds it up again."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_labels(self, names: Sequence[str], *, unfolded: bool) -> None:
        """Say which labels may be there, and whether they stand unfolded."""
        self.setText("−" if unfolded else f"+{len(names)}")
        self.updateGeometry()
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class ChipsOfPhoto(FlowArea):
    """The labels of the current photo in their order, and the count of those that may be there.

    The arrows lead from chip to chip. Unfolded, those that may be stand before their count. On another photo the
    keyboard is on its first chip.
    """

    made = Signal()
    """There are other chips, which Tab is still to be led to: Qt puts what is new behind everything else."""
    keyboard_left = Signal()
    """The chip that had the keyboard is gone, and there is no other."""

    def __init__(self, session: Session, review: Review, labels: LabelsOfPhoto, keys: KeyNames) -> None:
        super().__init__()
        self._session, self._review, self._labels, self._keys = session, review, labels, keys
        self._photo: int | None = None
        """Row of the photo whose chips are shown."""
        self.setAccessibleName(self.tr("Labels of the current photo"))
        labels.changed.connect(self._show_labels)
        session.current_changed.connect(self._follow_photo)
        session.label_changed.connect(self._mark_label)

    def chips(self) -> list[LabelChip]:
        """The chips of labels in their order."""
        return [widget for widget in self._widgets() if isinstance(widget, LabelChip)]

    @property
    def fold(self) -> FoldChip | None:
        """The chip that unfolds what may be there; None where nothing may."""
        return next((widget for widget in self._widgets() if isinstance(widget, FoldChip)), None)

    def follow_in_tab_order(self, before: QWidget) -> None:
        """Have Tab lead from another widget of the window to the chips, and from chip to chip."""
        for widget in self._widgets():
            QWidget.setTabOrder(before, widget)
            before = widget

    def take_keyboard(self) -> bool:
        """Put the keyboard on the first chip; returns whether there is one."""
        first = next(iter(self._widgets()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        return first is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Of a chip that has the keyboard, whose keys are its own and not the window's shortcuts: what would reject all
        # that is likely rejects nothing while the count has it.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(watched, LabelChip | FoldChip)
            and isinstance(event, QKeyEvent)
            and event.key() in (*_ACCEPTING, *_REJECTING)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.modifiers():
            widgets = self._widgets()
            places = [place for place, widget in enumerate(widgets) if widget is watched]
            if places and (target := _beside(widgets, places[0], Qt.Key(event.key()))) is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _widgets(self) -> list[QWidget]:
        items = (self.flow.itemAt(place) for place in range(self.flow.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    @Slot()
    def _show_labels(self) -> None:
        """Chips are made only where there are more labels than before, since each is costly."""
        before, labels = self._widgets(), self._labels.labels
        chips = [widget for widget in before if isinstance(widget, LabelChip)]
        had_focus = next((chip.column for chip in chips if chip.hasFocus()), None)
        fold_had_focus = any(widget.hasFocus() for widget in before if isinstance(widget, FoldChip))
        for chip, label in zip(chips, labels, strict=False):
            chip.show_label(label)
        self._drop(chips[len(labels) :])
        for place, label in enumerate(labels[len(chips) :], len(chips)):
            self.flow.insert_widget(place, self._chip(label))
        self._show_fold()
        self._mark_label()
        if had_focus is not None or fold_had_focus:
            self._keep_keyboard(had_focus, same_photo=self._photo == self._session.current)
        self.fit()
        if self._widgets() != before:
            self.made.emit()

    @Slot()
    def _follow_photo(self) -> None:
        # Its labels were shown before this, whoever they belong to.
        self._photo = self._session.current

    def _keep_keyboard(self, column: int | None, *, same_photo: bool) -> None:
        """Leave the keyboard on the label or fold (None) that had it; on another photo it is on the first chip."""
        for widget in self._widgets():
            widget.show()
        there = self.fold if column is None else next((chip for chip in self.chips() if chip.column == column), None)
        if same_photo and there is not None:
            there.setFocus()
        elif not self.take_keyboard():
            self.keyboard_left.emit()

    def _show_fold(self) -> None:
        maybe, fold = self._labels.folded, self.fold
        if not maybe:
            self._drop([] if fold is None else [fold])
            return
        if fold is None:
            fold = FoldChip()
            fold.clicked.connect(self._session.toggle_unfolded)
            fold.installEventFilter(self)
            self.flow.addWidget(fold)
        fold.show_labels(maybe, unfolded=self._session.unfolded)
        fold.setToolTip(self._keys.after(fold.accessibleName(), "maybe"))

    def _drop(self, widgets: Sequence[QWidget]) -> None:
        for widget in widgets:
            self.flow.take(widget)
            widget.hide()
            widget.deleteLater()

    def _chip(self, label: PhotoLabel) -> LabelChip:
        chip = LabelChip(label)
        # Not for as long as it lives: dozens of events a key would take the way through Python.
        chip.has_keyboard.connect(lambda on: chip.installEventFilter(self) if on else chip.removeEventFilter(self))
        chip.clicked.connect(lambda: self._review.toggle(chip.column))
        chip.rejected.connect(lambda: self._review.toggle_rejected(chip.column))
        chip.pointed.connect(lambda on: self._session.point_at_label(chip.column if on else None))
        return chip

    @Slot()
    def _mark_label(self) -> None:
        for chip in self.chips():
            if chip.looked_at != (chip.column == self._session.label):
                chip.looked_at = not chip.looked_at
                chip.update()


def _beside(widgets: Sequence[QWidget], place: int, key: Qt.Key) -> QWidget | None:
    """The widget that an arrow leads to from the one at `place`: the next one, or the nearest a line away."""
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        return widgets[min(max(place + (1 if key == Qt.Key.Key_Right else -1), 0), len(widgets) - 1)]
    if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return None
    here = widgets[place].geometry()
    tops = sorted({widget.y() for widget in widgets})
    line = tops.index(here.y()) + (1 if key == Qt.Key.Key_Down else -1)
    if not 0 <= line < len(tops):
        return widgets[place]
    there = (widget for widget in widgets if widget.y() == tops[line])
    return min(there, key=lambda widget: abs(widget.geometry().center().x() - here.center().x()))


def _paint_frame(painter: QPainter, chip: QWidget, colour: QColor, radius: float) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(chip.rect().adjusted(1, 1, -1, -1), radius, radius)
