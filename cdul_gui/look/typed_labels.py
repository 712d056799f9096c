"""A field in which labels are typed, with the labels of all known sets as one types them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QWidget

from cdul_gui.wording import shown_name
from engine.project.labels import NewLabel
from engine.stages.labelling.label_sets import BUILT_IN, built_in_label_set, resolve_label_set

_BETWEEN = ",\n"
_NAME = Qt.ItemDataRole.UserRole
_MOST_LINES = 8


class TypedLabels(QPlainTextEdit):
    """Labels between commas or on lines of their own, each perhaps with synonyms or prompts: `horse=pony`.

    A list of known labels opens while one types: Down and Up choose in it, Enter takes what is chosen, Tab the first.
    """

    def __init__(self, of_project: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Labels, separated by commas"))
        self.setPlaceholderText(self.tr("cat, dog, garden party, horse=pony"))
        self.setToolTip(
            self.tr(
                "Labels between commas. After “=” stand other words, or a sentence, to look for as well, with “/” "
                "between several: horse=pony/a photo of a foal"
            )
        )
        self.setTabChangesFocus(True)
        names = dict.fromkeys(of_project)
        for label_set in BUILT_IN:
            names.update(dict.fromkeys(label.name for label in built_in_label_set(label_set)))
        model = QStandardItemModel(self)
        for name in sorted(names, key=str.casefold):
            # Found by its name in the window's language, and asked for by its own.
            shown = shown_name(name)
            item = QStandardItem(name if shown == name else f"{shown} ({name})")
            item.setData(name, _NAME)
            model.appendRow(item)
        self.completer = QCompleter(model, self)
        self.completer.setWidget(self)
        self.popup = QListView()
        self.popup.setObjectName("completions")
        self.completer.setPopup(self.popup)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.completer.setMaxVisibleItems(_MOST_LINES)
        self.popup.setAccessibleName(self.tr("Known labels"))
        self.popup.clicked.connect(self._take)

    @property
    def labels_text(self) -> str:
        """As `resolve_label_set` takes it: commas between the labels, and behind one that stands alone."""
        parts = [part.strip() for part in self.toPlainText().replace("\n", ",").split(",") if part.strip()]
        return ", ".join(parts) + ("," if len(parts) == 1 else "")

    @property
    def labels(self) -> list[NewLabel]:
        """What is typed. UserError where it is no label set."""
        return resolve_label_set(self.labels_text)

    def _typed(self) -> tuple[int, str]:
        """Where the label at the cursor begins, and what of it is typed."""
        cursor = self.textCursor()
        before = self.toPlainText()[: cursor.position()]
        start = max(before.rfind(sign) for sign in _BETWEEN) + 1
        return start + len(before[start:]) - len(before[start:].lstrip()), before[start:].lstrip()

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        self.popup.hide()
        start, typed = self._typed()
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + len(typed), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(f"{index.data(_NAME)}, ")
        self.setTextCursor(cursor)

    def _complete(self) -> None:
        _start, typed = self._typed()
        popup = self.popup
        self.completer.setCompletionPrefix(typed)
        offered = self.completer.completionModel()
        known = [str(offered.index(row, 0).data(_NAME)) for row in range(min(offered.rowCount(), 2))]
        # What is typed in full is what is meant; nothing is chosen by itself.
        if not typed or "=" in typed or not known or known == [typed]:
            popup.hide()
            return
        rect = self.cursorRect()
        rect.setWidth(popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + 8)
        self.completer.complete(rect)
        popup.setCurrentIndex(QModelIndex())

    # Qt's events

    def focusNextPrevChild(self, forward: bool) -> bool:
        popup = self.popup
        if forward and popup.isVisible():
            chosen = popup.currentIndex()
            self._take(chosen if chosen.isValid() else self.completer.completionModel().index(0, 0))
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self.popup
        if popup.isVisible():
            entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if entered and popup.currentIndex().isValid():
                self._take(popup.currentIndex())
                return
            if event.key() == Qt.Key.Key_Escape:
                event.ignore()  # the list's
                return
            if entered:
                popup.hide()
        before = self.toPlainText()
        super().keyPressEvent(event)
        if self.toPlainText() != before and event.text():
            self._complete()
