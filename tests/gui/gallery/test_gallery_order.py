"""The orders and groups of the gallery, by hand."""

import random
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from acting import SHIFT, current_path, press, settle, wait_until
from filtering import shown_paths
from making import make_photo
from PySide6.QtCore import Qt
from showing import rows

from cdul_gui.session.names_in_order import ranks_by_name, sorted_by_name
from cdul_gui.session.order import Grouping, by_key, by_name, group_keys, groups_of, times
from cdul_gui.window.main_window import MainWindow

PATHS = ["a.jpg", "trip/b.jpg", "trip/c.jpg", "zoo/d.jpg"]
TAKEN = [datetime(2024, 5, 2, 9), None, datetime(2024, 5, 1, 8), datetime(2024, 5, 2, 7)]


NAMED = ranks_by_name(PATHS)


def test_by_name() -> None:
    assert by_name(rows(3, 0, 2), NAMED).tolist() == [0, 2, 3]


def test_scores_highest_first_and_unknown_last_in_both_directions() -> None:
    scores = np.array([0.2, np.nan, 0.9, 0.2], np.float32)
    assert by_key(rows(0, 1, 2, 3), scores, NAMED).tolist() == [2, 0, 3, 1]
    assert by_key(rows(3, 2, 1, 0), scores, NAMED, descending=False).tolist() == [0, 3, 2, 1]


def test_what_has_no_score_is_in_the_order_of_its_answers() -> None:
    scores = np.array([np.nan, np.nan, 0.9, np.nan], np.float32)
    answers = np.array([-2, 0, -1, 2], np.int8)
    assert by_key(rows(0, 1, 2, 3), scores, NAMED, answers=answers).tolist() == [2, 3, 1, 0]


def test_dates_newest_first_and_unknown_last_in_both_directions() -> None:
    assert by_key(rows(0, 1, 2, 3), times(TAKEN), NAMED).tolist() == [0, 3, 2, 1]
    assert by_key(rows(0, 1, 2, 3), times(TAKEN), NAMED, descending=False).tolist() == [2, 3, 0, 1]


def test_only_what_is_shown_is_ordered() -> None:
    assert by_key(rows(3, 2), np.array([9.0, 8.0, 7.0, 6.0]), NAMED).tolist() == [2, 3]
    assert by_key(rows(), np.array([9.0]), NAMED).tolist() == []


def test_the_groups_of_folders() -> None:
    assert group_keys(Grouping.FOLDER, rows(3, 2, 0, 1), PATHS, TAKEN) == ["zoo", "trip", "", "trip"]


def test_days() -> None:
    shown = rows(0, 3, 2, 1)
    groups = groups_of(group_keys(Grouping.DAY, shown, PATHS, TAKEN))
    assert groups.starts == [0, 2, 3]
    assert groups.titles == ["2024-05-02", "2024-05-01", ""]


def test_nothing_has_no_groups() -> None:
    assert groups_of([]).starts == []


@pytest.mark.parametrize(
    "names",
    [
        ["1.jpg", "2.jpg", "10.jpg", "100.jpg"],
        ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0010.jpg"],
        ["day 2/9.jpg", "day 2/10.jpg", "day 10/1.jpg"],
        ["a", "a1", "a01b", "a2", "a002b", "a10", "b"],
        ["0", "00", "1", "02", "3", "0004", "10"],
        ["", "a", "é 2", "é 10", "日本 2", "日本 10"],
        ["2024-05-01.jpg", "2024-05-02.jpg", "20240503101500.jpg"],
        ["only one"],
        [],
    ],
)
def test_numbers_in_names_count_as_numbers(names: list[str]) -> None:
    for seed in range(5):
        mixed = list(names)
        random.Random(seed).shuffle(mixed)
        assert sorted_by_name(mixed) == names


def test_photos_are_shown_in_the_order_of_their_numbers(empty_window: MainWindow, tmp_path: Path) -> None:
    window, wanted = empty_window, [f"photo {number}.jpg" for number in (1, 2, 9, 10, 11)]
    folders = ["day 2", "day 10"]
    for folder in folders:
        for number, name in enumerate(wanted):
            make_photo(tmp_path / "days" / folder / name, number, size=(16, 12))
    window.desk.opening.open_folder(tmp_path / "days")
    settle(window)
    window.desk.pages.gallery.setFocus()
    by_name = [f"{folder}/{name}" for folder in folders for name in wanted]
    assert shown_paths(window) == by_name
    assert current_path(window) == by_name[0]
    press(window, Qt.Key.Key_F8, SHIFT)  # by folder
    assert shown_paths(window) == by_name
    press(window, Qt.Key.Key_F1, SHIFT)
    press(window, Qt.Key.Key_F7, SHIFT)
    assert shown_paths(window) == [f"{folder}/{name}" for folder in folders for name in reversed(wanted)]


def test_photos_that_are_added_come_to_their_places(empty_window: MainWindow, tmp_path: Path) -> None:
    for number in (2, 10):
        make_photo(tmp_path / "some" / f"{number}.jpg", number, size=(16, 12))
    empty_window.desk.opening.open_folder(tmp_path / "some")
    settle(empty_window)
    for number in (3, 11):
        make_photo(tmp_path / "some" / f"{number}.jpg", number, size=(16, 12))
    empty_window.desk.opening.look_for_photos()
    settle(empty_window)
    wait_until(lambda: len(empty_window.session.shown) == 4)
    settle(empty_window)
    assert shown_paths(empty_window) == ["2.jpg", "3.jpg", "10.jpg", "11.jpg"]
