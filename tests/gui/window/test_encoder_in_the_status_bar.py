"""The status bar tells what the scores come from and where it computes."""

from pathlib import Path

from acting import command, settle, wait_until

from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow


def test_nothing_is_said_without_photos(empty_window: MainWindow) -> None:
    assert not empty_window.encoder_line.text()


def test_before_labelling_it_is_what_the_label_button_would_take(empty_window: MainWindow, photo_folder: Path) -> None:
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    assert empty_window.encoder_line.text() == "starter"


def test_once_labelled_it_names_the_encoder_and_the_device(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    Settings().labelling = LabellingChoice("cat, dog", str(tiny_clip))
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    command(empty_window, "label").trigger()
    settle(empty_window)
    # What was chosen last counts for other photos, not for the scores that are there.
    Settings().labelling = LabellingChoice("cat, dog", "starter")
    empty_window.session.refresh()
    settle(empty_window)
    line = empty_window.encoder_line
    wait_until(lambda: line.text().count("·") == 1)
    encoder, device = line.text().split("  ·  ")
    assert encoder.endswith(tiny_clip.name[-8:])
    assert device.split(",")[0] in ("CPU", "CUDA", "MPS")
    assert str(tiny_clip) in line.toolTip()
