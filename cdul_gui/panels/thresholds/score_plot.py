"""The histogram of one label's scores with the threshold as a line that is dragged or moved by arrow keys."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette

from cdul_gui.look.appearance import is_dark
from cdul_gui.look.colours import threshold_colour
from cdul_gui.look.plotting import pg

_BARS = 80
_STEPS = 100
"""Of an arrow key over the width of the plot; ten at once with Shift."""

# On their ground 3 : 1 each, as WCAG 2 asks of what tells something; the lines tell the three apart as well.
NEITHER = {True: "#5f6876", False: "#8b939f"}
MAYBE = {True: "#4a7196", False: "#6595cd"}
LIKELY = {True: "#5aa4ee", False: "#1f66b5"}
_LEAST_HEIGHT = 60


class ScorePlot(pg.PlotWidget):
    """Bars of photos by score; those that are likely, and those that may be, in colours of their own.

    The line that can be moved is where likely begins, the thin one where maybe does.

    The heights are logarithmic: nearly all photos have a score near 0, and the few that matter would not be seen.
    """

    moved = Signal(float)
    """The line is on its way, at this score."""
    released = Signal(float)
    """A person let go of the line at this score."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self._heights = np.zeros(_BARS)
        self._right = 1.0
        self._moved_by_key = False
        self.bars = pg.BarGraphItem(x0=np.zeros(_BARS), width=1 / _BARS, height=self._heights)
        self.line = pg.InfiniteLine(angle=90, movable=True, bounds=(0.0, 1.0))
        self.line.setZValue(10)
        self.maybe_line = pg.InfiniteLine(angle=90, movable=False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.hideAxis("left")
        self.undecided = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        self.undecided.setZValue(-10)
        self.addItem(self.undecided)
        self.addItem(self.bars)
        self.addItem(self.maybe_line)
        self.addItem(self.line)
        self.setToolTip(self.tr("Likely from the thick line on, maybe from the thin one on"))
        self.line.sigPositionChanged.connect(self._line_moved)
        self.line.sigPositionChangeFinished.connect(lambda _line: self.released.emit(self.threshold))
        self._colour()

    @property
    def threshold(self) -> float:
        """Where the line is, 0 to 1."""
        return float(self.line.value())

    @property
    def moving(self) -> bool:
        """Whether a person has hold of the line."""
        return self.line.moving or self._moved_by_key

    def show_scores(
        self,
        scores: npt.NDArray[np.float32],
        threshold: float,
        undecided: tuple[float, float],
        maybe_from: float,
        *,
        movable: bool,
    ) -> None:
        """Show other scores (photos, nan where there is none), the thresholds, and what is undecided about them."""
        known = scores[~np.isnan(scores)]
        self._right = float(min(1.0, max(0.02, 1.05 * max(known.max(initial=0.0), threshold))))
        counts, edges = np.histogram(known, _BARS, (0.0, self._right))
        self._heights = np.log1p(counts)
        self.bars.setOpts(x0=edges[:-1], width=self._right / _BARS, height=self._heights)
        self.setXRange(0.0, self._right, padding=0.005)
        self.setYRange(0.0, max(1.0, float(self._heights.max())), padding=0.02)
        self.undecided.setRegion(undecided)
        self.undecided.setVisible(undecided[0] < undecided[1])
        self.maybe_line.setValue(maybe_from)
        self.line.setMovable(movable)
        self.line.blockSignals(True)
        self.line.setValue(threshold)
        self.line.blockSignals(False)
        self._colour_bars()

    @Slot()
    def _line_moved(self) -> None:
        self._colour_bars()
        self.moved.emit(self.threshold)

    # The keyboard

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _LEAST_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if direction is None or not self.line.movable:
            super().keyPressEvent(event)
            return
        steps = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._moved_by_key = True
        self.line.setValue(self.threshold + direction * steps * self._right / _STEPS)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if not event.isAutoRepeat():
            self._let_go()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._colour()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._let_go()
        self._colour()

    def _let_go(self) -> None:
        if self._moved_by_key:
            self._moved_by_key = False
            self.released.emit(self.threshold)

    # Colours

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "line"):
            self._colour()

    def _colour(self) -> None:
        palette = self.palette()
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        axis: Any = self.getAxis("bottom")
        axis.setPen(palette.color(QPalette.ColorRole.Mid))
        axis.setTextPen(palette.color(QPalette.ColorRole.PlaceholderText))
        colour = threshold_colour(palette)
        self.line.setPen(pg.mkPen(colour, width=4 if self.hasFocus() else 2))
        self.line.setHoverPen(pg.mkPen(colour, width=4))
        self.maybe_line.setPen(pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine))
        colour.setAlpha(36)
        self.undecided.setBrush(pg.mkBrush(colour))
        self._colour_bars()

    def _colour_bars(self) -> None:
        dark = is_dark(self.palette())
        middles = (np.arange(_BARS) + 0.5) * self._right / _BARS
        # Nothing may be that is likely already.
        self.maybe_line.setVisible(self.maybe_line.value() < self.threshold)
        colours = np.array([NEITHER[dark], MAYBE[dark], LIKELY[dark]])
        strengths = (middles >= min(self.maybe_line.value(), self.threshold)).astype(int) + (middles >= self.threshold)
        self.bars.setOpts(pen=None, brushes=[pg.mkBrush(colour) for colour in colours[strengths].tolist()])
