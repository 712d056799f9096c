"""What draws plots is loaded once photos are shown, so that the first dock with one opens at once."""

import subprocess
import sys
from pathlib import Path

from engine.project import Project
from engine.stages.labelling.add_photos import add_photos

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from cdul_gui.window.application import make_application, make_window

app = make_application(["cdul"])
window = make_window()
window.show()

def until(there):
    while not there():
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()

window.desk.opening.open_folder(Path(sys.argv[1]))
until(lambda: window.session.project is not None and not window.session.workers.busy)
assert window.desk.pages.shows_gallery and "pyqtgraph" not in sys.modules
until(lambda: "pyqtgraph" in sys.modules and not window.session.workers.busy)
assert "torch" not in sys.modules
window.training_dock.toggleViewAction().trigger()
window.close()
print("loaded")
"""


def test_a_dock_with_plots_finds_them_loaded(photo_folder: Path) -> None:
    with Project.open(photo_folder) as project:
        add_photos(project)
    command = [sys.executable, "-c", PROGRAM, str(photo_folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["loaded"], ran.stderr
