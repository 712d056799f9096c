"""Other prompts show what they do before they are kept, and score all photos anew once they are."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from acting import CTRL, SHIFT, command, press, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import isValid

from cdul_gui.dialogs.label_set.dialog import LabelSetDialog
from cdul_gui.window.main_window import MainWindow
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.labels import label_set
from engine.project.runs import INITIAL, REFINED, begin_run, finish_run, load_scores, store_scores


@pytest.fixture
def dialog(empty_window: MainWindow, labelled: Project) -> Iterator[LabelSetDialog]:
    """The dialog on photos that the small CLIP labelled with cat, dog, boat."""
    labelled.close()
    empty_window.desk.opening.open_folder(labelled.photos)
    settle(empty_window)
    # The window's encoder may have another precision than the one that labelled them.
    empty_window.desk.labelling.score_again()
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    press(empty_window, Qt.Key.Key_E, CTRL | SHIFT)
    found = empty_window.findChild(LabelSetDialog)
    assert found is not None
    yield found
    if isValid(found):
        found.close()
    settle(empty_window)


def scores_kept(photos: Path) -> np.ndarray:
    with Project.open(photos, read_only=True) as project:
        matrix = load_scores(project, INITIAL)
    assert matrix is not None
    return matrix.values


def test_prompts_are_tried_then_applied(empty_window: MainWindow, dialog: LabelSetDialog, photo_folder: Path) -> None:
    editor, before = dialog.prompts, scores_kept(photo_folder)
    wait_until(lambda: len(editor.strip.photos) > 0)
    assert editor.on_photo.text() == f"Score {empty_window.session.snapshot.scores[0, 0]:.2f}"
    assert not editor.apply.isEnabled()
    tried = []
    editor.shown.connect(lambda: tried.append(editor.on_photo.text()))
    QTest.keyClicks(editor.prompts, "a lion")
    wait_until(lambda: bool(tried))
    assert "Score" in tried[-1]
    np.testing.assert_array_equal(scores_kept(photo_folder), before)
    foretold = {empty_window.session.snapshot.paths[row]: score for row, score in editor.strip.photos}

    QTest.mouseClick(editor.apply, Qt.MouseButton.LeftButton)
    settle(empty_window)
    with Project.open(photo_folder, read_only=True) as project:
        assert label_set(project)[0].prompts == ("a lion",)
    snapshot = empty_window.session.snapshot
    assert {path: pytest.approx(snapshot.scores[row, 0], abs=1e-4) for row, path in enumerate(snapshot.paths)} == (
        foretold
    )
    assert not np.array_equal(scores_kept(photo_folder), before)
    assert not editor.apply.isEnabled()


def test_while_the_encoder_is_opened_it_is_said_that_something_comes(
    empty_window: MainWindow, dialog: LabelSetDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, may_open = empty_window.desk.labelling.encoder, Event()
    open_encoder = encoder.open

    def open_late(name: str) -> Encoder:
        may_open.wait()
        return open_encoder(name)

    monkeypatch.setattr(encoder, "open", open_late)
    wait_until(lambda: dialog.prompts.on_photo.text() == "Looking…")
    may_open.set()
    wait_until(lambda: dialog.prompts.on_photo.text().startswith("Score"))


def test_after_a_training_it_is_said_that_new_scores_count_from_the_next_one(
    empty_window: MainWindow, dialog: LabelSetDialog
) -> None:
    def train(project: Project) -> None:
        run = begin_run(project, "refine", label_ids=[label.id for label in label_set(project)], settings={})
        photos = empty_window.session.snapshot.photo_ids.tolist()
        store_scores(project, run, REFINED, photos, np.full((len(photos), 3), 0.5, np.float32))
        finish_run(project, run)

    empty_window.session.change(train)
    settle(empty_window)
    assert not empty_window.messages.isVisible()
    wait_until(lambda: len(dialog.prompts.strip.photos) > 0)
    QTest.keyClicks(dialog.prompts.prompts, "a lion")
    QTest.mouseClick(dialog.prompts.apply, Qt.MouseButton.LeftButton)
    settle(empty_window)
    # By the name of the button that does it.
    assert f"“{command(empty_window, 'refine').text()}”" in empty_window.messages.text.text()


def test_what_was_typed_can_be_taken_back(empty_window: MainWindow, dialog: LabelSetDialog) -> None:
    QTest.keyClicks(dialog.prompts.prompts, "a lion")
    QTest.mouseClick(dialog.prompts.revert, Qt.MouseButton.LeftButton)
    assert dialog.prompts.prompts.toPlainText() == ""
    assert not dialog.prompts.apply.isEnabled()


def test_scores_follow_when_the_label_set_has_changed(
    empty_window: MainWindow, dialog: LabelSetDialog, photo_folder: Path
) -> None:
    QTest.keyClicks(dialog.new, "horse")
    QTest.keyClick(dialog.new, Qt.Key.Key_Return)
    settle(empty_window)
    assert scores_kept(photo_folder).shape == (8, 3)
    dialog.close()
    settle(empty_window)
    assert scores_kept(photo_folder).shape == (8, 4)
