"""What a queue asks about stands among the labels of the photo, with a digit that answers it."""

from pathlib import Path

import numpy as np
import pytest
from acting import ALT, LABELS, SHIFT, SUGGESTED, click_photo, current_path, press, settle, states_kept, states_shown
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow
from engine.project.runs import AGGREGATED, GLOBAL, SECOND, begin_run, finish_run, store_scores
from engine.stages.review.queues import OPINIONS


def score(window: MainWindow, stage: str, by_photo: dict[str, tuple[float, ...]]) -> None:
    """Give photos scores of another stage, label by label."""
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    run = begin_run(project, f"test {stage}", label_ids=[label.id for label in snapshot.labels], settings={})
    photos = [int(snapshot.photo_ids[snapshot.paths.index(path)]) for path in by_photo]
    store_scores(project, run, stage, photos, np.array(list(by_photo.values()), np.float32))
    finish_run(project, run)


@pytest.fixture
def apart(window: MainWindow) -> MainWindow:
    """The queue of where stages disagree: on boat and tree of city.png, which is a cat, and on the dog of lamp.JPG."""
    for stage, no, yes in ((GLOBAL, 0.02, 0.01), (AGGREGATED, 0.98, 0.99)):
        same = dict.fromkeys(SUGGESTED, (0.01,) * 4)
        score(window, stage, same | {"city.png": (0.9, 0.01, yes, no), "trip/day two/lamp.JPG": (0.01, no, 0.01, 0.01)})
    window.session.refresh()
    settle(window)
    press(window, Qt.Key.Key_2, ALT)
    assert current_path(window) == "city.png"
    return window


def keys_shown(window: MainWindow) -> dict[str, str | None]:
    """Label to key, of the photo that is looked at."""
    return {label.name: label.key for label in window.desk.labels_of_photo.labels}


def test_what_stages_differ_on_has_a_digit_also_where_it_is_not_even_maybe(
    apart: MainWindow, scored_photos: Path
) -> None:
    asked = apart.desk.queue_bar.second.text().removeprefix("They differ on ").split(", ")
    assert asked == ["boat", "tree"]
    assert states_shown(apart) == {"cat": "likely", "boat": "absent", "tree": "absent"}
    assert keys_shown(apart) == {"cat": "1", "boat": "2", "tree": "3"}
    press(apart, Qt.Key.Key_2)
    press(apart, Qt.Key.Key_3, SHIFT)
    kept = states_kept(scored_photos, "city.png")
    assert (kept["boat"], kept["tree"]) == ("confirmed", "rejected")
    assert apart.desk.queue_bar.second.text() == "All that differed here is answered"


def test_an_answer_that_is_taken_back_leaves_digits_as_they_were(apart: MainWindow, scored_photos: Path) -> None:
    before = keys_shown(apart)
    assert list(before) == ["cat", "boat", "tree"]
    for _ in range(2):
        press(apart, Qt.Key.Key_2)
    assert keys_shown(apart) == before
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    press(apart, Qt.Key.Key_3)
    apart.desk.queues.leave()
    settle(apart)
    assert current_path(apart) == "city.png"
    assert keys_shown(apart) == before


def test_space_confirms_only_what_is_likely_and_who_comes_back_finds_the_same_digits(
    apart: MainWindow, scored_photos: Path
) -> None:
    before = keys_shown(apart)
    press(apart, Qt.Key.Key_Space)
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed"}
    assert states_shown(apart) == {"dog": "absent"}
    press(apart, Qt.Key.Key_P)
    assert current_path(apart) == "city.png"
    assert keys_shown(apart) == before


def test_what_a_second_opinion_says_no_other_says_has_a_digit(window: MainWindow, scored_photos: Path) -> None:
    score(window, SECOND, {"city.png": tuple(0.9 if name in ("cat", "tree") else 0.05 for name in LABELS)})
    window.session.refresh()
    settle(window)
    window.desk.queues.start(OPINIONS)
    settle(window)
    assert window.desk.queue_bar.second.text() == "The second opinion says yes to tree"
    assert keys_shown(window) == {"cat": "1", "tree": "2"}
    press(window, Qt.Key.Key_2)
    assert states_kept(scored_photos, "city.png")["tree"] == "confirmed"


def test_what_was_suggested_and_left_alone_and_is_suspected_has_a_digit(
    window: MainWindow, scored_photos: Path
) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_M)  # without its cat
    press(window, Qt.Key.Key_3, ALT)
    assert window.desk.queue_bar.second.text() == "Perhaps wrong: no to cat"
    assert keys_shown(window) == {"cat": "1"}
    press(window, Qt.Key.Key_1)
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed"}
