"""Icons: glyphs of a font, drawn in the palette's colours at whatever size is asked for.

The font is Font Awesome's, which the package qtawesome brings. It is read without opening that package, which reads
all of its dozen fonts and takes an eighth of the time that the window takes to start.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_FONT, _NAMES = "fontawesome6-solid-webfont-*.ttf", "fontawesome6-solid-webfont-charmap-*.json"
_SIZE = 0.875 * 0.85
"""Of a glyph in its square: 16 pixels would have one of 14, which is still loud beside text."""


def glyph_icon(name: str, colour: QColor, disabled: QColor) -> QIcon:
    """An icon by its name in Font Awesome, e.g. `tag`; empty where the font is missing."""
    family, glyphs = _family(), _glyphs()
    if family is None or not glyphs:
        return QIcon()
    return QIcon(_Glyph(chr(int(glyphs[name], 16)), family, colour, disabled))


class _Glyph(QIconEngine):
    def __init__(self, glyph: str, family: str, colour: QColor, disabled: QColor) -> None:
        super().__init__()
        self._glyph, self._family, self._colour, self._disabled = glyph, family, colour, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(self._family)
        font.setStyleName("Solid")
        font.setPixelSize(max(1, round(_SIZE * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._disabled if mode == QIcon.Mode.Disabled else self._colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


@cache
def _family() -> str | None:
    for file in _folder().glob(_FONT):
        families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
        return families[0] if families else None
    return None


@cache
def _glyphs() -> dict[str, str]:
    for file in _folder().glob(_NAMES):
        names: dict[str, str] = json.loads(file.read_text("utf-8"))
        return names
    return {}


def _folder() -> Path:
    package = find_spec("qtawesome")
    [folder] = (package.submodule_search_locations if package else None) or [""]
    return Path(folder, "fonts")
