"""The first page: open a folder, or the sample photos; what was open before."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QCommandLinkButton, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cdul_gui.look.appearance import icon
from cdul_gui.look.controls import heading, muted, plain
from cdul_gui.look.tips import plain_tip
from cdul_gui.settings import Settings

_WIDTH = 460


class StartPage(QWidget):
    """What there is to do while no photos are open."""

    folder_wanted = Signal()
    samples_wanted = Signal()
    folder_chosen = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        title = QLabel(self.tr("Label your photos"))
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 2.2)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        lead = muted(
            self.tr(
                "Open a folder: the photos get labels on this computer, without the network. You see where in each "
                "photo a label comes from, correct it, and export the labels as COCO. "
                "The photos themselves stay as they are."
            ),
            wraps=True,
        )
        self.open_folder = QPushButton(self.tr("Open a folder of photos…"))
        self.open_folder.setObjectName("primary")
        self.open_folder.setMinimumHeight(38)
        self.open_samples = QPushButton(self.tr("Try it on the sample photos"))
        self.open_samples.setMinimumHeight(38)
        self.open_folder.clicked.connect(self.folder_wanted)
        self.open_samples.clicked.connect(self.samples_wanted)

        self._middle = middle = QWidget()
        middle.setFixedWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(lead)
        column.addSpacing(10)
        column.addWidget(self.open_folder)
        column.addWidget(self.open_samples)
        column.addSpacing(18)
        self._recent_heading = heading(self.tr("Opened before"))
        column.addWidget(self._recent_heading)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addLayout(self._recent)

        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(middle)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(across)
        # Not in what is disabled meanwhile.
        self.opening = plain()
        self.opening.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(10)
        layout.addWidget(self.opening)
        layout.addStretch(3)
        self.show_recent()

    @Slot(str)
    def show_opening(self, sentence: str) -> None:
        """Say that photos are being opened, and offer nothing else meanwhile."""
        self.opening.setText(sentence)
        self._middle.setEnabled(False)

    @Slot()
    def show_choice(self) -> None:
        """Offer again what there is to open."""
        self.opening.clear()
        self._middle.setEnabled(True)

    def show_recent(self) -> None:
        """List the folders that were opened before."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        folders = Settings().recent[:5]
        self._recent_heading.setVisible(bool(folders))
        for folder in folders:
            metrics = QFontMetrics(self.font())
            where = metrics.elidedText(str(folder.parent), Qt.TextElideMode.ElideMiddle, _WIDTH - 60)
            link = QCommandLinkButton(folder.name.replace("&", "&&") or str(folder), where)
            link.setAccessibleName(self.tr("Open {folder}").format(folder=folder))
            link.setToolTip(plain_tip(str(folder)))
            link.setIcon(icon("fa6s.folder", self.palette()))
            link.clicked.connect(partial(self.folder_chosen.emit, folder))
            self._recent.addWidget(link)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.show_recent()
