"""The filter line completes what is typed, by keyboard alone, and knows what was typed before."""

import pytest
from acting import CTRL, press, settle, wait_until
from filtering import hit, shown_paths, type_filter, type_keys
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow


def test_down_and_enter_take_a_completion_and_go_on(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "lab")
    assert _offered(window)[:2] == ["label:", "labels>"]
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Return)
    assert window.desk.filter_bar.line.text() == "label:"
    assert _offered(window) == ["cat", "dog", "boat", "tree"]
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Return)
    assert window.desk.filter_bar.line.text() == "label:dog "
    assert not window.desk.filter_bar.line.popup.isVisible()
    wait_until(lambda: window.desk.arrangement.text == "label:dog ")
    settle(window)
    assert shown_paths(window) == ["dog.webp", "trip/turned.jpg", "zebra.bmp"]


def test_tab_takes_the_first(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:bo")
    hit(window, Qt.Key.Key_Tab)
    assert window.desk.filter_bar.line.text() == "label:boat "
    assert QApplication.focusWidget() is window.desk.filter_bar.line
    hit(window, Qt.Key.Key_Down)  # it is complete, as after Enter
    assert QApplication.focusWidget() is window.desk.pages.gallery
    assert not window.desk.filter_bar.line.popup.isVisible()


def test_a_label_that_is_mistyped_is_offered(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "baot")
    assert _offered(window) == ["label:boat"]
    hit(window, Qt.Key.Key_Tab)
    assert window.desk.filter_bar.line.text() == "label:boat "


def test_escape_closes_the_list_and_leaves_what_is_typed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:bo")
    hit(window, Qt.Key.Key_Escape)
    assert not window.desk.filter_bar.line.popup.isVisible()
    assert window.desk.filter_bar.line.text() == "label:bo"


def test_the_list_does_not_cover_what_is_wrong(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:zzz lab")
    bar = window.desk.filter_bar
    wait_until(lambda: window.desk.arrangement.error is not None)
    settle(window)
    assert bar.line.popup.isVisible()
    told = QRect(bar.explanation.mapToGlobal(QPoint()), bar.explanation.size())
    assert not bar.line.popup.frameGeometry().intersects(told)


def test_the_list_does_not_cover_what_is_said_in_several_lines_of_a_narrow_window(window: MainWindow) -> None:
    window.resize(700, 500)
    settle(window)
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:dog -label:cat score(dog)<0.95 -score(boat)>0.9 na")
    bar = window.desk.filter_bar
    wait_until(lambda: window.desk.arrangement.text.endswith("na"))
    settle(window)
    QApplication.sendPostedEvents()
    assert bar.line.popup.isVisible()
    assert bar.explanation.height() > 1.5 * bar.explanation.fontMetrics().height()
    told = QRect(bar.explanation.mapToGlobal(QPoint()), bar.explanation.size())
    assert not bar.line.popup.frameGeometry().intersects(told)


def test_enter_with_nothing_chosen_takes_what_is_typed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "tr")
    assert "label:tree" in _offered(window)
    hit(window, Qt.Key.Key_Return)
    settle(window)
    assert window.desk.arrangement.text == "tr"
    assert not window.desk.filter_bar.line.popup.isVisible()
    assert QApplication.focusWidget() is window.desk.filter_bar.line


def test_enter_after_words_that_end_with_a_label_takes_no_completion(window: MainWindow) -> None:
    window.resize(700, 500)
    settle(window)
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "a cat on the beach and a boat beside the old tree")
    # What is said below takes more lines now, and the list moved for them.
    wait_until(lambda: window.desk.arrangement.text.endswith("tree"))
    settle(window)
    QApplication.sendPostedEvents()
    assert "label:tree" in _offered(window)
    hit(window, Qt.Key.Key_Return)
    settle(window)
    assert window.desk.filter_bar.line.text() == "a cat on the beach and a boat beside the old tree"


def test_what_one_went_to_with_the_arrows_stays_chosen_while_the_list_moves(window: MainWindow) -> None:
    window.resize(700, 500)
    settle(window)
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:dog -label:cat score(dog)<0.95 -score(boat)>0.9 -label:tree na")
    hit(window, Qt.Key.Key_Down)
    wait_until(lambda: window.desk.arrangement.text.endswith("na"))
    settle(window)
    QApplication.sendPostedEvents()
    hit(window, Qt.Key.Key_Return)
    assert window.desk.filter_bar.line.text().endswith(" name:")


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("label:tr", "label:tree "),
        ("-label:bo", "-label:boat "),
        ("state:un", "state:unreviewed "),
        ("dog state:unl", "dog state:unlabelled "),
        ("score(tr", "score(tree)>"),
    ],
)
def test_enter_completes_what_begins_as_a_filter(window: MainWindow, typed: str, taken: str) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, typed)
    assert _offered(window)
    hit(window, Qt.Key.Key_Return)
    settle(window)
    line = window.desk.filter_bar.line
    assert line.text() == taken
    assert QApplication.focusWidget() is line
    if taken.endswith(" "):
        assert window.desk.arrangement.text == taken
        assert line.entered


@pytest.mark.parametrize("typed", ["label:", "label:ree", "folder:tri", "score("])
def test_enter_guesses_no_value_that_was_not_begun(window: MainWindow, typed: str) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, typed)
    assert _offered(window)
    hit(window, Qt.Key.Key_Return)
    settle(window)
    assert window.desk.filter_bar.line.text() == typed


def test_what_is_complete_is_not_completed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:dog")
    assert not window.desk.filter_bar.line.popup.isVisible()


def test_inside_a_line_only_the_condition_at_the_cursor_is_completed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:ca -label:dog")
    window.desk.filter_bar.line.setCursorPosition(len("label:ca"))
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Tab)
    assert window.desk.filter_bar.line.text() == "label:cat -label:dog"


def test_down_in_the_empty_line_offers_what_was_used_before(window: MainWindow) -> None:
    for text in ("label:dog", "label:cat"):
        type_filter(window, text)
        hit(window, Qt.Key.Key_Return)
        settle(window)
    press(window, Qt.Key.Key_F, CTRL)
    press(window, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_Delete)
    hit(window, Qt.Key.Key_Down)
    assert _offered(window)[:2] == ["label:cat", "label:dog"]
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Return)
    assert window.desk.filter_bar.line.text() == "label:dog "


def test_what_was_used_before_outlives_the_window(window: MainWindow) -> None:
    type_filter(window, "label:dog")
    hit(window, Qt.Key.Key_Return)
    settle(window)
    photos = window.session.project.photos if window.session.project else None
    assert photos is not None
    window.desk.opening.close()
    window.desk.opening.open_folder(photos)
    settle(window)
    assert window.desk.kept_filters.past == ["label:dog"]


def _offered(window: MainWindow) -> list[str]:
    popup = window.desk.filter_bar.line.popup
    assert popup.isVisible()
    return [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]
