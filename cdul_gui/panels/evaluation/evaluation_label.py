"""One label against a truth: its precision and recall at every threshold, and its 2 x 2 table."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cdul_gui.look.colours import threshold_colour
from cdul_gui.look.controls import muted
from cdul_gui.look.plotting import pg
from cdul_gui.wording import shown_name
from engine.method.metrics import PrecisionRecall
from engine.stages.evaluation.result import Evaluation, LabelEvaluation, Outcome


class CurvePlot(pg.PlotWidget):
    """Precision over recall, with a dot where the threshold in force lies."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setAccessibleName(self.tr("Precision and recall"))
        self.setToolTip(
            self.tr("Precision (upwards) and recall (to the right) at every threshold; the dot is in force")
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setMinimumSize(120, 90)
        self.setXRange(0, 1, padding=0.03)
        self.setYRange(0, 1, padding=0.05)
        self.getPlotItem().showGrid(x=True, y=True, alpha=0.12)
        self.getAxis("left").setWidth(30)
        # As few as stand beside one another in a narrow window.
        self.getAxis("bottom").setTicks([[(place, f"{place:g}") for place in (0, 0.5, 1)]])
        self.curve = pg.PlotDataItem(antialias=True)
        self.dot = pg.ScatterPlotItem(size=9)
        self.addItem(self.curve)
        self.addItem(self.dot)
        self._colour()

    def show_curve(self, curve: PrecisionRecall, at: tuple[float, float] | None) -> None:
        """Draw another curve, and the dot at recall and precision (None: nowhere)."""
        # Without a first point at recall 0 a curve that falls at once would not be seen to begin high.
        begins = [0.0] * bool(len(curve.recall))
        self.curve.setData(np.append(begins, curve.recall), np.append(curve.precision[:1], curve.precision))
        self.dot.setData(*([[part] for part in at] if at else [[], []]))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "dot"):
            self._colour()

    def _colour(self) -> None:
        palette = self.palette()
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Mid)))
            axis.setTextPen(pg.mkPen(palette.color(QPalette.ColorRole.PlaceholderText)))
        self.curve.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Accent), width=1.8))
        self.dot.setBrush(pg.mkBrush(threshold_colour(palette)))
        self.dot.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Base)))


class TwoByTwoTable(QWidget):
    """Four numbers, each a button for the photos behind it."""

    wanted = Signal(Outcome)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[Outcome, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for column, text in enumerate((self.tr("has it"), self.tr("has it not")), 1):
            grid.addWidget(muted(text), 0, column, Qt.AlignmentFlag.AlignHCenter)
        for row, text in enumerate((self.tr("suggested"), self.tr("not suggested")), 1):
            label = muted(text, wraps=True)
            grid.addWidget(label, row, 0)
        tips = {
            Outcome.HIT: self.tr("Show the photos that have the label and for which it is suggested"),
            Outcome.FALSE_ALARM: self.tr("Show the photos for which the label is suggested wrongly"),
            Outcome.MISS: self.tr("Show the photos whose label is missed"),
            Outcome.REJECTION: self.tr("Show the photos without the label, for which it is rightly not suggested"),
        }
        for place, (outcome, tip) in enumerate(tips.items()):
            button = self.buttons[outcome] = QPushButton()
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            button.setMinimumWidth(44)
            button.clicked.connect(partial(self.wanted.emit, outcome))
            grid.addWidget(button, 1 + place // 2, 1 + place % 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)

    def show_counts(self, one: LabelEvaluation) -> None:
        """Show another label's numbers."""
        counts = {
            Outcome.HIT: one.hits,
            Outcome.FALSE_ALARM: one.false_alarms,
            Outcome.MISS: one.misses,
            Outcome.REJECTION: one.rejections,
        }
        for outcome, count in counts.items():
            self.buttons[outcome].setText(f"{count:,}")
            self.buttons[outcome].setEnabled(count > 0)


class LabelFigures(QWidget):
    """Name, curve and table of the label that is chosen; `wanted` asks for the photos behind a number."""

    wanted = Signal(str, Outcome)

    def __init__(self) -> None:
        super().__init__()
        self.title = muted()
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.plot = CurvePlot()
        self.table = TwoByTwoTable()
        self._label = ""
        parts = QHBoxLayout()
        parts.setSpacing(10)
        parts.addWidget(self.plot, 5)
        parts.addWidget(self.table, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addLayout(parts, 1)
        self.table.wanted.connect(lambda outcome: self.wanted.emit(self._label, outcome))

    def show_label(self, evaluation: Evaluation, label: str) -> None:
        """Show another label's figures."""
        self._label = label
        one = evaluation.labels[evaluation.column_of(label)]
        self.title.setText(
            self.tr("{label}: suggested from {threshold:.3f}").format(label=shown_name(label), threshold=one.threshold)
        )
        at = (one.recall, one.precision) if one.recall is not None and one.precision is not None else None
        self.plot.show_curve(evaluation.curve(label), at)
        self.table.show_counts(one)
