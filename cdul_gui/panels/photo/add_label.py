"""A line to add a label to photos: it completes among the label set, and offers to let a new label join it."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtWidgets import QCompleter, QPushButton, QVBoxLayout, QWidget

from cdul_gui.look.controls import LineToLeave
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session


class AddLabel(QWidget):
    """Enter confirms the label that is typed, or the first that completes it."""

    def __init__(self, session: Session, review: Review, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._review = session, review
        self.edit = LineToLeave()
        self.edit.setPlaceholderText(self.tr("Add a label…"))
        self.edit.setAccessibleName(self.tr("Add a label"))
        self.edit.setClearButtonEnabled(True)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.edit.setCompleter(self._completer)
        self.join = QPushButton()
        self.join.hide()

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit)
        layout.addWidget(self.join)

        self.edit.returnPressed.connect(self._add)
        self.edit.textEdited.connect(self.join.hide)
        self.edit.left.connect(self._leave)
        self._completer.activated.connect(self._add_completed, Qt.ConnectionType.QueuedConnection)
        self.join.clicked.connect(self._join)
        session.snapshot_changed.connect(self._read_names)
        self._read_names()

    @Slot()
    def _read_names(self) -> None:
        snapshot = self._session.snapshot
        names = [label.name for label in snapshot.labels] if snapshot is not None else []
        if names != self._names.stringList():
            self._names.setStringList(names)

    def _column(self, text: str) -> int | None:
        names = [name.casefold() for name in self._names.stringList()]
        if text.casefold() in names:
            return names.index(text.casefold())
        beginning = [column for column, name in enumerate(names) if name.startswith(text.casefold())]
        return beginning[0] if len(beginning) == 1 else None

    @Slot()
    def _add(self) -> None:
        text = self.edit.text().strip()
        if not text:
            return
        column = self._column(text)
        if column is None:
            self.join.setText(self.tr("Let “{label}” join the label set").format(label=text.replace("&", "&&")))
            self.join.show()
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

    @Slot()
    def _join(self) -> None:
        self._review.join_and_confirm(self.edit.text().strip())
        self._leave()
        self.edit.setFocus()

    @Slot()
    def _leave(self) -> None:
        self.edit.clear()
        self.join.hide()
