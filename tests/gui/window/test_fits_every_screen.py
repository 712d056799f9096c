"""From 960 x 540 up, at 100 to 200 %, in both languages and on two screens, nothing lies beyond an edge.

Qt reads screens and scale once, so each is a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.project import Project
from engine.stages.labelling.add_photos import add_photos

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox, QToolBar, QWidget
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.settings import Settings
from cdul_gui.window.application import make_application, make_window

language, photos = sys.argv[1:]
QLocale.setDefault(QLocale(language))
app = make_application(["cdul"])
for name in ("sea", "hills", "town", "party", "garden"):
    (Path(photos).parent / name).mkdir(exist_ok=True)
    Settings().remember_folder(Path(photos).parent / name)
window = make_window()
window.show()

def settle():
    session = window.session
    while session.project is None or session.workers.busy:
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
    app.sendPostedEvents()
    app.processEvents()

def check(where):
    size, room = window.frameGeometry(), window.screen().availableGeometry()
    assert room.contains(size), (where, size, room)
    assert window.rect().contains(window.statusBar().geometry()), where
    assert not [one for one in window.findChildren(QWidget, "qt_toolbar_ext_button") if one.isVisible()], where
    assert window.desk.filter_bar.line.width() >= 160, (where, window.desk.filter_bar.line.width())
    assert window.desk.pages.gallery.viewport().width() >= 300, where

first = window.frameGeometry()
assert window.screen().availableSize().width() - first.width() <= 8, first
window.desk.opening.open_folder(Path(photos))
settle()
assert window.label_button.text() == {"de_DE": "Labeln"}.get(language, "Label"), window.label_button.text()
check("at first")
for name in ("set-up label-set words rules export import import-truth keys change-keys encoders").split():
    window.findChild(QAction, name).trigger()
    settle()
    dialog = app.activeModalWidget()
    room = window.screen().availableGeometry().size()
    assert room.width() >= dialog.width() and room.height() >= dialog.height(), (name, dialog.size(), room)
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange), name  # what has the keyboard is framed
    ends = [one for one in dialog.findChildren(QDialogButtonBox) if one.isVisible()]
    assert all(dialog.rect().contains(one.geometry()) for one in ends if one.parent() is dialog), name
    dialog.close()
    settle()
for dock in [*window.lower_docks, window.labels_dock, window.inspector_dock]:
    dock.toggleViewAction().trigger()
    settle()
    check(dock.objectName())
for dock in window.lower_docks:
    dock.show()
window.session.offered.emit(Offer("A sentence that goes on. " * 9, (Choice("Do what is to be done next", print),)))
window.desk.queues.start("new")
settle()
assert window.messages.isVisible()
assert window.desk.queue_bar.isVisible()
check("with two bars and all docks")
if len(app.screens()) > 1:
    other = app.screens()[1]
    window.move(other.availableGeometry().topLeft() + QPoint(20, 20))
    settle()
    assert window.screen() is other, window.screen().name()
    check("on the other screen")
window.close()
print("fits")
"""


@pytest.mark.parametrize(
    ("language", "scale", "screens"),
    [
        ("de_DE", "1", [(1024, 700, 1)]),
        ("en_GB", "1.5", [(1536, 1050, 1)]),
        ("de_DE", "2", [(2048, 1400, 1)]),
        ("en_GB", "1", [(1024, 700, 1), (2560, 1600, 2)]),
        ("de_DE", "2", [(1920, 1080, 1)]),
    ],
)
def test_nothing_lies_beyond_an_edge(
    language: str, scale: str, screens: list[tuple[int, int, int]], photo_folder: Path, tmp_path: Path
) -> None:
    ran = run(PROGRAM, language, scale, screens, photo_folder, tmp_path)
    assert ran.stdout.split() == ["fits"], ran.stderr


FOLDED = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from cdul_gui.window.application import make_application, make_window

app = make_application(["cdul"])
window = make_window()
window.show()
window.desk.opening.open_folder(Path(sys.argv[2]))

def settle(until):
    for _ in range(500):
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        if until():
            return
    raise AssertionError("waited in vain")

large = window.screen().availableSize().width() > 1000
settle(lambda: window.session.snapshot is not None and not window.session.workers.busy)
settle(lambda: window.labels_dock.isVisible() == large)
room = window.screen().availableGeometry()
assert room.contains(window.frameGeometry()), (window.frameGeometry(), room)
assert window.inspector_dock.isVisible()
window.close()
print("fits")
"""


def test_on_a_very_small_screen_the_labels_fold_and_are_there_again_on_a_larger_one(
    photo_folder: Path, tmp_path: Path
) -> None:
    for size in ((1024, 700, 1), (1920, 1080, 1)):
        ran = run(FOLDED, "en_GB", "1.5", [size], photo_folder, tmp_path)
        assert ran.stdout.split() == ["fits"], ran.stderr


KEYS = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QScrollArea
from cdul_gui.window.application import make_application, make_window

app = make_application(["cdul"])
window = make_window()
window.show()
window.desk.opening.open_folder(Path(sys.argv[2]))

def settle():
    while window.session.project is None or window.session.workers.busy:
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
    app.sendPostedEvents()
    app.processEvents()

settle()
for screen in app.screens():
    room = screen.availableGeometry()
    window.move(room.topLeft() + QPoint(20, 20))
    settle()
    window.resize(room.size() * 0.8)
    settle()
    assert window.screen() is screen
    window.findChild(QAction, "keys").trigger()
    settle()
    dialog = app.activeModalWidget()
    assert dialog.screen() is screen, dialog.screen().name()
    assert room.contains(dialog.frameGeometry()), (dialog.frameGeometry(), room)
    area = dialog.findChild(QScrollArea)
    assert not area.horizontalScrollBar().isVisible(), (room, dialog.size(), area.widget().size())
    # It is as large as it needs, or the screen.
    needed, has = area.widget().sizeHint(), area.viewport().size()
    assert has.height() >= needed.height() or dialog.height() >= room.height() * 0.8, (needed, has, room)
    apart = dialog.frameGeometry().center() - window.frameGeometry().center()
    assert abs(apart.x()) < 60 and abs(apart.y()) < 60, apart
    dialog.close()
    settle()
window.close()
print("fits")
"""


@pytest.mark.parametrize("screens", [[(1366, 768, 1), (960, 540, 2)], [(960, 540, 2), (2560, 1400, 1)]])
def test_the_list_of_keys_fits_the_screen_that_its_window_is_on(
    screens: list[tuple[int, int, int]], photo_folder: Path, tmp_path: Path
) -> None:
    ran = run(KEYS, "en_GB", "1", screens, photo_folder, tmp_path)
    assert ran.stdout.split() == ["fits"], ran.stderr


def run(
    program: str, language: str, scale: str, screens: list[tuple[int, int, int]], photo_folder: Path, tmp_path: Path
) -> subprocess.CompletedProcess[str]:
    """Run a program with screens of these widths, heights and ratios."""
    with Project.open(photo_folder) as project:
        add_photos(project)
    left, told = 0, []
    for number, (width, height, ratio) in enumerate(screens):
        told.append({"name": str(number), "x": left, "y": 0, "width": width, "height": height, "dpr": ratio})
        left += width
    configuration = tmp_path / "screens.json"
    configuration.write_text(json.dumps({"screens": [{**one, "logicalDpi": 96} for one in told]}))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={configuration}",
        "QT_SCALE_FACTOR": scale,
        **dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(tmp_path)),
    }
    command = [sys.executable, "-c", program, language, str(photo_folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
