"""The filters that have a name: a click shows their photos again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from cdul_gui.look.controls import heading
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.kept_filters import KeptFilters
from cdul_gui.session.session import Session

_MOST_LINES = 6
_LINE = 24


class SavedFilters(QWidget):
    """Not there while there is none. The context menu renames and deletes; a name is edited where it stands."""

    def __init__(self, session: Session, arrangement: Arrangement, kept: KeptFilters) -> None:
        super().__init__()
        self._session, self._arrangement, self._kept = session, arrangement, kept
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Saved filters"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading(self.tr("Saved filters")))
        layout.addWidget(self.list)
        self.list.itemClicked.connect(self._apply)
        self.list.itemActivated.connect(self._apply)
        self.list.itemChanged.connect(self._rename)
        self.list.customContextMenuRequested.connect(self._show_menu)
        kept.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for name, text in self._kept.saved.items():
            item = QListWidgetItem(name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(plain_tip(text))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setSizeHint(QSize(0, _LINE))
        self.list.blockSignals(False)
        count = self.list.count()
        self.list.setFixedHeight(_LINE * min(count, _MOST_LINES))
        self.setVisible(count > 0)

    @Slot(QListWidgetItem)
    def _apply(self, item: QListWidgetItem) -> None:
        self._arrangement.filter_by(self._kept.saved[item.data(Qt.ItemDataRole.UserRole)])

    @Slot(QListWidgetItem)
    def _rename(self, item: QListWidgetItem) -> None:
        old, new = item.data(Qt.ItemDataRole.UserRole), item.text().strip()
        if not new or (new != old and new in self._kept.saved):
            self._session.noticed.emit(
                self.tr("There is a saved filter “{name}” already. Choose another name.").replace("{name}", new)
                if new
                else self.tr("A saved filter needs a name.")
            )
            self._show()
        elif new != old:
            self._kept.rename(old, new)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        if item is None or not self._session.writable:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename"), lambda: self.list.editItem(item))
        menu.addAction(self.tr("Delete"), partial(self._delete, item.data(Qt.ItemDataRole.UserRole)))
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _delete(self, name: str) -> None:
        text, place = self._kept.saved[name], list(self._kept.saved).index(name)
        self._kept.delete(name)
        self._session.undoable.emit(
            self.tr("The filter “{name}” is deleted.").replace("{name}", name),
            partial(self._kept.put_back, name, text, place),
        )
