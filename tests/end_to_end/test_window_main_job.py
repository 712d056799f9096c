"""The main job in the window with the real starter encoder: photos in, labels, a correction, COCO out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cdul_gui.dialogs.export.dialog import ExportDialog
from cdul_gui.settings import Settings
from cdul_gui.window.main_window import MainWindow
from engine.project.label_state import LabelState
from engine.stages.labelling.label_sets import built_in_label_set

LEFT = Qt.MouseButton.LeftButton


def test_open_the_sample_photos_label_look_correct_undo_export(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session, desk = window.session, window.desk

    def settle() -> None:
        qtbot.waitUntil(lambda: session.project is not None and not session.workers.busy, timeout=300_000)

    QTest.mouseClick(desk.pages.start.open_samples, LEFT)
    settle()
    photos = desk.pages.gallery.model().rowCount()
    assert photos >= 12

    QTest.mouseClick(window.label_button, LEFT, pos=QPoint(20, 12))
    assert window.progress.isVisible()
    settle()
    # Nothing went wrong; what to do next is said first.
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.choices[0].text().startswith("Review"), window.messages.text.text()
    # A better encoder is offered beside it once, and not needed here.
    qtbot.waitUntil(lambda: window.messages.choices[-1].text() == "Not now")
    QTest.mouseClick(window.messages.choices[-1], LEFT)
    QTest.mouseClick(window.messages.close_button, LEFT)
    assert not window.messages.isVisible()
    assert Settings().better_encoder_refused
    snapshot = session.snapshot
    assert snapshot is not None
    assert len(snapshot.labels) == len(built_in_label_set("everyday"))  # the first proposal
    states = snapshot.states()
    labelled = int((states == LabelState.LIKELY).any(axis=1).sum())
    assert labelled >= photos / 2

    # Look at the photo and label that the encoder is surest of.
    row, column = np.unravel_index(np.nanargmax(snapshot.scores), snapshot.scores.shape)
    name = snapshot.labels[column].name
    gallery = desk.pages.gallery
    place = gallery.model().index(int(row), 0)
    gallery.scrollTo(place)
    QTest.mouseClick(gallery.viewport(), LEFT, pos=gallery.visualRect(place).center())
    QTest.keyClick(gallery, Qt.Key.Key_Return)
    settle()
    canvas = desk.pages.photo.canvas
    assert canvas.isVisible()
    bare = _pixels(canvas.grab().toImage())
    labels = desk.labels.view
    listed = [labels.model().index(place, 0) for place in range(labels.model().rowCount())]
    label_place = next(place for place in listed if place.data() == name)
    labels.scrollTo(label_place)
    QTest.mouseClick(labels.viewport(), LEFT, pos=labels.visualRect(label_place).center())
    settle()
    values = np.asarray(canvas.heatmap_values)
    assert values.shape == (3, 3)
    assert values.max() > 10 / len(snapshot.labels)
    assert values.max() > 2 * values.min()
    drawn = _pixels(canvas.grab().toImage())
    assert (bare != drawn).any(axis=-1).mean() > 0.3

    def chip_state() -> str:
        return next(one.state.name for one in desk.inspector.chips.chips() if one.text() == name)

    assert chip_state() == "LIKELY"
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_X)
    settle()
    assert chip_state() == "REJECTED"
    path = snapshot.paths[row]
    assert name not in _exported(window, tmp_path / "rejected.json", settle)[path]
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert chip_state() == "LIKELY"
    exported = _exported(window, tmp_path / "undone.json", settle)
    assert name in exported[path]
    assert len(exported) == photos


def _exported(window: MainWindow, out: Path, settle: Callable[[], None]) -> dict[str, set[str]]:
    """Export by Ctrl+E; path to labels, as pycocotools reads them."""
    from pycocotools.coco import COCO

    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ExportDialog)
    dialog.file.setText(str(out))
    QTest.mouseClick(dialog.export, LEFT)
    window.activateWindow()
    settle()
    assert json.loads(out.read_text())["images"]
    coco = COCO(str(out))
    names = {one["id"]: one["name"] for one in coco.loadCats(coco.getCatIds())}
    return {
        photo["file_name"]: {names[one["category_id"]] for one in coco.loadAnns(coco.getAnnIds(imgIds=[photo["id"]]))}
        for photo in coco.loadImgs(coco.getImgIds())
    }


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].copy()
