"""The sample photos are labelled and reviewed by keyboard alone, and the database holds what was typed."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cdul_gui.window.main_window import MainWindow
from engine.project.label_state import NO, UNDECIDED, YES, LabelState
from engine.project.take_snapshot import take_snapshot

CONTROL = Qt.KeyboardModifier.ControlModifier


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
    suggested = snapshot.states() == LabelState.LIKELY
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
