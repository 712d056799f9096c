"""Takes pictures of three ways through the real window, acting by mouse and keys alone, and counts what was done.

    python docs/films.py OUTDIR [newcomer] [keyboard] [taught] [--photos PHOTOS --truth TRUTH.json] [--size 1280x800]

newcomer: from nothing to a COCO file on the sample photos. keyboard: a hundred photos, or as many as there are,
reviewed by somebody who knows their truth, COCO JSON; PHOTOS are copied. taught: a label that is found, swept, and
followed by the others. Each prints its actions and seconds. Without a display set QT_QPA_PLATFORM=offscreen. Nothing of
the person who runs it is read or changed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from filming import Camera

TOP = Path(__file__).parents[1]
FILMS = ("newcomer", "keyboard", "taught")
PHOTOS_BY_KEYBOARD = 100


def main() -> None:
    """Take the films that are asked for, by default those that need no photos from elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("films", nargs="*", metavar="FILM", help=", ".join(FILMS))
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--size", default="1280x800")
    given = parser.parse_args()
    if unknown := set(given.films) - set(FILMS):
        parser.error(f"There is no film {unknown.pop()!r}.")
    wanted = given.films or [film for film in FILMS if film != "keyboard" or given.photos]
    if "keyboard" in wanted and not (given.photos and given.truth):
        parser.error("The film of the keyboard needs --photos and --truth.")
    sys.path[:0] = [str(TOP), str(TOP / "docs")]
    from filming import Camera, live_in

    with tempfile.TemporaryDirectory() as home:
        live_in(Path(home))
        width, height = map(int, given.size.split("x"))
        camera = Camera(given.out, Path(home), (width, height))
        if "newcomer" in wanted:
            newcomer(camera, Path(home))
        if "keyboard" in wanted:
            folder = Path(home) / "photos"
            shutil.copytree(given.photos, folder, ignore=shutil.ignore_patterns(".cdul"))
            by_keyboard(camera, folder, given.truth)
        if "taught" in wanted:
            taught(camera)


class Hand:
    """Clicks and keys, counted."""

    def __init__(self, camera: Camera, window: Any) -> None:
        self._camera, self._window = camera, window
        self.actions: Counter[str] = Counter()
        self._began = time.perf_counter()

    def click(self, widget: Any) -> None:
        """With the left button, in the middle."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.actions["clicks"] += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self._camera.pause(50)

    def press(self, keys: str) -> None:
        """A key, or several at once, as QKeySequence writes them; where the keyboard is."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        self.actions["keys"] += 1
        one = QKeySequence(keys)[0]
        QTest.keyClick(QApplication.focusWidget() or self._window, one.key(), one.keyboardModifiers())
        self._camera.pause(20)

    def type_text(self, text: str) -> None:
        """A key for each letter."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        self.actions["letters"] += len(text)
        QTest.keyClicks(QApplication.focusWidget(), text)
        self._camera.pause(50)

    def tell(self, film: str, **more: object) -> None:
        """Print what it took."""
        seconds = round(time.perf_counter() - self._began, 1)
        print(json.dumps({"film": film, "actions": dict(self.actions), "seconds": seconds, **more}))


def newcomer(camera: Camera, home: Path) -> None:
    """From the first start to a COCO file."""
    window = camera.open_window()
    hand = Hand(camera, window)
    camera.take(window, "newcomer_first_start")
    hand.click(window.desk.pages.start.open_samples)
    camera.settle(window)
    camera.take(window, "newcomer_photos")
    hand.click(window.label_button)
    camera.wait(lambda: window.session.job is not None or camera.app.activeModalWidget() is not None)
    if (dialog := camera.app.activeModalWidget()) is not None:
        camera.take(dialog, "newcomer_what_to_label_with")
        hand.press("Return")
    camera.pause(1500)
    camera.take(window, "newcomer_labelling")
    camera.settle(window)
    camera.take(window, "newcomer_labelled")
    hand.click(window.toolbar.review_button)
    camera.settle(window)
    camera.take(window, "newcomer_review")
    for _photo in range(3):
        hand.press("Space")
        camera.settle(window)
    camera.take(window, "newcomer_three_reviewed")
    hand.press("Ctrl+E")
    dialog = camera.dialog()
    camera.wait(lambda: not dialog.looking)
    camera.take(dialog, "newcomer_export")
    hand.press("Return")
    camera.settle(window)
    camera.take(window, "newcomer_exported")
    files = [str(file.relative_to(home)) for file in home.rglob("*.json") if "annotations" in file.read_text("utf-8")]
    hand.tell("newcomer", files=files)
    window.close()


def by_keyboard(camera: Camera, folder: Path, truth: Path) -> None:
    """A hundred photos by somebody who knows what is on them."""
    sys.path.insert(0, str(TOP / "benchmarks"))
    from keys import Person, truth_of

    from cdul_gui.settings import LabellingChoice

    window = camera.open_window()
    window.desk.opening.open_folder(folder)
    camera.settle(window)
    window.desk.labelling.label(LabellingChoice("coco", "starter"))
    camera.wait(lambda: window.session.job is None)
    camera.settle(window)
    known, session = truth_of(truth), window.session
    window.desk.pages.gallery.setFocus()
    person, began = Person(window), time.perf_counter()
    rows = session.shown[:PHOTOS_BY_KEYBOARD].tolist()
    for number, row in enumerate(rows):
        if number in (0, 5, len(rows) // 2, len(rows) - 1):
            camera.settle(window)
            camera.take(window, f"keyboard_photo_{number + 1}")
        person.review(known.get(session.snapshot.paths[row], set()), add=False)
    camera.settle(window)
    camera.take(window, "keyboard_done")
    keys, seconds = sum(person.keys.values()), round(time.perf_counter() - began, 1)
    told = {"photos": len(rows), "keys": keys, "keys_a_photo": round(keys / len(rows), 2), "seconds": seconds}
    print(json.dumps({"film": "keyboard", **told}))
    window.close()


def taught(camera: Camera) -> None:
    """A label that is found, swept, and followed by the others."""
    window = camera.open_window()
    window.desk.opening.open_samples()
    camera.settle(window)
    if window.session.snapshot.stage is None:
        window.desk.labelling.label()
        camera.wait(lambda: window.session.job is None)
        camera.settle(window)
    window.desk.pages.gallery.setFocus()
    hand = Hand(camera, window)
    hand.press("Ctrl+Shift+F")
    hand.type_text("people")
    camera.settle(window)
    camera.take(window, "taught_label_found")
    hand.press("Return")
    camera.settle(window)
    if window.session.label is None:
        window.session.look_at_label([label.name for label in window.session.snapshot.labels].index("people"))
    hand.press("Ctrl+T")
    camera.settle(window)
    camera.take(window, "taught_sweep")
    hand.press("Ctrl+Shift+T")
    camera.settle(window)
    camera.take(window, "taught_likely_selected")
    hand.press("Ctrl+Return")
    camera.settle(window)
    camera.take(window, "taught_accepted")
    for _photo in range(7):
        hand.press("Right")
        hand.press("Ctrl+Backspace")
        camera.settle(window)
    camera.take(window, "taught_others_no")
    hand.press("Ctrl+G")
    camera.settle(window)
    camera.take(window, "taught_what_it_changed")
    hand.tell("taught")
    window.close()


if __name__ == "__main__":
    main()
