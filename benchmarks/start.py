"""How soon the window is there, and what it holds before the first labelling. Prints JSON.

    python benchmarks/start.py [--times 5]

The program as the installed command starts it, in processes of its own, on the 20 sample photos that were opened before
and never labelled. Seconds from the start of the process until the window was painted and until all thumbnails that are
visible are there, and the processor's until it was painted; what the process then holds, resident; and whether the
libraries of networks were loaded.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import print_report

from engine.project import Project
from engine.stages.care.samples import copy_sample_photos
from engine.stages.labelling.add_photos import add_photos

_PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from cdul_gui import door
from cdul_gui.window import application

began = float(sys.argv.pop())
told = {}

def tell():
    if not told:
        told.update(painted=time.time() - began, processor=time.process_time())

class Watch(QObject):
    def eventFilter(self, window, event):
        if event.type() == QEvent.Type.UpdateRequest and "painted" not in told:
            QTimer.singleShot(0, tell)
        return False

def follow():
    window = made[0]
    gallery, session = window.desk.pages.gallery, window.session
    if session.snapshot is None or not len(session.shown) or session.workers.busy:
        return
    rows = [int(session.shown[place]) for place in gallery.visible_places()]
    if all(gallery.thumbnails.thumbnail(row) is not None for row in rows):
        told.setdefault("thumbnails", time.time() - began)
        QTimer.singleShot(2000, end)
        timer.stop()

def end():
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    told["resident_mb"] = int(status["VmRSS"].split()[0]) // 1024
    told["torch"] = "torch" in sys.modules
    print(__import__("json").dumps(told), flush=True)
    made[0].close()

make, made, watch = application.make_window, [], Watch()
timer = None
def make_window():
    global timer
    made.append(make())
    made[0].installEventFilter(watch)
    timer = QTimer(interval=10)
    timer.timeout.connect(follow)
    timer.start()
    return made[0]
application.make_window = make_window
door.main()
"""

_MOST_SECONDS = 120
"""Of one start, so that a window that never has its thumbnails is told of and not waited for."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **dict.fromkeys(names, home)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled once, not at each start
        photos = copy_sample_photos(Path(home) / "photos")
        with Project.open(photos) as project:
            add_photos(project)
        remember = (
            "from cdul_gui.settings import Settings; from pathlib import Path; "
            f"Settings().remember_folder(Path({str(photos)!r}))"
        )
        subprocess.run([sys.executable, "-c", remember], env=environment, check=True)
        _start(environment)
        found = [_start(environment) for _ in range(given.times)]
    print_report(
        {
            "painted_seconds": round(statistics.median(one["painted"] for one in found), 2),
            "painted_processor_seconds": round(statistics.median(one["processor"] for one in found), 2),
            "thumbnails_seconds": round(statistics.median(one["thumbnails"] for one in found), 2),
            "resident_mb": max(one["resident_mb"] for one in found),
            "torch_loaded": any(one["torch"] for one in found),
        }
    )


def _start(environment: dict[str, str]) -> dict[str, float]:
    import time

    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(time.time())],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_MOST_SECONDS,
    )
    if ran.returncode:
        sys.exit(ran.stderr)
    told: dict[str, float] = json.loads(ran.stdout)
    return told


if __name__ == "__main__":
    main()
