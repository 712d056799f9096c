"""Encoders in files and folders of one's own: found out what they are, used, or refused with what helps."""

import shutil
from pathlib import Path

import pytest
from acting import command, settle, wait_until
from offering import choose, wait_for_offer
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from cdul_gui.dialogs.encoders.dialog import EncodersDialog
from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow


def test_an_encoder_in_a_folder_is_used_as_it_lies_there(window: MainWindow, tiny_clip: Path) -> None:
    window.desk.ask_encoders.take_encoder_folder()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tiny_clip))
    dialog.close()
    wait_for_offer(window, "Label 8 photos")
    assert window.messages.text.text().startswith(f"{tiny_clip.name} is here.")
    choose(window, "Label 8 photos")
    wait_until(lambda: window.session.job is not None)
    settle(window)
    wait_until(lambda: window.encoder_line.text().startswith(tiny_clip.name))


def own_file(folder: Path, network: str) -> Path:
    """Random weights of a small published network, in a file that says nothing of itself."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    model = open_clip.create_model(network, device="meta")
    file = folder / "mine.safetensors"
    save_file({name: torch.zeros(one.shape) for name, one in model.state_dict().items()}, file)
    return file


def test_a_file_that_does_not_say_what_it_is_is_asked_about(window: MainWindow, tmp_path: Path) -> None:
    file = own_file(tmp_path, "ViT-S-32-alt")
    window.desk.ask_encoders.take_encoder_file()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    wait_for_offer(window, "Label 8 photos")
    assert window.messages.text.text().startswith("mine.safetensors (ViT-S-32-alt) is here.")


@pytest.mark.parametrize("is_clip", [True, False])
def test_what_came_of_a_file_is_not_said_behind_the_encoders(
    window: MainWindow, tmp_path: Path, tiny_network: Path, is_clip: bool
) -> None:
    command(window, "encoders").trigger()
    encoders = QApplication.activeModalWidget()
    assert isinstance(encoders, EncodersDialog)
    wait_until(lambda: encoders.chosen is not None)
    QTest.mouseClick(encoders.file, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    assert "*.ckpt" in dialog.nameFilters()[0]
    dialog.fileSelected.emit(str(own_file(tmp_path, "ViT-S-32-alt") if is_clip else tiny_network))
    dialog.close()
    wait_for_offer(window, "Label 8 photos" if is_clip else "Another file…")
    assert QApplication.activeModalWidget() is None


def test_whoever_is_asked_what_weights_these_are_finds_all_that_were_published(
    window: MainWindow, tmp_path: Path
) -> None:
    window.desk.encoders.take(str(own_file(tmp_path, "ViT-B-32")), window.desk.ask_encoders._ask_how_to_use)
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QInputDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    texts = dialog.comboBoxItems()
    for weights in ("CLIP B/32 (OpenAI)", "CLIP B/32 (DataComp)", "ViT-B-32:laion2b_s34b_b79k"):
        assert f"mine.safetensors ({weights})" in texts
    dialog.setTextValue("mine.safetensors (ViT-B-32:laion2b_s34b_b79k)")
    dialog.accept()
    wait_for_offer(window, "Label 8 photos")
    assert window.messages.text.text().startswith("mine.safetensors (ViT-B-32:laion2b_s34b_b79k) is here.")


def test_a_file_that_is_no_clip_is_said_so(window: MainWindow, tiny_network: Path) -> None:
    window.desk.encoders.take(str(tiny_network), lambda *_: None)
    wait_for_offer(window, "Another file…")
    assert "holds no CLIP" in window.messages.text.text()
    assert "cdul" not in window.messages.text.text()


def test_an_encoder_out_of_a_strangers_project_is_asked_about_once(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path, tmp_path: Path
) -> None:
    window = empty_window
    theirs = shutil.copytree(tiny_clip, tmp_path / "theirs")
    Settings().labelling = LabellingChoice("cat, dog", str(theirs), (2,))
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    QTest.mouseClick(window.label_button, Qt.MouseButton.LeftButton)
    wait_for_offer(window, "Use this encoder")
    assert str(theirs) in window.messages.text.text()
    assert "--encoder" not in window.messages.text.text()
    choose(window, "Use this encoder")
    wait_for_offer(window, "Label 8 photos")
    choose(window, "Label 8 photos")
    wait_until(lambda: "8 photos labelled" in window.said.text())
    settle(window)


def test_an_encoders_file_that_is_gone_is_said_with_what_helps(
    empty_window: MainWindow, photo_folder: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.safetensors"
    Settings().labelling = LabellingChoice("cat, dog", f"ViT-B-32:{gone}", (2,))
    window = empty_window
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    QTest.mouseClick(window.label_button, Qt.MouseButton.LeftButton)
    wait_for_offer(window, "Use the starter")
    assert window.messages.text.text().startswith(f"There is no file or folder {gone}")
    assert [one.text() for one in window.messages.choices] == ["From a file…", "Others…", "Use the starter"]
