"""The window shows without the networks' libraries, which take seconds and 700 MB: they come with their use."""

import subprocess
import sys

NETWORKS = ("torch", "torchvision", "timm", "open_clip", "openvino", "tokenizers", "huggingface_hub")

SHOWN = """
from cdul_gui.window.application import make_application, make_window

application = make_application(["cdul"])
window = make_window()
window.show()
application.processEvents()
assert window.isVisible()
window.close()
"""

SESSION = """
import importlib, pkgutil
import cdul_gui.session

for module in pkgutil.iter_modules(cdul_gui.session.__path__, "cdul_gui.session."):
    importlib.import_module(module.name)
from PySide6.QtCore import QCoreApplication
from cdul_gui.session.activities import Activities
from cdul_gui.session.session import Session

application = QCoreApplication([])
activities = Activities(Session(), frozenset())
assert activities.session.project is None
activities.session.shut_down()
"""


NOT_BEFORE_THEY_ARE_NEEDED = {
    *(*NETWORKS, "alembic", "transformers", "qtawesome", "qtpy", "pyqtgraph", "umap"),
    *("cdul_gui.dialogs.export", "engine.formats.registry", "sqlalchemy.dialects.postgresql", "urllib.request"),
}


def test_a_window_is_shown_without_the_libraries_of_the_networks() -> None:
    assert not loaded_by(SHOWN) & NOT_BEFORE_THEY_ARE_NEEDED


def test_all_that_one_can_do_with_a_project_needs_no_widgets() -> None:
    loaded = loaded_by(SESSION)
    assert "cdul_gui.session.activities" in loaded
    assert not loaded & {"PySide6.QtWidgets", "pyqtgraph", "qtawesome", *NETWORKS}


SEARCH = """
import numpy as np
from engine.method.search import ShortVectors, Sketch, to_bits
from engine.stages.finding.search_index import SearchIndex
from cdul_gui.session.finding import Finding

embeddings = np.random.default_rng(0).normal(size=(600, 1, 8)).astype(np.float16)
sketch = Sketch.of(embeddings.reshape(-1, 8), 7)
vectors = ShortVectors(lambda: [to_bits(sketch.short(embeddings))])
asked = embeddings[571, 0].astype(np.float32)
assert vectors.shortlist(asked @ sketch.axes, np.arange(600), 5)[0] == 571
"""


def test_a_search_opens_no_torch_which_takes_more_memory_than_all_else() -> None:
    assert not loaded_by(SEARCH) & {*NETWORKS}


TORCH = """
from importlib.util import find_spec
from pathlib import Path
from cdul_gui.window.interpreter import may_collect, share_interpreter

share_interpreter()
seen = []

class Seen:
    def find_spec(self, name, path, target=None):
        if name == "torch._C":
            maps = Path("/proc/self/maps")
            seen.append((may_collect(), not maps.exists() or "libtorch_cpu" in maps.read_text()))

import sys
sys.meta_path.insert(0, Seen())
assert find_spec("torch") and not seen
import torch
assert seen == [(False, True)], seen
assert may_collect() and torch.ones(2).sum() == 2
"""


def test_what_takes_a_worker_seconds_to_import_leaves_the_interpreter_to_the_window() -> None:
    """Libraries are opened before Python would open them itself, and no search for garbage stops all threads."""
    assert "torch" in loaded_by(TORCH)


def loaded_by(program: str) -> set[str]:
    """The modules that are there once a program ran, in a process of its own."""
    told = f"{program}\nimport sys\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


UNREAD = """
import linecache, sys
from cdul_gui import door, settings
from cdul_gui.window import one_window

linecache.clearcache()
before = {*sys.modules}

class Seen:
    def find_spec(self, name, path, target=None):
        if name == "cdul_gui.window.garbage":  # what the window imports late
            read = [*linecache.cache]  # but what brings the switch itself
            print("late", len({*sys.modules} - before), read, file=sys.stderr)
            sys.exit(0 if len(read) < 10 and len({*sys.modules} - before) > 100 else 1)

sys.meta_path.insert(0, Seen())
door._window(None, None)
"""


def test_the_sources_of_what_is_imported_are_not_read_through_for_qt() -> None:
    ran = subprocess.run([sys.executable, "-c", UNREAD], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "late" in ran.stderr
