"""A line to add a label to photos: it completes among the label set, and offers to let a new label join it.

Labels are found by the names that the window shows, and by their own.
"""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QListView, QVBoxLayout, QWidget

from cdul_gui.look.controls import LineToLeave, NarrowButton
from cdul_gui.look.doubt_line import DoubtLine
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.wording import language_of_window, shown_names
from engine.project.label_names import english_names


class _EmptyLine(LineToLeave):
    """No label begins with a space: in the empty line it means what it means among the photos."""

    done = Signal()
    entered = Signal()
    """It got the keyboard."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and not self.text():
            if not event.isAutoRepeat():
                self.done.emit()
        else:
            super().keyPressEvent(event)


class AddLabel(QWidget):
    """Enter confirms the label that is typed, or the first that completes it; in the empty line it leads to the photos,
    and Space accepts what is likely and goes on."""

    def __init__(self, session: Session, review: Review) -> None:
        super().__init__()
        self._session, self._review = session, review
        self.edit = _EmptyLine()
        self.edit.setPlaceholderText(self.tr("Add a label…"))
        self.edit.setAccessibleName(self.tr("Add a label"))
        self.edit.setClearButtonEnabled(True)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = QListView()
        popup.setObjectName("completions")
        self._completer.setPopup(popup)
        self.edit.setCompleter(self._completer)
        self.join = NarrowButton()
        # It gets the keyboard by Enter, and Qt shows that of others only after Tab.
        self.join.setObjectName("primary")
        self.join.hide()
        self._asked_of: int | None = None
        """The photo whose new label is asked about."""
        self.doubt = DoubtLine()

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit)
        layout.addWidget(self.doubt)
        layout.addWidget(self.join)

        self.edit.returnPressed.connect(self._add)
        self.edit.textEdited.connect(self.join.hide)
        self.edit.textEdited.connect(self.doubt.hide)
        self.doubt.replaced.connect(self._ask_for_english)
        self.edit.left.connect(self._leave)
        self.edit.done.connect(self._go_on)
        self._completer.activated.connect(self._add_completed, Qt.ConnectionType.QueuedConnection)
        self.join.clicked.connect(self._join)
        session.snapshot_changed.connect(self._read_names)
        session.current_changed.connect(self._forget_question)
        self._read_names()

    @Slot()
    def _read_names(self) -> None:
        snapshot = self._session.snapshot
        names = shown_names(snapshot.labels) if snapshot is not None else []
        if names != self._names.stringList():
            self._names.setStringList(names)

    def _column(self, text: str) -> int | None:
        snapshot = self._session.snapshot
        own = [label.name.casefold() for label in snapshot.labels] if snapshot is not None else []
        shown = [name.casefold() for name in self._names.stringList()]
        typed = text.casefold()
        for name in (typed, *english_names(text, [language_of_window()])):
            for names in (own, shown):
                if name in names:
                    return names.index(name)
        beginning = [
            column
            for column, names in enumerate(zip(own, shown, strict=False))  # the label set may have changed a moment ago
            if any(name.startswith(typed) for name in names)
        ]
        return beginning[0] if len(beginning) == 1 else None

    @Slot()
    def _add(self) -> None:
        text = self.edit.text().strip()
        if not text:
            self.edit.left.emit()
            return
        column = self._column(text)
        if column is None:
            self.join.setText(self.tr("Add “{label}” as a new label").format(label=text.replace("&", "&&")))
            self._asked_of = self._session.photo_id
            self.join.show()
            self.doubt.ask_about([text])
            self.join.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._confirm(column)

    @Slot(str)
    def _add_completed(self, text: str) -> None:
        if text == self.edit.text() and (column := self._column(text)) is not None:
            self._confirm(column)

    def _confirm(self, column: int) -> None:
        self._review.confirm(column)
        self.edit.clear()

    @Slot(object)
    def _ask_for_english(self, instead: dict[str, str]) -> None:
        (english,) = instead.values()
        column = self._column(english)
        if column is not None:
            self._confirm(column)
        else:
            self._review.join_and_confirm(english)
        self._leave()
        self.edit.setFocus()

    @Slot()
    def _join(self) -> None:
        self._review.join_and_confirm(self.edit.text().strip())
        self._leave()
        self.edit.setFocus()

    @Slot()
    def _go_on(self) -> None:
        self.edit.left.emit()
        self._review.accept_and_go_on()

    @Slot()
    def _forget_question(self) -> None:
        """What was asked was asked of another photo."""
        if self.join.isVisible() and self._asked_of != self._session.photo_id:
            self._leave()

    @Slot()
    def _leave(self) -> None:
        self.edit.clear()
        self.join.hide()
        self.doubt.hide()
