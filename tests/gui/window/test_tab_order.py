"""Tab leads through the window from what is needed most, and where the keyboard is can be seen."""

import pytest
from acting import SHIFT, click_photo, press, settle
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QSlider, QToolButton, QWidget
from shiboken6 import dump

from cdul_gui.look.appearance import choose_colour_scheme
from cdul_gui.session.session import Session
from cdul_gui.window.main_window import MainWindow


def parts(window: MainWindow) -> dict[str, QWidget]:
    """The parts of the window, in the order in which Tab leads through them."""
    desk = window.desk
    return {
        "photos": desk.pages,
        "chips": desk.inspector.chips,
        "add a label": desk.inspector.add_label,
        "heatmap": desk.inspector.strip,
        "scores": desk.inspector.scores,
        "labels": window.labels_dock,
        "filter": desk.filter_bar,
        "tools": window.toolbar,
        "status": window.statusBar(),
    }


def walked(window: MainWindow, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> list[QWidget]:
    """All that Tab leads to, until it is with the photos again."""
    pages = window.desk.pages
    photos = pages.photo.canvas if pages.shows_photo else pages.gallery
    photos.setFocus()
    found: list[QWidget] = []
    while len(found) < 100:
        press(window, Qt.Key.Key_Tab, modifiers)
        there = QApplication.focusWidget()
        assert there is not None
        found.append(there)
        if there is photos:
            return found
    raise AssertionError("Tab never leads back to the photos")


def parts_of(window: MainWindow, widgets: list[QWidget]) -> list[str]:
    """The parts that these are in, each as often as it is come to."""
    found = [
        next((name for name, part in parts(window).items() if part is one or part.isAncestorOf(one)), str(one))
        for one in widgets
    ]
    return [name for place, name in enumerate(found) if place == 0 or found[place - 1] != name]


def order(window: MainWindow) -> list[str]:
    names = [*parts(window)]
    return [*names[1:], names[0]]


def test_tab_leads_from_the_photo_to_its_labels_and_last_to_the_tools(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    assert parts_of(window, walked(window)) == order(window)
    assert parts_of(window, walked(window, SHIFT)) == [*order(window)[-2::-1], "photos"]
    click_photo(window, "beach.jpg")
    assert parts_of(window, walked(window)) == order(window)


def test_beside_a_large_photo_tab_leads_to_the_same_and_round(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    press(window, Qt.Key.Key_Return)
    assert window.desk.pages.photo.canvas.hasFocus()
    names = order(window)
    names.remove("filter")
    names.remove("heatmap")  # that of the large photo is there
    names.insert(2, "photos")
    assert parts_of(window, walked(window)) == names


def test_everything_that_tab_leads_to_can_be_seen(window: MainWindow) -> None:
    for one in walked(window):
        assert not one.visibleRegion().isEmpty(), one


@pytest.mark.parametrize("dock", ["inspector_dock", "labels_dock"])
def test_the_order_stays_when_a_dock_was_away(window: MainWindow, dock: str) -> None:
    click_photo(window, "trip/turned.jpg")
    moved = getattr(window, dock)
    moved.setFloating(True)
    settle(window)
    moved.setFloating(False)
    settle(window)
    window.activateWindow()
    assert parts_of(window, walked(window)) == order(window)


def test_the_order_is_that_of_a_window_that_comes_back(window: MainWindow) -> None:
    photos = window.session.project
    assert photos is not None
    folder = photos.photos
    window.lower_docks[0].show()
    window.close()
    again = MainWindow(Session())
    try:
        again.show()
        again.desk.opening.open_folder(folder)
        settle(again)
        again.lower_docks[0].close()
        again.labels_dock.show()  # folded where the screen is small
        again.activateWindow()
        click_photo(again, "trip/turned.jpg")
        assert parts_of(again, walked(again)) == order(again)
    finally:
        again.close()
        again.deleteLater()


def test_tab_leads_to_all_tools(window: MainWindow) -> None:
    tools = [one.text() for one in walked(window) if isinstance(one, QToolButton) and window.toolbar.isAncestorOf(one)]
    assert tools == ["Open folder", "Label", "Review", "Add a label", "Export", "Learn from my corrections"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_keyboard_is_framed_so_that_one_sees_it(
    window: MainWindow, qapp: QApplication, scheme: str
) -> None:
    choose_colour_scheme(scheme)
    settle(window)
    framed = [one for one in walked(window) if isinstance(one, QToolButton | QSlider)]
    assert len(framed) >= 9
    for one in framed:
        one.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        picture = window.grab().toImage()
        scale = picture.devicePixelRatio()
        here = QRect(one.mapTo(window, QPoint()), one.size()).adjusted(-3, -3, 3, 3)
        colours = [
            picture.pixelColor(round(x * scale), round(here.center().y() * scale))
            for x in range(here.left(), here.left() + 8)
        ]
        wanted = window.palette().color(QPalette.ColorRole.WindowText)
        assert any(_alike(colour, wanted) for colour in colours), (one, [colour.name() for colour in colours])
    window.desk.pages.gallery.setFocus()
    frame = window.focus_frame.frame
    assert frame is not None
    assert not frame.isVisible()


def _alike(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


def test_who_asks_for_the_order_makes_no_widget_the_child_of_another(window: MainWindow) -> None:
    """PySide does of what `nextInFocusChain` returns: it was said to be gone once the widget before it was."""
    click_photo(window, "trip/turned.jpg")
    inspector = window.desk.inspector
    for widget in (*inspector.chips.chips(), inspector.add_label, inspector.scores, window.desk.filter_bar.line):
        [owner] = [line for line in dump(widget).splitlines() if line.startswith("parent.")]
        assert not any(owner.endswith(f"{hex(id(chip))}>") for chip in inspector.chips.chips()), owner
