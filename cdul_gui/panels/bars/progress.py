"""The long work under way, in the status bar: how far, how fast, how long still; pause and cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from cdul_gui.wording import described, translated
from engine.jobs import ProgressReport, in_megabytes


class ProgressPanel(QWidget):
    """Hidden while nothing is under way."""

    left = Signal()
    """The keyboard should go back to the photos: the button that had it is of no use any more."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._job: Job | None = None
        self._report: ProgressReport | None = None
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

        for button in (self.pause, self.cancel):
            # Reached by Tab, but a click leaves the keyboard where one types.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(10)
        # The buttons first, so that they stay where they are while the text beside them grows.
        for widget in (self.pause, self.cancel, self.task, self.bar, self.detail):
            layout.addWidget(widget)
        layout.addStretch(1)

        self.pause.clicked.connect(self._pause_or_resume)
        self.cancel.clicked.connect(self._cancel)
        session.job_changed.connect(self._show_stage)
        self._show_stage()

    @Slot()
    def _show_stage(self) -> None:
        job = self._session.job
        if job is None:
            self._leave()
        self.setVisible(job is not None)
        if job is None or job is self._job:
            self._job = job
            return
        self._job, self._report = job, None
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
        self._report = report
        self.task.setText(translated(report.task))
        if report.fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * report.fraction))
        self._show_detail()

    def _show_detail(self) -> None:
        paused = self._job is not None and self._job.cancellation.paused
        self.detail.setText(self._paused() if paused else described(self._report) if self._report else "")

    def _paused(self) -> str:
        """Nothing is fast while it is paused; how much is left, and beside it stands "Resume"."""
        report = self._report
        if report is None or not report.total:
            return self.tr("Paused")
        report = in_megabytes(report)
        left = f"{(report.total or 0) - report.done:,}"
        return self.tr("Paused, {left} of {total} left").format(left=left, total=f"{report.total:,}")

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
        self._show_detail()

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancellation.cancel()
            self.detail.setText(self.tr("Stopping; what is done so far stays…"))
            self._leave()
            self.pause.setEnabled(False)
            self.cancel.setEnabled(False)

    def _leave(self) -> None:
        if self.pause.hasFocus() or self.cancel.hasFocus():
            self.left.emit()
