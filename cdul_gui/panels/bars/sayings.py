"""What is said in the status bar: a sentence of now, and beside it, where there is room for both, one that stands."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from cdul_gui.look.controls import OneLine, cut

_BESIDE_TEXT = 12
"""Pixels of a flat button beside its text, about."""


class Sayings(QWidget):
    """The sentence of now has the room first: what stands is there again once that sentence is over.

    They are in no layout: in one, each new sentence has everything around it measured, up to the window.
    """

    def __init__(self, standing: QToolButton) -> None:
        """`standing` says what stands, and is pressed to look at it."""
        super().__init__()
        self.said = OneLine()
        self.said.setContentsMargins(8, 0, 0, 0)
        self._standing, self._stands = standing, ""
        for widget in (self.said, standing):
            widget.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._place()

    def say(self, sentence: str) -> None:
        """Say something now; nothing for no longer."""
        self.said.setText(sentence)
        self._place()

    def stand(self, sentence: str) -> None:
        """What stands from now on; nothing for nothing."""
        self._stands = sentence
        self._place()

    def _place(self) -> None:
        button, room = self._standing, self.rect()
        button.setText(self._stands)
        wide, needed = button.sizeHint().width(), self.said.sizeHint().width() if self.said.text() else 0
        # Who is on it with the keyboard is about to press it.
        shown = bool(self._stands) and (not needed or needed + wide <= room.width() or button.hasFocus())
        if wide > room.width():
            wide = room.width()
            button.setText(cut(button, self._stands, wide - _BESIDE_TEXT))
        said = room.adjusted(0, 0, -wide if shown else 0, 0)
        self.said.setGeometry(said)
        button.setGeometry(said.right() + 1, room.top(), wide, room.height())
        button.setVisible(shown)

    # Qt's events

    def sizeHint(self) -> QSize:
        return QSize(0, max(self.said.sizeHint().height(), self._standing.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
