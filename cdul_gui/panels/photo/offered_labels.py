"""The list below the line to add a label: what fits what is typed, the best first, and last a new label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from cdul_gui.wording import language_of_window, shown_names
from engine.project.label_names import english_names
from engine.project.labels import LabelRow

_LABEL = Qt.ItemDataRole.UserRole
_MOST_LINES = 10


class Fit(IntEnum):
    """How well what is typed fits a label, the best first."""

    WHOLE = 0
    BEGINS_SHOWN = 1
    BEGINS_OWN = 2
    """It begins the name that is kept, in a window that shows another one."""
    WITHIN = 3


@dataclass(frozen=True)
class Offered:
    """A label that fits."""

    label: LabelRow
    fit: Fit
    text: str
    """As it stands in the list: the name that is shown, and its own where only that fits."""


def fitting(typed: str, labels: Sequence[LabelRow]) -> list[Offered]:
    """The labels that what is typed fits, the best first and else in their order; none for nothing."""
    typed = typed.strip().casefold()
    if not typed:
        return []
    shown = shown_names(labels)
    own_folded, shown_folded = [label.name.casefold() for label in labels], [name.casefold() for name in shown]
    whole = _whole(typed, own_folded, shown_folded)
    found = []
    for place, (label, name) in enumerate(zip(labels, shown, strict=True)):
        in_shown, in_own = typed in shown_folded[place], typed in own_folded[place]
        if place == whole:
            fit = Fit.WHOLE
        elif shown_folded[place].startswith(typed):
            fit = Fit.BEGINS_SHOWN
        elif own_folded[place].startswith(typed):
            fit = Fit.BEGINS_OWN
        elif in_shown or in_own:
            fit = Fit.WITHIN
        else:
            continue
        found.append(Offered(label, fit, f"{name} ({label.name})" if in_own and not in_shown else name))
    return sorted(found, key=lambda one: one.fit)


def _whole(typed: str, own: list[str], shown: list[str]) -> int | None:
    """The place of the label that is called or meant by this."""
    for name in (typed, *english_names(typed, [language_of_window()])):
        for names in (own, shown):
            if name in names:
                return names.index(name)
    return None


def _new_label(typed: str) -> str:
    # As on the button that asks about it.
    return QCoreApplication.translate("AddLabel", "Add “{label}” as a new label").format(label=typed)


class OfferedLabels(QObject):
    """The highlighted line is what Enter takes: the best label where what is typed begins it, else the new label."""

    taken = Signal(LabelRow)
    """A label was clicked."""
    new_wanted = Signal()
    """The line of the new label was clicked."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._labels: Sequence[LabelRow] = ()
        self._opened_at = -1
        self._model = QStandardItemModel(self)
        self.popup = QListView()
        self.popup.setObjectName("completions")
        self.popup.setAccessibleName(self.tr("Labels that fit"))
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_MOST_LINES)
        self._completer.setPopup(self.popup)
        self._completer.setWidget(line)
        # Behind the completer's, so that it comes before it.
        self.popup.installEventFilter(self)
        self.popup.clicked.connect(self._click)

    def set_labels(self, labels: Sequence[LabelRow]) -> None:
        """What can be chosen among."""
        self._labels = labels

    @property
    def chosen(self) -> LabelRow | None:
        """The label that Enter takes; None for a new one."""
        if self.popup.isVisible():
            found: LabelRow | None = self.popup.currentIndex().data(_LABEL)
            return found
        found_labels = fitting(self._line.text(), self._labels)
        return found_labels[0].label if found_labels and found_labels[0].fit < Fit.WITHIN else None

    @property
    def went_to(self) -> bool:
        """Whether a person moved to the line that is highlighted."""
        return self.popup.isVisible() and self.popup.currentIndex().row() != self._opened_at

    def offer(self) -> None:
        """Show what fits what is typed, or close the list where nothing is."""
        typed = self._line.text().strip()
        found = fitting(typed, self._labels)
        self._model.setRowCount(0)
        for one in found:
            item = QStandardItem(one.text)
            item.setData(one.label, _LABEL)
            self._model.appendRow(item)
        if typed and not (found and found[0].fit is Fit.WHOLE):
            self._model.appendRow(QStandardItem(_new_label(typed)))
        if not typed:
            self.popup.hide()
            return
        self._completer.complete()
        self._opened_at = 0 if found and found[0].fit < Fit.WITHIN else self._model.rowCount() - 1
        self._highlight(self._opened_at)

    def close(self) -> None:
        """Show it no longer."""
        self.popup.hide()

    def _highlight(self, row: int) -> None:
        self.popup.setCurrentIndex(self._model.index(row, 0))

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        self.popup.hide()
        label = index.data(_LABEL)
        if label is not None:
            self.taken.emit(label)
        else:
            self.new_wanted.emit()

    # Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.popup.isVisible():
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                # Round the ends: Up leads from the first to the new label at once.
                self._highlight((self.popup.currentIndex().row() + step) % self._model.rowCount())
                return True
        return super().eventFilter(watched, event)
