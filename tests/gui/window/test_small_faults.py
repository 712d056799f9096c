"""Small things that somebody stumbled over, each of which says now what is so."""

import threading

from acting import click_label, click_photo, press, settle, wait_until
from PySide6.QtCore import Qt

from cdul_gui.look.controls import OneLine
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress


def test_while_photos_are_labelled_nobody_is_told_to_press_label(window: MainWindow) -> None:
    may_end = threading.Event()

    def work(_progress: Progress, _cancellation: Cancellation) -> None:
        may_end.wait()

    click_photo(window, "beach.jpg")
    strip = window.desk.inspector.strip
    window.session.run_job("Labelling photos", work, lambda _done: None)
    window.desk.photo.heatmap = None
    window.desk.photo.heatmap_changed.emit()
    assert strip.text == "Heatmap: when this work has ended"
    may_end.set()
    settle(window)
    assert strip.text == "No label chosen"


def test_where_all_above_the_line_are_answered_nothing_is_promised_of_them(window: MainWindow) -> None:
    click_label(window, "dog")
    press(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    for path in ("dog.webp", "zebra.bmp", "trip/turned.jpg"):
        click_photo(window, path)
        press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    estimate = window.desk.sweep_panel.estimate
    wait_until(lambda: "0 photos and 3 answered" in estimate.text())
    assert ", 3 of these yes" in estimate.text()
    assert "about" not in estimate.text()
    assert "unknown" not in estimate.text()


def test_a_photos_name_that_does_not_fit_says_so(window: MainWindow) -> None:
    click_photo(window, "city.png")
    (name,) = [one for one in window.desk.inspector.findChildren(OneLine) if one.text() == "city.png"]
    whole = name.grab().toImage()
    name.resize(name.fontMetrics().horizontalAdvance("city…"), name.height())
    # Neither the end nor the beginning is cut off within a letter: both are drawn around an ellipsis.
    assert name.grab().toImage() != whole.copy(0, 0, name.width(), name.height())
    assert name.toolTip().endswith("city.png")
