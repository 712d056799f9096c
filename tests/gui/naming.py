"""What a screen reader is told: the name and the kind of all that the keyboard reaches."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)


def controls(top: QWidget) -> Iterator[QWidget]:
    """What a person can operate by the keyboard and sees."""
    for widget in top.findChildren(QWidget):
        inside = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox) or widget.objectName().startswith(
            "qt_"
        )
        if (
            widget.isVisible()
            and widget.isEnabled()
            and widget.window() is top.window()
            and not inside
            and (isinstance(widget, CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            and not isinstance(widget, QScrollBar | QHeaderView | QTabBar)  # their view's, or named tab by tab
            and not _is_viewport(widget)
        ):
            yield widget


def nameless(top: QWidget) -> list[str]:
    """Controls that a screen reader could not name, or of which it could not say what they are."""
    wrong = []
    for widget in controls(top):
        told = QAccessible.queryAccessibleInterface(widget)
        role = told.role() if told is not None else QAccessible.Role.NoRole
        name = told.text(QAccessible.Text.Name).strip() if told is not None else ""
        # A grid of our own is described by the photo that is looked at.
        described = bool(widget.accessibleDescription()) or isinstance(widget, QScrollArea)
        if not name or (role in (QAccessible.Role.NoRole, QAccessible.Role.Client) and not described):
            wrong.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}: {name!r}, {role.name}")
    return wrong


def _is_viewport(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
