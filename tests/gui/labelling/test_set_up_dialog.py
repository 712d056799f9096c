"""What to label with: label set, encoder, grid and preset, checked before it starts."""

from pathlib import Path

import pytest
from acting import CTRL, SHIFT, open_dialog, press, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.dialogs.encoders.dialog import EncodersDialog
from cdul_gui.dialogs.set_up import FILE, TYPED, SetUpDialog
from cdul_gui.settings import LABELS_OF_PROJECT, LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import label_set


@pytest.fixture
def dialog(window: MainWindow) -> SetUpDialog:
    press(window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, SetUpDialog)
    return dialog


def test_it_proposes_the_labels_of_the_project_and_the_starter(dialog: SetUpDialog) -> None:
    assert dialog.choice == LabellingChoice(LABELS_OF_PROJECT, "starter", (3,), "default")
    assert dialog.summary.text() == "4 labels: cat, dog, boat, tree"
    assert dialog.start.text() == "Label 8 photos"


def test_built_in_label_sets_are_offered(dialog: SetUpDialog) -> None:
    dialog.label_set.setCurrentIndex(dialog.label_set.findData("coco"))
    assert dialog.summary.text().startswith("80 labels: person, bicycle")
    assert dialog.choice.label_set == "coco"


def test_typed_labels_are_checked_as_one_types(dialog: SetUpDialog) -> None:
    dialog.label_set.setCurrentIndex(dialog.label_set.findData(TYPED))
    assert not dialog.start.isEnabled()
    QTest.keyClicks(dialog.typed, "cat, dog, Cat")
    assert "twice" in dialog.summary.text()
    assert not dialog.start.isEnabled()
    QTest.keyClicks(dialog.typed, "fish")
    assert dialog.start.isEnabled()
    assert dialog.choice.label_set == "cat, dog, Catfish"


def test_a_file_of_labels(dialog: SetUpDialog, tmp_path: Path) -> None:
    dialog.label_set.setCurrentIndex(dialog.label_set.findData(FILE))
    QTest.keyClicks(dialog.file, str(tmp_path / "labels.txt"))
    assert not dialog.start.isEnabled()
    (tmp_path / "labels.txt").write_text("sunset\nmoonrise\n")
    dialog.file.clear()
    QTest.keyClicks(dialog.file, str(tmp_path / "labels.txt"))
    assert dialog.summary.text() == "2 labels: sunset, moonrise"
    assert dialog.choice.label_set == str(tmp_path / "labels.txt")


def test_one_cannot_label_with_an_encoder_that_is_not_here_but_get_it(dialog: SetUpDialog) -> None:
    starter, better = (dialog.encoder.itemText(place) for place in range(dialog.encoder.count()))
    assert starter == "starter"
    assert better == "CLIP B/32 (DataComp)  ·  not here, 605 MB"
    assert dialog.start.isEnabled()
    assert not dialog.get_encoder.isVisible()
    dialog.encoder.setCurrentIndex(1)
    assert not dialog.start.isEnabled()
    assert dialog.get_encoder.isVisible()
    assert dialog.get_encoder.text() == "Get it · 605 MB"
    assert "Licence: MIT." in dialog.encoder_note.text()


def test_an_encoder_can_be_taken_from_elsewhere(window: MainWindow, dialog: SetUpDialog) -> None:
    menu = dialog.other_encoders.menu()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["From a file…", "From a folder…", "Another model of open_clip…", "All encoders…"]
    menu.actions()[-1].trigger()
    encoders = QApplication.activeModalWidget()
    assert isinstance(encoders, EncodersDialog)
    encoders.close()
    settle(window)


def test_what_was_chosen_is_used_and_remembered(
    window: MainWindow, dialog: SetUpDialog, scored_photos: Path, tiny_clip: Path
) -> None:
    dialog.label_set.setCurrentIndex(dialog.label_set.findData(TYPED))
    QTest.keyClicks(dialog.typed, "cat, fish")
    dialog.grid.setCurrentIndex(dialog.grid.findText("2 × 2 and 3 × 3"))
    dialog.encoder.addItem("tiny", str(tiny_clip))
    dialog.encoder.setCurrentIndex(dialog.encoder.count() - 1)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    settle(window)
    assert Settings().labelling == LabellingChoice("cat, fish", str(tiny_clip), (2, 3), "default")
    with Project.open(scored_photos, read_only=True) as project:
        assert [label.name for label in label_set(project)] == ["cat", "fish"]
    assert window.desk.inspector.canvas.grids() == [2, 3]
