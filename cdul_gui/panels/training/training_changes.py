"""What the newest training changed, label by label; a click shows the photos."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.appearance import icon
from cdul_gui.look.controls import heading, muted
from cdul_gui.look.tables import as_table
from cdul_gui.session.session import Session
from cdul_gui.session.training import Training
from cdul_gui.wording import photos_in_words, shown_name

_LABEL, _ON, _OFF = range(3)
_COLUMN = Qt.ItemDataRole.UserRole


class TrainingChanges(QWidget):
    """Labels by how many of their suggestions are new or gone, most changed first."""

    def __init__(self, session: Session, training: Training) -> None:
        super().__init__()
        self._session, self._training = session, training
        self.on = QPushButton()
        self.on.clicked.connect(lambda: training.show_turned(on=True))
        self.off = QPushButton()
        self.off.clicked.connect(lambda: training.show_turned(on=False))
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.on, self.off):
            # They share the width evenly, and need less than Qt likes to give a button.
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(56)
            buttons.addWidget(button)
        self.waits = muted(
            self.tr(
                "This would change more than half of the suggestions, so the old scores still suggest. Look at some "
                "of the photos, then decide."
            ),
            wraps=True,
        )
        self.accept = QPushButton(self.tr("Use the new scores"))
        self.accept.setObjectName("primary")
        self.accept.clicked.connect(training.accept)
        self.discard = QPushButton(self.tr("Discard"))
        self.discard.setToolTip(self.tr("Keep the old scores; the history can bring the training back"))
        self.discard.clicked.connect(training.discard)
        self.none = muted(wraps=True)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.table = QTreeWidget()
        self.table.setColumnCount(3)
        self.table.setHeaderLabels([self.tr("Label"), self.tr("On"), self.tr("Off")])
        as_table(self.table, self.tr("Labels that training turned on or off"))
        self.table.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.table.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_LABEL, QHeaderView.ResizeMode.Stretch)
        for column in (_ON, _OFF):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            self.table.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        self.table.itemActivated.connect(self._show_photos)
        self.table.itemClicked.connect(self._show_photos)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self.heading = heading(self.tr("Changed by training"))
        layout.addWidget(self.heading)
        layout.addWidget(self.waits)
        layout.addWidget(self.none, 1)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.accept)
        layout.addWidget(self.discard)
        training.changes_changed.connect(self._fill)
        session.job_changed.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        changes, snapshot = self._training.changes, self._session.snapshot
        self.table.clear()
        on = off = np.zeros(0, np.int64)
        if changes is not None and snapshot is not None:
            on, off = changes.turned_on.sum(axis=0), changes.turned_off.sum(axis=0)
            much = changes.much_changed()
            for column in np.argsort(-(on + off), kind="stable"):
                if on[column] + off[column]:
                    item = self._item(shown_name(snapshot.labels[column].name), column, on, off)
                    if much[column]:
                        self._mark(item, int(changes.likely_before[column]))
                    self.table.addTopLevelItem(item)
        some = self.table.topLevelItemCount() > 0
        self.table.setVisible(some)
        self.none.setVisible(not some)
        self.none.setText(
            self.tr("Once a training has ended, this says which suggestions are new and which are gone.")
            if changes is None
            else self.tr("The newest training changed no suggestion.")
        )
        for button, text, count in (
            (self.on, self.tr("On ({count})"), int(on.sum())),
            (self.off, self.tr("Off ({count})"), int(off.sum())),
        ):
            button.setText(text.format(count=f"{count:,}"))
            button.setEnabled(count > 0)
        for widget in (self.waits, self.accept, self.discard):
            widget.setVisible(self._training.waits)
        for button in (self.accept, self.discard):
            button.setEnabled(self._session.writable and self._session.job is None)
        self.on.setToolTip(self.tr("Show the photos on which training turned labels on"))
        self.off.setToolTip(self.tr("Show the photos on which training turned labels off"))

    def _item(self, name: str, column: np.int64, on: np.ndarray, off: np.ndarray) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, *(f"{count:,}" if count else "" for count in (on[column], off[column]))])
        item.setData(_LABEL, _COLUMN, int(column))
        item.setSizeHint(_LABEL, QSize(0, 22))
        for place in (_ON, _OFF):
            item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _mark(self, item: QTreeWidgetItem, before: int) -> None:
        item.setIcon(_LABEL, icon("fa6s.triangle-exclamation", self.palette()))
        tip = self.tr("More changed than was likely before ({photos}): look at some of it before you trust it.")
        tip = tip.format(photos=photos_in_words(before))
        for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            item.setData(_LABEL, role, tip)

    @Slot(QTreeWidgetItem, int)
    def _show_photos(self, item: QTreeWidgetItem, place: int) -> None:
        # A click on a name shows what there is, new suggestions first.
        turned_on = place == _ON or (place == _LABEL and bool(item.text(_ON)))
        self._training.show_turned(on=turned_on, column=item.data(_LABEL, _COLUMN))
