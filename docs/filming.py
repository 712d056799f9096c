"""What every film of the window is made with: a home of its own, a window, waiting, and pictures."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME")


def live_in(home: Path) -> None:
    """Read and change nothing of the person who runs this; to be called before Qt is imported."""
    for name in HOMES:
        os.environ[name] = str(home)
    os.environ["HF_HUB_CACHE"] = f"{home}/hub"


class Camera:
    """Opens windows of a size and takes numbered pictures of them."""

    def __init__(self, out: Path, home: Path, size: tuple[int, int]) -> None:
        from PySide6.QtCore import QSettings

        from cdul_gui.look.appearance import choose_colour_scheme
        from cdul_gui.window.application import make_application

        out.mkdir(parents=True, exist_ok=True)
        self.out, self._size, self._count = out, size, 0
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))
        self.app = make_application(["cdul"])
        choose_colour_scheme("light")

    def open_window(self) -> Any:
        """A window with nothing open."""
        from cdul_gui.window.application import make_window

        window = make_window()
        window.resize(*self._size)
        window.show()
        window.activateWindow()
        return window

    def settle(self, window: Any) -> None:
        """Wait until photos are open and nothing is under way."""
        session = window.session
        self.wait(lambda: session.project is not None and not session.workers.busy)
        self.pause(400)  # for the thumbnails, which have workers of their own

    def dialog(self) -> Any:
        """The dialog that is open."""
        self.wait(lambda: self.app.activeModalWidget() is not None)
        return self.app.activeModalWidget()

    def take(self, widget: Any, name: str) -> None:
        """Take a picture."""
        self.pause(300)
        self._count += 1
        file = self.out / f"{self._count:02}_{name}.png"
        widget.grab().toImage().save(str(file))
        print(file)

    def wait(self, fulfilled: Callable[[], bool], patience: int = 15000) -> None:
        """Let the window work until something holds."""
        for _ in range(patience):
            if fulfilled():
                return
            self.pause(20)
        raise SystemExit("It did not come to what was waited for.")

    def pause(self, milliseconds: int) -> None:
        """Let the window work for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
