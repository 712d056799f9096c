"""The filter line filters as one types, says in words what is shown, and is easily left and cleared."""

from pathlib import Path

import pytest
from acting import (
    LABELS,
    SUGGESTED,
    click_photo,
    command,
    current_path,
    press,
    settle,
    states_kept,
    states_shown,
    wait_until,
)
from filtering import explained, hit, shown_paths, type_filter, type_keys
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("label:dog -label:cat", ["zebra.bmp"]),
        ("score(boat)>0.8", ["beach.jpg", "trip/boat.jpg"]),
        ("label:tree OR name:*.png", ["beach.jpg", "city.png", "trip/day two/horse.jpeg"]),
        ('"day two"', ["trip/day two/horse.jpeg", "trip/day two/lamp.JPG"]),
        ("score(dog, initial)>0.85", ["dog.webp", "zebra.bmp"]),
    ],
)
def test_only_what_was_asked_for_is_shown(window: MainWindow, text: str, paths: list[str]) -> None:
    type_filter(window, text)
    assert shown_paths(window) == paths


def test_it_says_in_words_what_is_shown_and_how_many(window: MainWindow) -> None:
    assert explained(window) == "all photos  ·  8 of 8"
    type_filter(window, "label:dog -label:cat")
    assert explained(window) == "photos with dog, without cat  ·  1 of 8"


def test_what_is_wrong_is_said_marked_and_changes_nothing(window: MainWindow) -> None:
    line = window.desk.filter_bar.line
    ground = line.palette().color(QPalette.ColorRole.Base)
    type_filter(window, "label:dog")
    type_filter(window, "label:dgo")
    assert explained(window) == "There is no label “dgo”. Did you mean “dog”?"
    assert line.palette().color(QPalette.ColorRole.Base) != ground
    assert shown_paths(window) == ["dog.webp", "trip/turned.jpg", "zebra.bmp"]
    type_filter(window, "label:dog")
    assert explained(window) == "photos with dog  ·  3 of 8"
    assert line.palette().color(QPalette.ColorRole.Base) == ground


@pytest.mark.parametrize("text", ["label:cat", "label:boat label:cat label:tree", "label:dgo"])
@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Escape])
def test_after_enter_one_types_on_until_down_or_esc_leads_to_the_photos(
    window: MainWindow, key: Qt.Key, text: str
) -> None:
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    type_keys(window, text)
    if window.desk.filter_bar.line.popup.isVisible():
        hit(window, Qt.Key.Key_Escape)
    hit(window, Qt.Key.Key_Return)
    settle(window)
    line, bar = window.desk.filter_bar.line, window.desk.filter_bar
    assert QApplication.focusWidget() is line
    assert line.hasSelectedText() is False
    # Beside what is wrong it would take the eye from it.
    assert ("Down leads to the photos" in bar.explanation.text()) == (text != "label:dgo")
    # Who narrows it, or types the next one, answers for no photo.
    type_keys(window, " red")
    assert line.text() == f"{text} red"
    assert window.session.snapshot is not None
    assert not window.session.snapshot.decisions.any()
    assert not window.session.snapshot.reviewed.any()
    settle(window)
    assert "Down leads" not in bar.explanation.text()
    type_filter(window, text)
    hit(window, Qt.Key.Key_Return)
    hit(window, key)
    settle(window)
    assert QApplication.focusWidget() is window.desk.pages.gallery
    assert line.text() == text
    assert "Down leads" not in bar.explanation.text()


def test_after_enter_and_down_a_digit_answers_and_ctrl_f_leads_back(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    type_keys(window, "label:cat")
    hit(window, Qt.Key.Key_Return)
    hit(window, Qt.Key.Key_Down)
    settle(window)
    line, cats = window.desk.filter_bar.line, [path for path, labels in SUGGESTED.items() if "cat" in labels]
    assert QApplication.focusWidget() is window.desk.pages.gallery
    assert current_path(window) == cats[0]
    press(window, Qt.Key.Key_1)
    assert states_shown(window)["cat"] == "confirmed"
    assert line.text() == "label:cat"
    assert shown_paths(window) == cats
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is line
    assert line.selectedText() == "label:cat"


def test_escape_clears_and_then_goes_back_to_the_photos(window: MainWindow) -> None:
    type_filter(window, "score(dog)>0.5")
    line = window.desk.filter_bar.line
    hit(window, Qt.Key.Key_Escape)
    wait_until(lambda: window.desk.arrangement.text == "")
    settle(window)
    assert line.text() == ""
    assert shown_paths(window) == list(SUGGESTED)
    hit(window, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.desk.pages.gallery


def test_a_filter_that_matches_nothing_says_so_and_how_to_see_all_again(window: MainWindow) -> None:
    type_filter(window, "label:boat label:cat label:tree")
    gallery = window.desk.pages.gallery
    assert shown_paths(window) == []
    assert window.session.current is None
    assert gallery.message.startswith("There are no photos with boat, with cat, with tree.")
    assert "Ctrl+Shift+A" in gallery.message
    command(window, "show-all").trigger()
    settle(window)
    assert shown_paths(window) == list(SUGGESTED)
    assert window.desk.filter_bar.line.text() == ""


def test_the_photo_that_is_looked_at_stays_if_it_is_shown(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    type_filter(window, "label:dog")
    assert current_path(window) == "dog.webp"


def test_who_clears_a_filter_is_back_at_the_photo_from_before(window: MainWindow) -> None:
    click_photo(window, "trip/boat.jpg")
    type_filter(window, "label:dog")
    assert current_path(window) == "dog.webp"
    command(window, "show-all").trigger()
    settle(window)
    assert current_path(window) == "trip/boat.jpg"


def test_what_is_hidden_is_not_edited(window: MainWindow, scored_photos: Path) -> None:
    press(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_filter(window, "label:tree")
    hit(window, Qt.Key.Key_Return)
    hit(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Space)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "confirmed", "tree": "confirmed"}
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_the_line_is_there_with_the_gallery_alone(window: MainWindow) -> None:
    bar = window.desk.filter_bar
    assert bar.isVisible()
    press(window, Qt.Key.Key_Return)
    assert not bar.isVisible()
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    assert window.desk.pages.shows_gallery


def test_another_folder_begins_without_a_filter(window: MainWindow) -> None:
    type_filter(window, "label:cat")
    window.desk.opening.close()
    wait_until(lambda: not window.session.workers.busy)
    window.desk.opening.open_samples()
    settle(window)
    assert window.desk.filter_bar.line.text() == ""
    assert len(shown_paths(window)) == len(window.session.snapshot or ())


def test_letters_in_the_line_are_text_not_commands(window: MainWindow) -> None:
    before = states_shown(window)
    type_filter(window, LABELS[0] + " 1")
    assert window.desk.filter_bar.line.text() == "cat 1"
    command(window, "show-all").trigger()
    settle(window)
    assert states_shown(window) == before


def test_who_clears_the_filter_goes_on_where_they_were(window: MainWindow) -> None:
    window.resize(900, 560)
    window.desk.pages.gallery.thumbnail_side = 384
    settle(window)
    type_filter(window, "label:dog")
    click_photo(window, "zebra.bmp")
    command(window, "show-all").trigger()
    settle(window)
    assert current_path(window) == "zebra.bmp"
    assert window.session.shown.tolist().index(window.session.current) in window.desk.pages.gallery.visible_places()
