"""Which labels are taken for which; a click shows the photos."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from cdul_gui.look.tables import as_table
from cdul_gui.wording import shown_name
from engine.stages.evaluation.result import Confusion

_MISSED, _SUGGESTED, _PHOTOS = range(3)
_LABELS = Qt.ItemDataRole.UserRole
"""The names of both labels, however they are shown."""


class ConfusionList(QTreeWidget):
    """Pairs of labels, those first that come together most beyond chance."""

    wanted = Signal(str, str)
    """The photos of a label that is missed and one that is suggested wrongly."""

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderLabels([self.tr("Missed"), self.tr("Suggested"), self.tr("Photos")])
        as_table(self, self.tr("Labels that are taken for others"))
        self.setToolTip(self.tr("Photos where one label is missed while the other is suggested wrongly"))
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        header = self.header()
        header.setStretchLastSection(False)
        for column in (_MISSED, _SUGGESTED):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_PHOTOS, QHeaderView.ResizeMode.ResizeToContents)
        self.headerItem().setTextAlignment(_PHOTOS, Qt.AlignmentFlag.AlignRight)
        # So that no heading is cut off, whatever the language.
        header.ensurePolished()
        widths = [header.sectionSizeHint(column) for column in (_MISSED, _SUGGESTED, _PHOTOS)]
        self.setMinimumWidth(2 * max(widths[:2]) + widths[2])
        for signal in (self.itemClicked, self.itemActivated):
            signal.connect(lambda item, _column: self.wanted.emit(*item.data(_MISSED, _LABELS)))

    def show_confusions(self, confusions: tuple[Confusion, ...]) -> None:
        """Show other pairs."""
        self.clear()
        for one in confusions:
            item = QTreeWidgetItem([shown_name(one.missed), shown_name(one.suggested), f"{one.photos:,}"])
            item.setData(_MISSED, _LABELS, (one.missed, one.suggested))
            item.setTextAlignment(_PHOTOS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setSizeHint(_MISSED, QSize(0, 22))
            item.setToolTip(_PHOTOS, self.tr("{count:.1f} by chance").format(count=one.by_chance))
            self.addTopLevelItem(item)
