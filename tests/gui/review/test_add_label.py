"""Adding a label to a photo: it completes among the label set, and a new one may join it."""

from pathlib import Path

import pytest
from acting import (
    CTRL,
    LABELS,
    click_photo,
    click_row,
    current_path,
    press,
    settle,
    states_kept,
    states_shown,
    type_text,
    wait_until,
)
from filtering import be_active, hit, type_keys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.stages.labelling.label_photos import LabelRequest, label_photos


def test_a_label_is_completed_and_confirmed(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("tr")
    press(window, Qt.Key.Key_Return)
    assert states_shown(window) == {"cat": "likely", "tree": "confirmed"}
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "tree": "confirmed"}


def test_digits_belong_to_the_photo_again_once_a_label_was_added(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("tr")
    press(window, Qt.Key.Key_Return)
    assert window.desk.inspector.add_label.edit.hasFocus()
    press(window, Qt.Key.Key_1)
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed", "tree": "confirmed"}
    assert window.desk.inspector.add_label.edit.text() == ""
    type_text("2CV"[1:])  # letters begin another label
    assert window.desk.inspector.add_label.edit.text() == "CV"
    # Who comes to the line to type may type a digit.
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_K, CTRL)
    type_text("2CV")
    assert window.desk.inspector.add_label.edit.text() == "2CV"


def test_a_new_label_that_was_asked_about_and_not_added_is_said_to_be_none(window: MainWindow) -> None:
    click_photo(window, "city.png")
    for leave in (lambda: press(window, Qt.Key.Key_Escape), lambda: click_photo(window, "beach.jpg")):
        press(window, Qt.Key.Key_K, CTRL)
        type_text("fluffy")
        press(window, Qt.Key.Key_Return)
        leave()
        assert window.said.text() == "“fluffy” was not added: a new label takes Enter twice."
        assert "fluffy" not in states_shown(window)


@pytest.fixture
def near_boats(scored_photos: Path) -> None:
    """The label set has labels whose names hold "boa"."""
    with Project.open(scored_photos) as project:
        use_label_set(project, [NewLabel(name) for name in (*LABELS, "skateboarding", "sailboat")])


def offered(window: MainWindow) -> tuple[list[str], str | None]:
    """The lines of the list below the line to add a label, and the highlighted one."""
    popup = window.desk.inspector.add_label.offered.popup
    assert popup.isVisible()
    model = popup.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())], popup.currentIndex().data()


def test_what_enter_would_do_is_highlighted(near_boats: None, window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "boa")
    new = "Add “boa” as a new label"
    assert offered(window) == (["boat", "skateboarding", "sailboat", new], "boat")
    hit(window, Qt.Key.Key_Return)
    settle(window)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "boat": "confirmed"}


@pytest.mark.parametrize("way", [[Qt.Key.Key_Up], [Qt.Key.Key_Down] * 3])
def test_a_new_label_may_begin_another_one(
    near_boats: None, window: MainWindow, scored_photos: Path, way: list[Qt.Key]
) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "boa")
    for key in way:
        hit(window, key)
    assert offered(window)[1] == "Add “boa” as a new label"
    assert window.desk.inspector.add_label.edit.text() == "boa"
    hit(window, Qt.Key.Key_Return)
    settle(window)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "boa": "confirmed"}


def test_what_begins_no_label_is_a_new_one(near_boats: None, window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "board")
    new = "Add “board” as a new label"
    assert offered(window) == (["skateboarding", new], new)
    hit(window, Qt.Key.Key_Return)
    assert window.desk.inspector.add_label.join.isVisible()
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_a_whole_name_stands_alone_above_those_that_hold_it(near_boats: None, window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "boat")
    assert offered(window) == (["boat", "sailboat"], "boat")


def test_a_label_of_the_list_is_taken_by_a_click(near_boats: None, window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "boa")
    click_row(window.desk.inspector.add_label.offered.popup, 2)
    settle(window)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "sailboat": "confirmed"}
    assert window.desk.inspector.add_label.edit.text() == ""


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


def test_on_how_many_photos_a_new_label_was_found_is_said(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    window = empty_window
    with Project.open(photo_folder) as project:
        label_photos(project, LabelRequest("cat,dog,boat", str(tiny_clip)))
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    window.desk.review.join_and_confirm("garden party")
    settle(window)
    QTest.mouseClick(window.messages.choices[0], Qt.MouseButton.LeftButton)
    wait_until(lambda: "may be on" in window.messages.text.text())
    settle(window)
    told = next(line for line in window.messages.text.text().splitlines() if line.startswith("garden party"))
    assert told == "garden party: likely on 0 photos, and may be on 0 more."
    assert not any(choice.text() == "Show these photos" for choice in window.messages.choices)


def test_where_a_new_label_was_found_is_one_click_away(window: MainWindow) -> None:
    cat = LABELS.index("cat")
    window.desk.label_set.looked_for.emit([cat])
    likely = window.desk.use.count_of(cat)[1]
    assert likely > 1
    assert window.messages.text.text() == f"cat: likely on {likely} photos, and may be on 0 more."
    [show] = window.messages.choices
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.session.label == cat
    assert window.desk.photos_of_label.shown


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


def test_esc_out_of_the_question_takes_what_was_typed_along(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "traffic lite")
    settle(window)
    hit(window, Qt.Key.Key_Return)
    line = window.desk.inspector.add_label
    assert line.join.hasFocus()
    press(window, Qt.Key.Key_Escape)
    assert window.desk.pages.gallery.hasFocus()
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "ca")
    assert (line.join.isVisible(), line.edit.text()) == (False, "ca")
    hit(window, Qt.Key.Key_Escape)
    assert not line.offered.popup.isVisible()
    assert line.edit.text() == ""
    assert window.desk.pages.gallery.hasFocus()


def test_what_was_left_by_the_mouse_is_typed_over(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "traffic")
    window.desk.inspector.add_label.offered.close()
    be_active(window)
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_keys(window, "do")
    assert window.desk.inspector.add_label.edit.text() == "do"


def test_a_name_that_cannot_be_a_label_says_why(window: MainWindow) -> None:
    window.desk.review.join_and_confirm("cat\u0007")
    settle(window)
    assert "printable" in window.messages.text.text()
    assert window.messages.isVisible()
