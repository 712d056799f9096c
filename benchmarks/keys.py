"""How many keys it takes to label photos rightly, by the keyboard alone. Prints JSON.

    python benchmarks/keys.py PHOTOS TRUTH [--photos 100] [--labels coco] [--encoder starter]

A copy of the photos is labelled. Then a person who knows the truth, COCO JSON, goes from photo to photo in the real
window: a digit with Shift for each likely label that is wrong, or X where all are; the full stop and a digit for what
is folded as maybe; Ctrl+K, the beginning of the name and Enter for what is not suggested; Space for the next photo. In
the end every label of these photos is as the truth has it, or the figures say how many are not. A key counts once, with
Shift or Ctrl or without; `with_modifiers` counts these as well.

`answering` is the same without adding what is not suggested at all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from machine import print_report
from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.session.labels_of_photo import PhotoLabel
from cdul_gui.settings import LabellingChoice
from cdul_gui.window.application import make_application, make_window
from cdul_gui.window.main_window import MainWindow
from engine.formats.coco import read_coco
from engine.formats.known_labels import PRESENT
from engine.project.label_state import LabelState

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_SEEN = 1
PLAIN, SHIFT, CTRL = Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier


class Person:
    """Presses keys where the keyboard is, counts them by what they were for, and waits for what they do."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._session = window, window.session
        self.keys: Counter[str] = Counter()
        self.modified = 0

    def press(self, purpose: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """One key."""
        self.keys[purpose] += 1
        self.modified += modifiers != PLAIN
        QTest.keyClick(QApplication.focusWidget() or self._window, key, modifiers)
        self.wait()

    def type_text(self, purpose: str, text: str) -> None:
        """A key for each letter."""
        self.keys[purpose] += len(text)
        QTest.keyClicks(QApplication.focusWidget(), text)

    def wait(self) -> None:
        """Until all that was done is on the screen."""
        wait_until(lambda: not self._session.workers.busy)

    def review(self, truth: set[str], *, add: bool) -> None:
        """Say what the truth says of the photo that is looked at, and go on."""
        snapshot, row = self._session.snapshot, self._session.current
        assert snapshot is not None
        assert row is not None
        names = [label.name for label in snapshot.labels]
        states = dict(zip(names, snapshot.states([row])[0].tolist(), strict=True))
        likely = {name for name, state in states.items() if state == LabelState.LIKELY}
        wrong, missed = likely - truth, {name for name in truth if states.get(name) == LabelState.MAYBE}
        if wrong and wrong == likely and len(wrong) > 1:
            self.press("reject", Key.Key_X)
        else:
            for name in sorted(wrong):
                self._digit("reject", name, SHIFT)
        if missed and not self._session.unfolded:
            self.press("maybe", Key.Key_Period)
        for name in sorted(missed):
            # An answer may have taught that another label is likely, or no longer a maybe one, in the same moment.
            if self._chip(name) is not None:
                self._digit("maybe", name, PLAIN)
        absent = sorted(
            name for name in truth & set(names) if states[name] != LabelState.CONFIRMED and self._chip(name) is None
        )
        if absent and add:
            self._add(absent, names)
        self.press("next", Key.Key_Space)

    def _digit(self, purpose: str, name: str, modifiers: Qt.KeyboardModifier) -> None:
        chip = self._chip(name)
        if chip is None:
            return
        if chip.key is not None and chip.key.isdigit():
            self.press(purpose, Key(ord(chip.key)), modifiers)
            now = self._chip(name)
            if now is not None and now.state == chip.state:  # it was scrolled away, and is in view now
                self.press(purpose, Key(ord(chip.key)), modifiers)
            return
        # The tenth chip and those after it: from the first by the arrows.
        self.press(purpose, Key.Key_Tab)
        for _step in range([one.name for one in self._window.desk.labels_of_photo.labels].index(name)):
            self.press(purpose, Key.Key_Right)
        self.press(purpose, Key.Key_X if modifiers == SHIFT else Key.Key_Y)
        self.press(purpose, Key.Key_Escape)

    def _chip(self, name: str) -> PhotoLabel | None:
        return next((one for one in self._window.desk.labels_of_photo.labels if one.name == name), None)

    def _add(self, absent: list[str], names: list[str]) -> None:
        self.press("add", Key.Key_K, CTRL)
        for name in absent:
            self.type_text("add", shortest_beginning(name, names))
            self.press("add", Key.Key_Return)


def shortest_beginning(name: str, names: list[str]) -> str:
    """What has to be typed of a label for Enter to mean it."""
    for length in range(1, len(name)):
        if sum(other.startswith(name[:length]) for other in names) == 1:
            return name[:length]
    return name


def wait_until(true: Callable[[], bool], seconds: float = 600.0) -> None:
    """Run the event loop until something holds."""
    loop, poll, late = QEventLoop(), QTimer(interval=5), QTimer(singleShot=True, interval=int(1000 * seconds))
    # Seen once is enough: something else may begin before the loop has returned.
    poll.timeout.connect(lambda: loop.exit(_SEEN) if true() else None)
    late.timeout.connect(loop.quit)
    poll.start()
    late.start()
    # In any case once around, as between two keys of a person: what was made is shown then.
    if loop.exec() != _SEEN:
        raise TimeoutError(f"Expected the window to be done within {seconds} s.")


def reviewed(
    window: MainWindow, folder: Path, truth: dict[str, set[str]], count: int, *, add: bool
) -> dict[str, object]:
    """Review so many photos of a labelled folder from the first one on; returns the figures."""
    session, desk = window.session, window.desk
    desk.opening.open_folder(folder)
    wait_until(lambda: session.project is not None and session.project.photos == folder and not session.workers.busy)
    window.activateWindow()
    desk.pages.gallery.setFocus()
    person = Person(window)
    person.wait()
    assert session.snapshot is not None
    paths = [session.snapshot.paths[row] for row in session.shown[:count].tolist()]
    for path in paths:
        there = session.snapshot.paths[session.current or 0]
        assert there == path, f"{there} is looked at and not {path}"
        person.review(truth.get(path, set()), add=add)
    snapshot = session.snapshot
    states = snapshot.states([snapshot.paths.index(path) for path in paths])
    names = [label.name for label in snapshot.labels]
    kept = [{names[column] for column in (row == LabelState.CONFIRMED).nonzero()[0]} for row in states]
    wanted = [truth.get(path, set()) & set(names) for path in paths]
    keys = sum(person.keys.values())
    return {
        "photos": len(paths),
        "keys_a_photo": round(keys / len(paths), 2),
        "with_modifiers": round((keys + person.modified) / len(paths), 2),
        "keys_for": dict(person.keys),
        "labels_of_the_truth": sum(map(len, wanted)),
        "missing": sum(len(one - other) for one, other in zip(wanted, kept, strict=True)),
        "wrong": sum(len(other - one) for one, other in zip(wanted, kept, strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos_folder", type=Path, metavar="PHOTOS")
    parser.add_argument("truth", type=Path, metavar="TRUTH")
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--labels", default="coco")
    parser.add_argument("--encoder", default="starter")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)
        folder = Path(home) / "photos"
        shutil.copytree(given.photos_folder, folder, ignore=shutil.ignore_patterns(".cdul"))
        make_application(sys.argv[:1])
        window = make_window()
        window.show()
        window.desk.opening.open_folder(folder)
        session = window.session
        wait_until(lambda: session.project is not None and not session.workers.busy)
        window.desk.labelling.label(LabellingChoice(given.labels, given.encoder))
        wait_until(lambda: session.job is None and not session.workers.busy)
        truth = truth_of(given.truth)
        again = Path(home) / "again"
        window.desk.opening.close()
        wait_until(lambda: not session.workers.busy)
        shutil.copytree(folder, again)
        figures = {
            "all": reviewed(window, folder, truth, given.photos, add=True),
            "answering": reviewed(window, again, truth, given.photos, add=False),
        }
        window.close()
        print_report(figures)


def truth_of(file: Path) -> dict[str, set[str]]:
    """The labels of each photo, by its name."""
    known = read_coco(file)
    return {
        path: {name for name, answer in answers.items() if answer == PRESENT} for path, answers in known.answers.items()
    }


if __name__ == "__main__":
    main()
