"""Words in the find line show the photos that fit best, among those that pass the filter, until they are left."""

from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from acting import ALT, CTRL, SHIFT, current_path, press, settle, type_text, wait_until
from filtering import be_active, hit, shown_paths, type_filter
from finding import find_words, label_photos, open_photos
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.finding.search import search, words_query
from engine.stages.finding.search_index import SearchIndex

ALL = 8


@pytest.fixture
def labelled_window(empty_window: MainWindow, photo_folder: Path, tiny_clip_encoder: Any) -> MainWindow:
    """The window on eight photos that the small CLIP labelled."""
    label_photos(photo_folder, tiny_clip_encoder)
    open_photos(empty_window, photo_folder)
    return empty_window


def best_first(folder: Path, encoder: Any, words: str) -> list[str]:
    """What the engine finds."""
    with Project.open(folder, read_only=True) as project:
        paths = {photo.id: photo.path for photo in readable_photos(project)}
        index = SearchIndex.load(project, Progress(), Cancellation())
        return [paths[photo] for photo in search(project, index, words_query(encoder, words)).photo_ids.tolist()]


def test_the_photos_that_fit_best_come_first(
    labelled_window: MainWindow, photo_folder: Path, tiny_clip_encoder: Any
) -> None:
    find_words(labelled_window, "two dogs on a beach")
    expected = best_first(photo_folder, tiny_clip_encoder, "two dogs on a beach")
    assert expected != sorted(expected)
    assert shown_paths(labelled_window) == expected
    assert current_path(labelled_window) == expected[0]
    bar = labelled_window.desk.find_bar
    assert bar.title.text() == "“two dogs on a beach”"
    assert bar.told.text() == "all photos, those that fit best first"


def test_the_keyboard_stays_in_the_line_until_one_goes_down_to_the_photos(labelled_window: MainWindow) -> None:
    bar, session = labelled_window.desk.find_bar, labelled_window.session
    be_active(labelled_window)
    press(labelled_window, Qt.Key.Key_F3)
    type_text("a boat")
    press(labelled_window, Qt.Key.Key_Return)
    assert bar.line.hasFocus()
    # Who types the next search answers for no photo.
    press(labelled_window, Qt.Key.Key_A, CTRL)
    type_text("two dogs")
    settle(labelled_window)
    assert bar.line.text() == "two dogs"
    assert session.snapshot is not None
    assert not session.snapshot.reviewed.any()
    press(labelled_window, Qt.Key.Key_Down)
    assert labelled_window.desk.pages.gallery.hasFocus()
    second = shown_paths(labelled_window)[1]
    press(labelled_window, Qt.Key.Key_Right)
    assert current_path(labelled_window) == second


def test_only_photos_that_pass_the_filter_are_searched(labelled_window: MainWindow) -> None:
    type_filter(labelled_window, "folder:trip")
    find_words(labelled_window, "a horse")
    assert len(shown_paths(labelled_window)) == 4
    assert all(path.startswith("trip/") for path in shown_paths(labelled_window))
    assert labelled_window.desk.find_bar.told.text() == "the 4 that fit best, best first"


def test_words_that_no_filter_finds_are_looked_for_in_the_photos(labelled_window: MainWindow) -> None:
    type_filter(labelled_window, "wedding")
    assert shown_paths(labelled_window) == []
    hit(labelled_window, Qt.Key.Key_Return)
    wait_until(lambda: labelled_window.desk.finding.choice is not None)
    settle(labelled_window)
    # In the line where it was typed, and in no second one.
    assert labelled_window.desk.filter_bar.line.text() == "wedding"
    assert labelled_window.desk.filter_bar.line.hasFocus()
    assert not labelled_window.desk.find_bar.line.isVisible()
    assert labelled_window.desk.find_bar.title.text() == "“wedding”"
    assert len(shown_paths(labelled_window)) == ALL
    type_filter(labelled_window, "beach")  # a photo is called so
    assert not labelled_window.desk.find_bar.isVisible()
    hit(labelled_window, Qt.Key.Key_Return)
    settle(labelled_window)
    assert shown_paths(labelled_window) == ["beach.jpg"]
    assert labelled_window.desk.finding.choice is None


def test_a_word_that_is_nearly_a_label_is_looked_for_and_one_press_takes_the_label(labelled_window: MainWindow) -> None:
    bar = labelled_window.desk.filter_bar
    type_filter(labelled_window, "Catt")
    hit(labelled_window, Qt.Key.Key_Return)
    wait_until(lambda: labelled_window.desk.finding.choice is not None)
    settle(labelled_window)
    assert len(shown_paths(labelled_window)) == ALL
    assert bar.meant_button.text() == "Did you mean “cat”?"
    QTest.mouseClick(bar.meant_button, Qt.MouseButton.LeftButton)
    settle(labelled_window)
    assert bar.line.text() == "label:cat"
    assert not bar.meant_button.isVisible()
    assert labelled_window.desk.finding.choice is None
    assert labelled_window.desk.arrangement.text == "label:cat"


def test_nothing_is_said_to_be_meant_by_a_word_that_is_like_no_label(labelled_window: MainWindow) -> None:
    for words in ("wedding", "a catt"):
        type_filter(labelled_window, words)
        hit(labelled_window, Qt.Key.Key_Return)
        wait_until(lambda: labelled_window.desk.finding.choice is not None)
        settle(labelled_window)
        assert not labelled_window.desk.filter_bar.meant_button.isVisible()


def test_words_that_are_looked_for_in_vain_stay_in_the_line(window: MainWindow) -> None:
    type_filter(window, "wedding")
    assert "Enter looks for photos that show it." in window.desk.pages.gallery.message
    hit(window, Qt.Key.Key_Return)  # what was not labelled cannot be searched
    settle(window)
    assert window.messages.isVisible()
    assert window.desk.filter_bar.line.text() == "wedding"


def test_who_looks_for_words_comes_back_to_the_queue(labelled_window: MainWindow) -> None:
    queues = labelled_window.desk.queues
    queues.start("new")
    settle(labelled_window)
    photos = shown_paths(labelled_window)
    type_filter(labelled_window, "wedding")
    assert labelled_window.desk.queue_bar.isVisible()
    hit(labelled_window, Qt.Key.Key_Return)
    wait_until(lambda: labelled_window.desk.finding.choice is not None)
    settle(labelled_window)
    assert labelled_window.desk.queue_bar.isVisible()
    labelled_window.desk.pages.gallery.setFocus()
    press(labelled_window, Qt.Key.Key_Backspace, SHIFT)
    assert (queues.name, shown_paths(labelled_window)) == ("new", photos)


def test_who_types_within_the_words_goes_on_where_the_cursor_is(labelled_window: MainWindow) -> None:
    type_filter(labelled_window, "wedding")
    hit(labelled_window, Qt.Key.Key_Return)
    wait_until(lambda: labelled_window.desk.finding.choice is not None)
    settle(labelled_window)
    hit(labelled_window, Qt.Key.Key_Home)
    type_text("my ")
    wait_until(lambda: labelled_window.desk.finding.choice is None)
    line = labelled_window.desk.filter_bar.line
    assert (line.text(), line.cursorPosition()) == ("my wedding", 3)


def test_another_filter_searches_again(labelled_window: MainWindow) -> None:
    find_words(labelled_window, "a horse")
    everything = shown_paths(labelled_window)
    type_filter(labelled_window, "folder:trip")
    assert shown_paths(labelled_window) == [path for path in everything if path.startswith("trip/")]
    assert labelled_window.desk.finding.choice is not None


def test_leaving_shows_what_was_shown_before(labelled_window: MainWindow) -> None:
    before = shown_paths(labelled_window)
    find_words(labelled_window, "a lamp")
    assert shown_paths(labelled_window) != before
    press(labelled_window, Qt.Key.Key_Backspace, SHIFT)
    assert shown_paths(labelled_window) == before
    assert not labelled_window.desk.find_bar.isVisible()
    assert labelled_window.desk.pages.gallery.notes.parts == {}


def test_one_esc_among_the_photos_leaves_what_was_found_and_its_line(labelled_window: MainWindow) -> None:
    before = shown_paths(labelled_window)
    find_words(labelled_window, "a lamp")
    labelled_window.desk.pages.gallery.setFocus()
    press(labelled_window, Qt.Key.Key_Escape)
    assert shown_paths(labelled_window) == before
    assert not labelled_window.desk.find_bar.isVisible()
    assert labelled_window.desk.pages.gallery.hasFocus()


def test_the_photo_that_was_found_is_in_view_once_that_is_left(labelled_window: MainWindow) -> None:
    window, gallery = labelled_window, labelled_window.desk.pages.gallery
    window.resize(960, 540)
    gallery.thumbnail_side = 300
    find_words(window, "a lamp")
    gallery.setFocus()
    window.session.go_to(int(np.sort(window.session.shown)[-1]))  # last by name
    press(window, Qt.Key.Key_Escape)
    assert len(gallery.visible_places()) < ALL
    assert current_path(window) == shown_paths(window)[-1]
    assert gallery.currentIndex().row() in gallery.visible_places()


def test_asking_for_a_queue_leaves_what_was_found(labelled_window: MainWindow) -> None:
    find_words(labelled_window, "a lamp")
    press(labelled_window, Qt.Key.Key_5, ALT)
    assert labelled_window.desk.finding.choice is None
    assert labelled_window.desk.queues.name == "new"


def test_the_matching_snippet_is_framed_on_the_photo(labelled_window: MainWindow) -> None:
    find_words(labelled_window, "a lamp")
    parts = labelled_window.desk.finding.notes.parts
    assert sorted(parts) == list(range(ALL))
    row = next(row for row, part in parts.items() if part.right - part.left < 1)
    labelled_window.session.go_to(row)
    press(labelled_window, Qt.Key.Key_Return)
    canvas = labelled_window.desk.pages.photo.canvas
    settle(labelled_window)
    framed, photo = canvas.framed, canvas.photo_rect
    assert framed is not None
    assert framed.left() == pytest.approx(parts[row].left * photo.width())
    assert framed.height() == pytest.approx(photo.height() / 3)


def test_more_like_this_begins_with_the_photo_itself(labelled_window: MainWindow) -> None:
    row = 3
    labelled_window.session.go_to(row)
    path = current_path(labelled_window)
    press(labelled_window, Qt.Key.Key_J, CTRL)
    assert shown_paths(labelled_window)[0] == path
    assert len(shown_paths(labelled_window)) == ALL
    assert labelled_window.desk.find_bar.title.text() == f"Like {path.rpartition('/')[2]}"


def test_before_labelling_it_says_what_to_do(window: MainWindow) -> None:
    find_words(window, "a dog")
    assert "Label the photos" in window.messages.text.text()
    assert len(shown_paths(window)) == ALL


def test_how_far_the_first_search_is_is_told(labelled_window: MainWindow) -> None:
    told: list[str] = []
    labelled_window.desk.finding.progressed.connect(lambda _report: told.append(bar.told.text()))
    bar = labelled_window.desk.find_bar
    find_words(labelled_window, "a boat")
    assert told[0] == "Reading what the encoder saw  ·  0 of 8"


def test_leaving_ends_a_search_that_is_still_being_prepared(
    labelled_window: MainWindow, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, controls = Event(), []
    load = SearchIndex.load

    def wait_and_load(project: Project, progress: Progress, cancellation: Cancellation) -> SearchIndex:
        controls.append(cancellation)
        may_read.wait()
        return load(project, progress, cancellation)

    monkeypatch.setattr(SearchIndex, "load", wait_and_load)
    before = shown_paths(labelled_window)
    be_active(labelled_window)
    press(labelled_window, Qt.Key.Key_F3)
    type_text("a boat")
    bar = labelled_window.desk.find_bar
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    try:
        wait_until(lambda: bool(controls))
        QTest.mouseClick(bar.leave, Qt.MouseButton.LeftButton)
        assert controls[0].cancelled
    finally:
        may_read.set()
    settle(labelled_window)
    assert shown_paths(labelled_window) == before
    assert not labelled_window.messages.isVisible()
