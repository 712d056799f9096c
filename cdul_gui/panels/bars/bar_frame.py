"""A bar below the photos: a sentence, and controls beside it where there is room, else below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy

from cdul_gui.look.appearance import is_dark
from cdul_gui.look.controls import IconButton, plain
from cdul_gui.look.flow import FlowArea

GROUNDS = {
    ("error", True): "#4a2326",
    ("error", False): "#fbe3e1",
    ("note", True): "#2b3646",
    ("note", False): "#e3edf9",
}
_LEAST_WIDTH = 160
"""Docks that make room once do not grow again by themselves, so a bar asks for little."""
_GAP = 10
_AROUND = 120
"""Pixels of a bar beside its sentence and its controls, about."""
_MOST_LINES_BESIDE = 2
"""Of a sentence beside its controls; a longer one has the whole width."""


class BarFrame(QFrame):
    """`kind` is `error` or `note` and gives it its ground; whoever changes what is in it calls `arrange`."""

    def __init__(self) -> None:
        super().__init__()
        self.kind = "note"
        self.setAutoFillBackground(True)
        self.text = plain(wraps=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.controls = FlowArea(spacing=_GAP)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(6)
        self._middle.addWidget(self.text, 1)
        self._middle.addWidget(self.controls)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 6, 8, 6)
        self.row.setSpacing(_GAP)
        self.close_button = IconButton("fa6s.xmark", self.tr("Close this message"))
        # As high as the bar: a hand that knows its place from a lower one meets it.
        self.close_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.row.addLayout(self._middle, 1)
        self.row.addWidget(self.close_button)

    def arrange(self) -> None:
        """Put the controls where there is room for them, on the ground of its kind."""
        flow = self.controls.flow
        items = [flow.itemAt(place) for place in range(flow.count())]
        there = [item.widget() for item in items if item is not None]
        shown = [widget for widget in there if widget is not None and widget.isVisibleTo(self.controls)]
        self.controls.setVisible(bool(shown))
        wide = sum(widget.sizeHint().width() for widget in shown) + _GAP * max(0, len(shown) - 1)
        beside = self._lines(self.width() - wide - _AROUND) <= _MOST_LINES_BESIDE
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._middle.setDirection(direction)
        self.controls.setMinimumWidth(wide if beside else 0)
        self.controls.fit()
        self._paint_ground()

    def _lines(self, width: int) -> int:
        """How many the sentence takes where it is so wide."""
        if width < _LEAST_WIDTH:
            return _MOST_LINES_BESIDE + 1
        metrics, room = self.text.fontMetrics(), QRect(0, 0, width, 0)
        high = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text.text()).height()
        return round(high / metrics.lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Its own ground changes the palette as well; the same once more changes nothing.
        if event.type() == QEvent.Type.PaletteChange and not self.isHidden():
            self._paint_ground()

    def _paint_ground(self) -> None:
        application = QPalette()
        palette = QPalette(application)
        palette.setColor(QPalette.ColorRole.Window, QColor(GROUNDS[self.kind, is_dark(application)]))
        self.setPalette(palette)
