"""The window as the tests open it: on settings of its own, with nothing open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QSettings, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cdul_gui.look.appearance import apply_theme, is_dark
from cdul_gui.session.session import Session
from cdul_gui.window.garbage import Garbage
from cdul_gui.window.main_window import MainWindow
from engine.resources import resource


def use_settings_in(home: Path) -> None:
    """Keep the settings below this folder; Qt reads their place from the environment only once."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "config"))


@contextmanager
def shown_window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The window on the screen; it is closed and gone afterwards."""
    if is_dark(qapp.palette()) or not qapp.styleSheet():
        apply_theme(qapp)  # takes as long as all else
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


@contextmanager
def german_texts(qapp: QApplication) -> Iterator[QTranslator]:
    """The German texts, found by the system's language as the program finds them.

    A translator written in Python would not do: a worker that reads a photo asks it with Qt's lists of formats locked,
    and waits for Python, while the window that runs Python waits for the lists.
    """
    translator = QTranslator(qapp)
    assert translator.load(QLocale("de_DE"), "cdul", "_", str(resource("translations")))
    QCoreApplication.installTranslator(translator)
    try:
        yield translator
    finally:
        QCoreApplication.removeTranslator(translator)
