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
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.project import Project

MOST_BYTES = 400_000
SIZE = (1280, 800)
_KEPT_THRESHOLD = 0.06
"""That a person sets, to be seen among the thresholds."""
TRUTH = {
    "animals/cows_in_meadow.jpg": ["cow"],
    "animals/dogs_at_window.jpg": ["dog"],
    "animals/giraffes_by_trees.jpg": ["giraffe"],
    "animals/hens_on_lawn.jpg": ["bird"],
    "animals/horses_on_hill.jpg": ["horse"],
    "animals/kitten_with_wool.jpg": ["cat"],
    "animals/osprey_on_branch.jpg": ["bird"],
    "basilica_parked_cars.jpg": ["car"],
    "berlin_cathedral_lawn.jpg": ["person"],
    "colosseum_traffic.jpg": ["car"],
    "desert_hikers.jpg": ["person"],
    "gateway_evening.jpg": ["person"],
    "indoors/astronaut_portrait.jpg": ["person"],
    "indoors/coffee_cup.png": ["cup", "spoon", "dining table"],
    "indoors/kitchen_stove.jpg": ["oven", "microwave"],
    "indoors/orchestra_on_stage.jpg": ["person"],
    "indoors/wine_and_drum.jpg": ["bottle", "wine glass", "dining table"],
    "pool_umbrellas.jpg": ["umbrella"],
    "skyline_sailboats.jpg": ["boat"],
    "tourist_with_camera.webp": ["person"],
}
"""What the sample photos show, for the evaluation."""


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
    from cdul_gui.look.appearance import choose_colour_scheme
    from cdul_gui.window.application import make_application, make_window
    from engine.stages.care.samples import copy_sample_photos

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

    desk.opening.open_folder(copy_sample_photos(home / "sample photos"))
    settle()
    desk.labelling.label()
    _wait_until(lambda: session.snapshot is not None and session.snapshot.stage is not None)
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
    desk.sweep.keep(_KEPT_THRESHOLD)
    session.select(session.shown[:2])
    desk.review.confirm_label()
    settle()
    show_dock("thresholds")
    take("thresholds")
    assert session.project is not None
    _keep_truth(session.project)
    session.refresh()
    show_dock("evaluation")
    _pause(1000)  # for the comparison, which has a worker of its own
    take("evaluation")
    show_dock("training")
    desk.training.learn()
    settle()
    take("training")
    window.close()
    app.quit()


def _keep_truth(project: Project) -> None:
    """The truth of the sample photos, kept beside their labels."""
    from engine.formats.known_labels import PRESENT, KnownLabels
    from engine.jobs import Cancellation, Progress
    from engine.stages.importing.import_truth import import_truth

    labels = tuple(sorted({label for there in TRUTH.values() for label in there}))
    known = KnownLabels(labels, {path: dict.fromkeys(there, PRESENT) for path, there in TRUTH.items()})
    import_truth(
        project, known, Progress(), Cancellation(), source=Path("by_hand.json"), format_name="coco", name="by hand"
    )


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
