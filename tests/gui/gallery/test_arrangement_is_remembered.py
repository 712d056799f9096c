"""Filter, order and groups are there again when the photos are opened again."""

from pathlib import Path

import pytest
from acting import LABELS, SHIFT, click_label, click_photo, current_path, press, settle, wait_until
from filtering import explained, shown_paths, type_filter
from making import make_photo
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.history.edit_labels import remove_label
from engine.project.settings import keep_setting


def open_again(window: MainWindow, photos: Path) -> None:
    settle(window)
    window.desk.opening.close()
    window.desk.opening.open_folder(photos)
    settle(window)


def test_the_filter_comes_back_as_it_was_typed(window: MainWindow, scored_photos: Path) -> None:
    type_filter(window, "label:cat  -name:city*")
    open_again(window, scored_photos)
    assert window.desk.filter_bar.line.text() == "label:cat  -name:city*"
    assert shown_paths(window) == ["dog.webp", "trip/turned.jpg"]


def test_the_order_by_a_label_comes_back_with_its_label_and_direction(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "tree")
    press(window, Qt.Key.Key_F3, SHIFT)
    press(window, Qt.Key.Key_F7, SHIFT)
    before, looked_at = shown_paths(window), current_path(window)
    open_again(window, scored_photos)
    assert window.desk.filter_bar.sort_button.text() == "Sort: lowest tree"
    assert shown_paths(window) == before
    assert current_path(window) == looked_at
    assert window.session.label == LABELS.index("tree")
    click_label(window, "tree")
    assert window.desk.filter_bar.sort_button.text() == "Sort: name"
    assert window.session.label is None


@pytest.mark.parametrize("grouped", [False, True])
def test_who_comes_back_is_at_the_photo_where_they_were(
    window: MainWindow, scored_photos: Path, *, grouped: bool
) -> None:
    window.resize(700, 420)
    if grouped:
        press(window, Qt.Key.Key_F8, SHIFT)
    click_photo(window, "trip/turned.jpg")
    gallery = window.desk.pages.gallery
    gallery.verticalScrollBar().setValue(0)
    open_again(window, scored_photos)
    assert current_path(window) == "trip/turned.jpg"
    assert gallery.currentIndex().row() in gallery.visible_places()
    assert window.session.previous is None


def test_the_groups_come_back(window: MainWindow, scored_photos: Path) -> None:
    press(window, Qt.Key.Key_F8, SHIFT)
    open_again(window, scored_photos)
    assert window.desk.filter_bar.group_button.text() == "Group: folder"


def test_half_a_filter_is_not_kept(window: MainWindow, scored_photos: Path) -> None:
    type_filter(window, "label:cat")
    type_filter(window, "label:cat score(")
    open_again(window, scored_photos)
    assert window.desk.filter_bar.line.text() == "label:cat"


def test_a_filter_for_a_label_that_is_gone_shows_all_photos_and_says_why(
    window: MainWindow, scored_photos: Path
) -> None:
    type_filter(window, "label:cat")
    settle(window)
    window.desk.opening.close()
    settle_closed(window)
    with Project.open(scored_photos) as project:
        remove_label(project, 1)
    window.desk.opening.open_folder(scored_photos)
    settle(window)
    assert len(shown_paths(window)) == 8
    assert "no label “cat”" in explained(window)


def test_what_cannot_be_understood_is_passed_over(window: MainWindow, scored_photos: Path) -> None:
    window.desk.opening.close()
    settle_closed(window)
    with Project.open(scored_photos) as project:
        keep_setting(project, "arrangement of the gallery", {"sorting": "by the moon", "filter": "label:dog"})
    window.desk.opening.open_folder(scored_photos)
    settle(window)
    assert window.desk.filter_bar.sort_button.text() == "Sort: name"
    assert len(shown_paths(window)) == 3


def test_each_folder_has_its_own(window: MainWindow, scored_photos: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    make_photo(other / "one.jpg", 1, size=(40, 30))
    type_filter(window, "label:cat")
    for photos, text in ((other, ""), (scored_photos, "label:cat"), (other, "")):
        settle(window)
        window.desk.opening.open_folder(photos)
        wait_until(lambda photos=photos: window.session.project is not None and window.session.project.photos == photos)
        settle(window)
        assert window.desk.filter_bar.line.text() == text


def settle_closed(window: MainWindow) -> None:
    """Wait until the project is closed."""
    wait_until(lambda: not window.session.workers.busy)
