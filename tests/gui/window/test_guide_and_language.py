"""Help has the guide, without a network, and View the language of the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from acting import command, settle
from naming import nameless
from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cdul_gui.dialogs.guide import PAGES, GuideDialog
from cdul_gui.settings import Settings
from cdul_gui.window.main_window import MainWindow
from engine.resources import document


@pytest.fixture
def guide(empty_window: MainWindow) -> GuideDialog:
    command(empty_window, "guide").trigger()
    found = empty_window.findChild(GuideDialog)
    assert found is not None
    return found


def test_the_guide_begins_with_the_first_minutes_and_has_every_page(guide: GuideDialog) -> None:
    assert guide.list.count() == len(PAGES)
    assert guide.text.toPlainText().startswith("The first five minutes")
    assert not guide.isModal()
    assert nameless(guide) == []
    for place in range(guide.list.count()):
        guide.list.setCurrentRow(place)
        assert guide.text.toPlainText().startswith(guide.list.item(place).text())
        assert "￼" not in guide.text.toPlainText()  # a picture that is not there


def test_its_links_lead_to_its_pages(guide: GuideDialog) -> None:
    guide.text.anchorClicked.emit(QUrl("review.md#labels-below-others"))
    assert guide.text.toPlainText().startswith("The review desk")
    guide.text.anchorClicked.emit(QUrl("../formats.md"))
    assert guide.list.currentRow() == PAGES.index("formats.md")
    guide.text.anchorClicked.emit(QUrl("../results.md"))  # which does not come with the program
    assert guide.list.currentRow() == PAGES.index("formats.md")


def test_every_page_of_the_guide_is_among_them() -> None:
    there = {f"guide/{path.name}" for path in document("guide").glob("*.md")} - {"guide/erste_minuten.md"}
    assert there == {page for page in PAGES if page.startswith("guide/")}


def languages(window: MainWindow) -> dict[str, QAction]:
    menu = window.findChild(QMenu, "languages")
    assert menu is not None
    return {action.text(): action for action in menu.actions()}


def test_another_language_is_there_from_the_next_start(window: MainWindow, tmp_path: Path) -> None:
    assert languages(window)["As the system"].isChecked()
    languages(window)["Deutsch"].trigger()
    settle(window)
    assert window.messages.text.text() == "From the next start on the window's language is Deutsch."
    assert Settings().language == "de_DE"


def test_of_the_language_that_is_chosen_already_nothing_is_said(window: MainWindow) -> None:
    languages(window)["As the system"].trigger()
    settle(window)
    assert not window.messages.isVisible()
    languages(window)["Deutsch"].trigger()
    languages(window)["As the system"].trigger()
    settle(window)
    assert window.messages.text.text() == "The window keeps its language."


@pytest.mark.parametrize(("chosen", "said"), [("de_DE", "Labeln"), ("en_GB", "Label"), ("system", "Label")])
def test_the_window_starts_in_the_language_that_was_chosen(chosen: str, said: str, tmp_path: Path) -> None:
    program = (
        "from cdul_gui.settings import Settings\n"
        f"Settings().language = {chosen!r}\n"
        "from cdul_gui.window.application import make_application, make_window\n"
        "app = make_application(['cdul'])\n"
        "print(make_window().label_button.text())\n"
    )
    environment = {
        **os.environ,
        **dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(tmp_path)),
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "",
    }
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == [said], ran.stderr
