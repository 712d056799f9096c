"""A line to add a label to photos: it completes among the label set, and offers to let a new label join it.

Labels are found by the names that the window shows, and by their own.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cdul_gui.look.controls import LineToLeave, NarrowButton, leave_by_escape
from cdul_gui.look.doubt_line import DoubtLine
from cdul_gui.panels.photo.offered_labels import Fit, OfferedLabels, fitting
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from engine.project.labels import LabelRow


class _EmptyLine(LineToLeave):
    """No label begins with a space: in the empty line it means what it means among the photos.

    Once a label was added, so do digits and whatever else is no letter: the next label may be a chip.
    """

    done = Signal()
    entered = Signal()
    """It got the keyboard."""
    added = False
    """Whether a label was added since it got the keyboard, and nothing was typed since."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.added = False
        self.entered.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            sign = event.text().strip()
            if self.added and not self.text() and sign.isprintable() and sign and not sign.isalpha():
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and not self.text():
            if not event.isAutoRepeat():
                self.done.emit()
        else:
            super().keyPressEvent(event)


class AddLabel(QWidget):
    """Enter takes the line that is highlighted in the list below; in the empty line it leads to the photos, and Space
    accepts what is likely and goes on."""

    def __init__(self, session: Session, review: Review) -> None:
        super().__init__()
        self._session, self._review = session, review
        self.edit = _EmptyLine()
        self.edit.setPlaceholderText(self.tr("Add a label…"))
        self.edit.setAccessibleName(self.tr("Add a label"))
        self.edit.setClearButtonEnabled(True)
        self.offered = OfferedLabels(self.edit)
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
        self.edit.textEdited.connect(lambda: setattr(self.edit, "added", False))
        self.edit.textEdited.connect(self.join.hide)
        self.edit.textEdited.connect(self.doubt.hide)
        self.edit.textEdited.connect(self.offered.offer)
        self.doubt.replaced.connect(self._ask_for_english)
        self.edit.left.connect(self._leave_open)
        self.edit.done.connect(self._go_on)
        self.offered.taken.connect(self._confirm)
        self.offered.new_wanted.connect(self._ask_or_join)
        self.join.clicked.connect(self._join)
        session.snapshot_changed.connect(self._read_labels)
        session.current_changed.connect(self._forget_question)
        self._read_labels()

    @Slot()
    def _read_labels(self) -> None:
        snapshot = self._session.snapshot
        self.offered.set_labels(snapshot.labels if snapshot is not None else ())

    @Slot()
    def _add(self) -> None:
        if not self.edit.text().strip():
            self.edit.left.emit()
            return
        label, went_to = self.offered.chosen, self.offered.went_to
        self.offered.close()
        if label is not None:
            self._confirm(label)
        elif went_to:
            self._ask_or_join()
        else:
            self._ask()

    def _ask(self) -> bool:
        """Ask whether the label that is typed shall be a new one; whether there is a doubt about it."""
        text = self.edit.text().strip()
        self.join.setText(self.tr("Add “{label}” as a new label").format(label=text.replace("&", "&&")))
        self._asked_of = self._session.photo_id
        self.join.show()
        doubtful = self.doubt.ask_about([text])
        self.join.setFocus(Qt.FocusReason.TabFocusReason)
        return doubtful

    @Slot()
    def _ask_or_join(self) -> None:
        """Who went to the line of the new label has said so; a doubt is asked about all the same."""
        if not self._ask():
            self._join()

    @Slot(LabelRow)
    def _confirm(self, label: LabelRow) -> None:
        snapshot = self._session.snapshot
        ids = [one.id for one in snapshot.labels] if snapshot is not None else []
        if label.id in ids:  # it may have left the label set a moment ago
            self._review.confirm(ids.index(label.id))
        self.edit.clear()
        self.edit.added = True

    @Slot(object)
    def _ask_for_english(self, instead: dict[str, str]) -> None:
        (english,) = instead.values()
        snapshot = self._session.snapshot
        there = fitting(english, snapshot.labels if snapshot is not None else ())
        if there and there[0].fit is Fit.WHOLE:
            self._confirm(there[0].label)
        else:
            self._review.join_and_confirm(english)
        self._leave()
        self.edit.setFocus()

    @Slot()
    def _join(self) -> None:
        self._review.join_and_confirm(self.edit.text().strip())
        self._leave()
        self.edit.setFocus()
        self.edit.added = True

    @Slot()
    def _go_on(self) -> None:
        self.edit.left.emit()
        self._review.accept_and_go_on()

    @Slot()
    def _forget_question(self) -> None:
        """What was asked was asked of another photo."""
        if self.join.isVisible() and self._asked_of != self._session.photo_id:
            self._leave_open()

    def _leave_open(self) -> None:
        """Leave, and say so where a new label was asked about: it takes a second key or press."""
        if self.join.isVisible():
            told = self.tr("“{label}” was not added: a new label takes Enter twice.")
            self._session.said.emit(told.replace("{label}", self.edit.text().strip()))
        self._leave()

    def event(self, event: QEvent) -> bool:
        # On the buttons below the line, too, whose question is about what is typed.
        return leave_by_escape(event, self.edit.left.emit) or super().event(event)

    @Slot()
    def _leave(self) -> None:
        self.edit.clear()
        self.offered.close()
        self.join.hide()
        self.doubt.hide()
