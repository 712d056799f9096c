"""The heatmap is that of the label that is chosen, or of the one under the pointer for as long."""

from pathlib import Path

import numpy as np
import pytest
from acting import chip, click_chip, click_label, click_photo, current_path, press, settle
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.failures import ProjectError
from engine.stages.describing.adopting import adopt_words
from engine.stages.labelling.explain import Heatmaps
from engine.wording import Sentence


def test_choosing_a_label_shows_its_heatmap(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    bare = _pixels(window)
    assert window.desk.inspector.canvas.heatmap_values is None
    click_label(window, "boat")
    assert np.array_equal(_shown(window), _expected(scored_photos, "beach.jpg", "boat"))
    assert _share_that_differs(bare, _pixels(window)) > 0.5


def test_a_label_clicked_again_is_no_longer_chosen(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    click_label(window, "boat")
    assert window.session.label is None
    assert window.desk.inspector.canvas.heatmap_values is None


def test_pointing_at_a_chip_shows_its_heatmap_for_as_long(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    tree = chip(window, "tree")
    middle = QPointF(tree.rect().center())
    QApplication.sendEvent(tree, QEnterEvent(middle, middle, QPointF(tree.mapToGlobal(middle))))
    assert np.array_equal(_shown(window), _expected(scored_photos, "beach.jpg", "tree"))
    QApplication.sendEvent(tree, QEvent(QEvent.Type.Leave))
    assert np.array_equal(_shown(window), _expected(scored_photos, "beach.jpg", "boat"))


@pytest.mark.parametrize("key", [Qt.Key.Key_End, Qt.Key.Key_Down])
def test_a_row_that_moves_below_a_pointer_that_rests_is_not_pointed_at(window: MainWindow, key: Qt.Key) -> None:
    window.resize(960, 540)
    window.session.change(lambda project: adopt_words(project, [f"thing {number}" for number in range(25)]))
    settle(window)
    view = window.desk.labels.view
    view.setFocus()
    # The pointer rests in the list.
    resting = view.viewport().mapToGlobal(QPoint(20, view.viewport().height() // 2))
    QCursor.setPos(resting)
    for place in (QPoint(20, 10), view.viewport().mapFromGlobal(resting)):
        QTest.mouseMove(view.viewport(), place)
    assert window.session.pointed_label is not None
    for _step in range(15):
        press(window, key)
        assert window.session.label is not None
        assert window.session.heatmap_label == window.session.label
    assert view.verticalScrollBar().value() > 0
    QTest.mouseMove(view.viewport(), view.viewport().mapFromGlobal(resting) + QPoint(1, 0))
    assert window.session.pointed_label == window.desk.labels.tree.row_at(
        view.indexAt(view.viewport().mapFromGlobal(resting))
    )


def test_the_heatmap_follows_to_the_next_photo(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    press(window, Qt.Key.Key_N)
    following = current_path(window)
    assert following != "beach.jpg"
    assert np.array_equal(_shown(window), _expected(scored_photos, following, "boat"))


def test_an_edit_leaves_the_heatmap_where_it_is(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    click_chip(window, "boat")
    assert np.array_equal(_shown(window), _expected(scored_photos, "beach.jpg", "boat"))


def test_a_heatmap_that_could_not_be_read_is_not_waited_for_and_is_looked_for_again(
    window: MainWindow, scored_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_what: object) -> None:
        raise ProjectError(Sentence("The server is away."))

    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    with monkeypatch.context() as patched:
        patched.setattr("cdul_gui.session.current_photo.Heatmaps.of", away)
        click_photo(window, "zebra.bmp")
        settle(window)
        assert window.messages.text.text() == "The server is away."
        assert "Reading" not in window.desk.inspector.strip.text
    click_photo(window, "beach.jpg")
    click_photo(window, "zebra.bmp")
    assert np.array_equal(_shown(window), _expected(scored_photos, "zebra.bmp", "boat"))


def test_opacity_nought_shows_the_bare_photo(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_G)
    click_label(window, "boat")
    window.desk.inspector.strip.opacity.setValue(100)
    full = _pixels(window)
    window.desk.inspector.strip.opacity.setValue(0)
    assert _share_that_differs(full, _pixels(window)) > 0.5


def test_h_hides_the_heatmap(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    click_label(window, "boat")
    press(window, Qt.Key.Key_H)
    assert window.desk.inspector.canvas.heatmap_values is None
    press(window, Qt.Key.Key_H)
    assert window.desk.inspector.canvas.heatmap_values is not None


def test_the_strip_says_whose_heatmap_it_is(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    assert window.desk.inspector.strip.text == "No label chosen"
    click_label(window, "boat")
    assert window.desk.inspector.strip.text == "Heatmap: boat"
    press(window, Qt.Key.Key_H)
    assert window.desk.inspector.strip.text == "Heatmap is off"


def test_of_a_photo_that_a_run_has_not_come_to_nothing_is_claimed(window: MainWindow, scored_photos: Path) -> None:
    (scored_photos / "zz cut.jpg").write_bytes((scored_photos / "beach.jpg").read_bytes()[:200])
    (scored_photos / "zz later.jpg").write_bytes((scored_photos / "trip/boat.jpg").read_bytes())
    press(window, Qt.Key.Key_F5)
    inspector = window.desk.inspector
    click_photo(window, "zz later.jpg")
    assert inspector.strip.text == "Not labelled yet"
    assert inspector.no_labels.text() == "No labels yet: press Label, or add some here."


def _shown(window: MainWindow) -> np.ndarray:
    values = window.desk.inspector.canvas.heatmap_values
    assert values is not None
    return np.asarray(values)


def _expected(photos: Path, path: str, label: str) -> np.ndarray:
    with Project.open(photos, read_only=True) as project, project.reading() as connection:
        photo = connection.exec_driver_sql("SELECT id FROM photo WHERE path = ?", (path,)).scalar_one()
        label_id = connection.exec_driver_sql("SELECT id FROM label WHERE name = ?", (label,)).scalar_one()
        found = Heatmaps(project).of(photo)
    assert found is not None
    values = found.of(label_id)
    assert values is not None
    assert values.shape == (3, 3)
    return values


def _pixels(window: MainWindow) -> np.ndarray:
    image = window.desk.inspector.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def _share_that_differs(one: np.ndarray, other: np.ndarray) -> float:
    """Of the photo's own pixels: the ground around it stays."""
    if one.shape != other.shape:
        pytest.fail("the view changed its size")
    ground = one[1, 1]
    photo = (one != ground).any(axis=-1)
    return float(((one != other).any(axis=-1) & photo).sum() / photo.sum())
