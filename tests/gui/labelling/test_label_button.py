"""One press labels; the window stays usable, and what was done stays when it is cancelled."""

import shutil
from pathlib import Path

import pytest
from acting import (
    SUGGESTED,
    click_row,
    command,
    current_path,
    press,
    reviewed_kept,
    settle,
    states_kept,
    wait_until,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import label_set
from engine.project.runs import REFINED, begin_run, finish_run, runs, store_scores

LEFT = Qt.MouseButton.LeftButton


def test_one_press_labels_as_was_chosen_last(empty_window: MainWindow, photo_folder: Path, tiny_clip: Path) -> None:
    Settings().labelling = LabellingChoice("cat, dog, boat", str(tiny_clip), (2,), "paper")
    window = _opened(empty_window, photo_folder)
    QTest.mouseClick(window.label_button, LEFT)
    wait_until(window.progress.isVisible)
    assert not command(window, "label").isEnabled()
    settle(window)
    assert not window.progress.isVisible()
    assert command(window, "label").isEnabled()
    assert "8 photos labelled" in window.said.text()
    assert window.session.snapshot is not None
    assert window.session.snapshot.stage == "initial"
    with Project.open(photo_folder, read_only=True) as project:
        assert [label.name for label in label_set(project)] == ["cat", "dog", "boat"]
        assert runs(project)[0].settings["grids"] == [2]
        assert runs(project)[0].settings["zeta"] == 0.5


def test_decisions_can_be_made_while_it_labels(window: MainWindow, scored_photos: Path, tiny_clip: Path) -> None:
    Settings().labelling = LabellingChoice(encoder=str(tiny_clip))
    command(window, "label").trigger()
    assert window.session.job is not None
    click_row(window.desk.pages.gallery, list(SUGGESTED).index("city.png"))
    press(window, Qt.Key.Key_Space)
    assert states_kept(scored_photos, "city.png")["cat"] == "confirmed"


def test_a_photo_that_it_has_not_come_to_is_not_accepted(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    Settings().labelling = LabellingChoice("cat, dog", str(tiny_clip))
    window = _opened(empty_window, photo_folder)
    click_row(window.desk.pages.gallery, list(SUGGESTED).index("city.png"))
    QTest.mouseClick(window.label_button, LEFT)
    QTest.mouseClick(window.progress.pause, LEFT)
    QTest.keyClick(window.desk.pages.gallery, Qt.Key.Key_Space)
    assert window.said.text() == "Not labelled yet: nothing is accepted on city.png."
    assert current_path(window) == "dog.webp"
    QTest.mouseClick(window.progress.pause, LEFT)
    settle(window)
    assert reviewed_kept(photo_folder) == []
    press(window, Qt.Key.Key_Space)
    settle(window)
    assert reviewed_kept(photo_folder) == ["dog.webp"]


def test_cancel_ends_it_and_the_next_press_goes_on(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    Settings().labelling = LabellingChoice("cat, dog", str(tiny_clip))
    window = _opened(empty_window, photo_folder)
    QTest.mouseClick(window.label_button, LEFT)
    QTest.mouseClick(window.progress.pause, LEFT)
    assert window.progress.pause.text() == "Resume"
    QTest.mouseClick(window.progress.cancel, LEFT)
    settle(window)
    assert window.session.job is None
    assert window.messages.text.text() == "Stopped: 0 of 8 photos labelled. Label goes on from there."
    (go_on,) = window.messages.choices
    QTest.mouseClick(go_on, LEFT)
    settle(window)
    assert "8 photos labelled" in window.said.text()


@pytest.mark.parametrize("trained", [False, True])
def test_photos_that_came_since_a_labelling_are_offered_to_be_labelled(
    window: MainWindow, scored_photos: Path, trained: bool
) -> None:
    if trained:
        _trained(window)
    assert not window.messages.isVisible()
    shutil.copy(scored_photos / "beach.jpg", scored_photos / "trip" / "another beach.jpg")
    with (scored_photos / "trip" / "another beach.jpg").open("ab") as file:
        file.write(b"another")
    command(window, "close").trigger()
    _opened(window, scored_photos)
    assert window.messages.text.text() == "1 of 9 photos are not labelled yet."
    (label,) = window.messages.choices
    assert label.text() == "Label the rest"


def test_an_encoder_that_is_not_here_says_what_to_do(empty_window: MainWindow, photo_folder: Path) -> None:
    Settings().labelling = LabellingChoice("cat", "RN50:openai")
    window = _opened(empty_window, photo_folder)
    QTest.mouseClick(window.label_button, LEFT)
    settle(window)
    assert window.messages.isVisible()
    assert "RN50" in window.messages.text.text()
    assert not window.messages.details.isVisible()


def test_unreadable_photos_are_counted_and_named(empty_window: MainWindow, photo_folder: Path, tiny_clip: Path) -> None:
    (photo_folder / "broken.jpg").write_bytes(b"no photo")
    Settings().labelling = LabellingChoice("cat, dog", str(tiny_clip))
    window = _opened(empty_window, photo_folder)
    QTest.mouseClick(window.label_button, LEFT)
    settle(window)
    assert "8 photos labelled" in window.messages.text.text()
    assert "broken.jpg" in window.messages.text.text()


def _trained(window: MainWindow) -> None:
    """As a training leaves the project: refined scores of all the photos it knows."""
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    run = begin_run(project, "refine", label_ids=[label.id for label in snapshot.labels], settings={})
    store_scores(project, run, REFINED, snapshot.photo_ids.tolist(), snapshot.scores)
    finish_run(project, run)


def _opened(window: MainWindow, photos: Path) -> MainWindow:
    window.desk.opening.open_folder(photos)
    settle(window)
    return window
