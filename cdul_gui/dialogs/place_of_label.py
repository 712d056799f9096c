"""What a label stands below: any number of others, ticked in a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from cdul_gui.look.controls import dialog_layout, muted
from cdul_gui.look.drops import Line
from cdul_gui.look.tips import plain_tip
from cdul_gui.wording import shown_name
from engine.project.labels import LabelRow, all_names
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
        self._names = {name.casefold() for name in (*all_names(labels), *(shown_name(one.name) for one in labels))}
        """By which labels are called, the label itself as well: nothing new can have one of these."""
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
        self._new = QListWidgetItem()
        self._new.setCheckState(Qt.CheckState.Unchecked)
        self.list.addItem(self._new)
        self._new.setHidden(True)
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

    @property
    def new_name(self) -> str:
        """The name of a label that is ticked and is still to be made; empty for none."""
        return str(self._new.data(_ID)) if self._new.checkState() == Qt.CheckState.Checked else ""

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
        found: list[QListWidgetItem] = []
        for row in range(self.list.count() - 1):
            item = self.list.item(row)
            fits = wanted in item.text().casefold()
            item.setHidden(not fits and item.checkState() != Qt.CheckState.Checked)
            if fits and item.flags() & Qt.ItemFlag.ItemIsEnabled and item.checkState() != Qt.CheckState.Checked:
                found.append(item)
        # The one that Enter ticks: what is typed whole, else what begins with it.
        found.sort(key=lambda item: (item.text().casefold() != wanted, not item.text().casefold().startswith(wanted)))
        if self._new.checkState() != Qt.CheckState.Checked:
            self._new.setData(_ID, text.strip())
            self._new.setText(self.tr("New label “{text}”").replace("{text}", text.strip()))
            self._new.setHidden(not wanted or wanted in self._names)
            if not self._new.isHidden():
                found.append(self._new)
        self.list.setCurrentRow(self.list.row(found[0]) if wanted and found else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the line Enter ticks the label that is found and Down leads to the list; else Enter is OK."""
        in_line = self.focusWidget() is self.find_box
        if in_line and self.find_box.text().strip() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (item := self.list.currentItem()) is not None:
                item.setCheckState(Qt.CheckState.Checked)
                self.find_box.clear()
                self.list.scrollToItem(item)
        elif in_line and event.key() == Qt.Key.Key_Down:
            if self.list.currentItem() is None:
                self.list.setCurrentRow(next((r for r in range(self.list.count()) if not self.list.isRowHidden(r)), -1))
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
