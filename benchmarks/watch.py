"""Fails where something is done more often than it has to be: what a busy machine cannot hide. Takes seconds.

    python benchmarks/watch.py

Counts modules, database queries, decodes, resizes and paints, of which `watch.toml` has the most that may be. Prints
JSON, then a sentence for each that is above.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import print_report
from PIL import Image
from sqlalchemy import Engine, event

PHOTOS = 100
HEAVY = ("torch", "timm", "torchvision", "open_clip", "openvino", "pyqtgraph")

WINDOW = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from cdul_gui.session.session import Session
from cdul_gui.window.main_window import MainWindow
app = QApplication(sys.argv[:1])
window = MainWindow(Session())
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
print(len(sys.modules), *(set({HEAVY}) & set(sys.modules)))
window.close()
"""

counted: Counter[str] = Counter()


def count_calls(of: Any, name: str, as_what: str) -> None:
    """Count from here on how often a function is called."""
    real = getattr(of, name)

    def counting(*arguments: Any, **named: Any) -> Any:
        counted[as_what] += 1
        return real(*arguments, **named)

    setattr(of, name, counting)


def counts_of(work: Callable[[], object]) -> Counter[str]:
    """How often what is counted was done."""
    counted.clear()
    work()
    return Counter(counted)


def make_photos(folder: Path) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(PHOTOS):
        pixels = random.integers(0, 256, (12, 16, 3), np.uint8)
        Image.fromarray(pixels).resize((640, 480)).save(folder / f"{number:03}.jpg")
    return folder


def modules() -> dict[str, float]:
    """What is loaded once the window shows."""
    with tempfile.TemporaryDirectory() as home:
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
        environment = {**os.environ, **dict.fromkeys(names, home)}
        shown = subprocess.run([sys.executable, "-c", WINDOW], env=environment, capture_output=True, check=True)
    every, *heavy = shown.stdout.decode().splitlines()[-1].split()
    if heavy:
        print(f"Loaded before the window shows: {', '.join(heavy)}", file=sys.stderr)
    return {"modules_of_a_window": int(every), "heavy_modules_of_a_window": len(heavy)}


def labelling(folder: Path) -> dict[str, float]:
    """A first labelling by an encoder that answers at once, and another label set."""
    from made_up import MadeUpClip

    from engine.photos import loader
    from engine.project import Project
    from engine.project.labels import use_label_set
    from engine.project.take_snapshot import take_snapshot
    from engine.stages.labelling.add_photos import add_photos
    from engine.stages.labelling.initialise import InitialiseSettings, initialise
    from engine.stages.labelling.label_sets import built_in_label_set

    for name in ("read_file", "decode", "resize"):
        count_calls(loader, name, name)
    with Project.open(folder) as project:
        add_photos(project)
        use_label_set(project, built_in_label_set("coco"))
        first = counts_of(lambda: initialise(project, MadeUpClip(), InitialiseSettings(detector=False)))
        use_label_set(project, built_in_label_set("voc"))
        other = counts_of(lambda: initialise(project, MadeUpClip(), InitialiseSettings(detector=False)))
        opening = counts_of(lambda: take_snapshot(project))
    return {
        "reads_a_photo": first["read_file"] / PHOTOS,
        "decodes_a_photo": first["decode"] / PHOTOS,
        "resizes_a_photo": first["resize"] / PHOTOS,
        "queries_of_a_first_labelling": first["queries"],
        "queries_of_a_new_label_set": other["queries"] + other["decode"],
        "queries_of_opening": opening["queries"],
    }


def paging(folder: Path) -> dict[str, float]:
    """All photos paged through in the gallery, new and known, and the last screen painted again."""
    from gallery import close, measure, page, shown, wait_until
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QApplication

    from cdul_gui.gallery import decoding, thumbnails
    from cdul_gui.gallery.delegate import TileDelegate
    from engine.project import Project

    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    count_calls(TileDelegate, "paint", "paint")
    count_calls(decoding, "decode_jpeg", "decode")
    count_calls(thumbnails, "thumbnail_of_jpeg", "decode")
    found: dict[str, float] = {}
    for kind in ("cold", "warm"):
        session, view, _ = measure(lambda: Project.open(folder))
        counted.update(before=0)
        page(view, session)
        wait_until(lambda: all(shown(view, session)))  # noqa: B023 (called here)
        view.thumbnails.shut_down()
        found |= {f"decodes_a_thumbnail_{kind}": counted["decode"] / PHOTOS}
        found |= {f"paints_a_photo_{kind}": counted["paint"] / PHOTOS}
        counted.clear()
        if kind == "warm":
            for _ in range(3):  # labels new to the screen are left out of the first, and made pictures of in the third
                view.viewport().repaint()
            for name in ("drawRoundedRect", "drawText", "drawStaticText"):
                count_calls(QPainter, name, "shapes")
            again = counts_of(view.viewport().repaint)
            found["drawn_shapes_a_photo_painted_again"] = again["shapes"] / again["paint"]
        close(session, view)
    return found


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    bounds = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["most"]
    event.listen(Engine, "before_cursor_execute", lambda *_: counted.update(queries=1))
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XDG_CONFIG_HOME"] = temporary
        folder = make_photos(Path(temporary) / "photos")
        found = modules() | labelling(folder)
        counted.clear()
        found |= paging(folder)
    print_report(found)
    assert found.keys() == bounds.keys(), found.keys() ^ bounds.keys()
    too_many = [
        f"{name.replace('_', ' ').capitalize()}: {value:g}, where {bounds[name]:g} were enough."
        for name, value in found.items()
        if value > bounds[name]
    ]
    if too_many:
        sys.exit("\n".join([*too_many, "Find out why, or raise the bound in benchmarks/watch.toml with a reason."]))


if __name__ == "__main__":
    main()
