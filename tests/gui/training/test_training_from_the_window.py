"""“Learn from my corrections”: one button trains; a sentence says what changed, and the photos can be seen."""

from pathlib import Path

import numpy as np
import pytest
from acting import (
    CTRL,
    LABELS,
    SHIFT,
    SUGGESTED,
    click_chip,
    click_label,
    click_photo,
    click_row,
    command,
    press,
    settle,
    states_kept,
    states_shown,
    wait_until,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from cdul_gui.desk.docks import bring_forward
from cdul_gui.panels.photo.score_table import ScoreColumn
from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.window.application import make_window
from cdul_gui.window.main_window import MainWindow
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.history.history import withdraw_run
from engine.project.runs import INITIAL, REFINED, begin_run, finish_run, keep_run_settings, load_scores, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.training.held_back import HELD_BACK

SHORT = TrainingChoice(None, TrainingSettings(epochs=3, warm_up=1, update_every=1), train="head")


@pytest.fixture
def short_training() -> None:
    SHORT.keep()


def refined_with(project: Project, changed: dict[tuple[str, str], float], *, waits: bool = False) -> None:
    """Keep refined labels that are the initial ones but for those of some photos and labels, as a training does.

    Args:
        waits: for a person to look at them.
    """
    snapshot = take_snapshot(project)
    refined = snapshot.matrix_of(project, INITIAL)
    for (path, label), score in changed.items():
        refined[snapshot.paths.index(path), LABELS.index(label)] = score
    run = begin_run(
        project,
        "refine",
        label_ids=[label.id for label in snapshot.labels],
        settings={"training": TrainingSettings().to_json()},
    )
    store_scores(project, run, REFINED, snapshot.photo_ids.tolist(), refined)
    keep_run_settings(project, run, {"thresholds": {REFINED: [0.2] * len(LABELS)}, "reports": [], HELD_BACK: waits})
    if waits:
        withdraw_run(project, run)
    finish_run(project, run)


@pytest.fixture
def trained(window: MainWindow) -> MainWindow:
    """The window after a made-up training: boat is new on city and zebra, cat is gone from dog."""
    window.session.change(
        lambda project: refined_with(
            project, {("city.png", "boat"): 0.7, ("zebra.bmp", "boat"): 0.6, ("dog.webp", "cat"): 0.1}
        ),
    )
    settle(window)
    return window


def shown(window: MainWindow) -> list[str]:
    assert window.session.snapshot is not None
    return [window.session.snapshot.paths[row] for row in window.session.shown]


@pytest.mark.usefixtures("short_training")
def test_the_refined_scores_appear_with_room_for_their_heading(window: MainWindow) -> None:
    click_photo(window, "city.png")
    table = window.desk.inspector.scores
    assert table.isColumnHidden(ScoreColumn.REFINED)
    command(window, "refine").trigger()
    settle(window)
    wait_until(lambda: window.desk.training.changes is not None)
    # As it is at their first appearance, whatever measured them since.
    for changes in (None, window.desk.training.changes):
        table.show_changes(changes)
    assert not table.isColumnHidden(ScoreColumn.REFINED)
    heading = table.horizontalHeader().sectionSizeHint(ScoreColumn.REFINED)
    assert table.columnWidth(ScoreColumn.REFINED) >= heading


@pytest.mark.usefixtures("short_training")
def test_one_button_trains_and_a_sentence_says_what_changed(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    click_chip(window, "cat")
    button = window.toolbar.widgetForAction(command(window, "refine"))
    assert isinstance(button, QToolButton)
    button.click()
    settle(window)
    assert window.messages.isVisible()
    assert window.messages.text.text().startswith("Trained on 8 photos and 1 decision in ")
    with Project.open(scored_photos, read_only=True) as project:
        refined = load_scores(project, REFINED)
        snapshot = take_snapshot(project)
    assert refined is not None
    assert refined.values.shape == (8, 4)
    # What was decided is known, and stays.
    assert snapshot.scores[snapshot.paths.index("city.png"), LABELS.index("cat")] == 1
    assert window.session.snapshot is not None
    np.testing.assert_array_equal(window.session.snapshot.scores, snapshot.scores)


@pytest.mark.usefixtures("short_training")
def test_a_training_can_be_cancelled(window: MainWindow, scored_photos: Path) -> None:
    TrainingChoice(None, TrainingSettings(epochs=1_000_000, patience=0), train="head").keep()
    press_once = command(window, "refine")
    press_once.trigger()
    wait_until(lambda: len(window.desk.training.live.epoch) > 0)
    assert not press_once.isEnabled()
    window.progress.cancel.click()
    settle(window)
    assert press_once.isEnabled()
    assert "Training stopped." in window.messages.text.text()
    assert [choice.text() for choice in window.messages.choices] == ["Go on training"]
    with Project.open(scored_photos, read_only=True) as project:
        assert load_scores(project, REFINED) is None


def test_without_labels_it_says_so(empty_window: MainWindow, photo_folder: Path) -> None:
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    press(empty_window, Qt.Key.Key_R, CTRL)
    assert empty_window.messages.text.text().startswith("There are no labels to learn from yet.")
    assert empty_window.session.job is None


def test_the_photos_on_which_labels_turned_on_or_off_are_shown(trained: MainWindow) -> None:
    command(trained, "show-turned-on").trigger()
    settle(trained)
    assert shown(trained) == ["city.png", "zebra.bmp"]
    command(trained, "show-turned-off").trigger()
    settle(trained)
    assert shown(trained) == ["dog.webp"]
    command(trained, "show-all").trigger()
    settle(trained)
    assert len(shown(trained)) == 8


def test_what_changed_is_listed_by_label_and_a_click_shows_the_photos(trained: MainWindow) -> None:
    trained.training_dock.show()
    changes = trained.desk.training_panel.changes
    items = [changes.table.topLevelItem(place) for place in range(changes.table.topLevelItemCount())]
    assert [[item.text(column) for column in range(3)] for item in items] == [["boat", "2", ""], ["cat", "", "1"]]
    assert (changes.on.text(), changes.off.text()) == ("On (2)", "Off (1)")
    click_row(changes.table, 1)
    settle(trained)
    assert shown(trained) == ["dog.webp"]
    assert trained.session.label == LABELS.index("cat")
    changes.on.click()
    settle(trained)
    assert shown(trained) == ["city.png", "zebra.bmp"]


@pytest.fixture
def waiting(window: MainWindow) -> MainWindow:
    """The window after a training that waits: boat would be new on city and zebra."""
    changed = {("city.png", "boat"): 0.7, ("zebra.bmp", "boat"): 0.6}
    window.session.change(lambda project: refined_with(project, changed, waits=True))
    window.training_dock.show()
    settle(window)
    return window


def test_a_training_that_waits_is_looked_at_and_then_used(waiting: MainWindow) -> None:
    changes = waiting.desk.training_panel.changes
    wait_until(lambda: changes.accept.isVisible())
    assert waiting.session.snapshot is not None
    assert waiting.session.snapshot.stage == INITIAL
    assert "old scores still suggest" in changes.waits.text()
    changes.on.click()
    settle(waiting)
    assert shown(waiting) == ["city.png", "zebra.bmp"]
    changes.accept.click()
    settle(waiting)
    wait_until(lambda: not changes.accept.isVisible())
    assert waiting.session.snapshot.stage == REFINED
    assert changes.on.text() == "On (2)"


def test_a_training_that_waits_can_be_discarded(waiting: MainWindow) -> None:
    changes = waiting.desk.training_panel.changes
    wait_until(lambda: changes.discard.isVisible())
    changes.discard.click()
    settle(waiting)
    wait_until(lambda: not changes.discard.isVisible())
    assert waiting.session.snapshot is not None
    assert waiting.session.snapshot.stage == INITIAL
    assert not changes.waits.isVisible()


def test_before_a_training_there_is_nothing_to_show(window: MainWindow) -> None:
    command(window, "show-turned-on").trigger()
    assert window.messages.text.text() == "No training has changed these labels yet."
    assert len(shown(window)) == 8


def test_the_table_of_scores_has_them_before_and_after(trained: MainWindow) -> None:
    assert table_row(trained, "city.png", "boat") == [".05", "▲ .70 ≥ .20"]
    assert table_row(trained, "dog.webp", "cat") == [".80", "▼ .10 < .20"]
    assert table_row(trained, "dog.webp", "dog") == [".90", ".90 ≥ .20"]


def test_without_a_training_the_table_has_no_column_for_it(window: MainWindow) -> None:
    assert window.desk.inspector.scores.isColumnHidden(ScoreColumn.REFINED)


def test_a_decision_since_then_is_not_counted_as_changed(trained: MainWindow) -> None:
    click_photo(trained, "zebra.bmp")
    click_label(trained, "boat")
    press(trained, Qt.Key.Key_X)
    trained.session.refresh()
    settle(trained)
    command(trained, "show-turned-on").trigger()
    settle(trained)
    assert shown(trained) == ["city.png"]


def table_row(window: MainWindow, path: str, label: str) -> list[str]:
    """Score before training, and after it with the threshold, as the inspector shows them."""
    click_photo(window, path)
    table = window.desk.inspector.scores
    assert not table.isColumnHidden(ScoreColumn.REFINED)
    model = table.model()
    columns = (ScoreColumn.NAME, ScoreColumn.PSEUDO_LABEL, ScoreColumn.REFINED)
    texts = [[model.index(row, column).data() for column in columns] for row in range(model.rowCount())]
    return next(row[1:] for row in texts if row[0] == label)


def test_undo_after_a_training_takes_the_training_back_and_not_the_edit_before_it(
    window: MainWindow, scored_photos: Path
) -> None:
    click_photo(window, "beach.jpg")
    click_chip(window, "boat")
    window.session.change(lambda project: refined_with(project, {("city.png", "boat"): 0.7}))
    settle(window)
    window.desk.pages.gallery.setFocus()
    click_photo(window, "city.png")
    assert states_shown(window) == {"cat": "likely", "boat": "likely"}
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_shown(window) == {"cat": "likely"}
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "confirmed"
    assert window.messages.text.text().startswith("The training is undone")
    press(window, Qt.Key.Key_Z, CTRL)  # now it is the edit's turn
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "likely"
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "confirmed"
    click_photo(window, "city.png")
    assert states_shown(window) == {"cat": "likely"}
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert states_shown(window) == {"cat": "likely", "boat": "likely"}
    press(window, Qt.Key.Key_Z, CTRL)
    press(window, Qt.Key.Key_Z, CTRL)  # an edit besides, which the button is not about
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "likely"
    QTest.mouseClick(window.messages.undo, Qt.MouseButton.LeftButton)
    settle(window)
    click_photo(window, "city.png")
    assert states_shown(window) == {"cat": "likely", "boat": "likely"}
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "likely"


def test_undo_takes_an_edit_back_that_came_after_the_training(trained: MainWindow, scored_photos: Path) -> None:
    click_photo(trained, "city.png")
    click_chip(trained, "boat")
    press(trained, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "boat": "likely"}


def test_a_label_of_which_a_training_changed_more_than_there_was_is_marked(window: MainWindow) -> None:
    changed = {(path, "tree"): 0.9 for path in list(SUGGESTED)[:7]} | {("city.png", "boat"): 0.7}
    window.session.change(lambda project: refined_with(project, changed))
    settle(window)
    bring_forward(window.training_dock)
    table = window.desk.training_panel.changes.table
    marked = {
        table.topLevelItem(row).text(0): table.topLevelItem(row).toolTip(0) for row in range(table.topLevelItemCount())
    }
    # Tree was likely on two photos and is on five more now, boat on three and on one more.
    assert marked["tree"].startswith("More changed than was likely before (2 photos)")
    assert marked["boat"] == ""


@pytest.mark.parametrize("answered_since", [False, True])
def test_a_training_that_closing_cut_off_is_offered_to_go_on_until_something_is_answered(
    window: MainWindow, scored_photos: Path, answered_since: bool
) -> None:
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    begin_run(project, "refine", label_ids=[label.id for label in snapshot.labels], settings={})
    if answered_since:
        click_photo(window, "beach.jpg")
        click_chip(window, "boat")
    command(window, "close").trigger()
    window.desk.opening.open_folder(scored_photos)
    settle(window)
    assert window.messages.isVisible() != answered_since
    if not answered_since:
        assert window.messages.text.text().startswith("A training was cut off.")
        assert [choice.text() for choice in window.messages.choices] == ["Go on training"]


def test_a_training_that_closing_the_window_cut_off_is_offered_once_whatever_was_answered(
    window: MainWindow, scored_photos: Path
) -> None:
    TrainingChoice(None, TrainingSettings(epochs=1_000_000, patience=0), train="head").keep()
    click_photo(window, "beach.jpg")
    command(window, "refine").trigger()
    wait_until(lambda: len(window.desk.training.live.epoch) > 0)
    QTest.keyClick(window.desk.pages.gallery, Qt.Key.Key_1)
    snapshot, row = window.session.snapshot, window.session.current
    assert snapshot is not None
    assert row is not None
    assert snapshot.decisions[row].any()
    window.close()
    for offered in (True, False):
        again = make_window()
        again.desk.opening.open_folder(scored_photos)
        settle(again)
        assert [choice.text() for choice in again.messages.choices] == (["Go on training"] if offered else [])
        again.close()
        again.deleteLater()
