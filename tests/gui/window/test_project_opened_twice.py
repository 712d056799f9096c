"""A project that another window has open can be looked at, not changed."""

from pathlib import Path

from acting import click_photo, command, press, settle, states_kept
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow
from engine.project import Project


def test_the_second_window_is_told_and_changes_nothing(empty_window: MainWindow, scored_photos: Path) -> None:
    with Project.open(scored_photos):
        empty_window.desk.opening.open_folder(scored_photos)
        settle(empty_window)
        assert "open in another window" in empty_window.messages.text.text()
        assert empty_window.messages.isVisible()
        assert "look only" in empty_window.windowTitle()
        assert not command(empty_window, "accept").isEnabled()
        assert not command(empty_window, "label").isEnabled()
        click_photo(empty_window, "city.png")
        press(empty_window, Qt.Key.Key_Space)
        press(empty_window, Qt.Key.Key_1)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_a_project_that_cannot_be_written_is_said_so(empty_window: MainWindow, scored_photos: Path) -> None:
    # Whoever runs the tests may write everywhere, but no lock takes the place of a folder.
    (scored_photos / ".cdul" / "writer.lock").unlink(missing_ok=True)
    (scored_photos / ".cdul" / "writer.lock").mkdir()
    empty_window.desk.opening.open_folder(scored_photos)
    settle(empty_window)
    said = empty_window.messages.text.text()
    assert f"change nothing: {scored_photos / '.cdul'} cannot be written." in said
    assert "another window" not in said
    assert "look only" in empty_window.windowTitle()
    assert "Opening" not in empty_window.said.text()
