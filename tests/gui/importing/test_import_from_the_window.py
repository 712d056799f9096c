"""Ctrl+I takes over labels of other programs; what will happen is told before it does, and undo takes it back."""

from pathlib import Path

import pytest
from acting import CTRL, SHIFT, click_photo, command, current_path, open_dialog, press, settle, states_kept, wait_until
from filtering import be_active
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.importing.dialog import ImportDialog
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.truths import truths
from engine.stages.importing.import_plan import TakeAs

ROWS = (
    "file_name,label,state\nbeach.jpg,cat,confirmed\nbeach.jpg,boat,rejected\ncity.png,fox,confirmed\ngone.jpg,cat,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "labels.csv").write_text(ROWS)
    return tmp_path / "labels.csv"


@pytest.fixture
def dialog(window: MainWindow) -> ImportDialog:
    press(window, Qt.Key.Key_I, CTRL)
    dialog = open_dialog(window)
    assert isinstance(dialog, ImportDialog)
    return dialog


def open_again(window: MainWindow) -> ImportDialog:
    command(window, "import").trigger()
    dialog = open_dialog(window)
    assert isinstance(dialog, ImportDialog)
    return dialog


def look_at(window: MainWindow, dialog: ImportDialog, path: Path) -> str:
    """Type a file into the dialog; returns what it says will happen."""
    dialog.path.clear()
    QTest.keyClicks(dialog.path, str(path))
    wait_until(lambda: dialog.plan.text.text() not in ("Reading…", "Counting…"))
    return dialog.plan.text.text()


def test_what_will_happen_is_told_and_then_happens(
    window: MainWindow, dialog: ImportDialog, file: Path, scored_photos: Path
) -> None:
    assert not dialog.accept_button.isEnabled()
    said = look_at(window, dialog, file)
    assert "Read as CSV, a row for each photo and label." in said
    assert "Will confirm 2 labels and reject 1." in said
    assert "New labels: fox" in said
    assert "2 photos found. Of this project, not in the file: 6 photos." in said
    assert "Of the file, not here: 1 photo (gone.jpg)" in said
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert states_kept(scored_photos, "beach.jpg") == {"cat": "confirmed", "boat": "rejected", "tree": "likely"}
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "fox": "confirmed"}
    assert "fox" in [label.name for label in window.session.snapshot.labels]
    said = window.messages.text.text()
    assert said.startswith("2 labels confirmed and 1 rejected by labels.csv; undo takes it back.")
    assert "without an answer" in said  # and what is left to do
    assert len(window.messages.choices) == 1
    command(window, "undo").trigger()
    settle(window)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}


def test_conflicts_are_listed_and_mine_stay_unless_told_otherwise(
    window: MainWindow, file: Path, scored_photos: Path
) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)  # boat and tree are confirmed
    for replace, kept in ((False, "confirmed"), (True, "rejected")):
        dialog = open_again(window)
        look_at(window, dialog, file)
        item = dialog.plan.conflicts.topLevelItem(0)
        assert [item.text(column) for column in range(4)] == ["beach.jpg", "boat", "yes", "no"]
        if replace:
            QTest.mouseClick(dialog.replace, Qt.MouseButton.LeftButton)
            settle(window)
            assert "Will turn 1 decision of yours." in dialog.plan.text.text()
        QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
        settle(window)
        assert states_kept(scored_photos, "beach.jpg")["boat"] == kept


def test_new_labels_are_left_out_when_told(
    window: MainWindow, dialog: ImportDialog, file: Path, scored_photos: Path
) -> None:
    look_at(window, dialog, file)
    dialog.add_labels.setChecked(False)
    settle(window)
    assert "does not have these labels: fox" in dialog.plan.text.text()
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_as_a_truth(window: MainWindow, dialog: ImportDialog, file: Path, scored_photos: Path) -> None:
    look_at(window, dialog, file)
    dialog.take_as[TakeAs.TRUTH].setChecked(True)
    settle(window)
    assert "Will be kept beside your labels" in dialog.plan.text.text()
    assert not dialog.keep.isEnabled()
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    with Project.open(scored_photos, read_only=True) as project:
        assert [truth.name for truth in truths(project)] == ["labels"]
    compare = window.messages.choices[0]
    assert compare.text() == "Compare with it"
    QTest.mouseClick(compare, Qt.MouseButton.LeftButton)
    assert window.desk.evaluation_panel.isVisible()


def test_where_a_second_opinion_differs_is_reviewed_at_once_and_it_is_said_how(
    window: MainWindow, dialog: ImportDialog, file: Path
) -> None:
    look_at(window, dialog, file)
    dialog.take_as[TakeAs.OPINION].setChecked(True)
    settle(window)
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    review = window.messages.choices[0]
    assert review.text() == "Review where both differ"
    QTest.mouseClick(review, Qt.MouseButton.LeftButton)
    settle(window)
    said = window.desk.queue_bar.second
    assert current_path(window) == "beach.jpg"
    assert said.text() == "The second opinion says yes to cat; no to boat"
    be_active(window)
    press(window, Qt.Key.Key_1, SHIFT)  # boat
    assert said.text() == "The second opinion says yes to cat"
    window.desk.queues.leave()
    settle(window)
    assert not said.isVisible()


def test_scores_can_be_suggestions_alone(window: MainWindow, dialog: ImportDialog, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("file_name,cat,fox\nbeach.jpg,0.75,0.5\ncity.png,0.25,0.125\n")
    said = look_at(window, dialog, tmp_path / "scores.csv")
    assert dialog.take_as[TakeAs.SUGGESTIONS].isChecked()
    assert not dialog.take_as[TakeAs.DECISIONS].isEnabled()
    assert "on 2 photos, in place of what was suggested before" in said
    assert "does not have these labels: fox" in said
    dialog.reject()


def test_a_broken_file_is_one_sentence(window: MainWindow, dialog: ImportDialog, file: Path) -> None:
    file.write_text("file_name,label,state\nbeach.jpg,cat,perhaps\n")
    said = look_at(window, dialog, file)
    assert f"{file}, line 2: Expected confirmed, rejected, suggested or maybe" in said
    assert not dialog.accept_button.isEnabled()
    assert "There is no" in look_at(window, dialog, file.parent / "missing.csv")
    dialog.format.setCurrentIndex(dialog.format.findData("coco"))
    look_at(window, dialog, file)
    assert "It is not JSON" in dialog.plan.text.text()
    dialog.reject()


def test_a_second_time_there_is_nothing_to_import(window: MainWindow, dialog: ImportDialog, file: Path) -> None:
    look_at(window, dialog, file)
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    settle(window)
    again = open_again(window)
    assert "there is nothing to import" in look_at(window, again, file)
    assert not again.accept_button.isEnabled()
    again.reject()


def test_captions_are_labels_only_for_whoever_says_so(
    window: MainWindow, dialog: ImportDialog, scored_photos: Path
) -> None:
    (scored_photos / "beach.txt").write_text("We went, with Anna, to the beach")
    said = look_at(window, dialog, scored_photos)
    assert "look like captions and not like labels, as 'We went, with Anna, to the beach' in beach.txt" in said
    assert not dialog.accept_button.isEnabled()
    dialog.format.setCurrentIndex(dialog.format.findData("text"))
    wait_until(dialog.accept_button.isEnabled)
    assert "New labels: We went, with Anna, to the beach" in dialog.plan.text.text()
