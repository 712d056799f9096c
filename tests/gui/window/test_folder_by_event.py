"""macOS names the folder that is opened with the program by an event; the window opens it."""

import os
import subprocess
import sys
from pathlib import Path

TOLD = """
import sys
from PySide6.QtGui import QFileOpenEvent
from cdul_gui.window.application import make_application

app = make_application(["cdul"])
app.folder_wanted.connect(lambda folder: print(repr(folder)))
for path in sys.argv[1:]:
    app.sendEvent(app, QFileOpenEvent(path))
"""


def test_a_folder_that_comes_by_an_event_is_wanted(photo_folder: Path) -> None:
    # In a process of its own: there is one application in each.
    done = subprocess.run(
        [sys.executable, "-c", TOLD, photo_folder, photo_folder / "beach.jpg"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == (f"{photo_folder!r}\n", "")
