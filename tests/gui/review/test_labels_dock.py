"""The labels dock: counts, find box, order."""

import pytest
from acting import CTRL, LABELS, SHIFT, click_photo, press, type_text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.panels.labels.label_menu import LabelMenu
from cdul_gui.window.main_window import MainWindow


def test_counts_follow_every_edit_and_its_undo(window: MainWindow) -> None:
    assert _rows(window)["cat"] == ("", "+3")
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Space)
    assert _rows(window)["cat"] == ("1", "+2")
    press(window, Qt.Key.Key_Z, CTRL)
    assert _rows(window)["cat"] == ("", "+3")


def test_counts_are_those_of_a_fresh_reading(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    for key in (Qt.Key.Key_X, Qt.Key.Key_1, Qt.Key.Key_P, Qt.Key.Key_Space, Qt.Key.Key_Space):
        press(window, key)
    kept = _rows(window)
    window.session.refresh()
    press(window, Qt.Key.Key_Shift)
    assert _rows(window) == kept


def test_counts_of_all_labels_are_told_at_once(window: MainWindow) -> None:
    """A line at a time, a view looks for each among all: a quarter of a second of four thousand."""
    told: list[int] = []
    dock = window.desk.labels
    dock.tree.dataChanged.connect(lambda first, last: told.append(last.row() - first.row() + 1))
    dock.model.repaint()
    assert told == [len(LABELS)]


def test_the_find_box_narrows_the_list_and_enter_looks_at_the_first(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    type_text("o")
    assert list(_rows(window)) == ["dog", "boat"]
    press(window, Qt.Key.Key_Return)
    assert window.said.text() == "No label is called “o”. Enter chooses dog, the arrows lead to the others."
    press(window, Qt.Key.Key_Return)
    assert window.session.label == LABELS.index("dog")


def test_a_click_on_a_heading_sorts_by_count(window: MainWindow) -> None:
    assert list(_rows(window)) == list(LABELS)
    header = window.desk.labels.view.header()
    place = QPoint(header.sectionViewportPosition(0) + 8, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert list(_rows(window)) == sorted(LABELS)


def test_arrows_in_the_list_look_at_the_next_label(window: MainWindow) -> None:
    window.desk.labels.view.setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    assert window.session.label == 1


@pytest.mark.parametrize("keys", [[Qt.Key.Key_Down], [Qt.Key.Key_Tab, Qt.Key.Key_Tab]])
def test_the_way_from_the_find_box_leads_onto_the_first_label_which_looks_so(
    window: MainWindow, keys: list[Qt.Key]
) -> None:
    view = window.desk.labels.view
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    type_text("o")
    bare = _pixels_of(window, 0)
    for key in keys:
        press(window, key)
    assert view.hasFocus()
    assert view.currentIndex().data() == "dog"
    assert _pixels_of(window, 0) != bare
    assert window.session.label is None
    press(window, Qt.Key.Key_Down)
    assert window.session.label == LABELS.index("dog")
    press(window, Qt.Key.Key_Down)
    assert window.session.label == LABELS.index("boat")
    # From there once more, while another one than the first is chosen.
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    press(window, Qt.Key.Key_Down)
    assert view.currentIndex().data() == "dog"
    press(window, Qt.Key.Key_Down)
    assert window.session.label == LABELS.index("dog")


def test_the_menu_key_is_about_the_one_label_that_is_listed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    type_text("boat")
    press(window, Qt.Key.Key_Down)
    view = window.desk.labels.view
    # As the system says it, which names the middle of the list.
    middle = view.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, view.mapToGlobal(middle))
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, LabelMenu)
    assert menu.actions()[0].text() == "Photos with boat"
    menu.close()


def _pixels_of(window: MainWindow, row: int) -> QImage:
    view = window.desk.labels.view
    return view.viewport().grab(view.visualRect(view.model().index(row, 0))).toImage()


def _rows(window: MainWindow) -> dict[str, tuple[str, str]]:
    """Label to confirmed and suggested, in the order of the list."""
    model = window.desk.labels.view.model()
    return {
        model.index(row, 0).data(): (model.index(row, 1).data(), model.index(row, 2).data())
        for row in range(model.rowCount())
    }
