"""As one answers, the order of the photos follows: what is in view stays where it is, the rest does not wait."""

from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, press, settle, wait_until
from PySide6.QtCore import Qt
from taught_cats import CAT, make_cats, say_cats, snapshot_of

from cdul_gui.gallery.threshold_line import place_of_threshold
from cdul_gui.session.order import Grouping, kept_in_groups, kept_in_view
from cdul_gui.session.shown_photos import Sorting
from cdul_gui.window.main_window import MainWindow
from engine.stages.review.queues import DOUBTFUL, queue


@pytest.fixture
def swept(empty_window: MainWindow, tmp_path: Path) -> MainWindow:
    """The sweep of cat over sixty photos, of which a quarter can be seen at a time."""
    window = empty_window
    window.resize(1000, 620)
    window.desk.opening.open_folder(make_cats(tmp_path / "cats"))
    settle(window)
    window.desk.pages.gallery.setFocus()
    window.session.look_at_label(CAT)
    press(window, Qt.Key.Key_T, CTRL)
    wait_until(lambda: 0 < len(window.session.in_view) < 30)
    return window


def seen(window: MainWindow) -> dict[int, tuple[int, int]]:
    """Photos that can be seen, and where."""
    gallery = window.desk.pages.gallery
    return {
        int(window.session.shown[place]): gallery.tile_rect(place).topLeft().toTuple()
        for place in gallery.visible_places()
    }


def in_order_of_score(window: MainWindow) -> bool:
    scores = snapshot_of(window).scores[window.session.shown, CAT]
    return bool((np.diff(scores) <= 0).all())


def answer_doubtful(window: MainWindow, count: int) -> None:
    snapshot = snapshot_of(window)
    doubt = np.abs(snapshot.scores[:, CAT] - snapshot.thresholds[CAT])
    doubt[snapshot.decisions[:, CAT] != 0] = np.inf
    say_cats(window, np.argsort(doubt, kind="stable")[:count])
    wait_until(lambda: CAT in snapshot_of(window).taught and not window.desk.teaching.busy)


def test_photos_out_of_view_take_their_order_at_once_and_those_in_view_when_they_are_left(swept: MainWindow) -> None:
    before, current, shown = seen(swept), swept.session.current, swept.session.shown.copy()
    assert current in before
    answer_doubtful(swept, 14)
    wait_until(lambda: not np.array_equal(swept.session.shown, shown))
    settle(swept)
    assert seen(swept) == before
    assert swept.session.current == current
    assert swept.session.selection.tolist() == [current]
    held = np.isin(swept.session.shown, swept.desk.arrangement.held)
    scores = snapshot_of(swept).scores[swept.session.shown, CAT]
    assert (np.diff(scores[~held]) <= 0).all()
    assert swept.desk.filter_bar.again_button.isVisible()
    press(swept, Qt.Key.Key_End)
    press(swept, Qt.Key.Key_Home)
    wait_until(lambda: in_order_of_score(swept))
    assert not swept.desk.filter_bar.again_button.isVisible()
    assert swept.desk.pages.gallery.threshold_line is not None


def test_nothing_comes_between_several_photos_that_are_selected(swept: MainWindow) -> None:
    press(swept, Qt.Key.Key_Home)
    for _ in range(20):
        press(swept, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    first = swept.session.shown[:21].tolist()
    answer_doubtful(swept, 14)
    settle(swept)
    swept.desk.pages.gallery.verticalScrollBar().setValue(10_000)
    wait_until(lambda: not swept.session.workers.busy and not swept.desk.arrangement.following)
    assert swept.session.shown[:21].tolist() == first


def test_a_filter_lets_go_of_what_no_longer_fits_when_it_is_left(swept: MainWindow) -> None:
    swept.desk.arrangement.filter_by("-state:reviewed")
    settle(swept)
    press(swept, Qt.Key.Key_Home)
    order = swept.session.shown.tolist()
    for place in range(1, 6):
        press(swept, Qt.Key.Key_Space)
        assert swept.session.current == order[place]
    wait_until(lambda: not swept.desk.arrangement.following)
    assert set(order[:5]) <= set(seen(swept))  # none slips away under the hands
    press(swept, Qt.Key.Key_End)
    wait_until(lambda: not set(order[:5]) & set(swept.session.shown.tolist()))


def test_a_queue_follows_after_what_is_in_view(swept: MainWindow) -> None:
    swept.desk.queues.start(DOUBTFUL)
    settle(swept)
    project = swept.session.project
    assert project is not None
    order, in_view = swept.session.shown.copy(), swept.session.in_view
    answer_doubtful(swept, 14)
    wait_until(lambda: not np.array_equal(swept.session.shown, order))
    settle(swept)
    assert swept.session.shown[: in_view.stop].tolist() == order[: in_view.stop].tolist()
    assert swept.desk.queue_bar.isVisible()
    later = swept.session.shown[in_view.stop :]
    urgent = queue(project, snapshot_of(swept), DOUBTFUL)
    assert later.tolist() == [row for row in urgent.tolist() if row in set(later.tolist())]


def test_photos_in_groups_follow_within_their_group(empty_window: MainWindow, tmp_path: Path) -> None:
    window = empty_window
    window.resize(1000, 620)
    window.desk.opening.open_folder(make_cats(tmp_path / "cats", folders=("home", "zoo")))
    settle(window)
    window.desk.pages.gallery.setFocus()
    window.session.look_at_label(CAT)
    window.desk.arrangement.sort_by(Sorting.SCORE)
    window.desk.arrangement.group_by(Grouping.FOLDER)
    settle(window)
    wait_until(lambda: 0 < len(window.session.in_view) < 30)
    before, order = seen(window), window.session.shown.copy()
    answer_doubtful(window, 14)
    wait_until(lambda: not np.array_equal(window.session.shown, order))
    settle(window)
    assert seen(window) == before
    folders = [snapshot_of(window).paths[row].split("/")[0] for row in window.session.shown]
    assert folders == sorted(folders)
    # The second folder was out of view, and is in order without being asked.
    scores = snapshot_of(window).scores[window.session.shown, CAT]
    assert (np.diff(scores[folders.index("zoo") :]) <= 0).all()
    assert window.desk.filter_bar.again_button.isVisible()
    press(window, Qt.Key.Key_End)
    wait_until(lambda: not window.desk.filter_bar.again_button.isVisible())


def test_each_photo_stays_in_its_group() -> None:
    ranks = np.arange(24) // 8
    shown, wanted = np.arange(24), np.array([*range(7, -1, -1), *range(15, 7, -1), *range(22, 15, -1)])
    found, moved = kept_in_groups(shown, wanted, ranks, range(12, 20), 4)
    # The first group is as wanted; of the others those in view stay where they were.
    assert found[:8].tolist() == list(range(7, -1, -1))
    assert ranks[found].tolist() == sorted(ranks[found].tolist())
    assert found[12:20].tolist() == list(range(12, 20))
    assert set(range(12, 20)) <= set(moved.tolist())
    assert sorted(found.tolist()) == list(range(23))


def test_a_group_that_is_left_out_stays_while_it_is_seen() -> None:
    ranks = np.array([0, 0, 1, 1, 2, 2])
    found, _ = kept_in_groups(np.arange(6), np.array([1, 4, 5]), ranks, range(2, 4), 4)
    assert found.tolist() == [1, 2, 3, 4, 5]
    found, _ = kept_in_groups(np.arange(6), np.array([4, 5]), ranks, range(0), 4)
    assert found.tolist() == [4, 5]


def test_nothing_moves_where_the_order_is_the_same() -> None:
    shown = np.arange(20)[::-1].copy()
    found, _ = kept_in_view(shown, shown.copy(), range(8, 16), 4)
    assert found.tolist() == shown.tolist()


def test_what_is_in_view_stays_together_and_all_else_is_in_order() -> None:
    shown, wanted = np.arange(24), np.array([20, 9, *(n for n in range(24) if n not in (20, 9, 10)), 10])
    found, moved = kept_in_view(shown, wanted, range(8, 16), 4)
    assert found[8:16].tolist() == list(range(8, 16))
    rest = [n for n in found.tolist() if n not in moved]
    assert rest == [n for n in wanted.tolist() if n not in moved]
    assert sorted(found.tolist()) == list(range(24))
    assert found[0] == 20


def test_photos_that_are_no_longer_wanted_stay_while_they_are_seen_and_nobody_passes_those_that_follow() -> None:
    shown = np.arange(40)
    wanted = np.arange(13, 40)  # the first thirteen are reviewed, and the filter leaves them out
    found, _ = kept_in_view(shown, wanted, range(12, 20), 4)
    assert found.tolist() == list(range(12, 40))
    found, _ = kept_in_view(shown, np.arange(30, 40), range(12, 20), 4)
    assert found.tolist() == [*range(12, 20), *range(30, 40)]
    found, _ = kept_in_view(shown, np.array([*range(8), *range(30, 40)]), range(12, 20), 4)
    assert found.tolist() == [*range(8), *range(12, 20), *range(30, 40)]


def test_lines_stay_whole() -> None:
    shown = np.arange(16)
    found, moved = kept_in_view(shown, np.delete(shown, 1), range(8, 12), 4)
    assert found.tolist() == [0, 2, 3, 4, 8, 9, 10, 11, 5, 6, 7, 12, 13, 14, 15]
    assert {5, 6, 7} <= set(moved.tolist())


def test_the_line_of_the_threshold_looks_past_photos_that_are_held() -> None:
    scores = np.array([0.9, 0.8, 0.2, 0.7, 0.3, 0.1], np.float32)
    held = np.array([False, False, True, True, False, False])
    assert place_of_threshold(scores, 0.5, held) == 2
    assert place_of_threshold(scores, 0.5) is None
    all_held = np.ones(6, bool)
    assert place_of_threshold(scores, 0.5, all_held) in (2, 4)
