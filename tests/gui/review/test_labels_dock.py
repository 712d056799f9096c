"""The labels dock: counts, find box, order."""

from acting import CTRL, LABELS, SHIFT, click_photo, press, type_text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

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


def _rows(window: MainWindow) -> dict[str, tuple[str, str]]:
    """Label to confirmed and suggested, in the order of the list."""
    model = window.desk.labels.view.model()
    return {
        model.index(row, 0).data(): (model.index(row, 1).data(), model.index(row, 2).data())
        for row in range(model.rowCount())
    }
