"""Runs a labelling program in its own Python and tells how its window behaves; `neighbours.py` starts this.

PYTHON in_a_neighbour.py cdul|labelme|labelImg|x-anylabeling FOLDER SECONDS_AT_START
"""

import importlib
import json
import os
import sys
import time
from importlib.metadata import entry_points
from itertools import pairwise
from pathlib import Path

program, folder, began = sys.argv[1], sys.argv[2], float(sys.argv[3])
binding = {"cdul": "PySide6", "labelme": "PyQt5", "labelImg": "PyQt5", "x-anylabeling": "PyQt6"}[program]
core, widgets, test = (importlib.import_module(f"{binding}.{name}") for name in ("QtCore", "QtWidgets", "QtTest"))
told, ticks = {}, []  # what was measured; when each tick of 5 ms came
QUIET, NAME = 1.0, "000023"


def held(name):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0]) // 1024


def the_window():
    mains = [one for one in app.topLevelWidgets() if isinstance(one, widgets.QMainWindow) and one.isVisible()]
    return mains[0] if mains else None


class Watch(core.QObject):
    def eventFilter(self, watched, event):
        if event.type() == core.QEvent.Type.UpdateRequest and "painted_seconds" not in told and the_window():
            told["painted_seconds"] = -1
            core.QTimer.singleShot(0, painted)
        return False


def painted():
    told["painted_seconds"] = time.time() - began
    core.QTimer.singleShot(2000, begin_opening)


def tick():
    ticks.append(time.perf_counter())


def begin_opening():
    told["idle_mb"] = held("VmRSS")
    timer.start(5)
    core.QTimer.singleShot(200, open_folder)


def open_folder():
    global before
    del ticks[:]
    before = time.perf_counter()
    window = the_window()
    tick()
    if program == "cdul":
        window.desk.opening.open_folder(Path(folder))
    elif program == "labelme":
        window._import_images_from_dir(root_dir=folder)
    elif program == "labelImg":
        window.import_dir_images(folder)
    else:
        find("import_image_folder")(folder)
    core.QTimer.singleShot(0, follow)


def find(name):
    """A method of the window, or of whichever of its parts has it."""
    parts = [the_window(), *the_window().findChildren(widgets.QWidget)]
    return next(getattr(one, name) for one in parts if hasattr(one, name))


def follow():
    """Wait until the folder is there, then filter, and tell."""
    # Quiet: for a second no tick came more than 10 ms late.
    late = [b for a, b in pairwise(ticks) if b - a > 0.015]
    last = late[-1] if late else before
    if time.perf_counter() - last < QUIET or busy():
        core.QTimer.singleShot(50, follow)
        return
    told["opened_seconds"] = last - before
    told["longest_stall_ms"] = 1000 * max(b - a for a, b in pairwise(ticks))
    told["most_mb"] = held("VmHWM")
    line = filter_line()
    if line is None:
        end()
        return
    began_filter = time.perf_counter()
    line.setFocus()
    test.QTest.keyClicks(line, NAME)
    line.returnPressed.emit()
    core.QTimer.singleShot(0, lambda: follow_filter(began_filter))


def follow_filter(began_filter):
    """Wait until one photo is left; other programs than CDUL filter before they are asked."""
    if program == "cdul" and len(the_window().session.shown) != 1:
        core.QTimer.singleShot(0, lambda: follow_filter(began_filter))
        return
    told["filter_ms"] = 1000 * (time.perf_counter() - began_filter)
    end()


def end():
    print("TOLD " + json.dumps(told), flush=True)
    os._exit(0)


def busy():
    return program == "cdul" and the_window().session.workers.busy


def filter_line():
    if program == "cdul":
        return the_window().desk.filter_bar.line
    lines = the_window().findChildren(widgets.QLineEdit)
    return next((one for one in lines if "search" in one.placeholderText().lower()), None)


application = widgets.QApplication
timer = None
make = application.__init__


def made(self, *arguments, **named):
    global app, timer, watch
    make(self, *arguments, **named)
    app, watch = self, Watch()
    timer = core.QTimer()
    timer.timeout.connect(tick)
    self.installEventFilter(watch)


application.__init__ = made
sys.argv = [program]
[door] = entry_points(group="console_scripts", name={"x-anylabeling": "xanylabeling"}.get(program, program))
door.load()()
