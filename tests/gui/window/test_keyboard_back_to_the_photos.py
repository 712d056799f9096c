"""From wherever the keyboard was put it comes back to the photos by one key."""

import pytest
from acting import CTRL, SHIFT, click_label, click_photo, command, press, settle, states_shown, type_text, wait_until
from filtering import hit, type_keys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.look.appearance import choose_colour_scheme
from cdul_gui.window.main_window import MainWindow

Key = Qt.Key


@pytest.fixture(params=["gallery", "large"])
def page(window: MainWindow, request: pytest.FixtureRequest) -> MainWindow:
    """The window with all photos or with one of them."""
    click_photo(window, "city.png")
    click_label(window, "cat")
    window.desk.pages.gallery.setFocus()
    if request.param == "large":
        press(window, Key.Key_Return)
    return window


def keyboard_is_with_the_photos(window: MainWindow) -> bool:
    shown, focus = window.desk.pages.currentWidget(), QApplication.focusWidget()
    return focus is not None and (focus is shown or shown.isAncestorOf(focus))


@pytest.mark.parametrize(
    ("key", "modifiers", "typed"),
    [
        (Key.Key_K, CTRL, "sky"),
        (Key.Key_K, CTRL, ""),
        (Key.Key_F, CTRL | SHIFT, "do"),
        (Key.Key_F, CTRL | SHIFT, ""),
        (Key.Key_H, CTRL, ""),
        (Key.Key_M, CTRL, ""),
        (Key.Key_M, CTRL | SHIFT, ""),
        (Key.Key_U, CTRL | SHIFT, ""),
    ],
    ids=["add a label", "add none", "find a label", "find none", "history", "threshold", "thresholds", "evaluation"],
)
def test_esc_leads_back(page: MainWindow, key: Key, modifiers: Qt.KeyboardModifier, typed: str) -> None:
    shown = page.desk.pages.currentWidget()
    press(page, key, modifiers)
    assert not keyboard_is_with_the_photos(page)
    type_text(typed)
    press(page, Key.Key_Escape)
    assert keyboard_is_with_the_photos(page)
    assert page.desk.pages.currentWidget() is shown
    assert not page.desk.inspector.add_label.edit.text()
    assert not page.desk.labels.find_box.text()


@pytest.mark.parametrize(
    ("key", "modifiers", "dock"),
    [
        (Key.Key_H, CTRL, "history"),
        (Key.Key_M, CTRL | SHIFT, "thresholds"),
        (Key.Key_U, CTRL | SHIFT, "evaluation"),
    ],
)
def test_the_key_that_showed_a_panel_closes_it_again(
    page: MainWindow, key: Key, modifiers: Qt.KeyboardModifier, dock: str
) -> None:
    shown = next(one for one in page.lower_docks if one.objectName() == dock)
    press(page, key, modifiers)
    assert shown.isVisible()
    # From the photos it leads there once more, and is not closed under who goes to and fro.
    press(page, Key.Key_Escape)
    press(page, key, modifiers)
    assert shown.isVisible()
    assert not keyboard_is_with_the_photos(page)
    press(page, key, modifiers)
    assert not shown.isVisible()
    assert keyboard_is_with_the_photos(page)


def test_esc_leaves_the_full_screen_once_nothing_else_is_to_be_left(page: MainWindow) -> None:
    page.inspector_dock.hide()  # the screen of the tests is narrow
    press(page, Key.Key_F11)
    assert page.isFullScreen()
    for _ in range(2):
        press(page, Key.Key_H, CTRL)
        press(page, Key.Key_Escape)  # to the photos
        assert page.isFullScreen()
    if page.desk.pages.shows_photo:
        press(page, Key.Key_Escape)  # to all of them
        assert page.isFullScreen()
    press(page, Key.Key_Escape)  # from those of a label
    assert page.isFullScreen()
    press(page, Key.Key_Escape)
    assert not page.isFullScreen()
    press(page, Key.Key_Escape)
    assert not page.isFullScreen()


def test_a_maximised_window_is_so_after_the_full_screen(window: MainWindow) -> None:
    window.showMaximized()
    settle(window)
    press(window, Key.Key_F11)
    assert window.isFullScreen()
    press(window, Key.Key_F11)
    assert not window.isFullScreen()
    assert window.isMaximized()


def test_esc_leaves_the_full_screen_where_no_photos_are_open(empty_window: MainWindow) -> None:
    QTest.keyClick(empty_window, Key.Key_F11)
    assert empty_window.isFullScreen()
    QTest.keyClick(empty_window, Key.Key_Escape)
    assert not empty_window.isFullScreen()


def test_a_label_that_was_found_is_looked_at_and_the_keyboard_is_with_the_photos(page: MainWindow) -> None:
    press(page, Key.Key_F, CTRL | SHIFT)
    type_text("tree")
    press(page, Key.Key_Return)
    assert page.session.snapshot is not None
    assert page.session.label is not None
    assert page.session.snapshot.labels[page.session.label].name == "tree"
    assert keyboard_is_with_the_photos(page)


def test_esc_leaves_a_menu_for_the_photos(page: MainWindow) -> None:
    bar = page.menuBar()
    before = QApplication.focusWidget()
    review = next(action for action in bar.actions() if action.text().replace("&", "") == "Review")
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(review).center())
    menu = QApplication.activePopupWidget()
    assert menu is review.menu()
    QTest.keyClick(menu, Key.Key_Escape)
    settle(page)
    assert QApplication.activePopupWidget() is None
    # Some platforms of tests take the keyboard from the window with the popup.
    assert page.focusWidget() is before


def test_after_a_label_joined_the_next_one_can_be_typed(window: MainWindow) -> None:
    click_photo(window, "city.png")
    for name in ("sky", "fly"):
        press(window, Key.Key_K, CTRL)
        type_keys(window, name)
        settle(window)  # without a screen the list takes the keyboard late
        hit(window, Key.Key_Return)
        press(window, Key.Key_Space)
        assert QApplication.focusWidget() is window.desk.inspector.add_label.edit
    assert states_shown(window) == {"sky": "confirmed", "fly": "confirmed", "cat": "likely"}


def test_a_dock_that_floats_gives_the_keyboard_up_for_the_filter_and_the_photos(window: MainWindow) -> None:
    window.inspector_dock.setFloating(True)
    window.inspector_dock.activateWindow()
    wait_until(lambda: QApplication.activeWindow() is window.inspector_dock)
    edit = window.desk.inspector.add_label.edit
    edit.setFocus()
    wait_until(edit.hasFocus)
    command(window, "filter").trigger()
    wait_until(window.desk.filter_bar.line.hasFocus)
    command(window, "add-label").trigger()
    wait_until(edit.hasFocus)
    QTest.keyClicks(edit, "do")
    popup = window.desk.inspector.add_label.offered.popup
    wait_until(popup.isVisible)
    window.desk.pages.take_keyboard()
    wait_until(window.desk.pages.gallery.hasFocus)
    assert not popup.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_K], ids=["find a label", "add a label"])
def test_a_key_that_leads_into_a_closed_dock_opens_it(window: MainWindow, key: Qt.Key) -> None:
    dock = window.labels_dock if key == Qt.Key.Key_F else window.inspector_dock
    line = window.desk.labels.find_box if key == Qt.Key.Key_F else window.desk.inspector.add_label.edit
    dock.toggleViewAction().trigger()
    settle(window)
    assert not line.isVisible()
    press(window, key, CTRL | SHIFT if key == Qt.Key.Key_F else CTRL)
    assert line.isVisible()
    assert line.hasFocus()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_of_the_photo_in_view_tells_whether_the_keyboard_is_there(window: MainWindow, scheme: str) -> None:
    choose_colour_scheme(scheme)
    gallery = window.desk.pages.gallery
    click_photo(window, "beach.jpg")

    def contrast() -> int:
        """Of the frame, which is the first thing from above, with what is around it."""
        tile = gallery.visualRect(gallery.currentIndex())
        image = gallery.viewport().grab(tile).toImage()
        from_above = [image.pixelColor(tile.width() // 2, y).lightness() for y in range(16)]
        return max(abs(one - from_above[0]) for one in from_above)

    window.desk.labels.view.setFocus()
    settle(window)
    elsewhere = contrast()
    gallery.setFocus()
    settle(window)
    assert elsewhere > 50
    assert contrast() > elsewhere + 40
