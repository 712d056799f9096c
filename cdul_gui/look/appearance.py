"""How the window looks: a light and a dark palette, icons that follow them, and a few measures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from cdul_gui.look.icons import glyph_icon
from cdul_gui.settings import Settings

Role = QPalette.ColorRole

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}

# Text on its ground has a contrast of at least 7 : 1; muted text of 4.5 : 1 on every ground, buttons and bars included.
_DARK = {
    Role.Window: "#1f2328",
    Role.WindowText: "#dde1e7",
    Role.Base: "#17191d",
    Role.AlternateBase: "#1c1f24",
    Role.Text: "#dde1e7",
    Role.PlaceholderText: "#969fac",
    Role.Button: "#2a2f37",
    Role.ButtonText: "#dde1e7",
    Role.BrightText: "#ff7b72",
    Role.ToolTipBase: "#2a2f37",
    Role.ToolTipText: "#dde1e7",
    Role.Highlight: "#2f6db0",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#58a6ff",
    Role.Link: "#58a6ff",
    Role.LinkVisited: "#b392f0",
    Role.Light: "#3a414b",
    Role.Midlight: "#323841",
    Role.Mid: "#48505c",
    Role.Dark: "#14171a",
    Role.Shadow: "#0c0e10",
}
_LIGHT = {
    Role.Window: "#f3f4f6",
    Role.WindowText: "#1d2126",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f7f8fa",
    Role.Text: "#1d2126",
    Role.PlaceholderText: "#606874",
    Role.Button: "#e7e9ed",
    Role.ButtonText: "#1d2126",
    Role.BrightText: "#b3261e",
    Role.ToolTipBase: "#ffffff",
    Role.ToolTipText: "#1d2126",
    Role.Highlight: "#1f66b5",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#1f66b5",
    Role.Link: "#1558a8",
    Role.LinkVisited: "#6f42c1",
    Role.Light: "#ffffff",
    Role.Midlight: "#eceef1",
    Role.Mid: "#c6cbd3",
    Role.Dark: "#b4bac4",
    Role.Shadow: "#8b929c",
}

# Edges of what can be typed into: 3 : 1 to what is inside and outside, as WCAG 2 asks of what can be operated.
_EDGE = {True: "#6f7885", False: "#767d88"}
_FUSION_EDGE = 1.4
"""Fusion draws the edge of a field so many times darker than the window, which nobody sees on a dark one."""
_FIELDS = ("QLineEdit", "QPlainTextEdit", "QAbstractSpinBox", "QComboBox")

# Little: the one button that matters most, the arrow of one with a menu beside its text, no icons where the platform
# would add some, boxes to tick that can be seen before they are ticked, which field of several lines has the keyboard,
# and headings and scroll bars that stand back behind what they belong to.
_SHEET = """
QToolButton#primary, QPushButton#primary {
    background: palette(highlight); color: palette(highlighted-text);
    border: 1px solid palette(highlight); border-radius: 4px; padding: 5px 14px;
}
QToolButton#primary { padding-right: 32px; }
QToolButton#primary::menu-button {
    border: none; border-left: 1px solid palette(window); width: 20px; border-radius: 0;
}
QToolButton#primary:disabled, QPushButton#primary:disabled {
    background: palette(button); color: palette(placeholder-text); border-color: palette(mid);
}
QToolButton#menu { padding-right: 16px; }
QToolButton#menu::menu-indicator { subcontrol-origin: padding; subcontrol-position: right center; right: 4px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QCheckBox::indicator:unchecked, QRadioButton::indicator:unchecked, QAbstractItemView::indicator:unchecked {
    background: palette(base); border: 1px solid palette(placeholder-text); border-radius: 2px;
    width: 12px; height: 12px;
}
QRadioButton::indicator:unchecked { border-radius: 7px; }
QCheckBox::indicator:unchecked:disabled, QRadioButton::indicator:unchecked:disabled {
    background: palette(window); border-color: palette(mid);
}
QPushButton#primary:focus, QToolButton#primary:focus { border: 2px solid palette(window-text); }
QPlainTextEdit:focus { border: 1px solid palette(highlight); border-radius: 2px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QAbstractItemView#completions { border: 1px solid palette(mid); }
QHeaderView { background: palette(window); }
QHeaderView::section {
    background: palette(window); color: palette(placeholder-text); padding: 3px 2px;
    border: none; border-bottom: 1px solid palette(mid);
}
QHeaderView::section:horizontal:hover { color: palette(window-text); }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-position: top center; width: 9px; height: 9px; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: palette(mid); border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: palette(placeholder-text); }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
"""


def apply_theme(app: QApplication) -> None:
    """Give the application its style and palette, now and whenever the system's colour scheme changes."""
    app.setStyle("Fusion")
    QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: _paint(app, _wants_dark()))
    choose_colour_scheme(Settings().colour_scheme)


def choose_colour_scheme(scheme: str) -> None:
    """`light`, `dark`, or `system` to follow the system; it is remembered."""
    Settings().colour_scheme = scheme
    # Told to the system as well, for what it draws itself, e.g. the title bar.
    QGuiApplication.styleHints().setColorScheme(_SCHEMES.get(scheme, Qt.ColorScheme.Unknown))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    _paint(app, _wants_dark())


def _wants_dark() -> bool:
    # Not every platform takes a scheme that it is told.
    chosen = _SCHEMES.get(Settings().colour_scheme, QGuiApplication.styleHints().colorScheme())
    return chosen == Qt.ColorScheme.Dark


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its ground."""
    return palette.color(Role.Window).lightness() < palette.color(Role.WindowText).lightness()


def icon(name: str, palette: QPalette | None = None) -> QIcon:
    """An icon of Font Awesome 6 (solid) in the palette's colours, e.g. `fa6s.tag`."""
    palette = palette or QGuiApplication.palette()
    disabled = palette.color(QPalette.ColorGroup.Disabled, Role.ButtonText)
    return glyph_icon(name.removeprefix("fa6s."), palette.color(Role.ButtonText), disabled)


def _paint(app: QApplication, dark: bool) -> None:
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    muted = palette.color(Role.PlaceholderText)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _between(muted, palette.color(Role.Mid)))
    palette.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, palette.color(Role.Mid))
    app.setPalette(palette)
    field = QPalette(palette)
    field.setColor(Role.Window, QColor(_EDGE[dark]).lighter(round(100 * _FUSION_EDGE)))
    for kind in _FIELDS:
        app.setPalette(field, kind)  # type: ignore[arg-type]  # the binding takes text, whatever it declares
    app.setStyleSheet(_SHEET)


def _between(one: QColor, other: QColor) -> QColor:
    return QColor((one.red() + other.red()) // 2, (one.green() + other.green()) // 2, (one.blue() + other.blue()) // 2)
