"""The dialog that makes two labels of one says on which photos the second one will be, or that there are none."""

from acting import CTRL, LABELS, click_photo, open_dialog, press, settle, states_kept
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

from cdul_gui.window.main_window import MainWindow
from engine.project.history.merging import merge_labels


def ask_to_split(window: MainWindow, name: str) -> None:
    """As the menu of the label in the dock does."""
    snapshot = window.session.snapshot
    assert snapshot is not None
    [label] = [one for one in snapshot.labels if one.name == name]
    window.desk.labels.split_wanted.emit(label)


def asked(window: MainWindow) -> QInputDialog:
    dialog = open_dialog(window)
    assert isinstance(dialog, QInputDialog)
    return dialog


def confirm_dog(window: MainWindow, path: str) -> None:
    click_photo(window, path)
    press(window, Qt.Key.Key_Space)


def test_it_says_on_how_many_of_the_selected_photos_the_second_label_is(window: MainWindow) -> None:
    confirm_dog(window, "dog.webp")
    confirm_dog(window, "zebra.bmp")
    click_photo(window, "dog.webp")
    click_photo(window, "city.png", CTRL)
    ask_to_split(window, "dog")
    assert asked(window).labelText() == (
        "Name of the second label, which takes the place of dog on the selected photos "
        "that have it confirmed (1 photo):"
    )
    asked(window).reject()
    click_photo(window, "zebra.bmp", CTRL)
    ask_to_split(window, "dog")
    dialog = asked(window)
    assert dialog.labelText().endswith("that have it confirmed (2 photos):")
    dialog.setTextValue("hound")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(window)
    assert window.session.project is not None
    assert states_kept(window.session.project.photos, "zebra.bmp")["hound"] == "confirmed"


def test_where_no_selected_photo_has_the_label_it_says_so_and_does_not_ask(window: MainWindow) -> None:
    confirm_dog(window, "dog.webp")
    click_photo(window, "city.png")
    ask_to_split(window, "dog")
    assert QApplication.activeModalWidget() is None
    assert window.messages.text.text() == (
        "On none of the selected photos is dog confirmed. Select those that the second label is meant for."
    )


def test_what_was_merged_comes_apart_whatever_is_selected(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    cat, dog = (snapshot.labels[LABELS.index(name)] for name in ("cat", "dog"))
    window.session.change(lambda project: merge_labels(project, cat, dog))
    settle(window)
    click_photo(window, "city.png")
    ask_to_split(window, "dog")
    dialog = asked(window)
    assert dialog.textValue() == "cat"
    assert dialog.labelText() == (
        "On none of the selected photos is dog confirmed. A label that was merged into it comes back with its answers "
        "under its name:"
    )
    dialog.accept()
    settle(window)
    assert window.session.snapshot is not None
    assert "cat" in [label.name for label in window.session.snapshot.labels]
