"""Adding a label to a photo: it completes among the label set, and a new one may join it."""

from pathlib import Path

from acting import CTRL, click_photo, current_path, press, settle, states_kept, states_shown, type_text
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import label_set


def test_a_label_is_completed_and_confirmed(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("tr")
    press(window, Qt.Key.Key_Return)
    assert states_shown(window) == {"cat": "likely", "tree": "confirmed"}
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "tree": "confirmed"}


def test_keys_typed_into_a_field_are_no_commands(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("x 1 r")
    assert window.desk.inspector.add_label.edit.text() == "x 1 r"
    press(window, Qt.Key.Key_Escape)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_an_unknown_label_is_offered_to_join_the_label_set(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("garden party")
    press(window, Qt.Key.Key_Return)
    offer = window.desk.inspector.add_label.join
    assert offer.isVisible()
    assert "garden party" in offer.text()
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    settle(window)
    assert states_shown(window) == {"garden party": "confirmed", "cat": "likely"}
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "garden party": "confirmed"}
    with Project.open(scored_photos, read_only=True) as project:
        assert [label.name for label in label_set(project)] == ["cat", "dog", "boat", "tree", "garden party"]


def test_a_new_label_is_said_to_be_confirmed(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("garden party")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return)  # the button has the keyboard
    assert window.said.text() == "garden party confirmed on city.png"
    assert window.desk.inspector.add_label.edit.text() == ""


def test_space_in_the_empty_line_accepts_and_goes_on_with_the_photos(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    press(window, Qt.Key.Key_Space)
    assert window.desk.pages.gallery.hasFocus()
    assert current_path(window) == "dog.webp"
    press(window, Qt.Key.Key_P)
    assert states_shown(window) == {"cat": "confirmed"}


def test_enter_in_the_empty_line_leads_to_the_photos(window: MainWindow) -> None:
    press(window, Qt.Key.Key_K, CTRL)
    press(window, Qt.Key.Key_Return)
    assert window.desk.pages.gallery.hasFocus()


def test_a_new_label_is_offered_to_be_looked_for(window: MainWindow) -> None:
    window.desk.review.join_and_confirm("garden party")
    settle(window)
    assert window.messages.text.text().startswith("garden party is a new label")
    assert [choice.text() for choice in window.messages.choices] == ["Look for it on all photos"]
    window.desk.review.join_and_confirm("barbecue")
    settle(window)
    assert window.messages.text.text().startswith("garden party, barbecue are new labels")
    press(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert window.messages.text.text().startswith("garden party is a new label")
    press(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert not window.messages.isVisible()


def test_what_is_asked_stays_while_photos_are_read_anew(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("garden party")
    press(window, Qt.Key.Key_Return)
    window.session.refresh()  # as with every few photos that are labelled
    settle(window)
    line = window.desk.inspector.add_label
    assert (line.join.hasFocus(), line.edit.text()) == (True, "garden party")
    press(window, Qt.Key.Key_Return)
    settle(window)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "garden party": "confirmed"}


def test_what_was_asked_of_one_photo_is_not_asked_of_the_next(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("garden party")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_N)
    line = window.desk.inspector.add_label
    assert (line.join.isVisible(), line.edit.text()) == (False, "")


def test_a_name_that_cannot_be_a_label_says_why(window: MainWindow) -> None:
    window.desk.review.join_and_confirm("cat\u0007")
    settle(window)
    assert "printable" in window.messages.text.text()
    assert window.messages.isVisible()
