"""The sample photos are labelled and reviewed by keyboard alone, and the database holds what was typed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cdul_gui.appearance import dress
from cdul_gui.main_window import MainWindow
from cdul_gui.session import Session
from engine.project.snapshot import NO, UNDECIDED, YES, LabelState, take_snapshot

# Of the platform without a screen alone; any other Qt warning fails the test.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, machine_of_its_own: Path) -> Iterator[MainWindow]:
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(machine_of_its_own / "config"))
    dress(qapp)
    window = MainWindow(Session())
    window.resize(1280, 720)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()
    window.deleteLater()


def test_every_sample_photo_is_reviewed(window: MainWindow, qtbot: QtBot) -> None:
    session, desk = window.session, window.desk

    def settle() -> None:
        qtbot.waitUntil(lambda: session.project is not None and not session.workers.busy, timeout=300_000)

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(window.focusWidget() or window, key, modifier)

    QTest.keyClick(desk.pages.start.open_samples, Qt.Key.Key_Space)
    settle()
    press(Qt.Key.Key_L, CONTROL)
    settle()
    snapshot = session.snapshot
    assert snapshot is not None
    suggested = snapshot.states() == LabelState.SUGGESTED
    expected = np.full(suggested.shape, UNDECIDED)

    # The first photos' suggestions are rejected by X, all others' accepted by Space, which goes on by itself.
    desk.pages.gallery.setFocus()
    for place, row in enumerate(session.shown.tolist()):
        assert session.current == row
        if place < 3:
            press(Qt.Key.Key_X)
            press(Qt.Key.Key_N)
            expected[row, suggested[row]] = NO
        else:
            press(Qt.Key.Key_Space)
            expected[row, suggested[row]] = YES
    settle()
    assert session.project is not None
    kept = take_snapshot(session.project)
    np.testing.assert_array_equal(kept.decisions, expected)
    assert kept.reviewed[session.shown[3:]].all()
