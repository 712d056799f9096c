"""The line in which one says what photos show, above the gallery, and what was found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from cdul_gui.look.controls import LineToLeave, OneLine, cut, plain
from cdul_gui.look.keyboard import give_keyboard
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.finding import Finding
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.session import Session
from cdul_gui.wording import described, photos_in_words, translated
from engine.jobs import ProgressReport

_MOST_OF_TITLE = 300
"""Pixels."""


class FindBar(QFrame):
    """Hidden until it is asked for, and again when what was found is left."""

    left = Signal()
    """The keyboard should go back to the photos."""

    def __init__(self, session: Session, finding: Finding, keys: KeyNames) -> None:
        super().__init__()
        self._session, self._finding = session, finding
        self._asked_for = False
        self._typed_elsewhere = False
        """Whether the words stand in the line of the filter, so that there is one line and not two."""
        self.line = LineToLeave()
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName(self.tr("What the photos show"))
        self.line.setPlaceholderText(self.tr("Say what the photos show, like: two dogs on a beach"))
        self.line.setToolTip(self.tr("Searches the photos that pass the filter; Enter searches, Down leads to them"))
        self.title = plain()
        bold = QFont(self.title.font())
        bold.setBold(True)
        self.title.setFont(bold)
        self.told = OneLine(QPalette.ColorRole.PlaceholderText)
        self.leave = QToolButton()
        self.leave.setText(self.tr("Close"))
        self.leave.setToolTip(self.tr("Leave what was found and show what was shown before"))
        self.leave.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        keys.name_in(self.line.toolTip(), "find-words", self.line.setToolTip)
        keys.name_in(self.leave.toolTip(), "find-leave", self.leave.setToolTip)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.setSpacing(10)
        layout.addWidget(self.line, 3)
        layout.addWidget(self.title)
        layout.addWidget(self.told, 2)
        layout.addWidget(self.leave)

        self.line.returnPressed.connect(self._find)
        self.line.left.connect(self.left)
        self.line.went_down.connect(self.left)
        self.leave.clicked.connect(lambda: self.close_bar())
        finding.changed.connect(self._show)
        finding.progressed.connect(self._show_progress)
        session.opened.connect(self._forget)
        self._show()

    def ask(self) -> None:
        """Show the line and put the keyboard into it."""
        self._asked_for, self._typed_elsewhere = True, False
        self._show()
        give_keyboard(self.line, Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    @Slot(str)
    def look_for(self, words: str) -> None:
        """Look for photos that show this, which was typed in another line."""
        self._typed_elsewhere = True
        self.line.setText(words)
        self._find()

    def close_bar(self, *, keyboard_stays: bool = False) -> None:
        """Leave what was found, and hide."""
        self._asked_for = self._typed_elsewhere = False
        self._finding.leave()
        self.line.clear()
        self._show()
        if not keyboard_stays:
            self.left.emit()

    @Slot()
    def _find(self) -> None:
        if self.line.text().strip():
            # The keyboard stays: who goes on typing must not answer for photos.
            self._finding.find_words(self.line.text().strip())
            if self.line.hasFocus():
                self.line.selectAll()  # else it would seem that one types here

    @Slot()
    def _forget(self) -> None:
        self._asked_for = self._typed_elsewhere = False
        self.line.clear()
        self._show()

    @Slot()
    def _show(self) -> None:
        choice, searching = self._finding.choice, self._finding.searching
        self.setVisible(self._session.project is not None and (self._asked_for or searching or choice is not None))
        if choice is None and not searching:
            self._typed_elsewhere = False
        self.line.setVisible(not self._typed_elsewhere)
        self.title.setVisible(choice is not None and not searching)
        if searching:
            self.told.setText(self.tr("Searching…"))
        elif choice is None:
            self.told.setText(self.tr("Finds photos that were labelled."))
        else:
            self.title.setText(cut(self.title, choice.title, _MOST_OF_TITLE))
            self.title.setToolTip(plain_tip(choice.title))
            self.told.setText(self._what_is_shown(len(choice.photo_ids), len(choice.group_sizes), bool(choice.parts)))

    @Slot(ProgressReport)
    def _show_progress(self, report: ProgressReport) -> None:
        self.told.setText(f"{translated(report.task)}  ·  {described(report)}")

    def _what_is_shown(self, photos: int, groups: int, ranked: bool) -> str:
        if groups:
            return self.tr("{photos}, groups: {groups}; ★ marks the best of each, nothing is deleted").format(
                photos=photos_in_words(photos), groups=f"{groups:,}"
            )
        if ranked:
            snapshot = self._session.snapshot
            # One that cannot be read is never found.
            if snapshot is not None and photos == sum(problem is None for problem in snapshot.problems):
                return self.tr("all photos, those that fit best first")
            return self.tr("the {photos} that fit best, best first").format(photos=f"{photos:,}")
        return photos_in_words(photos)
