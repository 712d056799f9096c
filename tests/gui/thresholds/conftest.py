"""The photos of cats that answers teach, and the window on them."""

from pathlib import Path

import pytest
from acting import settle
from taught_cats import make_cats

from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def cats(tmp_path: Path) -> Path:
    return make_cats(tmp_path / "cats")


@pytest.fixture
def desk(empty_window: MainWindow, cats: Path) -> MainWindow:
    empty_window.desk.opening.open_folder(cats)
    settle(empty_window)
    return empty_window
