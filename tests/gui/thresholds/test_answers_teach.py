"""As one answers, other photos follow: without a button, and what changed is said and can be looked at."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, SHIFT, press, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from taught_cats import CAT, PHOTOS, likely_cats, say_cats, snapshot_of

from cdul_gui.panels.photo.score_table import ScoreColumn
from cdul_gui.panels.thresholds.threshold_model import ThresholdColumn
from cdul_gui.session.thresholds import says_chance
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.answer import Answer
from engine.project.label_state import LabelState
from engine.project.runs import REFINED, begin_run, finish_run, store_scores
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import StageCalibration, ThresholdSource
from engine.stages.teaching.teaching import snapshot_in_force
from engine.stages.thresholds.calibrate import learnt_calibration

DOG = 1


def doubtful(window: MainWindow) -> np.ndarray:
    snapshot = snapshot_of(window)
    return np.argsort(np.abs(snapshot.scores[:, CAT] - snapshot.thresholds[CAT]), kind="stable")


def test_after_ten_answers_other_photos_follow_as_they_do_afresh(desk: MainWindow, cats: Path) -> None:
    asked = doubtful(desk)
    before, at_first = snapshot_of(desk).scores.copy(), likely_cats(snapshot_of(desk))
    say_cats(desk, asked[:9])
    assert snapshot_of(desk).taught == {}
    say_cats(desk, asked[9:16])
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    settle(desk)
    live = snapshot_of(desk)
    assert live.threshold_sources[CAT] == ThresholdSource.FROM_REVIEW
    assert live.scores[:, 1].tolist() == before[:, 1].tolist()
    rest = np.setdiff1d(np.arange(PHOTOS), asked[:16])
    right = [(np.isin(rest, likely) == (rest % 3 == 0)).mean() for likely in (at_first, likely_cats(live))]
    assert right[0] < right[1]
    with Project.open(cats, read_only=True) as project:
        afresh = snapshot_in_force(project)
    np.testing.assert_allclose(afresh.scores, live.scores, rtol=1e-5)
    np.testing.assert_allclose(afresh.thresholds, live.thresholds, rtol=1e-5)
    confirmed, likely, _maybe = desk.desk.use.count_of(CAT)
    assert (confirmed, likely) == ((live.decisions[:, CAT] == 1).sum(), len(likely_cats(live)))


def test_what_answers_changed_is_said_and_can_be_looked_at(desk: MainWindow) -> None:
    asked = doubtful(desk)
    say_cats(desk, asked[:9])
    assert not desk.learnt.isVisible()
    before = set(likely_cats(snapshot_of(desk)).tolist())
    say_cats(desk, asked[9:10])
    wait_until(desk.learnt.isVisible)
    settle(desk)
    after = set(likely_cats(snapshot_of(desk)).tolist())
    changed = (before ^ after) - {int(asked[9])}
    assert changed
    assert desk.learnt.text().startswith("Learnt: cat ")
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_G, CTRL)
    assert set(desk.session.shown.tolist()) == changed


def photos_told(desk: MainWindow) -> int:
    """On how many photos the one label that was learnt is likely now, or no longer, as the window says."""
    assert desk.learnt.text().startswith("Learnt: cat ")
    return sum(map(int, re.findall(r"(\d+) photo", desk.learnt.text())))


def test_what_answers_changed_adds_up_until_it_is_looked_at(desk: MainWindow) -> None:
    asked = doubtful(desk)
    say_cats(desk, asked[:9])
    before = set(likely_cats(snapshot_of(desk)).tolist())
    for number in range(9, 18):
        say_cats(desk, asked[number : number + 1])
    after = set(likely_cats(snapshot_of(desk)).tolist())
    changed = (before ^ after) - set(asked[:18].tolist())
    assert len(changed) > 1
    assert photos_told(desk) == len(desk.desk.teaching.changes.rows)
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_G, CTRL)
    assert changed <= set(desk.session.shown.tolist())
    assert not desk.learnt.isVisible()  # it was looked at
    looked_at = set(desk.session.shown.tolist())
    press(desk, Qt.Key.Key_G, CTRL)  # and can be once more
    assert set(desk.session.shown.tolist()) == looked_at
    before = set(likely_cats(snapshot_of(desk)).tolist())
    for number in range(18, 40):
        say_cats(desk, asked[number : number + 1])
        if desk.learnt.isVisible():
            break
    after = set(likely_cats(snapshot_of(desk)).tolist())
    press(desk, Qt.Key.Key_G, CTRL)
    assert set(desk.session.shown.tolist()) == (before ^ after) - set(asked[: number + 1].tolist())


def test_photos_that_were_answered_or_reviewed_since_are_said_to_have_changed_no_more(desk: MainWindow) -> None:
    say_cats(desk, doubtful(desk)[:10])
    wait_until(desk.learnt.isVisible)
    settle(desk)
    rows = desk.desk.teaching.changes.rows
    assert len(rows) > 2
    snapshot = snapshot_of(desk)
    assert photos_told(desk) == len(rows)
    label = snapshot.labels[CAT].id
    for left, row in reversed(list(enumerate(rows.tolist()))):
        # Every other one is answered, the others are left alone and marked as reviewed.
        said = Answer(int(snapshot.photo_ids[row]), label if left % 2 else None, True)
        desk.session.edits.answer("said", [said])
    settle(desk)
    snapshot, changes = snapshot_of(desk), desk.desk.teaching.changes
    for labels in (changes.on, changes.off):
        for label, still in labels.items():
            assert not snapshot.known[still, snapshot.column_of(label)].any()
            assert not snapshot.reviewed[still].any()
    # All photos are answered or reviewed now, and nothing is left to say.
    rest = [Answer(photo, None, True) for photo in snapshot.photo_ids.tolist()]
    desk.session.edits.answer("said", rest)
    settle(desk)
    assert not desk.learnt.isVisible()
    press(desk, Qt.Key.Key_Z, CTRL)
    assert desk.learnt.isVisible() == bool(len(desk.desk.teaching.changes.rows))


def test_a_training_has_what_answers_changed_forgotten(desk: MainWindow) -> None:
    say_cats(desk, doubtful(desk)[:10])
    wait_until(desk.learnt.isVisible)

    def train(project: Project) -> None:
        snapshot = take_snapshot(project)
        run = begin_run(project, "refine", label_ids=[label.id for label in snapshot.labels], settings={})
        store_scores(project, run, REFINED, snapshot.photo_ids.tolist(), 0.9 * snapshot.scores)
        finish_run(project, run)

    desk.session.change(train)
    settle(desk)
    assert not desk.learnt.isVisible()
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_G, CTRL)
    assert desk.said.text() == "Answers changed nothing on other photos since you looked."


def test_the_dock_says_what_few_answers_or_answers_of_one_kind_cannot_tell(desk: MainWindow) -> None:
    press(desk, Qt.Key.Key_M, CTRL | SHIFT)
    model = desk.desk.thresholds_panel.model
    wait_until(lambda: model.rowCount() == 2)
    snapshot = snapshot_of(desk)
    no_cats = np.array([row for row in doubtful(desk) if int(Path(snapshot.paths[row]).stem) % 3])

    def note() -> str:
        return str(model.index(CAT, ThresholdColumn.NOTE).data())

    say_cats(desk, no_cats[:5])
    wait_until(lambda: note() == "Few photos are reviewed: from 10 on the threshold comes from them.")
    say_cats(desk, no_cats[5:12])
    wait_until(lambda: "cannot be known without a yes" in note())
    assert not says_chance(snapshot_of(desk), CAT)  # it would be the guess from before these answers
    say_cats(desk, np.array([row for row in doubtful(desk) if int(Path(snapshot.paths[row]).stem) % 3 == 0])[:3])
    wait_until(lambda: "without a yes" not in note())
    assert says_chance(snapshot_of(desk), CAT)


def test_what_stood_folded_away_on_a_reviewed_photo_is_no_answer_while_one_answers_either(desk: MainWindow) -> None:
    snapshot, dog = snapshot_of(desk), 1
    maybe = np.flatnonzero(snapshot.states()[:, dog] == LabelState.MAYBE)[:2]
    others = np.setdiff1d(np.arange(PHOTOS), maybe)[:9]
    ids = snapshot.photo_ids
    desk.session.edits.answer("said", [Answer(int(ids[row]), snapshot.labels[dog].id, row < 3) for row in others])
    desk.session.edits.answer("seen", [Answer(int(ids[row]), None, True) for row in maybe])
    wait_until(lambda: not desk.desk.teaching.busy)
    settle(desk)
    assert len(maybe) == 2
    assert snapshot_of(desk).taught == {}  # nine answers


def test_what_answers_changed_names_labels_in_the_windows_language(
    desk: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdul_gui.wording.language_of_window", lambda: "de")
    say_cats(desk, doubtful(desk)[:10])
    wait_until(desk.learnt.isVisible)
    assert desk.learnt.text().startswith("Learnt: Katze ")


def test_undo_of_the_answers_brings_back_what_was_likely_before(desk: MainWindow) -> None:
    before = snapshot_of(desk)
    scores, thresholds = before.scores.copy(), before.thresholds.copy()
    say_cats(desk, doubtful(desk)[:10])
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    press(desk, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: CAT not in snapshot_of(desk).taught)
    assert snapshot_of(desk).scores.tolist() == scores.tolist()
    assert snapshot_of(desk).thresholds.tolist() == thresholds.tolist()


def counts_as_they_are(window: MainWindow) -> tuple[int, int, int]:
    cats = snapshot_of(window).states()[:, CAT].tolist()
    return cats.count(LabelState.CONFIRMED), cats.count(LabelState.LIKELY), cats.count(LabelState.MAYBE)


def confirm_what_a_threshold_by_hand_says(window: MainWindow) -> None:
    """On twenty-eight photos, which teaches the label."""
    window.session.look_at_label(CAT)
    window.desk.sweep.keep(0.2)
    settle(window)
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_T, CTRL | SHIFT)
    press(window, Qt.Key.Key_Return, CTRL)
    wait_until(lambda: CAT in snapshot_of(window).taught)


def test_answers_that_are_taken_back_have_changed_nothing(desk: MainWindow) -> None:
    confirm_what_a_threshold_by_hand_says(desk)
    press(desk, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: CAT not in snapshot_of(desk).taught)
    settle(desk)
    assert not desk.learnt.isVisible(), desk.learnt.text()
    desk.desk.pages.gallery.setFocus()
    for row in range(12):  # one by one, as often as other photos follow on the way
        desk.session.go_to(row)
        press(desk, Qt.Key.Key_Return, CTRL)
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    for _ in range(12):
        press(desk, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: CAT not in snapshot_of(desk).taught)
    settle(desk)
    assert not desk.learnt.isVisible(), desk.learnt.text()


@pytest.fixture
def slow_to_be_sure(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """How sure the scores are is not known before this is set."""
    go_on = threading.Event()

    def after_a_while(project: Project, snapshot: Snapshot, stage: str) -> StageCalibration | None:
        go_on.wait(60)
        return learnt_calibration(project, snapshot, stage)

    monkeypatch.setattr("cdul_gui.session.thresholds.learnt_calibration", after_a_while)
    yield go_on
    go_on.set()


def test_a_threshold_that_is_taken_back_right_after_its_answers_is_so_everywhere(
    desk: MainWindow, slow_to_be_sure: threading.Event
) -> None:
    slow_to_be_sure.set()
    automatic = counts_as_they_are(desk)
    confirm_what_a_threshold_by_hand_says(desk)
    settle(desk)
    slow_to_be_sure.clear()
    for _ in range(2):
        QTest.keyClick(desk.desk.pages.gallery, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: CAT not in snapshot_of(desk).taught, seconds=20)
    assert desk.desk.use.count_of(CAT) == counts_as_they_are(desk)
    slow_to_be_sure.set()
    wait_until(lambda: counts_as_they_are(desk) == automatic, seconds=20)
    assert desk.desk.use.count_of(CAT) == automatic


def test_a_threshold_that_is_taken_back_beside_a_taught_label_is_so_everywhere_at_once(
    desk: MainWindow, slow_to_be_sure: threading.Event
) -> None:
    slow_to_be_sure.set()
    say_cats(desk, doubtful(desk)[:20])
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    settle(desk)
    automatic = float(snapshot_of(desk).thresholds[DOG])
    confirmed, likely, _maybe = desk.desk.use.count_of(DOG)
    desk.session.look_at_label(DOG)
    desk.desk.sweep.keep(0.9)
    settle(desk)
    assert desk.desk.use.count_of(DOG)[1] != likely
    slow_to_be_sure.clear()
    QTest.keyClick(desk.desk.pages.gallery, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: float(snapshot_of(desk).thresholds[DOG]) == automatic, seconds=20)
    wait_until(lambda: desk.desk.use.count_of(DOG)[:2] == (confirmed, likely), seconds=5)


def test_a_project_that_was_taught_is_so_when_it_is_opened_again(desk: MainWindow, cats: Path) -> None:
    say_cats(desk, doubtful(desk)[:20])
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    settle(desk)
    likely = likely_cats(snapshot_of(desk)).tolist()
    desk.desk.opening.open_folder(cats)
    settle(desk)
    assert likely_cats(snapshot_of(desk)).tolist() == likely


def test_a_threshold_of_a_taught_label_is_set_and_taken_back(desk: MainWindow) -> None:
    say_cats(desk, doubtful(desk)[:20])
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    settle(desk)
    learnt = float(snapshot_of(desk).thresholds[CAT])
    desk.session.look_at_label(CAT)
    desk.desk.sweep.keep(0.9)
    settle(desk)
    assert snapshot_of(desk).thresholds[CAT] == pytest.approx(0.9)
    assert snapshot_of(desk).threshold_sources[CAT] == ThresholdSource.BY_HAND
    say_cats(desk, doubtful(desk)[20:22])  # what is answered later moves it no more
    settle(desk)
    assert snapshot_of(desk).thresholds[CAT] == pytest.approx(0.9)
    desk.desk.sweep.keep_automatic()
    wait_until(lambda: snapshot_of(desk).threshold_sources[CAT] == ThresholdSource.FROM_REVIEW)
    assert snapshot_of(desk).thresholds[CAT] != pytest.approx(0.9)
    assert learnt < 0.9


def test_beside_each_score_stands_the_threshold_that_counts_also_of_a_taught_label(desk: MainWindow) -> None:
    scores = desk.desk.inspector.scores
    table = scores.model()

    def told(label: int, column: ScoreColumn) -> str:
        name = snapshot_of(desk).labels[label].name
        row = next(row for row in range(table.rowCount()) if table.index(row, ScoreColumn.NAME).data() == name)
        return table.index(row, column).data()

    asked = doubtful(desk)
    row = int(asked[0])
    desk.session.go_to(row)
    settle(desk)
    assert scores.isColumnHidden(ScoreColumn.CHANCE)
    before = told(CAT, ScoreColumn.PSEUDO_LABEL)
    say_cats(desk, np.array([*asked[:10], *likely_cats(snapshot_of(desk))[:4]]))
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    settle(desk)
    now, threshold = snapshot_of(desk).scores[row, CAT], snapshot_of(desk).thresholds[CAT]
    assert told(CAT, ScoreColumn.PSEUDO_LABEL) != before
    assert ("≥" if now >= threshold else "<") in told(CAT, ScoreColumn.PSEUDO_LABEL)
    assert told(CAT, ScoreColumn.CHANCE).endswith("%")
    # Of the other label no chance is known; the columns are the same, photo after photo.
    assert told(DOG, ScoreColumn.CHANCE) == ""
    assert "≥" in told(DOG, ScoreColumn.PSEUDO_LABEL) or "<" in told(DOG, ScoreColumn.PSEUDO_LABEL)
    assert not scores.isColumnHidden(ScoreColumn.CHANCE)


def test_a_line_set_by_hand_stays_below_what_a_sweep_confirms_from_it_on(desk: MainWindow) -> None:
    desk.session.look_at_label(CAT)
    press(desk, Qt.Key.Key_T, CTRL)
    desk.desk.sweep.keep(float(np.sort(snapshot_of(desk).scores[:, CAT])[-12]))
    settle(desk)
    press(desk, Qt.Key.Key_T, CTRL | SHIFT)
    confirmed = desk.session.selection
    assert len(confirmed) == 12
    press(desk, Qt.Key.Key_Return, CTRL)
    wait_until(lambda: CAT in snapshot_of(desk).taught)
    settle(desk)
    snapshot = snapshot_of(desk)
    assert snapshot.thresholds[CAT] <= snapshot.scores[confirmed, CAT].max()
    assert desk.desk.sweep_panel.estimate.text().startswith("likely from 0.")
