"""The curves of a training, live, and those of another one dashed beside them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cdul_gui.look.controls import OneLine
from cdul_gui.look.plotting import pg
from engine.stages.training.curves import NO_CURVES, Curves, Values

_LEAST_WIDTH = 80
_LEAST_EPOCHS = 10
_AXIS_WIDTH = 40
"""For any number: an axis that grows and shrinks with its numbers lays the plot out anew each time."""


class TrainingPlots(QWidget):
    """Objective, movement of the labels, thresholds crossed; agreement and mAP where there is what to compare with."""

    def __init__(self) -> None:
        super().__init__()
        self.objective = Plot(self.tr("Objective"), self.tr("Mean loss of a photo and label, epoch by epoch"))
        self.moved = Plot(
            self.tr("Moved by"),
            self.tr("How far undecided labels moved on average, each time they followed the classifier"),
            from_zero=True,
        )
        self.crossed = Plot(
            self.tr("Crossed"),
            self.tr("How many labels crossed their threshold, up or down, each time they moved"),
            from_zero=True,
        )
        self.agreement = Plot(
            self.tr("Agreement"),
            self.tr("The share of your decisions that were held out which the classifier agrees with"),
        )
        self.truth_map = Plot(
            self.tr("mAP"),
            self.tr("How well the labels agree with the newest truth; nothing is trained on it or chosen by it"),
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._plots = (self.objective, self.moved, self.crossed, self.agreement, self.truth_map)
        for plot in self._plots:
            layout.addWidget(plot, 1)
        self.show_curves(None, None)
        # One at a turn of the event loop: all of them at once would be a stall that is felt.
        self._make_soon = QTimer(self, singleShot=True, interval=0)
        self._make_soon.timeout.connect(self._make_next)
        self._make_soon.start()

    @Slot()
    def _make_next(self) -> None:
        plot = next((plot for plot in self._plots if not plot.made), None)
        if plot is not None:
            plot.make()
            self._make_soon.start()

    def show_curves(self, curves: Curves | None, beside: Curves | None) -> None:
        """Draw the curves of one training, and another's dashed."""
        shown, dashed = (curves or NO_CURVES), (beside or NO_CURVES)
        epochs = int(max([0, *shown.epoch, *dashed.epoch]))
        for plot in self._plots:
            plot.make_room(epochs)
        self.agreement.setVisible(not np.isnan([*shown.agreement, *dashed.agreement]).all())
        self.truth_map.setVisible(not np.isnan([*shown.truth_map, *dashed.truth_map]).all())
        self.objective.draw(shown.points("objective"), dashed.points("objective"))
        self.agreement.draw(shown.points("agreement"), dashed.points("agreement"))
        self.truth_map.draw(shown.points("truth_map"), dashed.points("truth_map"))
        self.moved.draw(shown.points("moved"), dashed.points("moved"))
        self.crossed.draw(shown.points("crossed"), dashed.points("crossed"))


class Plot(QWidget):
    """One small plot over epochs, in the colours of the palette. What it draws on is made by `make`."""

    def __init__(self, title: str, words: str, *, from_zero: bool = False) -> None:
        super().__init__()
        self._title = title
        self.heading = OneLine(QPalette.ColorRole.PlaceholderText)
        self.heading.setText(title)
        self.setToolTip(words)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setMinimumWidth(_LEAST_WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignTop)
        self._from_zero = from_zero
        self._last, self._range = _LEAST_EPOCHS, (0.0, 0.0)
        self._drawn = {dashed: np.zeros((2, 0)) for dashed in (True, False)}
        self._view: pg.PlotWidget | None = None

    @property
    def made(self) -> bool:
        """Whether there is something to draw on."""
        return self._view is not None

    def make(self) -> None:
        """Make what is drawn on, and draw."""
        self._view = view = pg.PlotWidget(enableMenu=False)
        view.setMouseEnabled(x=False, y=False)
        view.hideButtons()
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.getAxis("left").setWidth(_AXIS_WIDTH)
        view.getPlotItem().showGrid(x=False, y=True, alpha=0.15)
        self._curves = {dashed: pg.PlotDataItem(antialias=True, symbolSize=5) for dashed in (True, False)}
        for curve in self._curves.values():
            view.addItem(curve)
        self._layout.addWidget(view, 1)
        self._colour()
        self._show()

    def make_room(self, epochs: int) -> None:
        """Show at least so many epochs: 10, or twice as many until they fit."""
        last = _LEAST_EPOCHS
        while last < epochs:
            last *= 2
        if last != self._last:
            self._last = last
            self._show()

    def draw(self, curve: Values, beside: Values) -> None:
        """Draw one curve, another dashed, each 2 x epochs; the last value of the first stands in the heading."""
        # Painting takes the window some 10 ms, so only what changed is painted, and the axes change seldom.
        if np.array_equal(curve, self.curve()) and np.array_equal(beside, self.curve(dashed=True)):
            return
        self._drawn = {False: curve, True: beside}
        self.heading.setText(f"{self._title} {curve[1, -1]:.2g}" if curve.size else self._title)
        if curve.size or beside.size:
            values = np.concatenate([curve[1], beside[1]])
            self._fit(0.0 if self._from_zero else float(values.min()), float(values.max()))
        self._show()

    def curve(self, *, dashed: bool = False) -> Values:
        """What is drawn: epochs and values, 2 x epochs."""
        return self._drawn[dashed]

    def _fit(self, low: float, high: float) -> None:
        """Show these values with some room for the next ones."""
        shown_low, shown_high = self._range
        if shown_low <= low and high <= shown_high and high - low >= 0.5 * (shown_high - shown_low):
            return
        room = 0.2 * (high - low) or 0.5 * abs(high) or 1.0
        self._range = (low if self._from_zero else low - room, high + room / 2)

    def _show(self) -> None:
        if self._view is None:
            return
        self._view.setXRange(0, self._last, padding=0.07)
        if self._range[0] < self._range[1]:
            self._view.setYRange(*self._range, padding=0)
        for dashed, points in self._drawn.items():
            self._curves[dashed].setData(*points, symbol="o" if points.shape[1] == 1 else None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        if self._view is None:
            return
        palette = self.palette()
        self._view.setBackground(palette.color(QPalette.ColorRole.Base))
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        for side in ("left", "bottom"):
            axis = self._view.getAxis(side)
            axis.setPen(pg.mkPen(QColor(palette.color(QPalette.ColorRole.Mid))))
            axis.setTextPen(pg.mkPen(quiet))
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4, autoExpandTextSpace=False, autoReduceTextSpace=False)
        for dashed, curve in self._curves.items():
            role = QPalette.ColorRole.PlaceholderText if dashed else QPalette.ColorRole.Accent
            colour = palette.color(role)
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            curve.setPen(pg.mkPen(colour, width=1.6, style=style))
            curve.setSymbolBrush(colour)
            curve.setSymbolPen(None)
