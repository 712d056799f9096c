"""Which key does what, read from the menus, so that it is what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.controls import heading

SUBMENU = "submenu"
"""Name of the menus inside menus whose keys stand in a table of their own."""

_MOST_COLUMNS = 3
_SHARE_OF_SCREEN = 0.9
_AROUND = QSize(70, 90)
"""What the dialog needs beside the tables: margins, a scroll bar, the button."""


class KeysDialog(QDialog):
    """A table for each menu, one for the labels, and what the mouse does. The arrows and Page Down scroll."""

    change_wanted = Signal()
    """The keys should be changed; the dialog is closed by then."""

    def __init__(self, bar: QMenuBar, labels: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        tables = [
            (menu.title().replace("&", ""), list(_keys_of(menu)))
            for menu in bar.findChildren(QMenu)
            if menu.parent() is bar or menu.objectName() == SUBMENU
        ]
        tables.append(
            (
                self.tr("Moving"),
                [
                    (self.tr("Arrows"), self.tr("Move among the photos")),
                    (self.tr("Shift or Ctrl"), self.tr("… and select several")),
                    (self.tr("Ctrl + wheel"), self.tr("Size of the thumbnails")),
                    (self.tr("Wheel, drag"), self.tr("Zoom and move a large photo")),
                    (self.tr("1 to 9"), self.tr("Confirm a label of the photo, or no longer")),
                    (self.tr("Shift + 1 to 9"), self.tr("Reject it, or no longer")),
                    (self.tr("Tab, arrows"), self.tr("Move to the labels of the photo, and among them")),
                    (self.tr("Enter, X or Del"), self.tr("On a label of the photo: confirm or reject it")),
                    (self.tr("Click a chip"), self.tr("Confirm a label, or no longer")),
                    (self.tr("Right click"), self.tr("Reject a label, or no longer")),
                ],
            )
        )
        if labels:
            tables.append((self.tr("Labels by key"), sorted(labels.items())))

        room = (parent or self).screen().availableSize() * _SHARE_OF_SCREEN
        there = [one for one in tables if one[1]]
        inside = _beside_each_other(there, _MOST_COLUMNS)
        for count in range(_MOST_COLUMNS - 1, 0, -1):
            # One way to scroll is enough.
            if inside.sizeHint().width() + _AROUND.width() > room.width():
                inside = _beside_each_other(there, count)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        change = buttons.addButton(self.tr("Change keys…"), QDialogButtonBox.ButtonRole.ActionRole)
        change.clicked.connect(self.close)
        change.clicked.connect(self.change_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 14)
        layout.setSpacing(16)
        # On a small screen the tables are scrolled.
        tables_area = QScrollArea()
        tables_area.setFrameShape(QScrollArea.Shape.NoFrame)
        tables_area.setWidgetResizable(True)
        tables_area.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        tables_area.setWidget(inside)
        tables_area.setAccessibleName(self.windowTitle())
        layout.addWidget(tables_area)
        layout.addWidget(buttons)
        tables_area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        tables_area.setFocus()
        self.resize((inside.sizeHint() + _AROUND).boundedTo(room))


def _keys_of(menu: QMenu) -> Iterator[tuple[str, str]]:
    for action in menu.actions():
        if action.shortcuts():
            yield _written(action), action.text().rstrip("…").replace("&", "")


def _beside_each_other(tables: Sequence[tuple[str, list[tuple[str, str]]]], count: int) -> QWidget:
    """The tables in so many columns, all about as high."""
    columns = QHBoxLayout()
    columns.setSpacing(32)
    columns.setContentsMargins(0, 0, 0, 0)
    stacks = [QVBoxLayout() for _ in range(count)]
    heights = [0] * count
    for title, keys in sorted(tables, key=lambda one: -len(one[1])):
        least = heights.index(min(heights))
        stacks[least].addLayout(_table(title, keys))
        heights[least] += len(keys) + 2
    for stack in stacks:
        stack.setSpacing(18)
        stack.addStretch(1)
        columns.addLayout(stack)
    inside = QWidget()
    inside.setLayout(columns)
    return inside


def _written(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(dict.fromkeys(key.toString(native) for key in action.shortcuts()))


def _table(title: str, keys: list[tuple[str, str]]) -> QGridLayout:
    table = QGridLayout()
    table.setHorizontalSpacing(14)
    table.setVerticalSpacing(5)
    table.addWidget(heading(title), 0, 0, 1, 2)
    for line, (key, text) in enumerate(keys, start=1):
        written = QLabel(key)
        font = QFont(written.font())
        font.setBold(True)
        written.setFont(font)
        table.addWidget(written, line, 0)
        table.addWidget(QLabel(text), line, 1)
    table.setColumnStretch(1, 1)
    return table
