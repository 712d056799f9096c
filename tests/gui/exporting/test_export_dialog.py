"""The export dialog shows the beginning of the real output, and what goes in and stays out."""

from pathlib import Path

import pytest
from acting import CTRL, click_photo, open_dialog, press, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.export.dialog import ExportDialog
from cdul_gui.settings import Settings
from cdul_gui.window.main_window import MainWindow
from engine.formats.registry import WRITERS
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.thresholds import FOR_ALL, ManualThreshold


def dialog_of(window: MainWindow) -> ExportDialog:
    window.activateWindow()
    wait_until(window.isActiveWindow)
    QTest.keyClick(window.desk.pages.gallery, Qt.Key.Key_E, CTRL)
    dialog = open_dialog(window)
    assert isinstance(dialog, ExportDialog)
    return dialog


def choose(dialog: ExportDialog, **wishes: object) -> None:
    for name, data in wishes.items():
        box = getattr(dialog.form, name)
        box.setCurrentIndex(box.findData(data))


def looked(dialog: ExportDialog) -> str:
    """The text that is shown once the dialog has looked at what is asked for."""
    wait_until(lambda: not dialog.looking)
    return dialog.preview.text.toPlainText()


def test_the_beginning_of_the_real_output(window: MainWindow) -> None:
    dialog = dialog_of(window)
    choose(dialog, format="csv")
    assert looked(dialog).splitlines()[:3] == [
        "file_name,label,score,state,source",
        "beach.jpg,boat,0.9,suggested,initial",
        "beach.jpg,tree,0.8,suggested,initial",
    ]
    assert "8 photos; labels: 0 confirmed, 11 likely, 0 maybe" in dialog.preview.counts.text()
    assert "Suggested, and looked at by nobody: 11 of 11 labels" in dialog.preview.counts.text()
    assert "Without a label: 1 photo, reviewed by nobody: 1" in dialog.preview.counts.text()
    dialog.reject()


def test_it_follows_what_is_asked_for(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Space)
    dialog = dialog_of(window)
    choose(dialog, format="csv", states="confirmed")
    dialog.form.filter.setText("name:city*")
    assert looked(dialog).splitlines() == ["file_name,label,score,state,source", "city.png,cat,1,confirmed,human"]
    assert "Left out by the filter: 7 photos" in dialog.preview.counts.text()
    dialog.form.filter.setText("")
    looked(dialog)
    assert "Left out, as not confirmed: 10 labels" in dialog.preview.counts.text()
    dialog.reject()


def test_of_the_scores_of_all_labels_no_label_is_said_to_be_left_out(window: MainWindow) -> None:
    dialog = dialog_of(window)
    choose(dialog, format="scores", states="confirmed")
    assert looked(dialog).splitlines()[0] == "file_name,cat,dog,boat,tree"
    assert dialog.preview.counts.text() == "8 photos, with the scores of all labels"
    assert not dialog.form.states.isEnabled()
    choose(dialog, format="csv")
    assert "Left out, as not confirmed" in (looked(dialog), dialog.preview.counts.text())[1]
    assert dialog.form.states.isEnabled()
    dialog.reject()


def test_weak_suggestions_are_left_out_until_they_are_asked_for(window: MainWindow) -> None:
    project = window.session.project
    assert project is not None
    set_thresholds(project, [ManualThreshold(*FOR_ALL, 0.85)])
    window.session.refresh()
    settle(window)
    dialog = dialog_of(window)
    choose(dialog, format="csv")
    assert ",maybe," not in looked(dialog)
    assert "Left out, as maybe and not likely" in dialog.preview.counts.text()
    choose(dialog, states="maybe")
    assert "beach.jpg,tree,0.8,maybe,initial" in looked(dialog).splitlines()
    assert "Left out" not in dialog.preview.counts.text()
    dialog.reject()


def test_chosen_labels(window: MainWindow, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    choose(dialog, format="csv-wide", which_labels=True)
    wait_until(lambda: not dialog.looking)
    assert dialog.preview.counts.text() == "Choose at least one label."
    assert not dialog.export.isEnabled()
    dialog.form.labels.item(2).setCheckState(Qt.CheckState.Checked)
    assert looked(dialog).splitlines()[:2] == ["file_name,boat", "beach.jpg,0.900000"]
    dialog.reject()


def test_a_filter_that_means_nothing_is_said_at_once(window: MainWindow) -> None:
    dialog = dialog_of(window)
    dialog.form.filter.setText("label:horse")
    looked(dialog)
    assert "There is no label “horse”" in dialog.preview.counts.text()
    assert not dialog.export.isEnabled()
    dialog.form.filter.setText("label:cat")
    looked(dialog)
    assert dialog.export.isEnabled()
    dialog.reject()


def test_the_place_fits_the_format(window: MainWindow, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    dialog.file.setText(str(tmp_path / "summer.json"))
    for name, writer in reversed(WRITERS.items()):
        choose(dialog, format=name)
        assert dialog.file.text() == str(tmp_path / f"summer{writer.suffix}")
        assert dialog.file.accessibleName() == ("File" if writer.suffix else "Folder")
        choose(dialog, photos="copy")
        assert dialog.file.text() == str(tmp_path / "summer")
        assert dialog.file.accessibleName() == "Folder"
        choose(dialog, photos="leave")
        assert dialog.file.text() == str(tmp_path / f"summer{writer.suffix}")
    dialog.reject()


def test_a_split_with_photos_is_written_and_remembered(window: MainWindow, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    choose(dialog, format="huggingface", photos="copy")
    dialog.form.split.setChecked(True)
    dialog.form.val.setValue(0)
    dialog.form.test.setValue(25)
    dialog.file.setText(str(tmp_path / "out"))
    assert looked(dialog).startswith('{"file_name":"beach.jpg"')
    assert dialog.preview.file.text() == "train/metadata.jsonl"
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert {file.name for file in (tmp_path / "out").iterdir() if file.is_dir()} == {"train", "test"}
    photos = [file for file in (tmp_path / "out").rglob("*.*") if file.suffix not in (".json", ".jsonl")]
    assert len(photos) == 8
    again = dialog_of(window)
    assert again.request.shares == (75, 0, 25)
    assert (again.request.format_name, again.request.photos) == ("huggingface", "copy")
    again.reject()


def test_an_earlier_export_is_replaced_only_when_that_is_said(window: MainWindow, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    choose(dialog, format="voc")
    dialog.file.setText(str(tmp_path / "out"))
    looked(dialog)
    assert dialog.replace.isHidden()
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    first = (tmp_path / "out" / "labelmap.txt").stat().st_ino

    dialog = dialog_of(window)
    dialog.file.setText(str(tmp_path / "out"))
    looked(dialog)
    assert not dialog.replace.isHidden()
    assert not dialog.export.isEnabled()
    dialog.replace.setChecked(True)
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert (tmp_path / "out" / "labelmap.txt").stat().st_ino != first


def test_a_folder_of_other_things_is_refused(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_text("mine")
    dialog = dialog_of(window)
    choose(dialog, format="voc")
    dialog.file.setText(str(tmp_path))
    looked(dialog)
    assert "is not empty" in dialog.warning
    assert not dialog.export.isEnabled()
    dialog.reject()


def test_beside_the_photos(window: MainWindow, scored_photos: Path) -> None:
    dialog = dialog_of(window)
    choose(dialog, format="text", photos="beside")
    looked(dialog)
    assert "written into the photo folder" in dialog.warning
    assert not dialog.file.isEnabled()
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)
    assert (scored_photos / "beach.txt").read_text() == "boat, tree\n"
    assert "Files changed beside 8 photos: 7" in window.said.text()
    # A format that cannot takes it back.
    dialog = dialog_of(window)
    choose(dialog, format="coco")
    assert dialog.form.photos.currentData() == "leave"
    dialog.reject()


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_an_export_is_proposed_beside_the_photos_and_then_where_the_last_one_was(
    window: MainWindow, scored_photos: Path, tmp_path: Path, name: str
) -> None:
    dialog = dialog_of(window)
    choose(dialog, format=name)
    assert Path(dialog.file.text()).parent == scored_photos.parent
    dialog.reject()
    (tmp_path / "elsewhere").mkdir()
    Settings().export_folder = tmp_path / "elsewhere"
    dialog = dialog_of(window)
    choose(dialog, format=name)
    assert Path(dialog.file.text()).parent == tmp_path / "elsewhere"
    dialog.reject()
