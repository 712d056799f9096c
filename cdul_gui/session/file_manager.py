"""A file shown in the system's file manager, marked among the others where the system can do that; or opened."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_NAME = "org.freedesktop.FileManager1"
_asked: set[object] = set()
"""Answers that are waited for."""


def open_file(file: Path, say: Callable[[str], object]) -> None:
    """Open a file with the program that the system has for it, or say that there is none."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
        say(QCoreApplication.translate("FileManager", "No program opens {file}.").format(file=file.name))


def show_in_folder(file: Path, say: Callable[[str], object]) -> None:
    """Open the folder of a file; waits for nothing. Where no file manager answers, it is said which folder that is."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer", [f"/select,{file}"])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(file)])
    else:
        _ask_file_manager(file, say)


def _ask_file_manager(file: Path, say: Callable[[str], object]) -> None:
    """By the desktops' common interface; where nobody listens there, the folder is opened."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher  # no other system has it

    def open_folder() -> None:
        # Whether anything opens it nobody tells.
        told = QCoreApplication.translate("FileManager", "{file} is in the folder {folder}")
        say(told.format(file=file.name, folder=file.parent))
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        open_folder()
        return
    call = QDBusMessage.createMethodCall(_NAME, f"/{_NAME.replace('.', '/')}", _NAME, "ShowItems")
    call.setArguments([[QUrl.fromLocalFile(str(file)).toString()], ""])
    answer = QDBusPendingCallWatcher(bus.asyncCall(call))
    _asked.add(answer)

    def answered() -> None:
        _asked.discard(answer)
        if answer.isError():
            open_folder()

    answer.finished.connect(answered)
