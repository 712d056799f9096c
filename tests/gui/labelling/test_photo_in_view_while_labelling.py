"""While photos are labelled thresholds are measured anew and anew; what is likely on the photo in view stays."""

import threading
from collections.abc import Iterator

import pytest
from acting import click_photo, settle, states_shown, wait_until

from cdul_gui.window.main_window import MainWindow
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.thresholds import FOR_ALL, ManualThreshold


@pytest.fixture
def at_work(window: MainWindow) -> Iterator[threading.Event]:
    """Long work is under way until this is set. dog.webp is looked at: a dog at .9, a cat at .8."""
    click_photo(window, "dog.webp")
    over = threading.Event()
    window.session.run_job("Labelling", lambda _progress, _cancellation: over.wait(120), lambda _done: None)
    yield over
    over.set()
    settle(window)


def move_threshold(window: MainWindow, value: float) -> None:
    """As a labelling does that has come to more photos."""
    session = window.session
    assert session.project is not None
    set_thresholds(session.project, [ManualThreshold(*FOR_ALL, value)])
    session.refresh()
    wait_until(lambda: session.snapshot is not None and round(float(session.snapshot.thresholds[0]), 2) == value)


def test_what_is_likely_stays_until_the_labelling_has_ended(window: MainWindow, at_work: threading.Event) -> None:
    for value in (0.85, 0.95, 0.85):
        move_threshold(window, value)
        assert states_shown(window) == {"dog": "likely", "cat": "likely"}
    at_work.set()
    settle(window)
    assert states_shown(window) == {"dog": "likely", "cat": "maybe"}


def test_on_the_photo_that_is_gone_on_to_it_is_what_is_known_by_then(
    window: MainWindow, at_work: threading.Event
) -> None:
    move_threshold(window, 0.85)
    snapshot = window.session.snapshot
    assert snapshot is not None
    window.session.go_to(snapshot.paths.index("trip/turned.jpg"))
    assert states_shown(window) == {"cat": "likely"}
    move_threshold(window, 0.95)
    assert states_shown(window) == {"cat": "likely"}
    window.session.go_to(snapshot.paths.index("dog.webp"))
    assert states_shown(window) == {}
    at_work.set()
    settle(window)
    assert states_shown(window) == {}
