"""A file shown in the system's file manager, marked among the others where the system can do that."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_NAME = "org.freedesktop.FileManager1"
_asked: set[object] = set()
"""Answers that are waited for."""


def show_in_folder(file: Path) -> None:
    """Open the folder of a file; waits for nothing."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer", [f"/select,{file}"])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(file)])
    else:
        _ask_file_manager(file)


def _ask_file_manager(file: Path) -> None:
    """By the desktops' common interface; where nobody listens there, the folder is opened."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher  # no other system has it

    def open_folder() -> None:
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
