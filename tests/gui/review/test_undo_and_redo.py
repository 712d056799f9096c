"""Every edit can be undone and done again, also after a restart."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from acting import (
    CTRL,
    SHIFT,
    click_photo,
    command,
    current_path,
    press,
    reviewed_kept,
    settle,
    states_kept,
    states_shown,
    wait_until,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import NO, UNDECIDED
from engine.project.runs import REFINED, begin_run, finish_run, store_scores


def test_undo_takes_an_edit_back_as_a_whole_and_redo_does_it_again(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}
    assert reviewed_kept(scored_photos) == []
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "confirmed", "tree": "confirmed"}
    assert reviewed_kept(scored_photos) == ["beach.jpg"]


def test_undo_goes_back_edit_by_edit(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["city.png"]
    press(window, Qt.Key.Key_Z, CTRL)
    assert reviewed_kept(scored_photos) == []
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected"}
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    press(window, Qt.Key.Key_Z, CTRL)  # nothing is left to undo
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_what_undo_and_redo_change_is_seen_before_the_database_was_asked(
    window: MainWindow, scored_photos: Path
) -> None:
    click_photo(window, "city.png")
    gallery = window.desk.pages.gallery
    with writing_held(window):
        QTest.keyClick(gallery, Qt.Key.Key_X)
        QTest.keyClick(gallery, Qt.Key.Key_Space)
        QTest.keyClick(gallery, Qt.Key.Key_Z, CTRL)
        QTest.keyClick(gallery, Qt.Key.Key_Z, CTRL)
        assert (current_path(window), states_shown(window)) == ("city.png", {"cat": "likely"})
        QTest.keyClick(gallery, Qt.Key.Key_Z, CTRL | SHIFT)
        assert states_shown(window) == {"cat": "rejected"}
        QTest.keyClick(gallery, Qt.Key.Key_1)
        QTest.keyClick(gallery, Qt.Key.Key_Z, CTRL)
        assert states_shown(window) == {"cat": "rejected"}
    settle(window)
    assert states_shown(window) == states_kept(scored_photos, "city.png") == {"cat": "rejected"}
    assert reviewed_kept(scored_photos) == []


def test_what_undo_changes_is_what_the_database_says(window: MainWindow, scored_photos: Path) -> None:
    session = window.session
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    # An edit of the same person that the window does not know of, as by the command line.
    project, snapshot = session.project, session.snapshot
    assert project is not None
    assert snapshot is not None
    dog = Answer(int(snapshot.photo_ids[snapshot.paths.index("dog.webp")]), snapshot.labels[0].id, True)
    session.workers.write(lambda: answer(project, "meanwhile", [dog]))
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected"}
    assert snapshot.decisions[snapshot.paths.index("city.png"), 0] == NO
    assert snapshot.decisions[snapshot.paths.index("dog.webp"), 0] == UNDECIDED
    press(window, Qt.Key.Key_Z, CTRL)
    click_photo(window, "city.png")
    assert states_shown(window) == states_kept(scored_photos, "city.png") == {"cat": "likely"}


@contextmanager
def writing_held(window: MainWindow) -> Iterator[None]:
    """Nothing is written to the project meanwhile."""
    hold = Event()
    window.session.workers.write(hold.wait)
    yield
    hold.set()


def test_undo_after_closing_and_opening_again(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    press_close_and_open(window, scored_photos)
    click_photo(window, "city.png")
    assert states_shown(window) == {"cat": "rejected"}
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_shown(window) == {"cat": "likely"}
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def press_close_and_open(window: MainWindow, photos: Path) -> None:
    window.desk.opening.close()
    window.desk.opening.open_folder(photos)
    settle(window)


def test_undo_shows_the_photo_whose_answer_it_takes_back(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Space)
    assert current_path(window) == "trip/day two/horse.jpeg"
    press(window, Qt.Key.Key_Z, CTRL)
    assert current_path(window) == "trip/boat.jpg"
    press(window, Qt.Key.Key_Z, CTRL)
    assert current_path(window) == "dog.webp"
    assert window.session.targets().tolist() == [window.session.current]
    press(window, Qt.Key.Key_N)
    press(window, Qt.Key.Key_N)
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert current_path(window) == "dog.webp"


def test_undo_in_a_large_photo_shows_the_photo_whose_answer_it_takes_back(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Z, CTRL)
    assert current_path(window) == "dog.webp"
    assert window.desk.pages.shows_photo


def test_undo_stays_where_the_photo_is_not_shown_or_is_looked_at(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    press(window, Qt.Key.Key_X)
    click_photo(window, "zebra.bmp", CTRL)
    press(window, Qt.Key.Key_M)
    assert len(window.session.selection) == 2
    press(window, Qt.Key.Key_Z, CTRL)
    assert current_path(window) == "zebra.bmp"
    assert len(window.session.selection) == 2
    window.desk.arrangement.filter_by("label:boat")
    settle(window)
    before = current_path(window)
    press(window, Qt.Key.Key_Z, CTRL)
    assert current_path(window) == before


def test_undo_and_redo_can_be_chosen_only_where_there_is_something(window: MainWindow, scored_photos: Path) -> None:
    undo, redo = command(window, "undo"), command(window, "redo")

    def choosable() -> tuple[bool, bool]:
        return undo.isEnabled(), redo.isEnabled()

    wait_until(lambda: choosable() == (False, False))
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    assert undo.isEnabled()  # at once: no key is lost
    wait_until(lambda: choosable() == (True, False))
    press(window, Qt.Key.Key_Z, CTRL)
    assert redo.isEnabled()
    wait_until(lambda: choosable() == (False, True))
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    wait_until(lambda: choosable() == (True, False))
    press_close_and_open(window, scored_photos)
    wait_until(lambda: choosable() == (True, False))


def test_a_training_can_be_undone_and_done_again(window: MainWindow, scored_photos: Path) -> None:
    undo, redo = command(window, "undo"), command(window, "redo")
    wait_until(lambda: not undo.isEnabled())
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    run = begin_run(project, "refine", label_ids=[label.id for label in snapshot.labels], settings={})
    store_scores(project, run, REFINED, snapshot.photo_ids.tolist(), snapshot.scores.copy())
    finish_run(project, run)
    window.session.refresh()
    settle(window)
    wait_until(lambda: undo.isEnabled() and not redo.isEnabled())
    press(window, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: redo.isEnabled() and not undo.isEnabled())
