"""Whether a window can be opened here at all, found out before Qt tries and aborts the process."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

LIBRARIES = (
    "libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libx11-xcb1 libxkbcommon0 libxkbcommon-x11-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 "
    "libxcb-xkb1"
)
"""Debian's and Ubuntu's packages of what PySide6 needs and does not bring; apt installs what these need."""


def why_no_window() -> str | None:
    """A sentence that says why no window can be opened, and what to do; None where one can."""
    missing = missing_library()
    if missing is not None:
        return f"Qt needs system libraries that are missing ({missing}): sudo apt-get install -y {LIBRARIES}"
    if sys.platform.startswith("linux") and not _has_display():
        return (
            "There is no display to open a window on. Use the command line (cdul --help), "
            "or run this in a desktop session."
        )
    return None


def missing_library() -> str | None:
    """The first system library that Qt needs and cannot find, None where all are there."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        from PySide6 import QtSvg, QtWidgets  # noqa: F401
        from PySide6.QtCore import QLibraryInfo

        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
        if _platform() == "xcb":
            # Loading it tells which library it lacks; Qt itself would only say that it cannot be loaded, and abort.
            ctypes.CDLL(str(plugins / "libqxcb.so"))
    except (ImportError, OSError) as error:
        name = str(error).split(":", 1)[0]
        if ".so" not in name:
            raise
        if "PySide6" in name or name.startswith(("libQt6", "libpyside6", "libshiboken6")):
            raise ImportError(str(error), name="PySide6") from error  # its own, which no package of the system brings
        return name
    return None


def _platform() -> str:
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    return chosen or ("wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")


def _has_display() -> bool:
    if _platform() not in ("xcb", "wayland"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
