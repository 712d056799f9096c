"""The window speaks German where the system does, and no text lost what is filled into it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar
from pytestqt.qtbot import QtBot
from windows import german_texts

from cdul_gui.session.session import Session
from cdul_gui.window.main_window import MainWindow
from engine.resources import resource

_PADDING = 4
"""Pixels beside a heading."""

TOP = Path(__file__).parents[3]
TRANSLATIONS = resource("translations")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[QTranslator]:
    with german_texts(qapp) as translator:
        yield translator


def messages(file: Path = TRANSLATIONS / "cdul_de.ts") -> list[tuple[str, str, bool]]:
    """Source, translation, and whether it is finished."""
    # A file of this project, not one that somebody sends.
    root = ElementTree.parse(file).getroot()  # noqa: S314
    found = []
    for message in root.iter("message"):
        translation = message.find("translation")
        assert translation is not None
        found.append((message.findtext("source", ""), translation.text or "", translation.get("type") is None))
    return found


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", text))


def test_the_menus_are_german(qtbot: QtBot, german: QTranslator) -> None:
    window = MainWindow(Session())
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert titles == ["Projekt", "Fotos", "Labels", "Prüfen", "Training", "Ansicht", "Hilfe"]
    window.close()
    window.deleteLater()


def test_no_two_entries_of_a_menu_answer_to_the_same_letter(qtbot: QtBot, german: QTranslator) -> None:
    window = MainWindow(Session())
    menus: list[QMenuBar | QMenu] = [window.menuBar(), *window.menuBar().findChildren(QMenu)]
    letters = [re.findall(r"&(\w)", " ".join(action.text() for action in menu.actions()).lower()) for menu in menus]
    assert letters[0]
    assert [found for found in letters if len(found) != len(set(found))] == []
    window.close()
    window.deleteLater()


def test_the_headings_of_the_labels_are_whole(qtbot: QtBot, german: QTranslator) -> None:
    window = MainWindow(Session())
    view = window.desk.labels.view
    header, metrics = view.header(), view.fontMetrics()
    for column in range(1, header.count()):
        text = view.model().headerData(column, Qt.Orientation.Horizontal)
        view.setColumnHidden(column, False)  # that of the keys is shown where a label has one
        assert header.sectionSize(column) >= metrics.horizontalAdvance(text) + 2 * _PADDING, text
    window.close()
    window.deleteLater()


def test_every_text_of_the_file_is_translated() -> None:
    assert len(messages()) > 1000
    assert [source for source, translation, finished in messages() if not finished or not translation] == []


def test_every_text_of_the_program_is_in_the_file(tmp_path: Path) -> None:
    """As `make translations` finds them, which adds those that are missing as unfinished."""
    updated = tmp_path / "cdul_de.ts"
    updated.write_bytes((TRANSLATIONS / "cdul_de.ts").read_bytes())
    engine_texts = tmp_path / "engine_texts.py"
    engine_texts.write_bytes(
        subprocess.run([sys.executable, ".ci/engine_texts.py"], cwd=TOP, check=True, capture_output=True).stdout
    )
    sources = [*map(str, sorted(TOP.glob("cdul_gui/**/*.py"))), str(engine_texts)]
    lupdate = Path(sys.executable).with_name("pyside6-lupdate")
    subprocess.run([lupdate, "-silent", "-locations", "none", *sources, "-ts", updated], cwd=TOP, check=True)
    assert [source for source, translation, finished in messages(updated) if not finished or not translation] == []


def test_no_placeholder_got_lost() -> None:
    assert [
        (source, translation)
        for source, translation, _finished in messages()
        if placeholders(source) != placeholders(translation)
    ] == []


def test_spaces_at_the_ends_stay() -> None:
    assert [
        source
        for source, translation, _finished in messages()
        if (source[:1] == " ", source[-1:] == " ") != (translation[:1] == " ", translation[-1:] == " ")
    ] == []
