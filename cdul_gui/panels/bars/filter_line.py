"""The line in which a filter is typed: it completes what is typed and marks what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QPalette,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
)
from PySide6.QtWidgets import QCompleter, QHeaderView, QTreeView, QWidget

from cdul_gui.look.appearance import is_dark
from cdul_gui.look.controls import leave_to_window
from cdul_gui.look.drops import Line
from cdul_gui.wording import translated
from engine.project.filters import Completion

_GROUND_WHEN_WRONG = {True: "#4a2326", False: "#fbe3e1"}
_MOST_LINES = 12
_BETWEEN_LINES = 6


class FilterLine(Line):
    """A line of text with a list of what could stand at the cursor.

    The list opens while one types and with Down; Up and Down choose in it, Enter or Tab takes, Escape closes it. Where
    nothing is chosen, Enter takes the first only if what is typed can be nothing but its beginning, and else is done
    with the line, as without the list; Down or Escape leads to the photos then, and the keyboard stays until that,
    since what is typed on would answer for photos. Otherwise Escape empties the line, or leaves an empty one.
    """

    completions_wanted = Signal(bool)
    """What could stand at the cursor is to be offered; whether it was asked for, not only typed on."""
    finished = Signal()
    """The filter is complete, because of Enter or because the person went on somewhere else."""
    left = Signal()
    """The keyboard should go back to the photos."""
    entered_changed = Signal()
    """Down leads to the photos now, or no longer."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Filter"))
        self.setPlaceholderText(self.tr("Filter: dog, or label:dog -label:cat score(dog)>0.4"))
        self.setClearButtonEnabled(True)
        self._offered: list[Completion] = []
        self._wrong: int | None = None
        self.entered = False
        """Whether nothing was typed since Enter."""
        self._told_below: QWidget | None = None
        self._model = QStandardItemModel(0, 2, self)
        self.popup = _Popup()
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_MOST_LINES)
        self._completer.setPopup(self.popup)
        self._completer.setWidget(self)
        self.popup.arrange_columns()
        self.popup.clicked.connect(self._take)
        self.textEdited.connect(self._type_on)

    def keep_free(self, told_below: QWidget) -> None:
        """The list covers nothing of what stands below the line and says what is shown, or what is wrong."""
        self._told_below = told_below
        told_below.installEventFilter(self)

    def _open_list(self) -> None:
        below = 0 if self._told_below is None else self._told_below.height() + _BETWEEN_LINES
        chosen = self.popup.currentIndex()
        self._completer.complete(self.rect().adjusted(0, 0, 0, below))
        # The completer chooses the first, which nobody went to.
        self.popup.setCurrentIndex(chosen)

    @Slot()
    def _type_on(self) -> None:
        self._enter(on=False)
        self.completions_wanted.emit(False)

    def offer(self, completions: Sequence[Completion]) -> None:
        """Show what could stand at the cursor, or close the list where there is nothing to offer."""
        typed = self.text()
        complete = any(typed[one.start : one.end] == one.text for one in completions)
        self._offered = [] if complete else list(completions)
        self._model.setRowCount(0)
        metrics, muted = self.fontMetrics(), self.palette().brush(QPalette.ColorRole.PlaceholderText)
        for one in self._offered:
            text, hint = QStandardItem(one.text), QStandardItem(translated(one.hint))
            text.setSizeHint(QSize(metrics.horizontalAdvance(one.text) + 20, metrics.height() + 8))
            hint.setForeground(muted)
            self._model.appendRow([text, hint])
        if self._offered:
            self._open_list()
        else:
            self.popup.hide()

    def mark_wrong(self, position: int | None) -> None:
        """Tint the line and underline it from this place to the end of the word; None where nothing is wrong."""
        # Formatting for nothing would disturb an input method that is at work.
        if position is not None or self._wrong is not None:
            self._wrong = position
            self._tint()
            self._underline()

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        self.popup.hide()
        one, text = self._offered[index.row()], self.text()
        # What is complete is followed by a space, so that one can go on; the rest asks for more.
        more = "" if one.asks_for_more or text[one.end :] else " "
        self.setText(text[: one.start] + one.text + more + text[one.end :])
        self.setCursorPosition(one.start + len(one.text) + len(more))
        self.textEdited.emit(self.text())
        # As after Enter: Down and Escape lead to the photos.
        self._enter(on=bool(more))

    def _enter(self, *, on: bool) -> None:
        if on != self.entered:
            self.entered = on
            self.entered_changed.emit()

    # Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # What is typed is understood, and said in more lines, once the list is there.
        if watched is self._told_below and event.type() == QEvent.Type.Resize and self.popup.isVisible():
            self._open_list()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if leave_to_window(event, self.text()):
            return True
        if overriding and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            # It closes the list, or empties the line, whatever command has that key.
            event.accept()
            return True
        # Tab would leave the line before keyPressEvent hears of it.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.popup.isVisible():
            chosen, entering = self.popup.currentIndex(), event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.key() == Qt.Key.Key_Tab or (entering and (chosen.isValid() or self._offered[0].begun)):
                self._take(chosen if chosen.isValid() else self._model.index(0, 0))
                if entering and not chosen.isValid() and self.entered:
                    self.finished.emit()
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        open_list = self.popup.isVisible()
        if event.key() == Qt.Key.Key_Escape:
            if open_list:
                self.popup.hide()
            elif self.entered:
                self.left.emit()
            elif self.text():
                self.clear()
                self.textEdited.emit("")
            else:
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.popup.hide()
            self.end(False)
            self._enter(on=True)
            self.finished.emit()
        elif event.key() == Qt.Key.Key_Down and self.entered:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down and not open_list:
            self.completions_wanted.emit(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.popup.hide()
            # A question, as for the name of a filter, gives the keyboard back as it was.
            self._enter(on=self.entered and event.reason() == Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
            self.finished.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.popup.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Its own ground changes the palette as well; the same once more changes nothing.
        if event.type() == QEvent.Type.PaletteChange and getattr(self, "_wrong", None) is not None:
            self._tint()
            self._underline()

    def _tint(self) -> None:
        palette = QPalette()
        if self._wrong is not None:
            palette.setColor(QPalette.ColorRole.Base, QColor(_GROUND_WHEN_WRONG[is_dark(palette)]))
        self.setPalette(palette)

    def _underline(self) -> None:
        """Qt formats a part of a line's text only where an input method asks for it."""
        attributes = []
        if self._wrong is not None:
            text = self.text()
            start = min(self._wrong, max(0, len(text) - 1))
            length = len((text[start:].split(maxsplit=1) or [""])[0])
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(self.palette().color(QPalette.ColorRole.BrightText))
            kind = QInputMethodEvent.AttributeType.TextFormat
            attributes.append(QInputMethodEvent.Attribute(kind, start - self.cursorPosition(), max(1, length), look))
        QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))


class _Popup(QTreeView):
    """A completion and what it means, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("completions")
        self.setAccessibleName(self.tr("What could be typed"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderHidden(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def arrange_columns(self) -> None:
        """Once there is a model: as wide as what is offered, the rest for the hints."""
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setStretchLastSection(True)
