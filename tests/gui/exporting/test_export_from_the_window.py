"""Ctrl+E exports the labels, with every edit made before."""

import json
from pathlib import Path

import pytest
from acting import CTRL, click_photo, open_dialog, press, settle, wait_until
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


def test_reviewed_photos_go_out_with_what_was_said_of_them(window: MainWindow) -> None:
    click_photo(window, "zebra.bmp")
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_E, CTRL)
    form = _dialog(window).form
    assert form.states.currentData() == "suggested"
    QTest.mouseClick(form.reviewed, Qt.MouseButton.LeftButton)
    assert form.states.currentData() == "confirmed"
    form.states.setCurrentIndex(form.states.findData("maybe"))  # who chooses is not overruled
    QTest.mouseClick(form.all, Qt.MouseButton.LeftButton)
    assert form.states.currentData() == "maybe"


def test_what_was_selected_before_an_export_is_let_go(window: MainWindow, tmp_path: Path) -> None:
    press(window, Qt.Key.Key_A, CTRL)
    assert len(window.session.targets()) == 8
    _export(window, tmp_path / "out.json")
    assert len(window.session.targets()) == 1


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


def test_a_file_of_somebody_else_is_asked_for(window: MainWindow, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text("mine")
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    dialog.file.setText(str(mine))
    wait_until(lambda: not dialog.looking)
    assert dialog.replace.isVisible()
    assert not dialog.export.isEnabled()
    dialog.file.setText(str(tmp_path / "other.json"))
    wait_until(lambda: not dialog.looking)
    assert dialog.warning == ""
    assert not dialog.replace.isVisible()
    assert dialog.export.isEnabled()
    dialog.file.setText(str(mine))
    wait_until(lambda: not dialog.looking)
    dialog.replace.click()
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert len(json.loads(mine.read_text())["images"]) == 8


def test_before_anybody_could_be_asked_a_file_of_somebody_else_stays(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("mine")
    _export(window, tmp_path / "mine.json")
    assert (tmp_path / "mine.json").read_text() == "mine"
    assert "is there already" in window.messages.text.text()


def test_an_earlier_export_is_replaced(window: MainWindow, tmp_path: Path) -> None:
    out = _export(window, tmp_path / "out.json")
    _press_in_the_gallery(window, Qt.Key.Key_E)
    dialog = _dialog(window)
    dialog.file.setText(str(out))
    wait_until(lambda: not dialog.looking)
    assert "will be replaced" in dialog.warning
    assert not dialog.replace.isVisible()
    out.write_text(out.read_text() + " ")
    dialog.file.setText(f"{out} ")
    dialog.file.setText(str(out))
    wait_until(lambda: not dialog.looking)
    assert dialog.replace.isVisible()
    dialog.reject()


def test_what_is_written_beside_photos_can_be_undone(window: MainWindow) -> None:
    project = window.session.project
    assert project is not None
    theirs = project.photos / "beach.txt"
    theirs.write_bytes(b"0 0.5 0.5 0.2 0.2\n")
    before = _files(project.photos)
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    dialog.form.format.setCurrentIndex(dialog.form.format.findData("text"))
    dialog.form.photos.setCurrentIndex(dialog.form.photos.findData("beside"))
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    written = _files(project.photos)
    assert len(written) == len(before) + 6
    assert "beach.txt was left as it is" in window.messages.text.text()
    _press_in_the_gallery(window, Qt.Key.Key_Z)
    settle(window)
    assert _files(project.photos) == before
    window.session.edits.redo()
    settle(window)
    assert _files(project.photos) == written


def _press_in_the_gallery(window: MainWindow, key: Qt.Key) -> None:
    """Once the window has the keyboard again, after a dialog."""
    window.activateWindow()
    wait_until(window.isActiveWindow)
    QTest.keyClick(window.desk.pages.gallery, key, CTRL)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file() and ".cdul" not in file.parts}


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


def test_what_nobody_looked_at_is_said_before_and_after_and_the_file_is_a_click_away(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr("cdul_gui.session.exporting.show_in_folder", lambda file, _say: shown.append(file))
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_E, CTRL)
    dialog = _dialog(window)
    wait_until(lambda: not dialog.looking)
    told = "Suggested, and looked at by nobody: 9 of 11 labels"
    assert told in dialog.preview.counts.text()
    dialog.file.setText(str(tmp_path / "out.json"))
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert told in window.messages.text.text()
    show, _next = window.messages.choices
    assert show.text() == "Show in folder"
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert shown == [tmp_path / "out.json"]
