"""A folder that was opened before is opened again from the menu."""

import shutil
from pathlib import Path

from acting import settle
from PySide6.QtWidgets import QMenu

from cdul_gui.settings import Settings
from cdul_gui.window.main_window import MainWindow
from cdul_gui.window.recent_menu import RecentMenu


def test_the_folders_opened_before_stand_below_open_folder_without_the_one_that_is_open(
    window: MainWindow, scored_photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other & more"
    other.mkdir()
    Settings().remember_folder(other)
    recent = _recent(window)
    assert [action.text() for action in recent.actions()] == ["other && more"]
    recent.actions()[0].trigger()
    settle(window)
    assert window.session.project is not None
    assert window.session.project.photos == other
    assert [action.toolTip() for action in _recent(window).actions()] == [str(scored_photos)]


def test_where_none_was_opened_before_there_is_nothing_to_choose(empty_window: MainWindow) -> None:
    assert not _recent(empty_window).menuAction().isEnabled()


def test_a_project_whose_folder_is_as_it_was_is_read_once(empty_window: MainWindow, scored_photos: Path) -> None:
    read: list[None] = []
    empty_window.session.snapshot_changed.connect(lambda: read.append(None))
    empty_window.desk.opening.open_folder(scored_photos)
    settle(empty_window)
    assert len(read) == 1
    shutil.copy(scored_photos / "beach.jpg", scored_photos / "another.jpg")
    empty_window.desk.opening.look_for_photos()
    settle(empty_window)
    assert len(read) == 2
    assert "another.jpg" in empty_window.session.snapshot.paths


def _recent(window: MainWindow) -> RecentMenu:
    """The submenu, as it is when its menu is looked at."""
    recent = window.menuBar().findChild(RecentMenu)
    assert recent is not None
    menu = recent.parent()
    assert isinstance(menu, QMenu)
    assert menu.actions()[1] is recent.menuAction()
    menu.aboutToShow.emit()
    return recent
