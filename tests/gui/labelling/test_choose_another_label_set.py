"""Another label set is chosen in the window: it stands in the history, and undo brings the one before back."""

from pathlib import Path

from acting import CTRL, LABELS, SHIFT, open_dialog, press, settle, states_kept, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.set_up import TYPED, SetUpDialog
from cdul_gui.panels.history.history_model import HistoryColumn
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import label_set


def labels_kept(photos: Path) -> list[str]:
    with Project.open(photos, read_only=True) as project:
        return [label.name for label in label_set(project)]


def label_with(window: MainWindow, labels: str, encoder: Path) -> None:
    press(window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, SetUpDialog)
    dialog.label_set.setCurrentIndex(dialog.label_set.findData(TYPED))
    QTest.keyClicks(dialog.typed, labels)
    dialog.encoder.addItem("tiny", str(encoder))
    dialog.encoder.setCurrentIndex(dialog.encoder.count() - 1)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    settle(window)
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.desk.pages.gallery.setFocus()


def test_undo_brings_the_labels_before_back_with_their_decisions(
    window: MainWindow, scored_photos: Path, tiny_clip: Path
) -> None:
    press(window, Qt.Key.Key_Space)
    decided = {name: state for name, state in states_kept(scored_photos, "beach.jpg").items() if state == "confirmed"}
    label_with(window, "cat, fish", tiny_clip)
    assert labels_kept(scored_photos) == ["cat", "fish"]
    press(window, Qt.Key.Key_Z, CTRL)
    assert labels_kept(scored_photos) == list(LABELS)
    assert decided.items() <= states_kept(scored_photos, "beach.jpg").items()
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert [label.name for label in snapshot.labels] == list(LABELS)
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert labels_kept(scored_photos) == ["cat", "fish"]


def test_the_history_says_what_was_chosen(window: MainWindow, tiny_clip: Path) -> None:
    label_with(window, "cat, fish", tiny_clip)
    press(window, Qt.Key.Key_H, CTRL)
    model = window.desk.history.model

    def titles() -> list[str]:
        return [model.index(row, HistoryColumn.TITLE).data() for row in range(model.rowCount())]

    wait_until(lambda: "label set changed to cat, fish" in titles())
    settle(window)
