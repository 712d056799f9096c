"""Room for a text that changes often, which stays as it is: for a word the window need not be laid out anew."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Steady(QWidget):
    """Holds one label. It asks for the room that this label needed at most so far, or for none (`asks` is false).

    The label is in no layout: in one, each new text has everything around it measured, up to the window.
    """

    def __init__(self, label: QLabel, *, asks: bool) -> None:
        super().__init__()
        self.label = label
        self._asks = asks
        self._widest = 0
        label.setParent(self)
        width = QSizePolicy.Policy.Minimum if asks else QSizePolicy.Policy.Ignored
        self.setSizePolicy(width, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Have the label say something else."""
        self.label.setText(text)
        wanted = self.label.sizeHint().width()
        if self._asks and wanted > self._widest:
            self._widest = wanted
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._widest, self.label.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.label.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.label.setGeometry(self.rect())
