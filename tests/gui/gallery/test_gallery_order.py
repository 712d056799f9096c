"""The orders and groups of the gallery, by hand."""

from datetime import datetime

import numpy as np
from showing import rows

from cdul_gui.session.order import Grouping, by_key, by_name, group_keys, groups_of, times

PATHS = ["a.jpg", "trip/b.jpg", "trip/c.jpg", "zoo/d.jpg"]
TAKEN = [datetime(2024, 5, 2, 9), None, datetime(2024, 5, 1, 8), datetime(2024, 5, 2, 7)]


def test_by_name() -> None:
    assert by_name(rows(3, 0, 2)).tolist() == [0, 2, 3]


def test_scores_highest_first_and_unknown_last_in_both_directions() -> None:
    scores = np.array([0.2, np.nan, 0.9, 0.2], np.float32)
    assert by_key(rows(0, 1, 2, 3), scores).tolist() == [2, 0, 3, 1]
    assert by_key(rows(3, 2, 1, 0), scores, descending=False).tolist() == [0, 3, 2, 1]


def test_dates_newest_first_and_unknown_last_in_both_directions() -> None:
    assert by_key(rows(0, 1, 2, 3), times(TAKEN)).tolist() == [0, 3, 2, 1]
    assert by_key(rows(0, 1, 2, 3), times(TAKEN), descending=False).tolist() == [2, 3, 0, 1]


def test_only_what_is_shown_is_ordered() -> None:
    assert by_key(rows(3, 2), np.array([9.0, 8.0, 7.0, 6.0])).tolist() == [2, 3]
    assert by_key(rows(), np.array([9.0])).tolist() == []


def test_the_groups_of_folders() -> None:
    assert group_keys(Grouping.FOLDER, rows(3, 2, 0, 1), PATHS, TAKEN) == ["zoo", "trip", "", "trip"]


def test_days() -> None:
    shown = rows(0, 3, 2, 1)
    groups = groups_of(group_keys(Grouping.DAY, shown, PATHS, TAKEN))
    assert groups.starts == [0, 2, 3]
    assert groups.titles == ["2024-05-02", "2024-05-01", ""]


def test_nothing_has_no_groups() -> None:
    assert groups_of([]).starts == []
