"""A label may have a long name: it is cut with … where there is no room, and nothing grows beyond the screen."""

from acting import CTRL, click_photo, press, settle, type_text, wait_until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow

LONG = "the dear old dog Bello of our neighbours in the garden behind the house, and the cat that is afraid of him"
SMALL = 1024, 700


def test_a_long_label_is_added_looked_at_and_swept_in_a_small_window(window: MainWindow) -> None:
    window.resize(*SMALL)

    def fits(where: str) -> None:
        QApplication.processEvents()
        needs = window.minimumSizeHint()
        assert needs.width() <= SMALL[0], (where, needs)
        assert (window.width(), window.height()) == SMALL, (where, window.size())

    fits("at first")
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text(LONG)
    press(window, Qt.Key.Key_Return)
    offer = window.desk.inspector.add_label.join
    assert LONG in offer.text()
    assert LONG in offer.toolTip()
    fits("offered")
    press(window, Qt.Key.Key_Return)
    fits("added")
    chip = next(one for one in window.desk.inspector.chips.chips() if one.text() == LONG)
    assert chip.visibleRegion().boundingRect().width() == chip.width()
    press(window, Qt.Key.Key_Escape)
    snapshot = window.session.snapshot
    assert snapshot is not None
    window.session.look_at_label([label.name for label in snapshot.labels].index(LONG))
    settle(window)
    fits("looked at")
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_T, CTRL)
    wait_until(window.desk.sweep_panel.isVisible)
    fits("swept")
    press(window, Qt.Key.Key_Z, CTRL)
    fits("undone")
