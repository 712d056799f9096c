"""A bar below the photos while an encoder is fetched: how far, how fast, how long still, and what stands in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from cdul_gui.look.controls import plain
from cdul_gui.panels.bars.bar_frame import BarFrame
from cdul_gui.session.encoders import Download, Encoders, Stage
from cdul_gui.wording import described
from engine.models.encoders.failures import Cause


class DownloadBar(BarFrame):
    """Hidden while nothing is fetched."""

    file_wanted = Signal()
    """The encoder should be taken from a file in place of the network."""
    folder_wanted = Signal()
    """The encoder should be put elsewhere, where there is more room."""
    source_wanted = Signal()
    """Encoders should be fetched from a mirror, or through a proxy."""
    others_wanted = Signal()
    """Another encoder should be chosen."""

    def __init__(self, encoders: Encoders) -> None:
        super().__init__()
        self._encoders = encoders
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(140, 10)
        self.bar.setAccessibleName(self.tr("How much of the encoder is here"))
        self.detail = plain()
        self.pause = QPushButton(self.tr("Pause"))
        self.again = QPushButton()
        self.again.setObjectName("primary")
        self.elsewhere = QPushButton(self.tr("Choose another folder…"))
        self.file = QPushButton(self.tr("From a file…"))
        self.source = QPushButton(self.tr("Mirror or proxy…"))
        self.others = QPushButton(self.tr("Other encoders…"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("What has come stays, for another try."))
        for button in (self.pause, self.again, self.elsewhere, self.file, self.source, self.others, self.cancel):
            # A click leaves the keyboard with the photos.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        height = self.pause.sizeHint().height()
        self.detail.setMinimumHeight(height)
        around = QWidget()
        inside = QVBoxLayout(around)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.bar)
        around.setMinimumHeight(height)
        self._around_bar = around
        left = (around, self.detail, self.pause, self.again)
        for widget in (*left, self.elsewhere, self.file, self.source, self.others, self.cancel):
            self.controls.flow.addWidget(widget)
        self.pause.clicked.connect(encoders.pause)
        self.again.clicked.connect(encoders.go_on)
        self.cancel.clicked.connect(encoders.cancel)
        self.close_button.clicked.connect(encoders.cancel)
        self.elsewhere.clicked.connect(self.folder_wanted)
        self.file.clicked.connect(self.file_wanted)
        self.source.clicked.connect(self.source_wanted)
        self.others.clicked.connect(self.others_wanted)
        encoders.download_changed.connect(self.show_download)
        encoders.progressed.connect(self._show_report)
        self.show_download()

    @Slot()
    def show_download(self) -> None:
        """Show what is fetched now, and what can be done about it."""
        download = self._encoders.download
        self.setVisible(download is not None)
        if download is None:
            return
        failed, cause = download.stage == Stage.FAILED, download.cause
        self.kind = "error" if failed else "note"
        self.text.setText(self._said_of(download))
        self.setAccessibleName(self.text.text())
        self.pause.setVisible(download.stage == Stage.RUNNING)
        self.again.setText(self.tr("Try again") if failed else self.tr("Go on"))
        self.again.setVisible(download.stage != Stage.RUNNING and cause != Cause.NOT_THERE)
        self.elsewhere.setVisible(cause == Cause.NO_ROOM)
        self.file.setVisible(failed and cause not in (Cause.NO_ROOM, Cause.BUSY))
        self.source.setVisible(cause in (Cause.NO_NETWORK, Cause.PROXY, Cause.REFUSED))
        self.others.setVisible(cause == Cause.NOT_THERE)
        self.cancel.setVisible(not failed)
        self.close_button.setVisible(failed)
        self._around_bar.setVisible(not failed and download.stage != Stage.STOPPED)
        self.detail.setVisible(not failed)
        self._show_report()
        self.arrange()

    def _said_of(self, download: Download) -> str:
        if download.failure is not None:
            said = self.tr("{encoder} could not be fetched. {why}").format(
                encoder=download.title, why=download.failure.sentence
            )
            here = self._encoders.begun(download.name)
            return f"{said} {self.tr('{count} MB came and are kept.').format(count=f'{here:,}')}" if here else said
        if download.stage == Stage.STOPPED:
            return self.tr("{encoder} is not here in full: its download was stopped.").format(encoder=download.title)
        return self.tr("Fetching {encoder}").format(encoder=download.title)

    @Slot()
    def _show_report(self) -> None:
        download = self._encoders.download
        if download is None:
            return
        report, here = download.report, ""
        if download.stage == Stage.STOPPED:
            here = self.tr("{count} MB are here").format(count=f"{self._encoders.begun(download.name):,}")
        elif report is None or report.fraction is None:
            self.bar.setRange(0, 0)
            here = self.tr("Looking for it…")
        elif report.done == report.total:
            self.bar.setRange(0, 0)
            here = self.tr("Checking what came…")
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * report.fraction))
            here = described(report)
        if download.stage == Stage.PAUSED:
            here = self.tr("Paused")
            if report is not None and report.total:
                here = self.tr("Paused at {done} of {total} MB").format(
                    done=f"{report.done / 1e6:,.0f}", total=f"{report.total / 1e6:,.0f}"
                )
        if here != self.detail.text():
            self.detail.setText(here)
            self.arrange()
