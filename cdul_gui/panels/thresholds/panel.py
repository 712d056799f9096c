"""The thresholds of all labels: one slider for all, what reviewed photos aim at, and how reliable chances are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.controls import muted
from cdul_gui.look.flow import FlowArea
from cdul_gui.look.tips import plain_tip
from cdul_gui.panels.thresholds.threshold_table import ThresholdTable
from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from cdul_gui.session.thresholds import Thresholds
from cdul_gui.wording import as_threshold
from engine.project.thresholds import DEFAULT_THRESHOLD, threshold_for_all
from engine.stages.thresholds.report import ThresholdReport, report_thresholds

if TYPE_CHECKING:
    from cdul_gui.panels.thresholds.reliability_plot import ReliabilityPlot

_MILLISECONDS_BEFORE_READING = 100
_MILLISECONDS_BEFORE_KEEPING = 400

# The slider moves evenly over log(score / (1 - score)): scores of a softmax over many labels crowd near 0.
_STEPS_A_LATENT = 100
_LOWEST, _HIGHEST = 0.001, 0.99

_ROOM_FOR_BOTH = 760
"""Pixels of width from which on the table leaves room for what is beside it."""

_USUAL_PRECISION = 90
"""Per cent, until another is asked for."""


@dataclass(frozen=True)
class _Known:
    report: ThresholdReport
    for_all: float | None


class ThresholdsPanel(QWidget):
    """Read anew in a worker, while it is visible, whenever something new is known."""

    def __init__(self, session: Session, thresholds: Thresholds) -> None:
        super().__init__()
        self._session, self._thresholds = session, thresholds
        self._reading: Job | None = None
        self._read_again = False
        self.one_for_all = QCheckBox(self.tr("One threshold for all labels"))
        self.one_for_all.setToolTip(
            self.tr("Every label is likely from the same score on, but those whose threshold is set by hand")
        )
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(_to_place(_LOWEST), _to_place(_HIGHEST))
        self.slider.setPageStep(_STEPS_A_LATENT // 2)
        self.slider.setMinimumWidth(120)
        self.slider.setAccessibleName(self.tr("Threshold for all labels"))
        self.value = QLabel()
        self.value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.0000"))
        self.aim = QComboBox()
        self.aim.addItems([self.tr("the best F1"), self.tr("a precision of at least")])
        self.aim.setAccessibleName(self.tr("What thresholds from reviewed photos aim at"))
        self.precision = QSpinBox()
        self.precision.setRange(50, 99)
        self.precision.setValue(_USUAL_PRECISION)
        self.precision.setSuffix(" %")
        self.precision.setKeyboardTracking(False)
        self.precision.setAccessibleName(self.tr("Wanted precision"))
        for control in (self.one_for_all, self.slider, self.aim, self.precision):
            # Reached by Tab, but a click leaves the keyboard with the photos.
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view = ThresholdTable(session)
        self.model = self.view.thresholds
        self.reliable = muted(wraps=True)
        self.empty = muted(self.tr("There are no scores yet. Press Label."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()

        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_READING)
        self._soon.timeout.connect(self._read)
        self._keep_soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_KEEPING)
        self._keep_soon.timeout.connect(self._keep_for_all)
        session.opened.connect(self._forget)
        thresholds.changed.connect(self._read_soon)
        self.one_for_all.clicked.connect(self._keep_for_all)
        self.slider.valueChanged.connect(self._slid)
        self.aim.activated.connect(self._aim)
        self.precision.valueChanged.connect(self._aim)
        self._show(None)

    def _lay_out(self) -> None:
        # In two lines where it is narrow.
        top = FlowArea(spacing=8)
        aim = QWidget()
        of_aim = QHBoxLayout(aim)
        of_aim.setContentsMargins(0, 0, 0, 0)
        for control in (muted(self.tr("Reviewed photos aim at")), self.aim, self.precision):
            of_aim.addWidget(control)
        for widget in (self.one_for_all, self.slider, self.value, aim):
            widget.setMinimumHeight(self.aim.sizeHint().height())
            top.flow.addWidget(widget)
        self._right = QWidget()
        right = self._beside = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(4)
        right.addWidget(self.reliable)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self.view, 4)
        middle.addWidget(self._right, 1)
        self._controls = QWidget()
        controls = QVBoxLayout(self._controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(6)
        controls.addWidget(top)
        controls.addLayout(middle, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self._controls, 1)
        layout.addWidget(self.empty, 1)

    @cached_property
    def plot(self) -> ReliabilityPlot:
        """Made when there is something to draw: what it draws with is loaded then."""
        from cdul_gui.panels.thresholds.reliability_plot import ReliabilityPlot

        plot = ReliabilityPlot()
        self._beside.insertWidget(0, plot, 1)
        return plot

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.setVisible(self.width() >= _ROOM_FOR_BOTH)

    # What is known

    @Slot()
    def _forget(self) -> None:
        self._reading = None
        self._show(None)
        self._read_soon()

    @Slot()
    def _read_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _read(self) -> None:
        project, snapshot = self._session.project, self._session.snapshot
        if project is None or snapshot is None or snapshot.stage is None:
            self._show(None)
            return
        if self._reading is not None:
            self._read_again = True
            return
        self._read_again = False

        def read() -> _Known:
            return _Known(report_thresholds(project, snapshot), threshold_for_all(project))

        job = self._reading = self._session.workers.read(read)

        def ended() -> None:
            if job is self._reading:
                self._reading = None
                if self._read_again:
                    self._read_soon()

        # Another project may be open by then.
        job.finished.connect(lambda known: self._show(known) if job is self._reading else None)
        job.failed.connect(self._session.failed)
        job.ended.connect(ended)

    def _show(self, known: _Known | None) -> None:
        self._controls.setVisible(known is not None)
        self.empty.setVisible(known is None)
        if known is None:
            self.view.show_labels(())
            return
        report, writable = known.report, self._session.writable
        self.view.show_labels(report.labels)
        for control in (self.one_for_all, self.aim):
            control.setEnabled(writable)
        # What a person has hold of is not snatched away.
        if not self._keep_soon.isActive() and not self.slider.isSliderDown():
            self.one_for_all.setChecked(known.for_all is not None)
            self.slider.setEnabled(writable and known.for_all is not None)
            self._put_slider(_usual_threshold(report) if known.for_all is None else known.for_all)
        self.aim.setCurrentIndex(int(report.wanted_precision is not None))
        self.precision.setVisible(report.wanted_precision is not None)
        self.precision.setEnabled(writable)
        if report.wanted_precision is not None and not self.precision.hasFocus():
            self.precision.blockSignals(True)
            self.precision.setValue(round(100 * report.wanted_precision))
            self.precision.blockSignals(False)
        self._show_reliability(report)

    def _show_reliability(self, report: ThresholdReport) -> None:
        told = any(one.yes + one.no >= one.fewest_answers for one in report.labels)
        if told or "plot" in vars(self):
            self.plot.show_bins(report.reliability)
            self.plot.setVisible(told)
        if told and report.calibration_error is not None:
            text = self.tr("{error} % off on average, over {count} answers").format(
                error=f"{100 * report.calibration_error:.1f}", count=f"{report.answers:,}"
            )
            tip = self.tr(
                "How far chances are from how often the answer was yes: each is compared with answers on photos that "
                "it did not learn from"
            )
        elif any(one.taught for one in report.labels):
            text = tip = ""  # chances there are, and answers to compare them with are still missing
        else:
            text = self.tr(
                "Scores are no probabilities yet: a label is likely, maybe or neither. From {count} answers on, its "
                "chances are shown too."
            ).format(count=max((one.fewest_answers for one in report.labels), default=0))
            tip = ""
        self.reliable.setText(text)
        self.reliable.setVisible(bool(text))
        self.reliable.setToolTip(plain_tip(tip))

    # What a person sets

    @Slot(int)
    def _slid(self, place: int) -> None:
        self.value.setText(as_threshold(_to_score(place)))
        self._keep_soon.start()

    @Slot()
    def _keep_for_all(self) -> None:
        if self.slider.isSliderDown():
            self._keep_soon.start()
            return
        self._keep_soon.stop()
        on = self.one_for_all.isChecked()
        self.slider.setEnabled(on)
        self._thresholds.keep_for_all(_to_score(self.slider.value()) if on else None)

    @Slot()
    def _aim(self) -> None:
        wanted = self.aim.currentIndex() == 1
        self.precision.setVisible(wanted)
        self._reading = None  # what is on its way was true before
        self._thresholds.want_precision(self.precision.value() / 100 if wanted else None)

    def _put_slider(self, score: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(_to_place(score))
        self.slider.blockSignals(False)
        self.value.setText(as_threshold(score))


def _usual_threshold(report: ThresholdReport) -> float:
    """From where on most labels are likely now: whoever wants one threshold for all begins there."""
    return median([one.threshold for one in report.labels] or [DEFAULT_THRESHOLD])


def _to_place(score: float) -> int:
    held = min(max(score, _LOWEST), _HIGHEST)
    return round(_STEPS_A_LATENT * log(held / (1 - held)))


def _to_score(place: int) -> float:
    return round(1 / (1 + exp(-place / _STEPS_A_LATENT)), 4)
