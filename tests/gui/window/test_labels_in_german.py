"""Who reads German sees and types labels in German; they are kept and exported by their English names."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, SHIFT, click_photo, command, open_dialog, press, settle, states_kept, type_text, wait_until
from filtering import explained, hit, shown_paths, type_filter, type_keys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from windows import german_texts

from cdul_gui.dialogs.export.dialog import ExportDialog
from cdul_gui.dialogs.label_set.dialog import LabelSetDialog
from cdul_gui.dialogs.set_up import TYPED, SetUpDialog
from cdul_gui.panels.history.history_model import HistoryColumn
from cdul_gui.panels.photo.add_label import AddLabel
from cdul_gui.window.main_window import MainWindow
from cdul_gui.wording import show_labels_in_english
from engine.formats.known_labels import PRESENT, KnownLabels
from engine.project import Project
from engine.project.history.edit_thresholds import threshold_by_hand
from engine.project.history.history import history
from engine.project.labels import label_set
from engine.stages.importing.import_truth import import_truth

GERMAN = ["Katze", "Hund", "Boot", "Baum"]


@pytest.fixture(autouse=True)
def german(qapp: QApplication) -> Iterator[None]:
    """German, for as long as the test lasts."""
    with german_texts(qapp):
        yield
    show_labels_in_english(False)


def test_what_was_copied_is_said_in_german(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_C, CTRL)
    assert window.said.text() == "Kopiert: Katze"
    assert QApplication.clipboard().text() == "cat"  # for other programs, as it is exported


@pytest.fixture
def adding(window: MainWindow) -> AddLabel:
    """The line to add a label."""
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    return window.desk.inspector.add_label


def names_kept(photos: Path) -> list[str]:
    with Project.open(photos, read_only=True) as project:
        return [label.name for label in label_set(project)]


def docked(window: MainWindow) -> list[str]:
    model = window.desk.labels.view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_labels_are_shown_in_german_and_kept_in_english(window: MainWindow, scored_photos: Path) -> None:
    assert docked(window) == GERMAN
    assert names_kept(scored_photos) == ["cat", "dog", "boat", "tree"]
    english = command(window, "english-labels")
    assert english.isVisible()
    english.trigger()
    settle(window)
    assert docked(window) == ["cat", "dog", "boat", "tree"]
    english.trigger()
    settle(window)
    assert docked(window) == GERMAN


def test_the_history_says_in_any_language_what_was_done_in_german(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_1)
    assert window.said.text() == "Katze bestätigt auf city.png"
    window.session.select(np.arange(3))
    press(window, Qt.Key.Key_Space)
    with Project.open(scored_photos, read_only=True) as project:
        assert [str(edit.title) for edit in history(project, limit=2)] == [
            "3 photos accepted",
            "cat confirmed on city.png",
        ]


def test_an_export_offers_german_labels_and_asks_for_the_english_ones(window: MainWindow) -> None:
    press(window, Qt.Key.Key_E, CTRL)
    dialog = open_dialog(window)
    assert isinstance(dialog, ExportDialog)
    dialog.form.which_labels.setCurrentIndex(1)
    assert [dialog.form.labels.item(row).text() for row in range(4)] == GERMAN
    dialog.form.labels.item(1).setCheckState(Qt.CheckState.Checked)
    assert dialog.request.labels == ("dog",)
    dialog.reject()


def test_a_filter_is_typed_and_explained_in_german(window: MainWindow) -> None:
    type_filter(window, "label:dog")
    english = shown_paths(window)
    assert "mit Hund" in explained(window)
    type_filter(window, "label:Hund")
    assert shown_paths(window) == english
    assert english


def test_the_filter_line_offers_a_label_by_its_german_name(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_keys(window, "label:Hu")
    popup = window.desk.filter_bar.line.popup
    wait_until(popup.isVisible)
    offered = popup.model()
    assert [offered.index(0, column).data() for column in range(2)] == ["Hund", "dog"]
    hit(window, Qt.Key.Key_Down)
    hit(window, Qt.Key.Key_Return)
    assert window.desk.filter_bar.line.text().strip() == "label:Hund"


@pytest.mark.parametrize("typed", ["Hund", "hun", "dog", "Welpe"])
def test_a_label_is_added_by_any_of_its_names(
    typed: str, adding: AddLabel, window: MainWindow, scored_photos: Path
) -> None:
    type_text(typed)
    press(window, Qt.Key.Key_Return)
    settle(window)
    assert states_kept(scored_photos, "city.png")["dog"] == "confirmed"
    assert names_kept(scored_photos) == ["cat", "dog", "boat", "tree"]


def test_a_new_german_label_is_asked_for_in_english_with_one_click(
    adding: AddLabel, window: MainWindow, scored_photos: Path
) -> None:
    type_text("Pferd")
    press(window, Qt.Key.Key_Return)
    assert adding.doubt.isVisible()
    assert adding.doubt.take.text() == "Nach „horse“ fragen"
    QTest.mouseClick(adding.doubt.take, Qt.MouseButton.LeftButton)
    settle(window)
    assert names_kept(scored_photos)[-1] == "horse"
    assert docked(window)[-1] == "Pferd"
    assert states_kept(scored_photos, "city.png")["horse"] == "confirmed"


def test_the_label_set_says_what_is_no_english_before_it_joins(window: MainWindow, scored_photos: Path) -> None:
    press(window, Qt.Key.Key_E, CTRL | SHIFT)
    dialog = window.findChild(LabelSetDialog)
    assert dialog is not None
    assert dialog.model.index(1, 0).data() == "Hund (dog)"
    dialog.new.setText("Pferd")
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert dialog.doubt.isVisible()
    QTest.mouseClick(dialog.doubt.take, Qt.MouseButton.LeftButton)
    settle(window)
    dialog.new.setText("Schrumpelzwick")
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert not dialog.doubt.take.isVisible()
    assert "Schrumpelzwick" in dialog.doubt.text.text()
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)  # whoever insists gets it
    settle(window)
    assert names_kept(scored_photos)[-2:] == ["horse", "Schrumpelzwick"]
    dialog.close()


def test_german_labels_that_are_typed_to_begin_with_become_english(window: MainWindow) -> None:
    press(window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, SetUpDialog)
    dialog.label_set.setCurrentIndex(dialog.label_set.findData(TYPED))
    dialog.typed.setPlainText("Katze, tree, Pferd")
    wait_until(dialog.doubt.isVisible)
    QTest.mouseClick(dialog.doubt.take, Qt.MouseButton.LeftButton)
    assert dialog.choice.label_set == "cat, tree, horse"
    assert dialog.summary.text().endswith("Katze, Baum, Pferd")
    dialog.reject()


def test_what_was_done_names_labels_and_numbers_in_german(window: MainWindow, scored_photos: Path) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    cat, dog, boat, tree = snapshot.labels
    label_set, edits, messages = window.desk.label_set, window.session.edits, window.messages
    edits.set_thresholds(threshold_by_hand(snapshot, 0, 0.749))
    settle(window)
    assert window.said.text() == "Schwelle von Katze auf 0,749 gesetzt"
    edits.set_thresholds([one for column in range(4) for one in threshold_by_hand(snapshot, column, 0.5)])
    settle(window)
    assert "Katze 0,5, Hund 0,5, Boot 0,5" in window.said.text()
    label_set.move_below(cat, None, dog)
    settle(window)
    assert messages.text.text() == "Erledigt: Katze unter Hund gestellt"
    label_set.move_below(dog, None, cat)
    settle(window)
    assert "Katze < Hund < Katze" in messages.text.text()
    label_set.rename(boat, "bird")
    settle(window)
    label_set.set_key(tree, "W")
    settle(window)
    label_set.remove(tree)
    settle(window)
    press(window, Qt.Key.Key_H, CTRL)
    model = window.desk.history.model
    wait_until(lambda: model.rowCount() >= 6)
    settle(window)
    told = [str(model.index(row, HistoryColumn.TITLE).data()) for row in range(5)]
    assert not [one for one in told for name in ("cat", "dog", "boat", "tree", "bird") if name in one], told
    assert any("Vogel" in one and "Boot" in one for one in told)


def test_an_evaluation_names_labels_in_german(window: MainWindow, scored_photos: Path) -> None:
    project = window.session.project
    assert project is not None
    known = KnownLabels(("cat", "dog", "boat"), {"zebra.bmp": {"cat": PRESENT}, "dog.webp": {"dog": PRESENT}})
    import_truth(project, known, source=Path("mine.json"), format_name="coco", name="mine")
    window.session.refresh()
    settle(window)
    press(window, Qt.Key.Key_U, CTRL | SHIFT)
    panel = window.desk.evaluation_panel
    wait_until(lambda: panel.confusions.topLevelItemCount() > 0)
    settle(window)
    pairs = [panel.confusions.topLevelItem(row) for row in range(panel.confusions.topLevelItemCount())]
    assert ("Katze", "Hund") in [(one.text(0), one.text(1)) for one in pairs]
    assert panel.figures.title.text().split(":")[0] in GERMAN
