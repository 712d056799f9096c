"""The threshold of a label: its line on the histogram of scores, by mouse, keyboard and button."""

from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, PLAIN, SHIFT, click_label, press, settle, states_shown, wait_until
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.answer import Answer
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ThresholdSource

DOG = 1


@pytest.fixture
def swept(window: MainWindow) -> MainWindow:
    """The window with the sweep of dog: .9 on two photos, .8 on one, .05 on the others; suggested from .2."""
    click_label(window, "dog")
    press(window, Qt.Key.Key_T, CTRL)
    wait_until(lambda: window.desk.sweep_panel.plot.isVisible())
    return window


def threshold_kept(photos: Path, name: str = "dog") -> tuple[float, ThresholdSource]:
    with Project.open(photos, read_only=True) as project:
        snapshot = take_snapshot(project)
    column = [label.name for label in snapshot.labels].index(name)
    return float(snapshot.thresholds[column]), snapshot.threshold_sources[column]


def place_of(window: MainWindow, score: float) -> QPoint:
    """Where a score is on the plot."""
    plot = window.desk.sweep_panel.plot
    view = plot.plotItem.vb
    return plot.mapFromScene(view.mapViewToScene(QPointF(score, view.viewRect().center().y())))


def drag(window: MainWindow, score: float) -> None:
    """Take hold of the line and pull it to a score, without letting go."""
    plot = window.desk.sweep_panel.plot
    start, end = place_of(window, plot.threshold), place_of(window, score)
    QTest.mouseMove(plot.viewport(), start)
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, PLAIN, start)
    hand = cycle((end, end + QPoint(0, 1)))

    def pulled() -> bool:
        # Moves that come faster than the screen are left out.
        QTest.mouseMove(plot.viewport(), next(hand))
        return plot.threshold == pytest.approx(score, abs=0.01)

    wait_until(pulled)


def let_go(window: MainWindow, score: float) -> None:
    plot = window.desk.sweep_panel.plot
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, PLAIN, place_of(window, score))
    settle(window)


def test_it_says_what_the_threshold_accepts(swept: MainWindow) -> None:
    panel = swept.desk.sweep_panel
    assert panel.title.text() == "THRESHOLD OF DOG"
    assert panel.estimate.text() == "likely from 0.20: 3 photos · precision unknown: none of them is reviewed"
    assert panel.plot.threshold == pytest.approx(0.2)


def test_the_precision_is_estimated_from_reviewed_photos(swept: MainWindow) -> None:
    look_at(swept, "dog.webp")
    press(swept, Qt.Key.Key_Space)
    look_at(swept, "zebra.bmp")
    press(swept, Qt.Key.Key_X)
    wait_until(lambda: "reviewed" in swept.desk.sweep_panel.estimate.text())
    # Wilson's interval of one right among two
    assert swept.desk.sweep_panel.estimate.text() == (
        "likely from 0.20: 1 photo and 2 answered · precision .50 (.09–.91) from 2 reviewed"
    )


def look_at(window: MainWindow, path: str) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    window.session.go_to(snapshot.paths.index(path))


def test_dragging_counts_at_once_and_keeps_on_release(swept: MainWindow, scored_photos: Path) -> None:
    panel = swept.desk.sweep_panel
    drag(swept, 0.85)
    assert panel.estimate.text().startswith("likely from 0.85: 2 photos · precision unknown")
    assert panel.estimate.text().endswith(" · maybe from 0.20: 1 more")
    assert threshold_kept(scored_photos)[1] == ThresholdSource.DEFAULT
    let_go(swept, 0.85)
    value, source = threshold_kept(scored_photos)
    assert value == pytest.approx(0.85, abs=0.01)
    assert source == ThresholdSource.BY_HAND
    assert panel.source.text() == "set by hand"


def test_what_is_likely_and_what_may_be_follow_everywhere(swept: MainWindow) -> None:
    look_at(swept, "trip/turned.jpg")  # a dog of .8
    assert states_shown(swept)["dog"] == "likely"
    assert swept.desk.use.count_of(DOG) == (0, 3, 0)
    drag(swept, 0.85)
    let_go(swept, 0.85)
    assert states_shown(swept)["dog"] == "maybe"
    assert swept.desk.use.count_of(DOG) == (0, 2, 1)


def test_the_arrow_keys_move_the_line(swept: MainWindow, scored_photos: Path) -> None:
    press(swept, Qt.Key.Key_M, CTRL)
    plot = swept.desk.sweep_panel.plot
    assert plot.hasFocus()
    press(swept, Qt.Key.Key_Right)
    moved = plot.threshold
    assert 0.2 < moved < 0.22
    assert threshold_kept(scored_photos)[0] == pytest.approx(moved)
    press(swept, Qt.Key.Key_Left, SHIFT)
    assert plot.threshold < 0.12
    assert threshold_kept(scored_photos)[0] == pytest.approx(plot.threshold)


def test_automatic_takes_a_threshold_by_hand_back(swept: MainWindow, scored_photos: Path) -> None:
    button = swept.desk.sweep_panel.automatic
    assert not button.isEnabled()
    press(swept, Qt.Key.Key_M, CTRL)
    press(swept, Qt.Key.Key_Right)
    click(swept, button)
    assert threshold_kept(scored_photos) == (pytest.approx(0.2), ThresholdSource.DEFAULT)
    wait_until(lambda: not button.isEnabled())
    assert swept.desk.sweep_panel.plot.threshold == pytest.approx(0.2)


def test_moving_the_line_is_a_step_of_undo_also_after_a_restart(swept: MainWindow, scored_photos: Path) -> None:
    panel = swept.desk.sweep_panel
    press(swept, Qt.Key.Key_M, CTRL)
    press(swept, Qt.Key.Key_Right, SHIFT)
    kept = panel.plot.threshold
    assert swept.said.text() == f"threshold of dog set to {kept:.3g}"
    press(swept, Qt.Key.Key_Z, CTRL)
    assert threshold_kept(scored_photos)[1] == ThresholdSource.DEFAULT
    wait_until(lambda: panel.plot.threshold == pytest.approx(0.2))
    press(swept, Qt.Key.Key_Z, CTRL | SHIFT)
    wait_until(lambda: panel.plot.threshold == pytest.approx(kept))
    swept.desk.opening.close()
    swept.desk.opening.open_folder(scored_photos)
    settle(swept)
    # The photos are in the order of the label, which is chosen as it was; the line is a key away.
    press(swept, Qt.Key.Key_M, CTRL)
    wait_until(lambda: panel.plot.threshold == pytest.approx(kept))
    press(swept, Qt.Key.Key_H, CTRL)
    history = swept.desk.history
    wait_until(lambda: history.model.rowCount() == 2)
    assert history.model.things[0].title == f"threshold of dog set to {kept:.3g}"
    press(swept, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: panel.plot.threshold == pytest.approx(0.2))
    assert threshold_kept(scored_photos)[1] == ThresholdSource.DEFAULT


def test_a_label_left_alone_on_a_reviewed_photo_is_not_there(swept: MainWindow) -> None:
    say(swept, {"dog.webp": YES})
    press(swept, Qt.Key.Key_Home)
    session = swept.session
    snapshot = session.snapshot
    assert snapshot is not None
    session.edits.answer("reviewed", [Answer(int(snapshot.photo_ids[0]), None, True)])
    settle(swept)
    known = dict(zip(snapshot.paths, snapshot.answers(DOG).tolist(), strict=True))
    assert (known["dog.webp"], known["beach.jpg"], known["zebra.bmp"]) == (YES, NO, UNDECIDED)


def test_bars_of_what_is_likely_and_what_may_be_have_colours_of_their_own(swept: MainWindow) -> None:
    plot = swept.desk.sweep_panel.plot
    assert not plot.maybe_line.isVisible()  # both begin at .2
    brushes, heights = plot.bars.opts["brushes"], plot.bars.opts["height"]
    colours = [brush.color().name() for brush, height in zip(brushes, heights, strict=True) if height]
    assert len(colours) == 3  # .05, .8 and .9
    assert colours[0] != colours[1] == colours[2]
    assert np.allclose(heights[heights > 0], np.log1p([5, 1, 2]))
    drag(swept, 0.85)
    let_go(swept, 0.85)
    assert plot.maybe_line.isVisible()
    assert plot.maybe_line.value() == pytest.approx(0.2)
    brushes, heights = plot.bars.opts["brushes"], plot.bars.opts["height"]
    colours = [brush.color().name() for brush, height in zip(brushes, heights, strict=True) if height]
    assert len(set(colours)) == 3


def test_nothing_can_be_moved_in_a_project_that_is_only_looked_at(
    empty_window: MainWindow, scored_photos: Path
) -> None:
    with Project.open(scored_photos):
        empty_window.desk.opening.open_folder(scored_photos)
        settle(empty_window)
        click_label(empty_window, "dog")
        press(empty_window, Qt.Key.Key_M, CTRL)
        panel = empty_window.desk.sweep_panel
        wait_until(lambda: panel.plot.isVisible())
        press(empty_window, Qt.Key.Key_Right)
        assert panel.plot.threshold == pytest.approx(0.2)
        assert not panel.automatic.isEnabled()
        assert not panel.accept.isEnabled()


def test_empty_places_say_what_to_do(window: MainWindow) -> None:
    panel = window.desk.sweep_panel
    window.desk.reveal(panel, window.desk.pages.gallery)
    assert panel.empty.isVisible()
    assert panel.empty.text().startswith("Choose a label")
    click_label(window, "cat")
    wait_until(lambda: panel.plot.isVisible())
    assert not panel.empty.isVisible()


def click(window: MainWindow, button: QToolButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(window)


def say(window: MainWindow, answers: dict[str, int]) -> None:
    """Decide on dog."""
    session = window.session
    assert session.snapshot is not None
    snapshot = session.snapshot
    session.edits.answer(
        "decided",
        [
            Answer(int(snapshot.photo_ids[snapshot.paths.index(path)]), snapshot.labels[DOG].id, value == YES)
            for path, value in answers.items()
        ],
    )
    settle(window)


def test_a_line_above_all_scores_says_what_to_do(swept: MainWindow) -> None:
    swept.desk.sweep.keep(0.97)
    settle(swept)
    told = swept.desk.sweep_panel.estimate
    wait_until(lambda: told.text().startswith("No photo is likely: the highest score is 0.90, the line is at 0.97. "))
    assert "move the line to the left" in told.text()
    assert "0 photos" not in told.text()
