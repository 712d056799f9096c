"""Photos that an encoder looked at, and finding some of them as a person does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from acting import press, settle, type_text
from filtering import be_active
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise


def label_photos(folder: Path, encoder: Any) -> None:
    """Label a folder's photos as cats and dogs."""
    with Project.open(folder) as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        add_photos(project, Progress(), Cancellation())
        initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())


def open_photos(window: MainWindow, folder: Path) -> None:
    """Open a folder and wait until its photos are shown."""
    window.desk.opening.open_folder(folder)
    settle(window)
    window.desk.pages.gallery.setFocus()


def find_words(window: MainWindow, words: str) -> None:
    """Ask for the line, type, wait for what is found, and go down to it."""
    be_active(window)
    press(window, Qt.Key.Key_F3)
    assert QApplication.focusWidget() is window.desk.find_bar.line
    type_text(words)
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Down)
