"""Makes the screenshots of the documentation from the real window on the sample photos.

    python docs/make_screenshots.py [FOLDER]

They are written to FOLDER, by default docs/screenshots. Without a display set QT_QPA_PLATFORM=offscreen, or use
xvfb-run. Nothing of the person who runs it is read or changed: settings and project live in a temporary folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

MOST_BYTES = 400_000
SIZE = (1280, 800)


def main() -> None:
    """Take all screenshots."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "screenshots"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = home
        from PySide6.QtCore import QSettings

        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)
        _take(out, Path(home))


def _take(out: Path, home: Path) -> None:
    from cdul_gui.appearance import choose_colour_scheme
    from cdul_gui.application import make_application, make_window
    from engine.stages.samples import copy_sample_photos

    app = make_application(["cdul"])
    window = make_window()
    session, desk = window.session, window.desk
    window.resize(*SIZE)
    window.show()

    def settle() -> None:
        _wait_until(lambda: session.project is not None and not session.workers.busy)
        _pause(400)  # for the thumbnails, which have workers of their own

    def take(name: str) -> None:
        for scheme in ("light", "dark"):
            choose_colour_scheme(scheme)
            _pause(200)
            _save(window.grab().toImage(), out / f"{name}_{scheme}.png")

    def show_dock(name: str) -> None:
        dock = next(each for each in window.lower_docks if each.objectName() == name)
        dock.show()
        dock.raise_()
        settle()

    take("first_start")
    desk.opening.open_folder(copy_sample_photos(home / "sample photos"))
    settle()
    desk.labelling.label()
    settle()

    snapshot = session.snapshot
    assert snapshot is not None
    row, column = (int(place) for place in np.unravel_index(np.nanargmax(snapshot.scores), snapshot.scores.shape))
    session.go_to(row)
    session.look_at_label(column)
    desk.review.confirm(column)
    desk.review.toggle_reviewed()
    desk.pages.gallery.verticalScrollBar().setValue(0)
    settle()
    take("gallery")
    desk.pages.show_current_photo()
    settle()
    take("photo_with_heatmap")
    desk.pages.show_gallery()
    desk.sweep_label()
    settle()
    take("sweep")
    show_dock("history")
    take("history")
    show_dock("training")
    desk.training.learn()
    settle()
    take("training")
    for dock in window.lower_docks:
        dock.hide()
    desk.edit_label_set()
    settle()
    dialog = app.activeModalWidget()
    assert dialog is not None
    for scheme in ("light", "dark"):
        choose_colour_scheme(scheme)
        _pause(200)
        _save(dialog.grab().toImage(), out / f"label_set_{scheme}.png")
    dialog.close()
    window.close()
    app.quit()


def _save(image, file: Path) -> None:
    """As PNG with a palette, which keeps a screenshot small and its text sharp."""
    from PIL import Image
    from PySide6.QtGui import QImage

    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    for colours in (256, 128, 64):
        Image.fromarray(pixels).quantize(colours, dither=Image.Dither.FLOYDSTEINBERG).save(file, optimize=True)
        if file.stat().st_size < MOST_BYTES:
            print(file, f"{file.stat().st_size // 1000} KB")
            return
    raise SystemExit(f"{file} is larger than {MOST_BYTES // 1000} KB.")


def _wait_until(fulfilled: Callable[[], bool]) -> None:
    while not fulfilled():
        _pause(50)


def _pause(milliseconds: int) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
