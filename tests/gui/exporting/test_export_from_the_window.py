"""Ctrl+E exports the labels, with every edit made before."""

import json
from pathlib import Path

import pytest
from acting import CTRL, click_photo, open_dialog, press, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.export.dialog import ExportDialog
from cdul_gui.settings import Settings
from cdul_gui.window.main_window import MainWindow


def test_coco_with_the_last_edit(window: MainWindow, tmp_path: Path) -> None:
    click_photo(window, "city.png")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_X)  # not waited for
    out = _export(window, tmp_path / "out.json")
    coco = json.loads(out.read_text())
    names = {category["id"]: category["name"] for category in coco["categories"]}
    files = {image["id"]: image["file_name"] for image in coco["images"]}
    found = {(files[one["image_id"]], names[one["category_id"]]) for one in coco["annotations"]}
    assert ("beach.jpg", "boat") in found
    assert ("city.png", "cat") not in found
    assert len(files) == 8
    assert "8 photos" in window.said.text()


def test_reviewed_photos_alone(window: MainWindow, tmp_path: Path) -> None:
    click_photo(window, "zebra.bmp")
    press(window, Qt.Key.Key_Space)
    out = _export(window, tmp_path / "out.json", reviewed=True)
    assert [image["file_name"] for image in json.loads(out.read_text())["images"]] == ["zebra.bmp"]


def test_nothing_reviewed_cannot_be_chosen(window: MainWindow) -> None:
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    assert not dialog.form.reviewed.isEnabled()


def test_scores_as_a_table(window: MainWindow, tmp_path: Path) -> None:
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    dialog.form.format.setCurrentIndex(dialog.form.format.findData("scores"))
    assert dialog.file.text().endswith(".csv")
    dialog.file.setText(str(tmp_path / "scores.csv"))
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert (tmp_path / "scores.csv").read_text().splitlines()[0] == "file_name,cat,dog,boat,tree"


def test_a_file_that_is_there_is_not_replaced_unsaid(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("mine")
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    dialog.file.setText(str(tmp_path / "out.json"))
    assert "will be replaced" in dialog.warning
    dialog.file.setText(str(tmp_path / "other.json"))
    assert dialog.warning == ""


def test_the_folder_is_remembered(window: MainWindow, tmp_path: Path) -> None:
    _export(window, tmp_path / "out.json")
    assert Settings().export_folder == tmp_path


@pytest.mark.parametrize("name", ["no folder/out.json", "."])
def test_a_file_that_cannot_be_written_says_so(window: MainWindow, tmp_path: Path, name: str) -> None:
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    dialog.file.setText(f"/proc/{name}")
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.messages.isVisible()
    assert "/proc" in window.messages.text.text()
    assert not window.messages.details.isVisible()


def _dialog(window: MainWindow) -> ExportDialog:
    dialog = open_dialog(window)
    assert isinstance(dialog, ExportDialog)
    return dialog


def _export(window: MainWindow, out: Path, *, reviewed: bool = False) -> Path:
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    dialog.file.setText(str(out))
    dialog.form.reviewed.setChecked(reviewed)
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    return out
