"""Both palettes can be read, and a change is seen at once."""

import pytest
from acting import settle
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from cdul_gui.look.appearance import choose_colour_scheme, is_dark
from cdul_gui.look.chips import chip_colours
from cdul_gui.look.colours import threshold_colour
from cdul_gui.panels.bars.bar_frame import GROUNDS as BAR_GROUNDS
from cdul_gui.panels.map.map_colours import DULL, FOLDERS
from cdul_gui.panels.thresholds.score_plot import LIKELY, MAYBE, NEITHER
from cdul_gui.window.main_window import MainWindow
from engine.project.label_state import LabelState

BARS = (NEITHER, MAYBE, LIKELY)

Role = QPalette.ColorRole


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        (Role.WindowText, Role.Window, 7.0),
        (Role.Text, Role.Base, 7.0),
        (Role.ButtonText, Role.Button, 7.0),
        (Role.ToolTipText, Role.ToolTipBase, 7.0),
        (Role.HighlightedText, Role.Highlight, 4.5),
        (Role.PlaceholderText, Role.Window, 4.5),
        (Role.PlaceholderText, Role.Base, 4.5),
        (Role.PlaceholderText, Role.AlternateBase, 4.5),
        (Role.PlaceholderText, Role.Button, 4.5),
        (Role.BrightText, Role.Window, 4.5),
        (Role.BrightText, Role.Base, 4.5),
        (Role.Accent, Role.Window, 4.5),
        (Role.Link, Role.Window, 4.5),
        (Role.Link, Role.Base, 4.5),
        (Role.LinkVisited, Role.Window, 4.5),
    ],
)
def test_text_can_be_read(qapp: QApplication, scheme: str, text: Role, ground: Role, least: float) -> None:
    choose_colour_scheme(scheme)
    palette = QApplication.palette()
    assert is_dark(palette) == (scheme == "dark")
    assert _contrast(palette.color(text), palette.color(ground)) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_messages_and_at_thresholds(qapp: QApplication, scheme: str) -> None:
    choose_colour_scheme(scheme)
    palette = QApplication.palette()
    grounds = [QColor(colour) for (_kind, dark), colour in BAR_GROUNDS.items() if dark == (scheme == "dark")]
    for ground in grounds:
        assert _contrast(palette.color(Role.WindowText), ground) >= 7
        for muted in (Role.PlaceholderText, Role.Link):
            assert _contrast(palette.color(muted), ground) >= 4.5
    assert _contrast(palette.color(Role.Window), threshold_colour(palette)) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_can_be_seen(qapp: QApplication, scheme: str) -> None:
    choose_colour_scheme(scheme)
    palette, dark = QApplication.palette(), scheme == "dark"
    base = palette.color(Role.Base)
    outlines = [chip_colours(state, palette).outline for state in LabelState]
    drawn = [
        threshold_colour(palette),
        *(QColor(bars[dark]) for bars in BARS),
        *map(QColor, (DULL[dark], *FOLDERS[dark])),
        *(outline for outline in outlines if outline is not None),
    ]
    # As WCAG 2 asks of whatever is needed to understand what is there.
    assert [colour.name() for colour in drawn if _contrast(colour, base) < 3] == []


def test_a_change_of_colours_is_seen_in_the_window(window: MainWindow) -> None:
    choose_colour_scheme("light")
    settle(window)
    assert window.grab().toImage().pixelColor(5, window.height() // 2).lightness() > 200
    choose_colour_scheme("dark")
    settle(window)
    assert window.grab().toImage().pixelColor(5, window.height() // 2).lightness() < 60


def test_a_message_and_a_wrong_filter_are_seen_after_a_change_of_colours(window: MainWindow) -> None:
    choose_colour_scheme("light")
    window.session.noticed.emit("Something to know")
    bar, line = window.messages, window.desk.filter_bar.line
    line.mark_wrong(0)
    for scheme in ("dark", "light"):
        choose_colour_scheme(scheme)
        settle(window)
        plain = QApplication.palette()
        assert bar.palette().color(Role.Window) != plain.color(Role.Window)
        assert is_dark(bar.palette()) == (scheme == "dark")
        mark = bar.mark.pixmap().toImage()
        middle = mark.pixelColor(mark.width() // 2, mark.height() // 8)
        assert _contrast(middle, bar.palette().color(Role.Window)) >= 4.5
        assert line.palette().color(Role.Base) != plain.color(Role.Base)
        assert (line.palette().color(Role.Base).lightness() < 128) == (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QSpinBox, QComboBox])
def test_the_edge_of_a_field_can_be_seen(empty_window: MainWindow, scheme: str, kind: type[QWidget]) -> None:
    choose_colour_scheme(scheme)
    field = kind(empty_window)
    if isinstance(field, QComboBox):
        field.setEditable(True)
    field.resize(100, 24)
    field.show()
    side = field.grab(QRect(0, 8, 4, 6)).toImage()
    palette = QApplication.palette()
    for ground in (palette.color(Role.Window), palette.color(Role.Base)):
        edge = max(_contrast(side.pixelColor(x, 3), ground) for x in range(side.width()))
        assert edge >= 3
    field.deleteLater()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QListWidget])
def test_what_is_not_ticked_can_be_seen(empty_window: MainWindow, scheme: str, kind: type[QWidget]) -> None:
    choose_colour_scheme(scheme)
    widget = kind(empty_window)
    if isinstance(widget, QListWidget):
        QListWidgetItem(widget).setCheckState(Qt.CheckState.Unchecked)
    widget.resize(100, 24)
    widget.show()
    box = widget.grab(QRect(3, 3, 16, 16)).toImage()
    ground = widget.palette().color(Role.Base if kind is QListWidget else Role.Window)
    seen = [_contrast(box.pixelColor(x, y), ground) for x in range(box.width()) for y in range(box.height())]
    # As WCAG 2 asks of the edges of what can be operated.
    assert sum(contrast >= 3 for contrast in seen) >= 10
    widget.deleteLater()


def _contrast(one: QColor, other: QColor) -> float:
    """As WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
