"""What to label with: label set, encoder, grid and preset, checked before it starts."""

from pathlib import Path

import pytest
from acting import CTRL, SHIFT, open_dialog, press, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

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


def test_labels_are_typed_into_a_dialog_without_a_hole_that_is_no_higher_than_a_small_screen(
    dialog: SetUpDialog,
) -> None:
    dialog.label_set.setCurrentIndex(dialog.label_set.findData(TYPED))
    dialog.typed.setPlainText("cat, dog, motorb")  # half a word is warned of
    wait_until(dialog.doubt.isVisible)
    dialog.typed.setPlainText("cat, dog, motorbike, horse=pony")
    QTest.qWait(20)
    assert dialog.summary.y() - dialog.typed.geometry().bottom() < 20
    assert dialog.height() < 500


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
    # Labels that were typed for this folder are proposed for no other.
    assert Settings().labelling == LabellingChoice("everyday", str(tiny_clip), (2, 3), "default")
    with Project.open(scored_photos, read_only=True) as project:
        assert [label.name for label in label_set(project)] == ["cat", "fish"]
    assert window.desk.inspector.canvas.grids() == [2, 3]


def test_the_detector_is_heard_as_the_preset_has_it_unless_one_says_otherwise(
    window: MainWindow, dialog: SetUpDialog, tiny_clip: Path
) -> None:
    paper = dialog.preset.findData("paper")
    assert dialog.detector.isChecked()
    assert dialog.choice.detector is None
    dialog.preset.setCurrentIndex(paper)
    assert (dialog.detector.isChecked(), dialog.choice.detector) == (False, None)
    dialog.preset.setCurrentIndex(dialog.preset.findData("default"))
    QTest.keyClick(dialog.detector, Qt.Key.Key_Space)
    assert (dialog.detector.isChecked(), dialog.choice.detector) == (False, False)
    assert dialog.choice.request().detector is False
    dialog.encoder.addItem("tiny", str(tiny_clip))
    dialog.encoder.setCurrentIndex(dialog.encoder.count() - 1)
    assert not dialog.detector.isEnabled()
    assert dialog.choice.detector is None
    dialog.encoder.setCurrentIndex(0)
    assert dialog.choice.detector is False
    Settings().labelling = dialog.choice
    assert Settings().labelling.detector is False


def choose_to_type(dialog: SetUpDialog) -> None:
    """Choose it in the list of label sets by the keyboard."""
    dialog.label_set.setFocus()
    QTest.keyClick(dialog.label_set, Qt.Key.Key_End)
    assert dialog.label_set.currentData() == TYPED


def popup_of(dialog: SetUpDialog) -> QAbstractItemView:
    return dialog.typed.popup


def test_who_chooses_to_type_can_type(dialog: SetUpDialog) -> None:
    choose_to_type(dialog)
    assert QApplication.focusWidget() is dialog.typed


def test_labels_that_are_typed_at_once_are_labels_and_return_twice_stays_in_the_dialog(
    window: MainWindow, dialog: SetUpDialog
) -> None:
    assert QApplication.focusWidget() is dialog.label_set
    QTest.keyClick(dialog.label_set, "H")
    typed = QApplication.focusWidget()
    assert typed is dialog.typed
    QTest.keyClicks(dialog.typed, "eron, otter")
    assert [label.name for label in dialog.typed.labels] == ["Heron", "otter"]
    for _ in range(2):
        QTest.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert window.desk.pages.shows_gallery


def test_who_labels_from_a_file_goes_on_in_its_line(empty_window: MainWindow, photo_folder: Path) -> None:
    labels = photo_folder / "labels.txt"
    labels.write_text("sunset\n")
    Settings().labelling = LabellingChoice(str(labels), "starter", (3,), "default")
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    press(empty_window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(empty_window)
    assert isinstance(dialog, SetUpDialog)
    assert QApplication.focusWidget() is dialog.file


def test_the_field_that_is_typed_in_is_seen_to_have_the_keyboard(dialog: SetUpDialog) -> None:
    choose_to_type(dialog)
    with_keyboard = dialog.typed.grab().toImage()
    dialog.label_set.setFocus()
    without, middle = dialog.typed.grab().toImage(), dialog.typed.height() // 2
    assert with_keyboard.pixelColor(0, middle) != without.pixelColor(0, middle)


def test_known_labels_are_offered_and_none_is_taken_that_was_not_chosen(dialog: SetUpDialog) -> None:
    choose_to_type(dialog)
    QTest.keyClicks(dialog.typed, "snow")
    popup = popup_of(dialog)
    assert popup.isVisible()
    offered = [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]
    assert "snowboard" in offered
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert not popup.isVisible()
    assert dialog.isVisible()
    assert [label.name for label in dialog.typed.labels] == ["snow"]
    QTest.keyClicks(dialog.typed, "snowb")
    QTest.keyClick(popup, Qt.Key.Key_Tab)
    assert [label.name for label in dialog.typed.labels] == ["snow", "snowboard"]
    assert QApplication.focusWidget() is dialog.typed
    QTest.keyClicks(dialog.typed, "zebr")
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert [label.name for label in dialog.typed.labels] == ["snow", "snowboard", "zebra"]


def test_synonyms_and_prompts_are_typed_beside_a_label(
    dialog: SetUpDialog, window: MainWindow, tiny_clip: Path
) -> None:
    choose_to_type(dialog)
    QTest.keyClicks(dialog.typed, "horse=pony/a photo of two foals, dog")
    assert dialog.summary.text() == "2 labels: horse (also pony, a photo of two foals), dog"
    dialog.encoder.addItem("tiny", str(tiny_clip))
    dialog.encoder.setCurrentIndex(dialog.encoder.count() - 1)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.session.snapshot is not None
    assert [(label.name, label.prompts) for label in window.session.snapshot.labels] == [
        ("horse", ("a photo of a horse", "a photo of a pony", "a photo of two foals")),
        ("dog", ()),
    ]


def test_what_leaves_is_said_with_its_answers_before_it_happens(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Space)  # boat and tree on the first photo
    press(window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, SetUpDialog)
    assert not dialog.leaving.isVisible()
    choose_to_type(dialog)
    QTest.keyClicks(dialog.typed, "cat, boat")
    assert dialog.leaving.text() == (
        "Would no longer be in the project: 2 labels, with 1 decision (e.g. tree). The answers are kept; undo, or the "
        "same name in a later label set, brings them back."
    )
    QTest.keyClicks(dialog.typed, ", tree")
    assert dialog.leaving.text() == (
        "Would no longer be in the project: 1 label, none of them answered. Undo brings them back."
    )
    QTest.keyClicks(dialog.typed, ", dog")
    assert not dialog.leaving.isVisible()


def test_the_dialog_keeps_its_size_when_the_encoders_are_known(window: MainWindow) -> None:
    press(window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, SetUpDialog)
    before = dialog.size()
    wait_until(lambda: bool(dialog.encoder_note.text()))
    settle(window)
    assert dialog.size() == before
