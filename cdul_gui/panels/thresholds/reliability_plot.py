"""How often what is called likely is so: chances against the share of yes, with its intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette

from cdul_gui.look.plotting import pg
from engine.method.calibration import ReliabilityBin


class ReliabilityPlot(pg.PlotWidget):
    """Points on the dashed line mean what they say. A point's interval is that of its share of yes."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(150, 110)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.06)
        self.setAccessibleName(self.tr("Chances against the share of yes"))
        for side, text in (("bottom", self.tr("Chance")), ("left", self.tr("Share of yes"))):
            self.getAxis(side).setLabel(text)
            self.getAxis(side).setTicks([[(0, "0"), (0.5, ".5"), (1, "1")]])
        self._even = pg.PlotDataItem([0, 1], [0, 1])
        self._intervals = pg.ErrorBarItem(x=np.zeros(0), y=np.zeros(0), top=np.zeros(0), bottom=np.zeros(0), beam=0.02)
        self.points = pg.PlotDataItem(antialias=True, symbol="o", symbolSize=7)
        for item in (self._even, self._intervals, self.points):
            self.addItem(item)
        self._colour()

    def show_bins(self, bins: Sequence[ReliabilityBin]) -> None:
        """Show other bins; none leaves the line alone."""
        chance, share, low, high = (
            np.array([(one.chance, one.share.value, one.share.low, one.share.high) for one in bins], float)
            .reshape(-1, 4)
            .T
        )
        self.points.setData(chance, share)
        self._intervals.setData(x=chance, y=share, top=high - share, bottom=share - low)
        told = [
            self.tr("{chance} %: yes in {share} % of {count}").format(
                chance=round(100 * one.chance), share=round(100 * one.share.value), count=one.answers
            )
            for one in bins
        ]
        self.setAccessibleDescription("; ".join(told))
        self.setToolTip("\n".join([self.tr("Chance and how often the answer was yes"), *told]))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "points"):
            self._colour()

    def _colour(self) -> None:
        palette = self.palette()
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        muted, accent = palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Accent)
        for side in ("bottom", "left"):
            self.getAxis(side).setPen(palette.color(QPalette.ColorRole.Mid))
            self.getAxis(side).setTextPen(muted)
        self._even.setPen(pg.mkPen(muted, style=Qt.PenStyle.DashLine))
        self._intervals.setData(pen=pg.mkPen(accent, width=1))
        self.points.setPen(pg.mkPen(accent, width=1))
        self.points.setSymbolBrush(pg.mkBrush(accent))
        self.points.setSymbolPen(pg.mkPen(None))
