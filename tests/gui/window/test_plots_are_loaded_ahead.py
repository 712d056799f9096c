"""What plots need of Qt is made once photos are shown, a few types a turn; a worker that did it crashed the program."""

import subprocess
import sys
from pathlib import Path

from engine.project import Project
from engine.stages.labelling.add_photos import add_photos

PROGRAM = """
import sys
from pathlib import Path
from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QEventLoop, QTimer
from cdul_gui.window.application import make_application, make_window

app = make_application(["cdul"])
window = make_window()
window.show()
done = []
window.desk.plots_ahead.done.connect(lambda: done.append(True))

def until(there):
    while not there():
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()

window.desk.opening.open_folder(Path(sys.argv[1]))
until(lambda: window.session.project is not None and not window.session.workers.busy)
assert window.desk.pages.shows_gallery and "pyqtgraph" not in sys.modules
until(lambda: done and not window.session.workers.busy)
for module in (QtGui, QtWidgets):
    assert not {*dir(module)} - {*vars(module)}
assert not {"torch", "pyqtgraph"} & {*sys.modules}
window.training_dock.toggleViewAction().trigger()
until(lambda: "pyqtgraph" in sys.modules)
window.close()
print("loaded")
"""


def test_types_that_plots_need_are_made_ahead_and_by_no_worker(photo_folder: Path) -> None:
    with Project.open(photo_folder) as project:
        add_photos(project)
    command = [sys.executable, "-c", PROGRAM, str(photo_folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.stdout.split() == ["loaded"], ran.stderr
