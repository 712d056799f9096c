"""Acting on the window as a person does, and reading what it shows and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QLineEdit

from cdul_gui.panels.photo.chips_of_photo import LabelChip
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.take_snapshot import take_snapshot

LABELS = ("cat", "dog", "boat", "tree")

SUGGESTED: dict[str, tuple[str, ...]] = {
    "beach.jpg": ("boat", "tree"),
    "city.png": ("cat",),
    "dog.webp": ("dog", "cat"),
    "trip/boat.jpg": ("boat",),
    "trip/day two/horse.jpeg": ("tree",),
    "trip/day two/lamp.JPG": (),
    "trip/turned.jpg": ("cat", "dog", "boat"),
    "zebra.bmp": ("dog",),
}
"""What the made-up scores suggest, best first, by photo in the order of the gallery."""

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier

_HELD = 1


def wait_until(fulfilled: Callable[[], bool], seconds: float = 120) -> None:
    """Let the window work until something holds."""
    loop = QEventLoop()
    poll, late = QTimer(interval=5), QTimer(singleShot=True, interval=int(1000 * seconds))
    # What held once may be over again before the loop has ended.
    poll.timeout.connect(lambda: loop.exit(_HELD) if fulfilled() else None)
    late.timeout.connect(loop.quit)
    if not fulfilled():
        poll.start()
        late.start()
        ending = loop.exec()
        poll.stop()
        late.stop()
        assert ending == _HELD, f"waited for {seconds} s in vain"


def settle(window: MainWindow) -> None:
    """Wait until photos are open and nothing is under way."""
    session = window.session
    wait_until(lambda: session.project is not None and not session.workers.busy)
    # Nothing may have been under way at all; what is shown once a turn is shown in the next one.
    turn = QEventLoop()
    QTimer.singleShot(0, turn.quit)
    turn.exec()


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Press a key where the keyboard is, and wait until what it does is done."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)
    settle(window)


def type_text(text: str) -> None:
    """Type where the keyboard is."""
    QTest.keyClicks(QApplication.focusWidget(), text)


def type_into_cell(view: QAbstractItemView, text: str) -> None:
    """Type in place of what a cell that is edited holds, and Enter."""
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.sendPostedEvents()  # the view takes what was typed over once the key is done


def click_row(view: QAbstractItemView, row: int, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Click a row of a list, table or gallery."""
    index = view.model().index(row, 0)
    view.scrollTo(index)
    place = view.visualRect(index).topLeft() + QPoint(14, 12)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def click_photo(window: MainWindow, path: str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Click a photo in the gallery, wherever it is there."""
    snapshot, shown = window.session.snapshot, window.session.shown.tolist()
    assert snapshot is not None
    click_row(window.desk.pages.gallery, shown.index(snapshot.paths.index(path)), modifiers)
    settle(window)


def click_label(window: MainWindow, name: str) -> None:
    """Click a label in the labels dock."""
    click_row(window.desk.labels.view, LABELS.index(name))
    settle(window)


def chip(window: MainWindow, name: str) -> LabelChip:
    """The chip of a label of the current photo."""
    return next(one for one in window.desk.inspector.chips.chips() if one.text() == name)


def click_chip(window: MainWindow, name: str, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Click a label of the current photo."""
    QTest.mouseClick(chip(window, name), button)
    settle(window)


def states_shown(window: MainWindow) -> dict[str, str]:
    """Label to state, of the current photo, as its chips show it."""
    return {one.text(): one.state.name.lower() for one in window.desk.inspector.chips.chips()}


def states_kept(photos: Path, path: str) -> dict[str, str]:
    """Label to state of a photo, as the database holds it."""
    with Project.open(photos, read_only=True) as project:
        snapshot = take_snapshot(project)
    states = snapshot.states([snapshot.paths.index(path)])[0]
    return {
        label.name: LabelState(state).name.lower()
        for label, state in zip(snapshot.labels, states, strict=True)
        if state != LabelState.ABSENT
    }


def reviewed_kept(photos: Path) -> list[str]:
    """Paths of the photos that are marked as reviewed, as the database holds it."""
    with Project.open(photos, read_only=True) as project:
        snapshot = take_snapshot(project)
    return [path for path, reviewed in zip(snapshot.paths, snapshot.reviewed, strict=True) if reviewed]


def current_path(window: MainWindow) -> str:
    """The photo that is looked at."""
    session = window.session
    assert session.snapshot is not None
    assert session.current is not None
    return session.snapshot.paths[session.current]


def command(window: MainWindow, name: str) -> QAction:
    """A command of the menus, by its id."""
    found = window.findChild(QAction, name)
    assert found is not None, f"there is no command {name}"
    return found


def open_dialog(window: MainWindow) -> QDialog:
    """The dialog that is open."""
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    return dialog
