"""How much memory the window holds on a large project, and what each thing that is opened adds. Prints JSON.

    python benchmarks/window_memory.py [--photos 100000] [--encoder clip]

A project with made-up embeddings is labelled in another process, opened in the window, and then a label is swept and
photos like one are searched for; with `--encoder starter` photos that fit words as well. torch is opened last, as a
training does, or a CLIP's words. There are no photo files, so no thumbnails: their memory is bounded, and part of what
`benchmarks/gallery.py` tells.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bulk_edit import settle
from machine import peak_memory_mb, print_report
from PySide6.QtWidgets import QApplication

from cdul_gui.look.appearance import apply_theme
from cdul_gui.session.session import Session
from cdul_gui.window.interpreter import share_interpreter, spare_what_is_there
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import use_label_set
from engine.stages.finding.search_index import SearchIndex
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.labelling.label_sets import built_in_label_set


def make(folder: Path, photos: int, name: str) -> None:
    """A project that is labelled and was searched before."""
    from made_up import make_project, open_encoder  # they open torch, which the window does when it needs it

    encoder = open_encoder(name)
    make_project(folder, photos, encoder)
    with Project.open(folder) as project:
        use_label_set(project, built_in_label_set("coco"))
        initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
        SearchIndex.load(project, Progress(), Cancellation())


def measure(folder: Path, name: str) -> dict[str, int]:
    """The most memory after each step, in MB."""
    share_interpreter()
    app = QApplication(sys.argv[:1])
    apply_theme(app)
    window = MainWindow(Session())
    window.resize(1600, 1000)
    window.show()
    session, finding, most = window.session, window.desk.finding, {}

    def after(step: str, act: Callable[[], object]) -> None:
        act()
        settle(window)
        most[step] = peak_memory_mb()

    session.opened.connect(spare_what_is_there)
    after("empty window", lambda: None)
    after("project open", lambda: session.open(lambda: Project.open(folder)))
    after("label chosen", lambda: session.look_at_label(3))
    after("label swept", window.desk.sweep_label)
    after("photo looked at", lambda: session.go_to(5))
    after("searched", finding.find_like_current)
    after("searched again", finding.find_like_current)
    if name == "starter":
        after("words searched", lambda: finding.find_words("two dogs on a beach"))
    assert "torch" not in sys.modules
    after("torch opened", lambda: __import__("torch"))
    window.close()
    return most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--encoder", choices=["clip", "starter"], default="clip")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        # Before Qt reads where a person's settings are.
        os.environ["XDG_CONFIG_HOME"] = temporary
        folder = Path(temporary) / "photos"
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as apart:
            apart.submit(make, folder, arguments.photos, arguments.encoder).result()
            most = apart.submit(measure, folder, arguments.encoder).result()
    print_report({"photos": arguments.photos, "encoder": arguments.encoder, "peak_memory_mb": most})


if __name__ == "__main__":
    main()
