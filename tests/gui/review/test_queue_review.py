"""Queues: which photos they show, and how far one is; all of it by keyboard."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from acting import (
    ALT,
    CTRL,
    SHIFT,
    SUGGESTED,
    click_label,
    click_photo,
    command,
    current_path,
    press,
    reviewed_kept,
    settle,
    states_kept,
    type_text,
)
from filtering import shown_paths
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.session.review_rate import ReviewRate
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.label_scores import LabelScores, TaughtScores
from engine.project.runs import AGGREGATED, GLOBAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ThresholdSource
from engine.stages.review.queues import AUDIT, DOUBTFUL, NEW, OPINIONS, UNSURE, queue

ALL = list(SUGGESTED)


def paths_of(photos: Path, name: str, **how: int) -> Sequence[str]:
    with Project.open(photos, read_only=True) as project:
        snapshot = take_snapshot(project)
        return [snapshot.paths[row] for row in queue(project, snapshot, name, **how)]


def look_at(window: MainWindow, path: str) -> None:
    """By N, as one does in a queue."""
    while current_path(window) != path:
        press(window, Qt.Key.Key_N)


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_1, DOUBTFUL), (Qt.Key.Key_5, NEW)])
def test_a_queue_shows_its_photos_in_its_order_from_the_first(
    window: MainWindow, scored_photos: Path, key: Qt.Key, name: str
) -> None:
    expected = paths_of(scored_photos, name)
    press(window, key, ALT)
    assert shown_paths(window) == expected
    assert current_path(window) == expected[0]
    assert window.desk.queue_bar.isVisible()
    assert window.desk.queue_bar.left.text() == "8 left"


def test_why_a_queue_is_empty_is_said_until_another_one_begins(window: MainWindow) -> None:
    window.desk.queues.start(OPINIONS)
    settle(window)
    assert window.messages.text.text().startswith("Nothing differs, or there is no second opinion yet.")
    press(window, Qt.Key.Key_3, ALT)  # empty, too
    assert window.messages.text.text() == "No answer looks like a mistake: there are no suspected mistakes."
    press(window, Qt.Key.Key_1, ALT)
    assert window.desk.queue_bar.isVisible()
    assert not window.messages.isVisible()
    # What is not about queues stays.
    window.session.noticed.emit("A photo could not be read.")
    press(window, Qt.Key.Key_5, ALT)
    assert window.messages.text.text() == "A photo could not be read."


def test_the_review_button_starts_the_queue_that_is_of_most_use(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    QTest.mouseClick(window.toolbar.review_button, Qt.MouseButton.LeftButton)
    settle(window)
    # Nothing is undecided here, so the most doubtful.
    assert window.desk.queues.name == (UNSURE if snapshot.unsure().any() else DOUBTFUL)
    assert window.desk.queue_bar.isVisible()
    assert not window.messages.isVisible()


def test_an_audit_is_in_another_order_each_time(window: MainWindow, scored_photos: Path) -> None:
    orders = []
    for seed in (1, 2):
        press(window, Qt.Key.Key_4, ALT)
        orders.append(shown_paths(window))
        assert orders[-1] == paths_of(scored_photos, AUDIT, seed=seed)
    assert orders[0] != orders[1]


def test_a_queue_is_reviewed_by_space_alone_in_the_gallery_and_large(window: MainWindow, scored_photos: Path) -> None:
    press(window, Qt.Key.Key_5, ALT)
    order, bar = shown_paths(window), window.desk.queue_bar
    press(window, Qt.Key.Key_Space)
    assert current_path(window) == order[1]
    assert bar.left.text() == "7 left, 1 done"
    press(window, Qt.Key.Key_Return)
    for place in range(2, 8):
        press(window, Qt.Key.Key_Space)
        assert current_path(window) == order[place]
    assert bar.isVisible()
    assert bar.left.text() == "1 left, 7 done"
    press(window, Qt.Key.Key_Space)
    assert bar.left.text() == "All 8 done; go on (Space)"
    assert reviewed_kept(scored_photos) == ALL


def test_what_is_reviewed_is_not_asked_again(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_5, ALT)
    assert sorted(shown_paths(window)) == sorted(set(ALL) - {"dog.webp"})


def test_undo_puts_a_photo_back(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Z, CTRL)
    assert window.desk.queue_bar.left.text() == "8 left"


def test_the_bar_tells_how_many_suggestions_were_right_by_label(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    bar = window.desk.queue_bar
    assert bar.right.text() == "None of these suggestions answered yet"
    assert "leave the queue" in bar.left.toolTip()  # so that a total that shrinks is none that is wrong
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/turned.jpg")
    window.session.look_at_label(1)
    press(window, Qt.Key.Key_X)  # no dog
    press(window, Qt.Key.Key_Space)  # but a cat and a boat
    press(window, Qt.Key.Key_Home)
    look_at(window, "zebra.bmp")
    press(window, Qt.Key.Key_Space)  # a dog
    assert bar.right.text() == "3 of 4 right"
    assert "dog: 1/2  ·  .50 (" in bar.right.toolTip()
    press(window, Qt.Key.Key_S, ALT)
    listed = [action.text().split("\t")[0] for action in bar.by_label.actions()]
    assert listed == ["dog", "cat", "boat"]
    bar.by_label.close()


def test_what_was_suggested_when_it_was_answered_is_counted_whatever_is_suggested_since(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/turned.jpg")
    window.session.look_at_label(1)
    press(window, Qt.Key.Key_X)  # no dog
    press(window, Qt.Key.Key_Space)  # but a cat and a boat
    assert window.desk.queue_bar.right.text() == "2 of 3 right"
    window.desk.thresholds.keep_for_all(0.85)
    settle(window)
    assert window.desk.queue_bar.right.text() == "2 of 3 right"
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/turned.jpg")
    press(window, Qt.Key.Key_Z, CTRL)
    press(window, Qt.Key.Key_Z, CTRL)
    press(window, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert window.desk.queue_bar.right.text() == "None of these suggestions answered yet"


def test_the_bar_counts_what_is_answered_in_the_queue_and_nothing_from_before(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/turned.jpg")
    window.session.look_at_label(0)
    press(window, Qt.Key.Key_X)  # no cat
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/turned.jpg")
    press(window, Qt.Key.Key_Space)  # but a dog and a boat
    bar = window.desk.queue_bar
    assert bar.right.text() == "2 of 2 right"
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/turned.jpg")
    window.desk.review.confirm(0)  # a cat after all
    settle(window)
    assert bar.right.text() == "3 of 3 right"
    press(window, Qt.Key.Key_Z, CTRL)
    assert bar.right.text() == "2 of 2 right"


def test_the_bar_counts_what_only_answers_made_likely(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    # As if the cats had been learnt from answers: likely on a boat that no score took for one.
    scores = np.where(snapshot.photo_ids == snapshot.photo_ids[snapshot.paths.index("trip/boat.jpg")], 0.9, 0.1)
    nobody = np.zeros(0, np.int64)
    probable = LabelScores(scores.astype(np.float32), 0.6, 0.3, ThresholdSource.FROM_REVIEW)
    snapshot.take_what_was_taught({0: TaughtScores(probable, "enough", 1.0, (0.9, 0.05), nobody, nobody > 0, nobody)})
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Home)
    look_at(window, "trip/boat.jpg")
    press(window, Qt.Key.Key_Space)
    assert window.desk.queue_bar.right.text() == "2 of 2 right"


def test_a_queue_stays_when_the_scores_are_read_anew(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Space)
    before = shown_paths(window)
    window.session.refresh()
    settle(window)
    assert shown_paths(window) == before
    assert window.desk.queue_bar.left.text() == "7 left, 1 done"


def test_where_stages_disagree_the_labels_are_named_on_which_they_do(window: MainWindow) -> None:
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    labels = [label.id for label in snapshot.labels]
    run = begin_run(project, "test", label_ids=labels, settings={})
    photo = int(snapshot.photo_ids[snapshot.paths.index("city.png")])
    for stage, scores in ((GLOBAL, 0.01), (AGGREGATED, 0.99)):
        store_scores(project, run, stage, [photo], np.array([[scores, *[0.5] * (len(labels) - 1)]], np.float32))
    finish_run(project, run)
    window.session.refresh()
    settle(window)
    press(window, Qt.Key.Key_2, ALT)
    assert current_path(window) == "city.png"
    said = window.desk.queue_bar.second.text()
    assert said.startswith("They differ on ")
    assert snapshot.labels[0].name in said
    # What was answered is no longer named.
    window.desk.review.confirm(0)
    settle(window)
    assert snapshot.labels[0].name not in window.desk.queue_bar.second.text()


def test_mistakes_are_decisions_against_a_confident_score(window: MainWindow) -> None:
    click_photo(window, "city.png")
    window.session.look_at_label(0)
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_M)
    press(window, Qt.Key.Key_3, ALT)
    assert shown_paths(window) == ["city.png"]
    bar = window.desk.queue_bar
    assert bar.second.text() == "Perhaps wrong: no to cat"
    # It was reviewed before, but not since somebody suspected a mistake.
    assert bar.left.text() == "1 left"
    press(window, Qt.Key.Key_Space)
    assert bar.left.text() == "All 1 done; go on (Space)"
    # Who went on stands by it, and is not asked again.
    press(window, Qt.Key.Key_Escape, SHIFT)
    press(window, Qt.Key.Key_3, ALT)
    assert "no suspected mistakes" in window.messages.text.text()


def test_space_behind_the_end_of_a_queue_goes_on_with_more_and_not_in_twos_and_threes(window: MainWindow) -> None:
    window.desk.queues.start(DOUBTFUL, most=3)
    settle(window)
    first = shown_paths(window)
    for _ in range(4):
        press(window, Qt.Key.Key_Space)
    assert window.desk.queue_bar.left.text() == "4 of 4 left"
    assert not set(first) & set(shown_paths(window))
    assert current_path(window) == shown_paths(window)[0]


def test_space_in_haste_behind_the_end_accepts_no_photo_that_nobody_has_seen(
    window: MainWindow, scored_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdul_gui.session.queues._SECONDS_TO_SEE", 600)
    window.desk.queues.start(DOUBTFUL, most=3)
    settle(window)
    for _ in range(6):
        press(window, Qt.Key.Key_Space)
    assert len(reviewed_kept(scored_photos)) == 3
    assert window.said.text() == "Another queue begins here: Space accepts its photos from now on."
    monkeypatch.setattr("cdul_gui.session.queues._SECONDS_TO_SEE", 0)
    press(window, Qt.Key.Key_Space)
    assert len(reviewed_kept(scored_photos)) == 4


def test_space_looks_through_a_queue_that_is_done_once_more(window: MainWindow) -> None:
    window.desk.queues.start(DOUBTFUL, most=3)
    settle(window)
    photos = shown_paths(window)
    for _ in range(3):
        press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Home)
    press(window, Qt.Key.Key_Space)
    assert (shown_paths(window), current_path(window)) == (photos, photos[1])


def test_in_a_queue_of_all_labels_keys_answer_for_all_of_them(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "cat")
    press(window, Qt.Key.Key_5, ALT)
    look_at(window, "trip/boat.jpg")
    press(window, Qt.Key.Key_X)
    assert states_kept(scored_photos, "trip/boat.jpg") == {"boat": "rejected"}
    window.desk.queues.leave()
    settle(window)
    assert window.session.label == 0  # by which the photos were ordered


def test_an_empty_queue_says_why_and_changes_nothing(window: MainWindow) -> None:
    press(window, Qt.Key.Key_3, ALT)
    assert "no suspected mistakes" in window.messages.text.text()
    assert shown_paths(window) == ALL
    assert not window.desk.queue_bar.isVisible()


def test_a_queue_that_needs_scores_says_so(empty_window: MainWindow, photo_folder: Path) -> None:
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    press(empty_window, Qt.Key.Key_1, ALT)
    assert "Press Label first" in empty_window.messages.text.text()


def test_a_stretch_stays_one_when_it_is_spread_over_unlike_photos(window: MainWindow) -> None:
    window.desk.queues.start(NEW, most=3)
    settle(window)
    window.desk.queues.toggle_unlike()
    settle(window)
    assert window.desk.queues.total == 3
    assert window.desk.queue_bar.left.text() == "3 of 3 left"


def test_a_queue_can_be_spread_over_unlike_photos_and_begins_anew(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_U, ALT)
    bar = window.desk.queue_bar
    assert bar.unlike.isChecked()
    assert command(window, "queue-unlike").isChecked()
    assert bar.left.text() == "7 left"
    QTest.mouseClick(bar.unlike, Qt.MouseButton.LeftButton)
    settle(window)
    assert not command(window, "queue-unlike").isChecked()


def test_the_rate_is_of_the_last_minutes() -> None:
    now = 100.0
    rate = ReviewRate(lambda: now)
    rate.add(2)
    now += 5
    assert rate.per_minute is None  # too early to tell
    now += 55
    rate.add(4)
    assert rate.per_minute == 6
    rate.add(-3)  # undone
    assert rate.per_minute == 3
    now += 170  # the first two were longer than three minutes ago
    assert rate.per_minute == pytest.approx(1 / 3)
    now += 1000
    assert rate.per_minute == 0


def test_a_label_that_joins_leaves_the_queue_as_long_as_it_is(window: MainWindow) -> None:
    window.resize(800, 520)
    window.desk.pages.gallery.thumbnail_side = 384  # most of the queue is out of sight
    settle(window)
    window.desk.queues.start(UNSURE, most=5)
    settle(window)
    before = shown_paths(window)
    assert len(before) == 5
    press(window, Qt.Key.Key_K, CTRL)
    type_text("lorry")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return)
    settle(window)
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert [label.name for label in snapshot.labels][-1] == "lorry"
    assert shown_paths(window) == before
