"""The window as the tests open it: on settings of its own, with nothing open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cdul_gui.look.appearance import apply_theme
from cdul_gui.session.session import Session
from cdul_gui.window.garbage import Garbage
from cdul_gui.window.main_window import MainWindow


def use_settings_in(home: Path) -> None:
    """Keep the settings below this folder; Qt reads their place from the environment only once."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "config"))


@contextmanager
def shown_window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The window on the screen; it is closed and gone afterwards."""
    apply_theme(qapp)
    window = MainWindow(Session())
    Garbage(window)  # as the program does
    window.resize(1280, 720)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()
    window.deleteLater()
    qapp.sendPostedEvents()
    gc.enable()
