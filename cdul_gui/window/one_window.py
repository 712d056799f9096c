"""One window for a project: a second start shows the window that has it, of this user on this machine."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_runtime_path
from PySide6.QtCore import QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from engine.project.folder import default_folder
from engine.remote import AnyFolder, folder_at

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from cdul_gui.session.session import Session
    from engine.project.storage.address import Place

_CONNECT_MS, _ANSWER_MS = 500, 3000
_SHOWN = b"shown\n"
_IN_FRONT = "XDG_ACTIVATION_TOKEN"
"""What Wayland gives whoever a person has just started, to be in front."""
_MOST_BYTES = 4096


class OneWindow(QObject):
    """While it lives, the window comes to the front when the project that is open in it is opened once more."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        session.opened.connect(self._listen)
        self._listen()

    def _listen(self) -> None:
        self._server.close()
        project = self._session.project
        if project is None or project.read_only:  # another one has it
            return
        address = _address(project.folder)
        if address and not self._server.listen(address) and not show_other_window(project.photos, project.folder):
            # Whoever listened there was killed: we have the project, so nobody else has.
            QLocalServer.removeServer(address)
            self._server.listen(address)

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._answer(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._answer(socket)

    def _answer(self, socket: QLocalSocket) -> None:
        token = bytes(socket.read(_MOST_BYTES).data()).decode("ascii", "replace").strip()
        if token and token.isprintable():
            os.environ[_IN_FRONT] = token
        window = self._window
        if window.isHidden():  # it was closed, and only finishes its work
            socket.abort()
            return
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
        window.show()
        window.raise_()
        window.activateWindow()
        socket.write(_SHOWN)
        socket.flush()


def show_other_window(photos: AnyFolder, project: Place | None = None) -> bool:
    """Whether another window has the project, and came to the front. Waits some seconds for one that does not answer.

    Args:
        photos: their folder.
        project: where the project is kept, if not where it is by default.
    """
    try:
        address = _address(_folder(project or default_folder(folder_at(photos))))
    except OSError:  # opening them will say what is wrong
        return False
    if not address:
        return False
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    socket.write((os.environ.get(_IN_FRONT, "") + "\n").encode("ascii", "ignore"))
    answer = b""
    while len(answer) < len(_SHOWN) and socket.waitForReadyRead(_ANSWER_MS):
        answer += bytes(socket.read(_MOST_BYTES).data())
    socket.abort()
    return answer == _SHOWN


def _folder(place: Place) -> Path:
    """The folder of a project on this machine."""
    if isinstance(place, Path):
        return place
    from engine.project.storage.address import folder_of

    return folder_of(place)


def _address(project: Path) -> str:
    """Where the window of a project listens; empty where no folder is this user's alone."""
    digest = hashlib.blake2b(os.fsencode(project.resolve()), digest_size=8).hexdigest()
    if sys.platform == "win32":
        return f"cdul-{hashlib.blake2b(os.fsencode(Path.home()), digest_size=8).hexdigest()}-{digest}"
    with warnings.catch_warnings():
        # Where the system names no folder for this, one in its temporary folder does; nobody can do anything about it.
        warnings.simplefilter("ignore")
        folder = user_runtime_path("cdul", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return ""
    alone = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return str(folder / digest) if alone else ""
