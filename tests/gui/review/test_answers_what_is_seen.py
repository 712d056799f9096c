"""No key answers a label that is not on the screen: what it would answer is shown first, and waits for the next key."""

from pathlib import Path

import pytest
from acting import (
    CTRL,
    LABELS,
    PLAIN,
    SHIFT,
    click_label,
    click_photo,
    command,
    current_path,
    press,
    reviewed_kept,
    settle,
    states_kept,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from cdul_gui.gallery import GalleryView
from cdul_gui.window.main_window import MainWindow

ANSWERING = [
    (Qt.Key.Key_Space, PLAIN),
    (Qt.Key.Key_X, PLAIN),
    (Qt.Key.Key_Delete, PLAIN),
    (Qt.Key.Key_M, PLAIN),
    (Qt.Key.Key_R, PLAIN),
    (Qt.Key.Key_V, CTRL),
    (Qt.Key.Key_Return, CTRL),
    (Qt.Key.Key_Backspace, CTRL),
    (Qt.Key.Key_1, PLAIN),
    (Qt.Key.Key_1, SHIFT),
]


@pytest.mark.parametrize(("key", "modifiers"), ANSWERING)
def test_a_large_photo_whose_labels_are_hidden_is_not_answered(
    window: MainWindow, scored_photos: Path, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_2)  # tree is confirmed, so that R has something to repeat
    QGuiApplication.clipboard().setText("dog")
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_1)
    click_label(window, "tree")
    window.desk.pages.gallery.setFocus()
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Return)
    window.inspector_dock.hide()
    press(window, key, modifiers)
    assert current_path(window) == "city.png"
    assert reviewed_kept(scored_photos) == []
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed"}
    assert window.inspector_dock.isVisible()
    assert window.said.text() == "Here are the labels of the photo, each with its digit."
    assert window.desk.pages.photo.canvas.hasFocus() or window.desk.pages.isAncestorOf(window.focusWidget())


def test_once_the_labels_are_shown_the_same_key_answers(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Return)
    window.inspector_dock.hide()
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["beach.jpg"]


def test_a_tile_that_shows_all_its_labels_is_answered_without_the_dock(window: MainWindow, scored_photos: Path) -> None:
    window.inspector_dock.hide()
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["beach.jpg"]
    assert not window.inspector_dock.isVisible()


def test_a_tile_without_room_for_all_that_is_likely_is_not_answered_unseen(
    window: MainWindow, scored_photos: Path
) -> None:
    _give_long_names(window)
    window.inspector_dock.hide()
    click_photo(window, "trip/turned.jpg")
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == []
    assert window.inspector_dock.isVisible()
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["trip/turned.jpg"]


def test_a_photo_out_of_view_is_shown_before_it_is_answered_without_the_dock(
    window: MainWindow, scored_photos: Path
) -> None:
    window.inspector_dock.hide()
    _few_in_view(window)
    click_photo(window, "beach.jpg")
    bar = window.desk.pages.gallery.verticalScrollBar()
    bar.setValue(bar.maximum())
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == []
    assert window.desk.pages.gallery.currentIndex().row() in window.desk.pages.gallery.visible_places()


def test_a_photo_that_is_elsewhere_in_another_order_is_shown_before_it_is_answered(
    window: MainWindow, scored_photos: Path
) -> None:
    gallery = _few_in_view(window)
    click_photo(window, "beach.jpg")
    command(window, "sort-reversed").trigger()
    settle(window)
    assert gallery.current_is_out_of_view
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == []
    assert not gallery.current_is_out_of_view
    assert window.said.text() == "Here is the photo: nothing was answered while it was out of view."
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["beach.jpg"]


def test_a_photo_is_shown_as_soon_as_a_label_is_typed_for_it(window: MainWindow, scored_photos: Path) -> None:
    gallery = _few_in_view(window)
    click_photo(window, "beach.jpg")
    command(window, "sort-reversed").trigger()
    settle(window)
    QTest.mouseClick(window.desk.inspector.add_label.edit, Qt.MouseButton.LeftButton)
    assert not gallery.current_is_out_of_view
    QTest.keyClicks(window.desk.inspector.add_label.edit, "dog")
    press(window, Qt.Key.Key_Return)
    assert states_kept(scored_photos, "beach.jpg")["dog"] == "confirmed"


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (Qt.Key.Key_Return, "Nothing is confirmed: dog is neither likely nor maybe here. Add it by its name."),
        (Qt.Key.Key_Backspace, "Nothing is rejected: dog is neither likely nor maybe here."),
    ],
)
def test_the_chosen_label_is_answered_on_no_photo_that_does_not_show_it(
    window: MainWindow, scored_photos: Path, key: Qt.Key, told: str
) -> None:
    click_photo(window, "dog.webp")
    press(window, Qt.Key.Key_Return)
    click_label(window, "dog")
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_P)
    assert current_path(window) == "city.png"
    press(window, key, CTRL)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    assert window.said.text() == told
    press(window, Qt.Key.Key_N)
    press(window, key, CTRL)
    assert states_kept(scored_photos, "dog.webp")["dog"] in ("confirmed", "rejected")


def test_among_the_photos_of_a_label_it_is_answered_on_each(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "dog")
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Return, CTRL)
    assert states_kept(scored_photos, "city.png")["dog"] == "confirmed"
    click_photo(window, "beach.jpg")
    click_photo(window, "trip/boat.jpg", CTRL)
    press(window, Qt.Key.Key_Backspace, CTRL)
    assert states_kept(scored_photos, "beach.jpg")["dog"] == "rejected"
    assert states_kept(scored_photos, "trip/boat.jpg")["dog"] == "rejected"


def test_beside_the_photos_stands_one_of_those_that_a_key_answers(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/turned.jpg")
    click_photo(window, "beach.jpg", CTRL)
    click_photo(window, "beach.jpg", CTRL)
    assert current_path(window) == "trip/turned.jpg"
    press(window, Qt.Key.Key_1)
    assert states_kept(scored_photos, "trip/turned.jpg")["cat"] == "confirmed"
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}


def _few_in_view(window: MainWindow) -> GalleryView:
    window.resize(900, 560)
    window.desk.pages.gallery.thumbnail_side = 384
    settle(window)
    assert len(window.session.in_view) < 5
    return window.desk.pages.gallery


def _give_long_names(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    for name in LABELS:
        label = snapshot.labels[LABELS.index(name)]
        window.desk.label_set.rename(label, f"{name} of a name that hardly fits into half of a tile")
        settle(window)
