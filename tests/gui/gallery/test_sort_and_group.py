"""The order and the groups of the gallery, from the menus and the drop-downs above it."""

from acting import LABELS, SUGGESTED, click_label, click_photo, command, current_path, press, settle
from filtering import shown_paths, type_filter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.session.order import Grouping
from cdul_gui.window.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier
PATHS = list(SUGGESTED)


def test_by_score_of_the_chosen_label_and_of_another_once_that_is_chosen(window: MainWindow) -> None:
    _choose(window, "sort-score")
    assert window.desk.filter_bar.sort_button.text() == "Sort: score – choose a label"
    click_label(window, "dog")
    assert shown_paths(window)[:3] == ["dog.webp", "zebra.bmp", "trip/turned.jpg"]
    assert window.desk.filter_bar.sort_button.text() == "Sort: highest dog"
    click_label(window, "tree")
    assert shown_paths(window)[:2] == ["trip/day two/horse.jpeg", "beach.jpg"]


def test_the_other_direction(window: MainWindow) -> None:
    _choose(window, "sort-reversed")
    assert shown_paths(window) == PATHS[::-1]
    assert window.desk.filter_bar.sort_button.text() == "Sort: name, from Z"
    _choose(window, "sort-reversed")
    assert shown_paths(window) == PATHS


def test_a_queue_has_an_order_of_its_own_and_the_drop_downs_claim_no_other(window: MainWindow) -> None:
    bar = window.desk.filter_bar
    _choose(window, "group-folder")
    command(window, "queue-doubtful").trigger()
    settle(window)
    assert (bar.sort_button.text(), bar.group_button.text()) == ("Sort", "Group")
    assert not command(window, "sort-name").isChecked()
    assert not command(window, "group-folder").isChecked()
    _choose(window, "group-folder")
    assert window.desk.pages.gallery.grouping == Grouping.FOLDER
    assert (bar.sort_button.text(), bar.group_button.text()) == ("Sort: name", "Group: folder")
    assert command(window, "sort-name").isChecked()


def test_by_review_the_last_first_and_the_others_after_them(window: MainWindow) -> None:
    for path in ("city.png", "zebra.bmp"):
        click_photo(window, path)
        press(window, Qt.Key.Key_M)
    _choose(window, "sort-reviewed")
    assert shown_paths(window)[:3] == ["zebra.bmp", "city.png", "beach.jpg"]


def test_by_date_those_without_one_last(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    dated = [path for path, taken in zip(snapshot.paths, snapshot.taken_at, strict=True) if taken is not None]
    _choose(window, "sort-taken")
    shown = shown_paths(window)
    assert set(shown[: len(dated)]) == set(dated)
    assert shown[len(dated) :] == [path for path in PATHS if path not in dated]


def test_by_doubt_what_is_nearest_its_threshold_first(window: MainWindow) -> None:
    # The scores are .9, .8, .7 for what is suggested and .05 for all else, the threshold is .2: those with .7 are
    # farther from it than .05, and one photo without any suggestion is as doubtful as those with one.
    _choose(window, "sort-doubt")
    assert sorted(shown_paths(window)) == sorted(PATHS)
    for path in PATHS[:-1]:
        click_photo_shown(window, path)
        for name in LABELS:
            window.desk.review.confirm(LABELS.index(name))
    settle(window)
    _choose(window, "apply-again")
    assert shown_paths(window)[0] == PATHS[-1]


def test_the_current_photo_stays_the_current_one(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    _choose(window, "sort-reversed")
    assert current_path(window) == "dog.webp"
    assert [window.session.snapshot.paths[row] for row in window.session.selection] == ["dog.webp"]


def test_folders_come_together(window: MainWindow) -> None:
    _choose(window, "group-folder")
    assert [path for path in shown_paths(window) if path.startswith("trip/")] == [
        "trip/boat.jpg",
        "trip/turned.jpg",
        "trip/day two/horse.jpeg",
        "trip/day two/lamp.JPG",
    ]
    assert window.desk.pages.gallery.grouping == Grouping.FOLDER
    assert window.desk.filter_bar.group_button.text() == "Group: folder"
    _choose(window, "group-folder")
    assert shown_paths(window) == PATHS
    assert window.desk.pages.gallery.grouping == Grouping.NONE


def test_days_come_together_within_a_filter(window: MainWindow) -> None:
    type_filter(window, "label:dog")
    _choose(window, "group-day")
    assert sorted(shown_paths(window)) == ["dog.webp", "trip/turned.jpg", "zebra.bmp"]
    assert window.desk.pages.gallery.grouping == Grouping.DAY


def test_the_keys_and_the_drop_downs_do_the_same(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F7, SHIFT)
    assert shown_paths(window) == PATHS[::-1]
    menu = window.desk.filter_bar.sort_menu
    menu.popup(window.mapToGlobal(window.rect().center()))
    menu.setActiveAction(command(window, "sort-name"))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    settle(window)
    assert shown_paths(window) == PATHS
    assert command(window, "sort-name").isChecked()
    assert not command(window, "sort-taken").isChecked()


def click_photo_shown(window: MainWindow, path: str) -> None:
    """Look at a photo, wherever it is shown."""
    assert window.session.snapshot is not None
    window.session.go_to(window.session.snapshot.paths.index(path))


def _choose(window: MainWindow, name: str) -> None:
    command(window, name).trigger()
    settle(window)
