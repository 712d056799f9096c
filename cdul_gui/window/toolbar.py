"""The bar above the photos: what is done most, and the size of the thumbnails."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QSlider, QToolBar, QToolButton, QWidget

from cdul_gui.commands.command import SEPARATOR
from cdul_gui.commands.every_command import ADD_LABEL, ENCODERS, LABEL, REDO, SET_UP, UNDO
from cdul_gui.commands.project import EXPORT, OPEN
from cdul_gui.commands.queues import QUEUE_COMMANDS
from cdul_gui.commands.sweep import SWEEP
from cdul_gui.commands.training import REFINE
from cdul_gui.desk.desk import Desk
from cdul_gui.gallery.view import LEAST_SIDE, MOST_SIDE
from cdul_gui.look.controls import IconButton
from cdul_gui.window.menus import Actions

_WIDE = 1100
"""Pixels from which on there is room for all of it at its full width."""


_NARROW = 760
"""Pixels below which what everybody knows by its icon has no name beside it: half of a screen, or one at 200 %."""


class ToolBar(QToolBar):
    """What one does most, from left to right."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        self._gallery, self._queues = desk.pages.gallery, desk.queues
        self._actions = actions
        self.setWindowTitle(self.tr("Tools"))
        self.setObjectName("tools")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.label_button = self._label_button()
        self.review_button = self._review_button()
        self.addAction(actions[OPEN])
        self.addWidget(self.label_button)
        gap = QWidget()
        gap.setFixedWidth(6)
        self.addWidget(gap)
        self.addWidget(self.review_button)
        for command in (ADD_LABEL, EXPORT, UNDO, REDO, REFINE):
            self.addAction(actions[command])
        for tool in self.findChildren(QToolButton):
            # Reached by Tab, but a click leaves the keyboard with the photos.
            tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for command in (UNDO, REDO):
            button = self.widgetForAction(actions[command])
            assert isinstance(button, QToolButton)
            # Everybody knows these icons; the room is needed for words elsewhere.
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self._slider = self._thumbnail_slider()
        self.addWidget(self._slider)
        self._fit()

    def _label_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("primary")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setDefaultAction(self._actions[LABEL])
        menu = QMenu(button)
        menu.addAction(self._actions[SET_UP])
        menu.addAction(self._actions[ENCODERS])
        button.setMenu(menu)
        return button

    def _review_button(self) -> QToolButton:
        text = self.tr("Review")
        button = IconButton("fa6s.list-check", text)
        button.setObjectName("menu")
        button.setText(text)
        button.setToolTip(self.tr("Go through the photos that need you most; beside it are all queues and the sweep"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.clicked.connect(self._queues.start_best)
        menu = QMenu(button)
        self._actions.add_entries(menu, (*QUEUE_COMMANDS, SEPARATOR, SWEEP))
        button.setMenu(menu)
        return button

    def _thumbnail_slider(self) -> QSlider:
        gallery = self._gallery
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(LEAST_SIDE, MOST_SIDE)
        slider.setValue(gallery.thumbnail_side)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        slider.setToolTip(self.tr("Size of the thumbnails (Ctrl + wheel)"))
        slider.setAccessibleName(self.tr("Size of the thumbnails"))
        slider.valueChanged.connect(lambda side: setattr(gallery, "thumbnail_side", side))
        gallery.thumbnail_side_changed.connect(slider.setValue)
        return slider

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window a shorter name and a shorter slider, so that nothing is pushed out."""
        wide = self.width() >= _WIDE
        self._slider.setFixedWidth(130 if wide else 70)
        for command in (OPEN, EXPORT):
            button = self.widgetForAction(self._actions[command])
            assert isinstance(button, QToolButton)
            with_text = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            button.setToolButtonStyle(with_text if self.width() >= _NARROW else Qt.ToolButtonStyle.ToolButtonIconOnly)
        refine = self._actions[REFINE]
        refine.setIconText(refine.text() if wide else self.tr("Learn"))
