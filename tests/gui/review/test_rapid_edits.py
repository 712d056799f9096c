"""However fast somebody edits and undoes, the window ends up showing what the database holds, without a flicker."""

import random
from itertools import pairwise
from pathlib import Path

from acting import CTRL, PLAIN, click_photo, settle, states_kept, states_shown
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow


def test_many_keys_at_once(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/turned.jpg")
    chance = random.Random(4)
    plain = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_X, Qt.Key.Key_Delete)
    keys = [(Qt.Key.Key_Z, CTRL), *((key, PLAIN) for key in plain)]
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), *chance.choice(keys))
    settle(window)
    shown = {label: state for label, state in states_shown(window).items() if state != "absent"}
    assert shown == states_kept(scored_photos, "trip/turned.jpg")


def test_a_label_toggled_once_changes_its_look_once(window: MainWindow) -> None:
    click_photo(window, "city.png")
    seen = [states_shown(window)["cat"]]
    window.session.answers_changed.connect(lambda _rows: seen.append(states_shown(window)["cat"]))
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_X)
    settle(window)
    changes = [(before, after) for before, after in pairwise(seen) if before != after]
    assert changes == [("likely", "rejected")]
