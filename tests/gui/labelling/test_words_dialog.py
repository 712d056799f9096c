"""What is in these photos? Words are offered with their photos, and each is answered by one key."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import CTRL, SHIFT, press, settle, wait_until
from filtering import be_active
from naming import nameless
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog
from shiboken6 import isValid

from cdul_gui.dialogs.words.dialog import WordsDialog
from cdul_gui.dialogs.words.word_row import Answer, WordRow
from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import LabelRow, label_set


@pytest.fixture
def photos(starter_samples: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(starter_samples, tmp_path / "photos"))


@pytest.fixture
def dialog(empty_window: MainWindow, photos: Path) -> Iterator[WordsDialog]:
    """The dialog with its words, as the button in the labels panel opens it."""
    empty_window.desk.opening.open_folder(photos)
    settle(empty_window)
    QTest.mouseClick(empty_window.desk.labels.words, Qt.MouseButton.LeftButton)
    found = empty_window.findChild(WordsDialog)
    assert found is not None
    settle(empty_window)
    yield found
    if isValid(found):
        found.close()
    settle(empty_window)


def test_photos_that_were_never_looked_at_can_be_labelled_from_there(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    Settings().labelling = LabellingChoice("cat, dog", str(tiny_clip))
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    QTest.mouseClick(empty_window.desk.labels.words, Qt.MouseButton.LeftButton)
    dialog = empty_window.findChild(WordsDialog)
    assert dialog is not None
    wait_until(dialog.label.isVisible)
    assert dialog.message.text().startswith("Nothing is known of these photos yet.")
    QTest.mouseClick(dialog.label, Qt.MouseButton.LeftButton)
    settle(empty_window)
    assert empty_window.session.snapshot is not None
    assert empty_window.session.snapshot.stage == "initial"


def labels(photos: Path) -> list[LabelRow]:
    with Project.open(photos, read_only=True) as project:
        return label_set(project)


def row_of(dialog: WordsDialog, word: str) -> WordRow:
    return next(row for row in dialog.rows if row.offer.name == word)


def answer(window: MainWindow, row: WordRow, key: Qt.Key) -> None:
    """Press a key on a row."""
    row.setFocus()
    QTest.keyClick(row, key)
    settle(window)


def test_a_screen_reader_can_name_everything(dialog: WordsDialog) -> None:
    assert dialog.rows
    assert nameless(dialog) == []


def test_the_word_that_the_keys_are_for_is_framed(dialog: WordsDialog) -> None:
    be_active(dialog)
    second = dialog.rows[1]
    before = second.grab().toImage()
    QTest.keyClick(dialog.rows[0], Qt.Key.Key_Down)
    assert second.hasFocus()
    assert second.grab().toImage().pixelColor(second.width() // 2, 1) == dialog.palette().highlight().color()
    dialog.rows[0].setFocus()
    assert second.grab().toImage() == before


def test_each_word_is_shown_with_its_best_photos(empty_window: MainWindow, dialog: WordsDialog) -> None:
    snapshot = empty_window.session.snapshot
    assert snapshot is not None
    row = row_of(dialog, "cat")
    best, score = row.strip.photos[0]
    assert snapshot.paths[best] == "kitten_with_wool.jpg"
    assert score > 0.4
    assert "1 photo" in row.photos.text()
    wait_until(lambda: all(not row.strip.missing for row in dialog.rows))


def test_photos_that_changed_since_are_not_said_to_show_nothing(empty_window: MainWindow, photos: Path) -> None:
    for photo in photos.glob("*.jpg"):
        os.utime(photo, (1, 1))  # as a folder that was copied
    empty_window.desk.opening.open_folder(photos)
    settle(empty_window)
    QTest.mouseClick(empty_window.desk.labels.words, Qt.MouseButton.LeftButton)
    dialog = empty_window.findChild(WordsDialog)
    assert dialog is not None
    settle(empty_window)
    assert dialog.message.text().endswith("Label them again.")
    assert not dialog.said.text()
    dialog.close()
    settle(empty_window)


def test_an_adopted_word_is_a_label_and_on_its_photos_when_the_dialog_is_closed(
    empty_window: MainWindow, dialog: WordsDialog, photos: Path
) -> None:
    answer(empty_window, row_of(dialog, "cat"), Qt.Key.Key_A)
    assert [label.name for label in labels(photos)] == ["skyscraper", "cat"]
    assert row_of(dialog, "cat").answer is Answer.ADOPTED
    dialog.close()
    settle(empty_window)
    snapshot = empty_window.session.snapshot
    assert snapshot is not None
    scores = dict(zip(snapshot.paths, snapshot.scores[:, 1].tolist(), strict=True))
    assert max(scores, key=lambda path: scores[path]) == "kitten_with_wool.jpg"


def test_what_is_taken_back_is_as_if_it_had_not_been(
    empty_window: MainWindow, dialog: WordsDialog, photos: Path
) -> None:
    row = row_of(dialog, "cat")
    answer(empty_window, row, Qt.Key.Key_A)
    answer(empty_window, row, Qt.Key.Key_Z)
    assert [label.name for label in labels(photos)] == ["skyscraper"]
    assert row.answer is Answer.OPEN


def test_ctrl_z_takes_the_last_steps_back_whichever_word_has_the_keyboard(
    empty_window: MainWindow, dialog: WordsDialog, photos: Path
) -> None:
    be_active(dialog)
    first, second = dialog.rows[:2]
    cat = row_of(dialog, "cat")
    answer(empty_window, cat, Qt.Key.Key_A)
    other = first if cat is not first else second
    answer(empty_window, other, Qt.Key.Key_N)
    focus = dialog.focusWidget()
    QTest.keyClick(focus, Qt.Key.Key_Z, CTRL)
    settle(empty_window)
    assert (other.answer, cat.answer) == (Answer.OPEN, Answer.ADOPTED)
    assert other.hasFocus()
    QTest.keyClick(other, Qt.Key.Key_Z, CTRL)
    settle(empty_window)
    assert cat.answer is Answer.OPEN
    assert [label.name for label in labels(photos)] == ["skyscraper"]
    QTest.keyClick(cat, Qt.Key.Key_Z, CTRL)  # and nothing of before
    settle(empty_window)
    assert [label.name for label in labels(photos)] == ["skyscraper"]


def test_ctrl_z_right_after_a_key_takes_that_step_back(
    empty_window: MainWindow, dialog: WordsDialog, photos: Path
) -> None:
    be_active(dialog)
    row = row_of(dialog, "cat")
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_A)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Z, CTRL)  # before it is kept
    settle(empty_window)
    assert row.answer is Answer.OPEN
    assert [label.name for label in labels(photos)] == ["skyscraper"]


def test_adoption_is_undone_in_the_window_too(empty_window: MainWindow, dialog: WordsDialog, photos: Path) -> None:
    answer(empty_window, row_of(dialog, "cat"), Qt.Key.Key_A)
    dialog.close()
    settle(empty_window)
    be_active(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    press(empty_window, Qt.Key.Key_Z, CTRL)
    assert [label.name for label in labels(photos)] == ["skyscraper"]


def test_a_word_becomes_a_prompt_of_a_label(empty_window: MainWindow, dialog: WordsDialog, photos: Path) -> None:
    row = row_of(dialog, "cat")
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_P)
    asked = dialog.findChild(QInputDialog)
    assert asked is not None
    asked.accept()  # at once: no label is meant that stands there by chance
    settle(empty_window)
    assert [label.texts for label in labels(photos)] == [("a photo of a skyscraper",)]
    asked.setTextValue("sky")
    asked.accept()
    settle(empty_window)
    assert dialog.message.text() == "There is no label sky."
    asked.setTextValue("Skyscraper")
    asked.accept()
    settle(empty_window)
    (label,) = labels(photos)
    assert label.texts == ("a photo of a skyscraper", "a photo of a cat")
    assert row.answer is Answer.PROMPT


def test_a_refused_word_is_not_offered_again_until_it_is_wanted(empty_window: MainWindow, dialog: WordsDialog) -> None:
    answer(empty_window, row_of(dialog, "cat"), Qt.Key.Key_N)
    dialog.look()
    settle(empty_window)
    assert "cat" not in [row.offer.name for row in dialog.rows]
    QTest.mouseClick(dialog.again, Qt.MouseButton.LeftButton)
    settle(empty_window)
    assert "cat" in [row.offer.name for row in dialog.rows]


def test_the_keyboard_goes_from_word_to_word(empty_window: MainWindow, dialog: WordsDialog) -> None:
    dialog.activateWindow()
    first, second = dialog.rows[:2]
    wait_until(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_photos_that_were_never_labelled_say_what_to_do(empty_window: MainWindow, photo_folder: Path) -> None:
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    press(empty_window, Qt.Key.Key_W, CTRL | SHIFT)
    dialog = empty_window.findChild(WordsDialog)
    assert dialog is not None
    settle(empty_window)
    assert "Label them first" in dialog.message.text()
    assert dialog.rows == []
    dialog.close()


def test_the_keyboard_goes_back_to_the_photos_and_not_to_what_is_disabled(
    empty_window: MainWindow, photos: Path
) -> None:
    window = empty_window
    window.desk.opening.open_folder(photos)
    settle(window)
    be_active(window)
    window.desk.pages.gallery.setFocus()
    QTest.mouseClick(window.desk.labels.words, Qt.MouseButton.LeftButton)
    dialog = window.findChild(WordsDialog)
    assert dialog is not None
    settle(window)
    answer(window, row_of(dialog, "cat"), Qt.Key.Key_A)
    dialog.close()
    settle(window)
    be_active(window)
    assert window.desk.pages.gallery.hasFocus()
    assert next(label.id for label in labels(photos) if label.name == "cat") in window.desk.labels.model.new
