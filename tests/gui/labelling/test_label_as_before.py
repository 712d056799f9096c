"""Window and command line label a project alike: each as the other did before, and each tells a change of encoder."""

from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, SHIFT, open_dialog, press, settle, wait_until
from commands import Cdul
from making import make_photo, make_tiny_clip
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.set_up import SetUpDialog
from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow
from engine.models.encoders.confirmed import confirm_encoder
from engine.project import Project
from engine.project.history.history import withdraw_run
from engine.project.runs import INITIAL, RunRow, load_scores, newest_run_with

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def other_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_clip(tmp_path_factory.mktemp("other_clip"), seed=2)


def run_in_force(photos: Path) -> RunRow:
    with Project.open(photos, read_only=True) as project:
        run = newest_run_with(project, INITIAL)
    assert run is not None
    return run


def scores_kept(photos: Path) -> np.ndarray:
    with Project.open(photos, read_only=True) as project:
        matrix = load_scores(project, INITIAL)
    assert matrix is not None
    return matrix.values


def open_photos(window: MainWindow, photos: Path) -> None:
    window.desk.opening.open_folder(photos)
    settle(window)


def close_photos(window: MainWindow) -> None:
    window.desk.opening.close()
    wait_until(lambda: not window.session.workers.busy)


def set_up(window: MainWindow) -> SetUpDialog:
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_L, CTRL | SHIFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, SetUpDialog)
    settle(window)
    return dialog


def test_the_label_button_labels_as_the_command_line_did(
    cdul: Cdul, empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog", "--preset", "paper", "--grid", "2")
    by_command = run_in_force(photo_folder)
    Settings().labelling = LabellingChoice("boat", "starter", (3,), "default")  # what a new project is proposed
    open_photos(empty_window, photo_folder)
    QTest.mouseClick(empty_window.label_button, LEFT)
    settle(empty_window)
    assert run_in_force(photo_folder) == by_command
    assert empty_window.said.text() == "Nothing new to label: 8 photos labelled already"

    make_photo(photo_folder / "new.jpg", 77)
    QTest.mouseClick(empty_window.label_button, LEFT)
    settle(empty_window)
    assert "9 photos labelled" in empty_window.said.text()
    by_window = run_in_force(photo_folder)
    assert by_window.id != by_command.id
    for name in ("encoder", "grids", "temperature", "zeta", "centre", "rerank"):
        assert by_window.settings[name] == by_command.settings[name]
    assert by_window.label_ids == by_command.label_ids


def test_the_command_line_labels_as_the_window_did(
    cdul: Cdul, empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    Settings().labelling = LabellingChoice("cat, dog, boat", str(tiny_clip), (2,), "paper")
    open_photos(empty_window, photo_folder)
    QTest.mouseClick(empty_window.label_button, LEFT)
    settle(empty_window)
    by_window = run_in_force(photo_folder)
    close_photos(empty_window)
    told = cdul("label", photo_folder, "--json").json
    assert (told["encoder"], told["encoded"], told["run"]) == (str(tiny_clip), 0, by_window.id)
    assert told["replaced"] is None
    assert run_in_force(photo_folder) == by_window


def test_a_change_of_encoder_is_said_before_by_both_and_undone_in_the_history(
    cdul: Cdul, empty_window: MainWindow, photo_folder: Path, tiny_clip: Path, other_clip: Path
) -> None:
    cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog,boat")
    by_first = scores_kept(photo_folder)
    open_photos(empty_window, photo_folder)
    dialog = set_up(empty_window)
    assert not dialog.loss.isVisible()
    assert dialog.choice == LabellingChoice("project", str(tiny_clip), (3,), None)
    confirm_encoder(str(other_clip))
    dialog.encoder.addItem("other", str(other_clip))
    dialog.encoder.setCurrentIndex(dialog.encoder.count() - 1)
    assert dialog.loss.isVisible()
    assert f"{tiny_clip}'s scores of 8 photos are replaced" in dialog.loss.text()
    QTest.mouseClick(dialog.start, LEFT)
    settle(empty_window)
    by_other = scores_kept(photo_folder)
    assert not np.array_equal(by_other, by_first)

    empty_window.session.change(lambda project: withdraw_run(project, run_in_force(photo_folder).id))
    settle(empty_window)
    np.testing.assert_array_equal(scores_kept(photo_folder), by_first)
    QTest.mouseClick(empty_window.label_button, LEFT)
    settle(empty_window)
    assert run_in_force(photo_folder).settings["encoder"] == str(tiny_clip)

    close_photos(empty_window)
    said = cdul("label", photo_folder, "--encoder", other_clip)
    assert f"{tiny_clip}'s scores of 8 photos are replaced" in said.err
    assert "0 photos encoded" in said.out
    told = cdul("label", photo_folder, "--encoder", tiny_clip, "--json")
    assert f"{other_clip}'s scores of 8 photos are replaced" in told.json["replaced"]
    assert told.err == ""
