"""What goes beyond the screen is said, with how much it is, and done once Enter says that it is meant."""

from pathlib import Path

import pytest
from acting import (
    CTRL,
    SHIFT,
    click_label,
    click_photo,
    click_row,
    current_path,
    press,
    reviewed_kept,
    settle,
    states_kept,
)
from filtering import be_active
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from taught_cats import make_cats

from cdul_gui.gallery.view import LEAST_SIDE
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.history.edit_labels import rename_label
from engine.project.labels import label_set
from engine.project.take_snapshot import take_snapshot


@pytest.fixture
def cats(empty_window: MainWindow, tmp_path: Path) -> MainWindow:
    """The window on sixty photos, all of them selected."""
    empty_window.desk.opening.open_folder(make_cats(tmp_path / "cats"))
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    press(empty_window, Qt.Key.Key_A, CTRL)
    return empty_window


def test_a_digit_for_photos_out_of_view_waits_for_enter(cats: MainWindow, tmp_path: Path) -> None:
    press(cats, Qt.Key.Key_1)
    assert _asked() == "cat confirmed on 60 photos."
    assert _answered(tmp_path / "cats") == 0
    press(cats, Qt.Key.Key_Return)
    assert _answered(tmp_path / "cats") == 60


def test_esc_answers_nothing_and_gives_the_keyboard_back(cats: MainWindow, tmp_path: Path) -> None:
    press(cats, Qt.Key.Key_Space)
    assert _asked() == "60 photos accepted: 113 answers to 2 labels."
    press(cats, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None
    be_active(cats)
    assert cats.desk.pages.gallery.hasFocus()
    assert reviewed_kept(tmp_path / "cats") == []


def test_space_in_haste_says_nothing_a_second_time(cats: MainWindow, tmp_path: Path) -> None:
    for _ in range(3):
        press(cats, Qt.Key.Key_Space)
    assert isinstance(QApplication.activeModalWidget(), QMessageBox)
    assert reviewed_kept(tmp_path / "cats") == []


@pytest.mark.parametrize("key", [Qt.Key.Key_X, Qt.Key.Key_M])
def test_whatever_answers_waits(cats: MainWindow, tmp_path: Path, key: Qt.Key) -> None:
    press(cats, key)
    assert "60 photos" in _asked()
    assert _answered(tmp_path / "cats") == 0
    assert reviewed_kept(tmp_path / "cats") == []


def test_a_label_that_is_added_to_many_photos_waits(cats: MainWindow, tmp_path: Path) -> None:
    press(cats, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "dog")
    press(cats, Qt.Key.Key_Return)
    assert _asked() == "dog confirmed on 60 photos."
    assert _answered(tmp_path / "cats") == 0


def test_few_photos_whose_labels_are_all_seen_are_answered_at_once(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_photo(window, "dog.webp", SHIFT)
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["beach.jpg", "city.png", "dog.webp"]


def test_a_label_that_is_named_is_confirmed_at_once_on_photos_in_view(window: MainWindow, scored_photos: Path) -> None:
    assert window.session.project is not None
    for label in label_set(window.session.project)[1:]:
        rename_label(window.session.project, label.id, f"{label.name} with a name that needs much room")
    window.session.refresh()
    window.desk.pages.gallery.thumbnail_side = LEAST_SIDE  # without room for all labels below a photo
    settle(window)
    click_photo(window, "trip/turned.jpg")
    click_photo(window, "dog.webp", CTRL)
    press(window, Qt.Key.Key_Space)
    assert isinstance(QApplication.activeModalWidget(), QMessageBox)
    press(window, Qt.Key.Key_Escape)
    be_active(window)
    press(window, Qt.Key.Key_1)
    assert QApplication.activeModalWidget() is None
    assert _answered(scored_photos) == 2


def test_an_answer_to_another_of_the_selected_photos_is_not_turned_unasked(
    window: MainWindow, scored_photos: Path
) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_1, SHIFT)
    click_photo(window, "dog.webp", CTRL)
    press(window, Qt.Key.Key_2)
    assert _asked() == "cat confirmed on 2 photos.\nAnswers that said the opposite until now: 1"
    press(window, Qt.Key.Key_Escape)
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected"}
    assert states_kept(scored_photos, "dog.webp")["cat"] == "likely"


def test_one_answer_is_asked_about_as_one(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_1, SHIFT)
    press(window, Qt.Key.Key_N)
    click_photo(window, "zebra.bmp")
    click_photo(window, "city.png", CTRL)
    window.resize(900, 560)
    window.desk.pages.gallery.thumbnail_side = 384
    settle(window)
    press(window, Qt.Key.Key_Space)
    assert _asked() == "2 photos accepted: 1 answer to 1 label."
    press(window, Qt.Key.Key_Escape)


def test_what_was_selected_for_a_bulk_that_is_undone_is_let_go(cats: MainWindow, tmp_path: Path) -> None:
    click_label(cats, "cat")
    cats.desk.pages.gallery.setFocus()
    press(cats, Qt.Key.Key_A, CTRL)
    press(cats, Qt.Key.Key_Return, CTRL)
    assert _asked() == "cat confirmed on 60 photos."
    press(cats, Qt.Key.Key_Return)
    be_active(cats)
    assert _answered(tmp_path / "cats") == 60
    press(cats, Qt.Key.Key_Z, CTRL)
    assert len(cats.session.targets()) == 1
    press(cats, Qt.Key.Key_Return, CTRL)
    assert _answered(tmp_path / "cats") == 1


def test_what_was_said_before_of_many_photos_can_be_said_again(cats: MainWindow, tmp_path: Path) -> None:
    click_label(cats, "cat")
    cats.desk.pages.gallery.setFocus()
    press(cats, Qt.Key.Key_A, CTRL)
    for _ in range(2):
        press(cats, Qt.Key.Key_Return, CTRL)
        press(cats, Qt.Key.Key_Return)
        be_active(cats)
    assert _answered(tmp_path / "cats") == 60


def test_the_command_for_the_chosen_label_asks_before_it_turns_what_was_said(cats: MainWindow, tmp_path: Path) -> None:
    click_label(cats, "cat")
    click_row(cats.desk.pages.gallery, 0)
    press(cats, Qt.Key.Key_Return, CTRL)  # the one photo that is selected is plain
    assert _answered(tmp_path / "cats") == 1
    press(cats, Qt.Key.Key_A, CTRL)
    press(cats, Qt.Key.Key_Backspace, CTRL)
    assert _asked().splitlines() == [
        "cat rejected on 60 photos.",
        "Answers that said the opposite until now: 1",
    ]
    press(cats, Qt.Key.Key_Escape)
    assert _answered(tmp_path / "cats") == 1


def test_undo_goes_to_the_nearest_of_the_photos_it_is_about(cats: MainWindow) -> None:
    click_photo(cats, "10.jpg")
    click_photo(cats, "40.jpg", SHIFT)
    press(cats, Qt.Key.Key_Space)
    press(cats, Qt.Key.Key_Return)
    be_active(cats)
    assert current_path(cats) == "41.jpg"
    press(cats, Qt.Key.Key_Z, CTRL)
    assert current_path(cats) == "40.jpg"


def test_undo_stays_where_one_is_among_the_photos_it_is_about(cats: MainWindow) -> None:
    click_photo(cats, "10.jpg")
    click_photo(cats, "40.jpg", SHIFT)
    press(cats, Qt.Key.Key_1)
    press(cats, Qt.Key.Key_Return)
    be_active(cats)
    assert len(cats.session.selection) == 31
    press(cats, Qt.Key.Key_Z, CTRL)
    assert current_path(cats) == "40.jpg"
    assert len(cats.session.targets()) == 1


def _asked() -> str:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    (button,) = [one for one in box.buttons() if box.buttonRole(one) == QMessageBox.ButtonRole.AcceptRole]
    assert button.text() == "Do all of it"  # which may be to take answers back
    told = box.informativeText()
    assert told.startswith("Would be done: ")
    return told.removeprefix("Would be done: ")


def _answered(photos: Path) -> int:
    with Project.open(photos, read_only=True) as project:
        return int((take_snapshot(project).decisions != 0).any(axis=1).sum())
