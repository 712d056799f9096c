"""What a label stands below: any number of others, ticked in a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from cdul_gui.look.controls import dialog_layout, muted
from cdul_gui.look.drops import Line
from cdul_gui.look.tips import plain_tip
from cdul_gui.wording import shown_name
from engine.project.labels import LabelRow
from engine.project.parents import Parents

_ID = Qt.ItemDataRole.UserRole


class PlaceOfLabelDialog(QDialog):
    """Those that stand below the label itself cannot be chosen: it would stand below itself."""

    def __init__(
        self, labels: Sequence[LabelRow], column: int, parents: Parents, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        label = labels[column]
        self._labels = labels
        self.setWindowTitle(self.tr("Put {label} under").replace("{label}", shown_name(label.name)))
        self.find_box = Line()
        self.find_box.setClearButtonEnabled(True)
        self.find_box.setPlaceholderText(self.tr("Find a label"))
        self.find_box.setAccessibleName(self.tr("Find a label"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.windowTitle())
        self.list.setUniformItemSizes(True)
        below = {column, *parents.below(column)}
        own = set(label.parents)
        # What it stands below comes first, so that it is seen.
        for place in sorted(range(len(labels)), key=lambda place: labels[place].id not in own):
            if place != column:
                self.list.addItem(self._item(labels[place], ticked=labels[place].id in own, free=place not in below))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = dialog_layout(self, 10)
        layout.addWidget(
            muted(
                self.tr(
                    "Where {label} is confirmed these are implied; where one of these is rejected it is ruled out."
                ).replace("{label}", shown_name(label.name)),
                wraps=True,
            )
        )
        layout.addWidget(self.find_box)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        self.find_box.textChanged.connect(self._show_found)
        self.resize(QSize(380, 460))

    @property
    def chosen(self) -> list[LabelRow]:
        """The labels that are ticked."""
        items = (self.list.item(row) for row in range(self.list.count()))
        ids = {item.data(_ID) for item in items if item.checkState() == Qt.CheckState.Checked}
        return [label for label in self._labels if label.id in ids]

    def _item(self, label: LabelRow, *, ticked: bool, free: bool) -> QListWidgetItem:
        item = QListWidgetItem(shown_name(label.name))
        item.setData(_ID, label.id)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        if not free:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(plain_tip(self.tr("It stands below this label itself")))
        return item

    @Slot(str)
    def _show_found(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.text().casefold() and item.checkState() != Qt.CheckState.Checked)
