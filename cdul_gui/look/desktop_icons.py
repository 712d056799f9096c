"""The program's icon as desktops want it: `python -m cdul_gui.look.desktop_icons packaging/share/icons/hicolor`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from engine.resources import resource

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
"""Pixels."""


def draw_desktop_icons(folder: Path) -> None:
    """Write the icon in all sizes into a theme's folder, such as hicolor; needs a QGuiApplication."""
    drawn = resource("icons", "cdul.svg")
    renderer = QSvgRenderer(str(drawn))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(_apps(folder / f"{size}x{size}") / "cdul.png"))
    shutil.copy(drawn, _apps(folder / "scalable") / "cdul.svg")


def _apps(folder: Path) -> Path:
    apps = folder / "apps"
    apps.mkdir(parents=True, exist_ok=True)
    return apps


if __name__ == "__main__":
    application = QGuiApplication(["icons", "-platform", "offscreen"])
    draw_desktop_icons(Path(sys.argv[1]))
