"""A heatmap glows where the label is likely, on the label's own scale; it is smooth, and has boxes, where wished."""

from pathlib import Path

import numpy as np
import pytest
from acting import LABELS, click_label, click_photo, command, press, settle, wait_until
from PySide6.QtCore import Qt

from cdul_gui.look.controls import OneLine
from cdul_gui.session.session import Session
from cdul_gui.viewer.photo_canvas import PhotoCanvas
from cdul_gui.window.main_window import MainWindow
from engine.method.heat import heat, smoothed
from engine.stages.labelling.find_things import SeenThing, ThingFinder


def canvas_of(window: MainWindow) -> PhotoCanvas:
    return window.desk.inspector.canvas


def test_a_photo_without_the_thing_stays_dark() -> None:
    nowhere = np.array([[0.04, 0.01], [0.02, 0.03]])
    assert heat(nowhere, 0.6).max() < 0.05
    assert heat(np.array([[0.6, 0.9]]), 0.6).tolist() == [[0.5, 0.9 * 0.4 / (0.9 * 0.4 + 0.1 * 0.6)]]


def test_smoothing_keeps_the_range_and_moves_the_top_between_two_strong_snippets() -> None:
    values = np.array([[0.1, 0.1, 0.1], [0.8, 0.9, 0.1], [0.1, 0.1, 0.1]])
    fine = smoothed(values, 16)
    assert fine.shape == (48, 48)
    assert fine.min() >= 0.1 - 1e-6
    assert fine.max() <= 0.9 + 1e-6
    row, column = np.unravel_index(fine.argmax(), fine.shape)
    assert 16 <= row < 32
    assert column < 24


def test_the_same_value_glows_the_same_on_every_photo(window: MainWindow) -> None:
    click_label(window, "boat")
    seen = {}
    for path in ("beach.jpg", "city.png"):
        click_photo(window, path)
        values, strengths = np.asarray(canvas_of(window).heatmap_values), canvas_of(window).strengths
        seen.update(zip(values.ravel().tolist(), strengths.ravel().tolist(), strict=True))
    values = sorted(seen)
    assert len(values) == 18
    assert [seen[value] for value in values] == sorted(seen.values())


@pytest.mark.parametrize("large", [False, True])
def test_what_is_said_below_the_photo_is_read_in_full_beside_all_controls(window: MainWindow, large: bool) -> None:
    window.resize(960, 540)
    click_photo(window, "beach.jpg")
    if large:
        press(window, Qt.Key.Key_Return)
    strip = window.desk.pages.photo.strip if large else window.desk.inspector.strip
    assert strip.smooth.isVisible()
    [said] = strip.findChildren(OneLine)
    dim = ("animal: the heatmap hardly glows", "animal: boxes, the heatmap is dim")
    for text in (strip.text, "Heatmap: animal", *dim):
        assert said.fontMetrics().horizontalAdvance(text) <= said.contentsRect().width()
    for control in (strip.smooth, strip.boxes, strip.opacity):
        assert strip.rect().contains(control.geometry())


def test_what_stands_below_the_photo_stays_where_a_photo_has_no_heatmap(
    window: MainWindow, scored_photos: Path
) -> None:
    click_photo(window, "beach.jpg")
    strip = window.desk.inspector.strip
    controls = (strip.smooth, strip.boxes, strip.opacity)
    places = [control.geometry() for control in controls]
    assert all(control.isEnabled() for control in controls)
    (scored_photos / "zz later.jpg").write_bytes((scored_photos / "trip/boat.jpg").read_bytes())
    press(window, Qt.Key.Key_F5)
    click_photo(window, "zz later.jpg")
    assert strip.text == "Not labelled yet"
    assert [control.geometry() for control in controls if control.isVisible()] == places
    assert [control.isEnabled() for control in controls] == [False, True, False]


def test_smooth_on_wish_and_remembered(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    assert canvas_of(window).strengths.shape == (3, 3)
    window.desk.inspector.strip.smooth.click()
    settle(window)
    assert canvas_of(window).strengths.shape == (48, 48)
    assert command(window, "smooth-heatmap").isChecked()
    again = MainWindow(Session())
    assert again.desk.inspector.strip.smooth.isChecked()
    again.close()
    again.deleteLater()
    command(window, "smooth-heatmap").trigger()
    settle(window)
    assert canvas_of(window).strengths.shape == (3, 3)


def test_boxes_are_drawn_of_a_label_that_the_detector_knows(empty_window: MainWindow) -> None:
    window = empty_window
    window.desk.opening.open_samples()
    settle(window)
    for name in ("giraffe", "meadow"):
        window.desk.label_set.add(name)
        settle(window)
    snapshot = window.session.snapshot
    assert snapshot is not None
    window.session.go_to(snapshot.paths.index("animals/giraffes_by_trees.jpg"))
    window.session.look_at_label(0)
    settle(window)
    assert canvas_of(window).boxes == []
    window.desk.inspector.strip.boxes.click()
    wait_until(lambda: canvas_of(window).boxes != [])
    assert all(canvas_of(window).photo_rect.contains(box) for box in canvas_of(window).boxes)
    window.session.look_at_label(1)
    assert canvas_of(window).boxes == []


def test_where_the_heatmap_of_a_label_that_is_there_says_nothing_the_boxes_are_drawn(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    boat = snapshot.labels[LABELS.index("boat")].id
    seen = SeenThing(boat, (0.1, 0.2, 0.5, 0.6), 0.9)
    monkeypatch.setattr(ThingFinder, "find", lambda *_asked: (seen,))
    canvas, strip = canvas_of(window), window.desk.inspector.strip
    click_photo(window, "beach.jpg")
    assert window.desk.inspector.strip.boxes.isChecked() is False
    found = window.desk.photo.heatmap
    assert found is not None
    # Whatever a part scores is far below where the label may be.
    found.may_be_from[boat] = 0.999999
    click_label(window, "boat")
    wait_until(lambda: canvas.boxes != [])
    assert strip.text == "boat: boxes, the heatmap is dim"
    click_photo(window, "city.png")  # where it is not: dark is what is to be said
    assert canvas.boxes == []
    assert strip.text == "Heatmap: boat"
