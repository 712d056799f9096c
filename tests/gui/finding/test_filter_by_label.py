"""Filtering from the labels dock: double click, Ctrl and click, context menu."""

import pytest
from acting import CTRL, LABELS, PLAIN, click_label, click_photo, open_dialog, press, settle
from filtering import shown_paths
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from cdul_gui.dialogs.label_set.dialog import LabelSetDialog
from cdul_gui.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def test_a_double_click_shows_the_photos_with_a_label(window: MainWindow) -> None:
    place = _place(window, "dog")
    viewport = window.desk.labels.view.viewport()
    QTest.mouseClick(viewport, LEFT, PLAIN, place)
    QTest.mouseDClick(viewport, LEFT, PLAIN, place)
    settle(window)
    assert shown_paths(window) == ["dog.webp", "zebra.bmp", "trip/turned.jpg"]  # the likeliest first
    assert window.desk.filter_bar.line.text() == "label:dog"
    assert window.session.label == LABELS.index("dog")


def test_a_click_alone_filters_nothing(window: MainWindow) -> None:
    click_label(window, "dog")
    assert len(shown_paths(window)) == 8
    assert window.session.label == LABELS.index("dog")
    click_label(window, "dog")
    assert window.session.label is None


def test_clicks_with_ctrl_narrow_further(window: MainWindow) -> None:
    for name in ("dog", "cat"):
        QTest.mouseClick(window.desk.labels.view.viewport(), LEFT, CTRL, _place(window, name))
        settle(window)
    assert window.desk.filter_bar.line.text() == "label:dog label:cat"
    assert shown_paths(window) == ["dog.webp", "trip/turned.jpg"]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("Photos with boat", ["beach.jpg", "trip/boat.jpg", "trip/turned.jpg"]),
        ("Photos where boat is likely", ["trip/boat.jpg", "trip/turned.jpg"]),
        ("Photos with boat confirmed", ["beach.jpg"]),
        ("Photos with boat rejected", []),
    ],
)
def test_the_context_menu_filters_by_state(window: MainWindow, text: str, paths: list[str]) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    view = window.desk.labels.view
    view.customContextMenuRequested.emit(_place(window, "boat"))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setActiveAction(next(action for action in menu.actions() if action.text() == text))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    settle(window)
    assert shown_paths(window) == paths


def test_the_menu_key_is_about_the_label_that_is_chosen(window: MainWindow) -> None:
    click_label(window, "dog")
    view = window.desk.labels.view
    # As Qt sends it: a place in the view, in which the headings stand above the rows.
    place = view.visualRect(view.currentIndex()).center()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place + QPoint(0, 26), place))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "Photos with dog"
    menu.close()


def test_the_context_menu_leads_to_where_the_label_is_renamed_and_merged(window: MainWindow) -> None:
    window.desk.labels.view.customContextMenuRequested.emit(_place(window, "boat"))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setActiveAction(next(one for one in menu.actions() if one.text() == "Rename, merge or remove…"))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    dialog = open_dialog(window)
    assert isinstance(dialog, LabelSetDialog)
    assert dialog.chosen is not None
    assert dialog.chosen.name == "boat"
    dialog.reject()


def test_a_third_click_on_a_heading_brings_the_order_of_the_label_set_back(window: MainWindow) -> None:
    view = window.desk.labels.view
    header = view.header()
    place = QPoint(header.sectionViewportPosition(0) + 8, header.height() // 2)
    orders = []
    for _click in range(3):
        QTest.mouseClick(header.viewport(), LEFT, pos=place)
        orders.append([view.model().index(row, 0).data() for row in range(view.model().rowCount())])
    assert orders == [sorted(LABELS), sorted(LABELS, reverse=True), list(LABELS)]


def _place(window: MainWindow, name: str) -> QPoint:
    view = window.desk.labels.view
    return view.visualRect(view.model().index(LABELS.index(name), 0)).topLeft() + QPoint(14, 12)
