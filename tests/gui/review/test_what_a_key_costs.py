"""A key costs what it changes: no more is painted, laid out, made or read, however long one goes on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from acting import LABELS, SHIFT, click_photo, current_path, press, settle, states_shown, wait_until
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import Engine, event

from cdul_gui.look.flow import FlowLayout
from cdul_gui.window.main_window import MainWindow


class Costs(QObject):
    """What the window is told to do while it is watched."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.tiles: list[int] = []
        """Places in the gallery that were painted, each as often as it was."""
        self.layouts: Counter[str] = Counter()
        """Widgets that were laid out anew, by their class."""
        self.statements: list[bool] = []
        """For each statement that the database was given whether the window's thread waited for it."""
        self.rows_changed, self.resets = 0, 0

    def eventFilter(self, watched: QObject, told: QEvent) -> bool:
        gallery = self._window.desk.pages.gallery
        if watched is gallery.viewport() and isinstance(told, QPaintEvent):
            region = told.region()
            self.tiles += [one for one in gallery.visible_places() if region.intersects(gallery.tile_rect(one))]
        if told.type() == QEvent.Type.LayoutRequest:
            self.layouts[type(watched).__name__] += 1
        return False

    def ask(self, *_told: Any) -> None:
        self.statements.append(threading.current_thread() is threading.main_thread())

    def reset(self) -> None:
        self.resets += 1


@contextmanager
def watched(window: MainWindow) -> Iterator[Costs]:
    settle(window)
    thumbnails, rows = window.desk.pages.gallery.thumbnails, window.session.shown.tolist()
    wait_until(lambda: all(thumbnails.thumbnail(row) or thumbnails.problem(row) for row in rows))
    QTest.qWait(200)  # what is still to be painted of the time before
    costs, scores = Costs(window), window.desk.inspector.scores.model()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(costs)
    event.listen(Engine, "before_cursor_execute", costs.ask)
    scores.modelReset.connect(costs.reset)
    yield costs
    QApplication.processEvents()
    app.removeEventFilter(costs)
    event.remove(Engine, "before_cursor_execute", costs.ask)


@pytest.fixture
def first(window: MainWindow) -> MainWindow:
    """The window on its first photo, everything painted."""
    window.resize(1400, 900)
    click_photo(window, "beach.jpg")
    return window


def test_an_answer_paints_its_photo_alone(first: MainWindow) -> None:
    press(first, Qt.Key.Key_2)  # the first answer of all has the tool bar say something else
    with watched(first) as costs:
        press(first, Qt.Key.Key_1)
    assert states_shown(first)["boat"] == "confirmed"
    assert set(costs.tiles) == {0}
    assert "MainWindow" not in costs.layouts


def test_going_on_paints_the_two_photos(first: MainWindow) -> None:
    with watched(first) as costs:
        press(first, Qt.Key.Key_Space)
    assert current_path(first) == "city.png"
    assert set(costs.tiles) == {0, 1}
    assert costs.resets == 0


def test_what_stands_beside_the_photo_follows_once_its_answer_is_seen(first: MainWindow) -> None:
    settle(first)
    QTest.qWait(200)
    order: list[str] = []

    class Painted(QObject):
        def eventFilter(self, _window: QObject, told: QEvent) -> bool:
            if told.type() == QEvent.Type.UpdateRequest:
                order.append("picture")
            return False

    painted, scores = Painted(first), first.desk.inspector.scores.model()
    first.installEventFilter(painted)
    for changed, what in ((scores.dataChanged, "scores"), (first.desk.use.changed, "counts")):
        changed.connect(lambda *_told, what=what: order.append(what))
    QTest.keyClick(first.desk.pages.gallery, Qt.Key.Key_Space)
    # Who asks for them at once has them at once.
    assert first.desk.use.count_of(LABELS.index("boat"))[0] == 1
    wait_until(lambda: {"scores", "counts"} <= set(order))
    assert order[0] == "picture"
    first.removeEventFilter(painted)


def test_going_on_shows_the_chips_of_the_next_photo_once(first: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, str]] = []
    arranged: list[int] = []
    first.desk.labels_of_photo.changed.connect(lambda: shown.append(states_shown(first)))
    arrange = FlowLayout._arrange

    def count(flow: FlowLayout, rect: QRect, *, move: bool) -> int:
        arranged.append(rect.width())
        return arrange(flow, rect, move=move)

    monkeypatch.setattr(FlowLayout, "_arrange", count)
    press(first, Qt.Key.Key_Space)
    assert shown == [{"cat": "likely"}]
    assert len(arranged) < 10


def test_no_key_has_the_window_wait_for_the_database(first: MainWindow) -> None:
    with watched(first) as costs:
        press(first, Qt.Key.Key_1)
        press(first, Qt.Key.Key_2, SHIFT)
        press(first, Qt.Key.Key_Space)
        QTest.keyClick(first.desk.pages.gallery, Qt.Key.Key_Right)
        settle(first)
    assert costs.statements
    assert not any(costs.statements)


def test_the_heatmap_of_the_next_photo_is_there_before_it_is_gone_on_to(first: MainWindow) -> None:
    settle(first)
    photo, waits = first.desk.photo, []
    photo.heatmap_changed.connect(lambda: waits.append(photo.reading_heatmap))
    QTest.keyClick(first.desk.pages.gallery, Qt.Key.Key_Right)
    assert current_path(first) == "city.png"
    assert photo.heatmap is not None
    assert waits == [False]


def test_chips_are_the_same_ones_on_the_next_photo(first: MainWindow) -> None:
    chips = first.desk.inspector.chips
    before = chips.chips()
    press(first, Qt.Key.Key_Right)
    assert [one.text() for one in chips.chips()] == ["cat"]
    assert chips.chips()[0] is before[0]
    press(first, Qt.Key.Key_Left)
    assert [one.text() for one in chips.chips()] == ["boat", "tree"]
    assert chips.chips()[0] is before[0]


def test_keys_leave_nothing_behind(first: MainWindow) -> None:
    def there_and_back() -> int:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
            press(first, key)
            press(first, Qt.Key.Key_1)
        settle(first)
        QTest.qWait(50)  # what is deleted later is
        return len(first.findChildren(QObject))

    there_and_back()
    # A question that a worker is just being asked is one more; what each key leaves behind is eight more every time.
    counts = [there_and_back() for _ in range(6)]
    assert min(counts[3:]) < min(counts[:3]) + 8
