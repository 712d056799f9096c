"""The long work under way, in the status bar: how far, how fast, how long still; pause and cancel."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from cdul_gui.wording import described, translated
from engine.jobs import ProgressReport


class ProgressPanel(QWidget):
    """Hidden while nothing is under way."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._job: Job | None = None
        self.task = QLabel()
        self.bar = QProgressBar()
        self.bar.setFixedWidth(200)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.detail = QLabel()
        self.pause = QPushButton(self.tr("Pause"))
        self.pause.setAccessibleName(self.tr("Pause the work under way"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Cancel the work under way"))
        self.cancel.setToolTip(self.tr("What is done so far stays; the next run goes on from there."))

        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(10)
        for widget in (self.task, self.bar, self.detail, self.pause, self.cancel):
            layout.addWidget(widget)
        layout.addStretch(1)

        self.pause.clicked.connect(self._pause_or_resume)
        self.cancel.clicked.connect(self._cancel)
        session.job_changed.connect(self._show_stage)
        self._show_stage()

    @Slot()
    def _show_stage(self) -> None:
        job = self._session.job
        self.setVisible(job is not None)
        if job is None or job is self._job:
            self._job = job
            return
        self._job = job
        self.task.setText(self._session.job_title)
        self.detail.clear()
        self.bar.setRange(0, 0)
        self.pause.setText(self.tr("Pause"))
        self.pause.setEnabled(True)
        self.cancel.setEnabled(True)
        job.progressed.connect(self._show_report)

    @Slot(ProgressReport)
    def _show_report(self, report: ProgressReport) -> None:
        if self._job is None or self._job.cancellation.cancelled:
            return
        self.task.setText(translated(report.task))
        if report.fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * report.fraction))
        self.detail.setText(described(report))

    @Slot()
    def _pause_or_resume(self) -> None:
        if self._job is None:
            return
        cancellation = self._job.cancellation
        if cancellation.paused:
            cancellation.resume()
            self.pause.setText(self.tr("Pause"))
        else:
            cancellation.pause()
            self.pause.setText(self.tr("Resume"))
            self.detail.setText(self.tr("Paused"))

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancellation.cancel()
            self.detail.setText(self.tr("Stopping; what is done so far stays…"))
            self.pause.setEnabled(False)
            self.cancel.setEnabled(False)
