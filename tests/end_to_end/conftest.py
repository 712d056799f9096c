"""What the tests of the whole program share: a first labelling, and the window as it is after the first start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Cdul
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import shown_window, use_settings_in

from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, machine_of_its_own: Path) -> Iterator[MainWindow]:
    """The window with nothing open."""
    use_settings_in(machine_of_its_own)
    with shown_window(qtbot, qapp) as window:
        yield window


@pytest.fixture
def label(cdul: Cdul, photo_folder: Path, tiny_clip: Path) -> Cdul:
    """Runs `cdul label` on the eight photos with the small CLIP."""
    return lambda *more: cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog,boat", *more)
