"""Thresholds learn from reviewed photos; scores become chances; what is undecided is a queue."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from acting import ALT, CTRL, SHIFT, chip, click_label, press, settle, wait_until
from making import make_photo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from cdul_gui.look.chips import chip_size
from cdul_gui.panels.photo.score_table import ScoreColumn
from cdul_gui.panels.thresholds.threshold_model import ThresholdColumn
from cdul_gui.panels.thresholds.threshold_words import note_in_words
from cdul_gui.session import thresholds
from cdul_gui.window.main_window import MainWindow
from cdul_gui.wording import as_threshold
from engine.jobs import Cancellation, Progress
from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.label_scores import LabelScores, TaughtScores
from engine.project.label_state import UNDECIDED, LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import StageCalibration, ThresholdSource
from engine.stages.labelling.add_photos import add_photos
from engine.stages.thresholds.calibrate import shape_settings
from engine.stages.thresholds.report import Note, report_thresholds

PHOTOS = 40
CAT, DOG = 0, 1


@pytest.fixture
def many_photos(tmp_path: Path) -> Path:
    """Forty photos; scores of cat and dog run evenly from clearly not to clearly there."""
    folder = tmp_path / "many"
    for number in range(PHOTOS):
        make_photo(folder / f"{number:02}.jpg", number, size=(16, 12))
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        add_photos(project, Progress(), Cancellation())
        latents = np.linspace(-5, 2, PHOTOS)
        scores = (1 / (1 + np.exp(-np.column_stack([latents, latents[::-1]])))).astype(np.float32)
        settings = shape_settings(INITIAL, shape_of(scores))
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=settings)
        store_scores(project, run, INITIAL, range(1, PHOTOS + 1), scores)
        finish_run(project, run)
    return folder


@pytest.fixture
def desk(empty_window: MainWindow, many_photos: Path) -> MainWindow:
    """The window on the forty photos, with all thresholds shown."""
    empty_window.desk.opening.open_folder(many_photos)
    settle(empty_window)
    press(empty_window, Qt.Key.Key_M, CTRL | SHIFT)
    panel = empty_window.desk.thresholds_panel
    wait_until(lambda: panel.model.rowCount() == 2)
    return empty_window


def snapshot_of(window: MainWindow) -> Snapshot:
    assert window.session.snapshot is not None
    return window.session.snapshot


def kept(photos: Path) -> Snapshot:
    with Project.open(photos, read_only=True) as project:
        return take_snapshot(project)


def say_cats(window: MainWindow, count: int) -> None:
    """Say of the photos with the highest scores whether they show a cat: only the upper half does."""
    snapshot = snapshot_of(window)
    rows = np.argsort(-snapshot.scores[:, CAT])[:count]
    answers = [
        Answer(int(snapshot.photo_ids[row]), snapshot.labels[CAT].id, place < count // 2)
        for place, row in enumerate(rows)
    ]
    window.session.edits.answer("decided", answers)
    settle(window)


def answer_on(window: MainWindow, row: int, value: bool | None) -> Answer:
    """An answer about cats."""
    snapshot = snapshot_of(window)
    return Answer(int(snapshot.photo_ids[row]), snapshot.labels[CAT].id, value)


def cell(window: MainWindow, column: ThresholdColumn, label: int = CAT) -> str:
    model = window.desk.thresholds_panel.model
    return str(model.index(label, column).data())


def test_from_twenty_answers_on_the_threshold_comes_from_them(desk: MainWindow, many_photos: Path) -> None:
    before = snapshot_of(desk).thresholds.copy()
    assert cell(desk, ThresholdColumn.SOURCE) == "its scores"
    states = snapshot_of(desk).states()[:, CAT]
    likely, from_likely = cell(desk, ThresholdColumn.LIKELY).split(" ≥ ")
    maybe, from_maybe = cell(desk, ThresholdColumn.MAYBE).split(" ≥ ")
    assert (int(likely), int(maybe)) == ((states == LabelState.LIKELY).sum(), (states == LabelState.MAYBE).sum())
    assert float(from_maybe) < float(from_likely)
    say_cats(desk, 10)
    wait_until(lambda: cell(desk, ThresholdColumn.REVIEWED) == "5 + 5")
    assert cell(desk, ThresholdColumn.NOTE).startswith("Few photos are reviewed: from 20 on")
    say_cats(desk, 24)
    wait_until(lambda: cell(desk, ThresholdColumn.SOURCE) == "reviewed photos")
    assert cell(desk, ThresholdColumn.REVIEWED) == "12 + 12"
    assert cell(desk, ThresholdColumn.RIGHT).startswith(".")
    assert cell(desk, ThresholdColumn.SOURCE, DOG) == "its scores"
    now = snapshot_of(desk)
    assert now.thresholds[CAT] > before[CAT]
    assert now.thresholds[DOG] == before[DOG]
    settle(desk)
    assert kept(many_photos).thresholds[CAT] == pytest.approx(now.thresholds[CAT], rel=2e-3)


def test_answers_are_written_before_anything_is_learnt_from_them(
    desk: MainWindow, many_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    learn = thresholds.learnt_calibration

    def count_and_learn(project: Project, snapshot: Snapshot, stage: str) -> StageCalibration | None:
        written.append(int((kept(many_photos).decisions != UNDECIDED).sum()))
        return learn(project, snapshot, stage)

    monkeypatch.setattr(thresholds, "learnt_calibration", count_and_learn)
    say_cats(desk, 10)
    # Where learning takes long it is not begun at once.
    wait_until(lambda: bool(written))
    assert set(written) == {10}


def test_an_undo_does_not_wait_for_what_is_learnt(desk: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    learning, may_go_on = threading.Event(), threading.Event()
    learn = thresholds.learnt_calibration

    def wait_and_learn(project: Project, snapshot: Snapshot, stage: str) -> StageCalibration | None:
        learning.set()
        assert may_go_on.wait(60)
        return learn(project, snapshot, stage)

    monkeypatch.setattr(thresholds, "learnt_calibration", wait_and_learn)
    row = int(np.argmax(snapshot_of(desk).scores[:, CAT]))
    desk.session.edits.answer("decided", [answer_on(desk, row, True)])
    wait_until(learning.is_set)
    desk.session.edits.undo()
    wait_until(lambda: snapshot_of(desk).decisions[row, CAT] == UNDECIDED)
    may_go_on.set()
    settle(desk)
    assert snapshot_of(desk).stage_calibration is not None


def test_scores_become_chances_and_are_none_before(desk: MainWindow) -> None:
    panel, table = desk.desk.thresholds_panel, desk.desk.inspector.scores
    assert panel.reliable.text().startswith(
        "Scores are no probabilities yet: a label is likely, maybe or neither. From 20"
    )
    assert not panel.plot.isVisible()
    assert table.isColumnHidden(ScoreColumn.CHANCE)
    surest, next_best = (int(row) for row in np.argsort(-snapshot_of(desk).scores[:, CAT])[[0, 1]])
    desk.session.go_to(surest)
    assert chip(desk, "cat").accessibleName() == "cat: likely"
    say_cats(desk, 24)
    wait_until(lambda: panel.reliable.text().endswith("% off on average, over 24 answers"))
    assert panel.plot.isVisible()
    desk.session.edits.answer("open again", [answer_on(desk, next_best, None)])
    settle(desk)
    desk.session.go_to(next_best)
    wait_until(lambda: chip(desk, "cat").accessibleName().startswith("cat: likely, chance 99 % (likely from "))
    assert len(panel.plot.points.getData()[0]) > 2
    assert not table.isColumnHidden(ScoreColumn.CHANCE)
    desk.session.go_to(int(snapshot_of(desk).scores[:, CAT].argmax()))
    model = table.model()
    chances = {
        model.index(row, ScoreColumn.NAME).data(): model.index(row, ScoreColumn.CHANCE).data()
        for row in range(model.rowCount())
    }
    assert chances["cat"] == "99 %"
    assert chances["dog"] == ""  # nobody has answered for dogs


def test_a_precision_is_asked_for_and_the_best_f1_again(desk: MainWindow, many_photos: Path) -> None:
    panel = desk.desk.thresholds_panel
    say_cats(desk, 24)
    wait_until(lambda: cell(desk, ThresholdColumn.SOURCE) == "reviewed photos")
    best = float(snapshot_of(desk).thresholds[CAT])
    panel.aim.setFocus()
    QTest.keyClick(panel.aim, Qt.Key.Key_Down)
    wait_until(panel.precision.isVisible)
    panel.precision.setFocus()
    panel.precision.selectAll()
    QTest.keyClicks(panel.precision, "97")
    QTest.keyClick(panel.precision, Qt.Key.Key_Return)
    wait_until(lambda: float(snapshot_of(desk).thresholds[CAT]) > best)
    settle(desk)
    assert kept(many_photos).thresholds[CAT] > best
    panel.aim.setFocus()
    QTest.keyClick(panel.aim, Qt.Key.Key_Up)
    wait_until(lambda: snapshot_of(desk).thresholds[CAT] == pytest.approx(best))
    wait_until(lambda: not panel.precision.isVisible())


def test_one_slider_for_all_labels(desk: MainWindow, many_photos: Path) -> None:
    panel = desk.desk.thresholds_panel
    own = kept(many_photos).thresholds
    assert not panel.slider.isEnabled()
    usual = float(np.median(own))
    wait_until(lambda: panel.value.text() == as_threshold(usual))
    QTest.mouseClick(panel.one_for_all, Qt.MouseButton.LeftButton)
    wait_until(lambda: snapshot_of(desk).threshold_sources == [ThresholdSource.FOR_ALL] * 2)
    settle(desk)
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key.Key_PageUp)
    higher = 1 / (1 + np.exp(-(np.log(usual / (1 - usual)) + 0.5)))  # by half a step of log odds
    assert float(panel.value.text()) == pytest.approx(higher, abs=0.006)
    wait_until(lambda: kept(many_photos).thresholds.tolist() == pytest.approx([higher] * 2, rel=0.02))
    wait_until(lambda: cell(desk, ThresholdColumn.SOURCE, DOG) == "for all")
    QTest.mouseClick(panel.one_for_all, Qt.MouseButton.LeftButton)
    wait_until(lambda: snapshot_of(desk).threshold_sources == [ThresholdSource.FROM_SCORES] * 2)
    settle(desk)
    assert kept(many_photos).thresholds.tolist() == own.tolist()


def test_the_slider_is_undone_as_any_edit(desk: MainWindow, many_photos: Path) -> None:
    panel = desk.desk.thresholds_panel
    QTest.mouseClick(panel.one_for_all, Qt.MouseButton.LeftButton)
    wait_until(lambda: snapshot_of(desk).threshold_sources == [ThresholdSource.FOR_ALL] * 2)
    QTest.mouseClick(panel.one_for_all, Qt.MouseButton.LeftButton)
    wait_until(lambda: snapshot_of(desk).threshold_sources == [ThresholdSource.FROM_SCORES] * 2)
    press(desk, Qt.Key.Key_Z, CTRL)
    assert desk.said.text() == "Undone: one threshold for all labels taken back"
    wait_until(lambda: panel.one_for_all.isChecked())
    assert kept(many_photos).threshold_sources == [ThresholdSource.FOR_ALL] * 2
    press(desk, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: not panel.one_for_all.isChecked())
    assert kept(many_photos).threshold_sources == [ThresholdSource.FROM_SCORES] * 2


def test_a_row_looks_at_its_label_and_follows_it(desk: MainWindow) -> None:
    panel = desk.desk.thresholds_panel
    view = panel.view
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.visualRect(view.model().index(DOG, 0)).center(),
    )
    assert desk.session.label == DOG
    desk.session.look_at_label(CAT)
    assert view.currentIndex().row() == CAT


def test_the_undecided_are_a_queue_that_comes_to_an_end(desk: MainWindow) -> None:
    wait_until(lambda: snapshot_of(desk).stage_calibration is not None)
    waiting = int(snapshot_of(desk).unsure().any(axis=1).sum())
    assert 0 < waiting < PHOTOS
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_0, ALT)
    assert desk.desk.queue_bar.title.text() == "Undecided"
    assert desk.desk.queues.total == waiting
    snapshot = snapshot_of(desk)
    photos = [int(snapshot.photo_ids[row]) for row in range(PHOTOS)]
    desk.session.edits.answer("seen", [Answer(photo, None, True) for photo in photos])
    settle(desk)
    press(desk, Qt.Key.Key_0, ALT)
    assert "Nothing is undecided" in desk.messages.text.text()


def test_the_undecided_of_one_label_are_counted_beside_it_and_one_key_leads_to_them(desk: MainWindow) -> None:
    wait_until(lambda: snapshot_of(desk).stage_calibration is not None)
    snapshot = snapshot_of(desk)
    some = snapshot.photo_ids[snapshot.unsure()[:, DOG]][:3].tolist()
    desk.session.edits.answer("no dog", [Answer(photo, snapshot.labels[DOG].id, False) for photo in some])
    settle(desk)
    unsure = snapshot_of(desk).unsure()
    undecided = np.flatnonzero(unsure[:, DOG])
    assert 0 < len(undecided) < int(unsure.any(axis=1).sum())
    confirmed, likely, maybe = desk.desk.use.count_of(DOG)
    tip = desk.desk.labels.model.index(DOG, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith(
        f"dog: confirmed on {confirmed}, likely on {likely}, maybe on {maybe}, undecided on {len(undecided)} photos"
    )
    click_label(desk, "dog")
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_U, CTRL)
    assert desk.desk.queue_bar.title.text() == "Undecided: dog"
    assert sorted(desk.session.shown.tolist()) == undecided.tolist()
    press(desk, Qt.Key.Key_U, ALT)  # spread over unlike photos: of the same label
    assert desk.desk.queue_bar.title.text() == "Undecided: dog"
    assert sorted(desk.session.shown.tolist()) == undecided.tolist()


def test_the_menu_of_a_label_leads_to_what_is_undecided_of_it(desk: MainWindow) -> None:
    wait_until(lambda: snapshot_of(desk).stage_calibration is not None)
    view = desk.desk.labels.view
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(CAT, 0)).center())
    menu = desk.desk.labels.findChild(QMenu)
    assert menu is not None
    (review,) = [action for action in menu.actions() if action.text() == "Review what is undecided of cat"]
    review.trigger()
    menu.close()
    settle(desk)
    assert desk.desk.queue_bar.title.text() == "Undecided: cat"
    assert desk.session.label == CAT


def test_the_menu_of_a_label_sweeps_it(desk: MainWindow) -> None:
    view = desk.desk.labels.view
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(CAT, 0)).center())
    menu = desk.desk.labels.findChild(QMenu)
    assert menu is not None
    (sweep,) = [action for action in menu.actions() if action.text() == "Sweep cat"]
    sweep.trigger()
    menu.close()
    settle(desk)
    assert desk.session.label == CAT
    assert desk.desk.sweep_panel.isVisible()
    assert desk.desk.pages.gallery.threshold_line is not None


def test_nothing_can_be_set_in_a_project_that_is_only_looked_at(empty_window: MainWindow, many_photos: Path) -> None:
    with Project.open(many_photos):
        empty_window.desk.opening.open_folder(many_photos)
        settle(empty_window)
        press(empty_window, Qt.Key.Key_M, CTRL | SHIFT)
        panel = empty_window.desk.thresholds_panel
        wait_until(lambda: panel.model.rowCount() == 2)
        for control in (panel.one_for_all, panel.slider, panel.aim):
            assert not control.isEnabled()


def test_of_a_label_that_answers_taught_its_probability_is_said(desk: MainWindow) -> None:
    snapshot = snapshot_of(desk)
    probable = LabelScores(
        np.linspace(0, 0.87, PHOTOS, dtype=np.float32),
        threshold=0.6,
        maybe_from=0.3,
        source=ThresholdSource.FROM_REVIEW,
    )
    nobody = np.zeros(0, np.int64)
    taught = TaughtScores(probable, "enough", 12.0, (0.9, 0.05), nobody, nobody > 0, nobody)
    snapshot.take_what_was_taught({CAT: taught})
    desk.session.go_to(PHOTOS - 1)
    assert chip(desk, "cat").accessibleName() == "cat: likely, chance 87 % (likely from 60 % on)"
    # Not on the chip: beside a label that is likely from another chance on it would seem to contradict.
    assert chip(desk, "cat").sizeHint().width() == chip_size(desk.font(), "cat", LabelState.LIKELY, key="1").width() + 4
    desk.session.go_to(PHOTOS // 2)
    press(desk, Qt.Key.Key_Period)
    assert chip(desk, "cat").accessibleName() == "cat: maybe, chance 45 % (likely from 60 % on)"


def test_every_note_of_a_threshold_has_words(many_photos: Path) -> None:
    with Project.open(many_photos, read_only=True) as project:
        one = report_thresholds(project).labels[CAT]
    words = {note: note_in_words(replace(one, note=note, fewest_answers=10)) for note in Note}
    assert [note.name for note, text in words.items() if not text] == ["NONE"]
    assert "from 10 on" in words[Note.FEW_ANSWERS]
