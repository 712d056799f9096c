"""What a key does is shown in one picture: no photo's name beside the labels of another one."""

from functools import partial

from acting import click_photo, settle
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from cdul_gui.look.once_a_turn import OnceATurn
from cdul_gui.window.main_window import MainWindow


def test_a_picture_that_was_due_before_a_key_shows_all_that_the_key_did(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    settle(window)
    assert window.session.snapshot is not None
    window.session.look_at(window.session.snapshot.paths.index("trip/turned.jpg"))
    # As systems send it that paint at fixed times, before what waits in the loop.
    QApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
    inspector = window.desk.inspector
    assert "turned.jpg" in [label.text() for label in inspector.findChildren(QLabel)]
    chips = inspector.chips.chips()
    assert [chip.text() for chip in chips] == ["cat", "dog", "boat"]
    assert all(chip.width() >= chip.sizeHint().width() for chip in chips)


def test_a_picture_does_nothing_for_a_window_that_is_gone(window: MainWindow) -> None:
    done: list[str] = []
    other, inside = QWidget(), QWidget(window.desk.inspector)
    for widget, name in ((other, "other"), (inside, "inside")):
        OnceATurn(partial(done.append, name), widget).ask()
    QApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
    assert done == ["inside"]
