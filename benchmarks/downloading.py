"""Fetching an encoder in the window: how fast, how soon it is cancelled, and whether the window waits. Prints JSON.

    python benchmarks/downloading.py [--megabytes 605]

A hub of the tests' in a process of its own serves a made-up file on this machine, as fast as it can. A stall is how
much later than due a timer of 10 ms fires in the window's thread while the file comes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

from machine import print_report

TOP = Path(__file__).parents[1]
NAME = "ViT-B-32:datacomp_xl_s13b_b90k"


def serve(megabytes: int, told: Connection) -> None:
    """Be a hub until the process is ended."""
    sys.path[:0] = [str(TOP), str(TOP / "tests")]
    from hub import open_hub

    from engine.models.encoders.known import BY_NAME

    with open_hub() as hub:
        hub.put(BY_NAME[NAME].repository, "open_clip_model.safetensors", bytes(10**6) * megabytes)
        told.send(hub.address)
        told.recv()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=605)
    arguments = parser.parse_args()
    ours, theirs = Pipe()
    hub = Process(target=serve, args=(arguments.megabytes, theirs), daemon=True)
    hub.start()
    os.environ["HF_ENDPOINT"] = ours.recv()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HUB_CACHE"):
            os.environ[name] = home
        figures = measure(arguments.megabytes, Path(home))
    ours.send(None)
    hub.join()
    print_report({"megabytes": arguments.megabytes, **figures})


def measure(megabytes: int, home: Path) -> dict[str, object]:
    from PySide6.QtCore import QEventLoop, QSettings, QTimer

    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))
    from cdul_gui.window.application import make_application, make_window

    make_application(["cdul"])
    window = make_window()
    window.show()
    encoders = window.desk.encoders

    def run_until(fulfilled: Callable[[], bool]) -> list[float]:
        """How late the timer was, in milliseconds."""
        late, loop, due = [], QEventLoop(), time.perf_counter() + 0.01
        timer = QTimer(interval=10)

        def tick() -> None:
            nonlocal due
            late.append(1000 * (time.perf_counter() - due))
            due = time.perf_counter() + 0.01
            if fulfilled():
                loop.quit()

        timer.timeout.connect(tick)
        timer.start()
        loop.exec()
        return late

    def half() -> bool:
        download = encoders.download
        return download is not None and download.report is not None and (download.report.fraction or 0) > 0.5

    encoders.fetch(NAME)
    run_until(half)
    began = time.perf_counter()
    encoders.cancel()
    window.session.workers._downloads.waitForDone()
    cancelled = time.perf_counter() - began
    kept = encoders.begun(NAME)
    began = time.perf_counter()
    encoders.fetch(NAME)
    late = run_until(lambda: encoders.download is None)
    seconds = time.perf_counter() - began
    window.close()
    return {
        "cancelled_after_ms": round(1000 * cancelled),
        "kept_mb": kept,
        "rest_mb_a_second_with_its_checksum": round((megabytes - kept) / seconds),
        "longest_stall_ms": round(max(late)),
        "stall_of_99_percent_ms": round(sorted(late)[int(0.99 * len(late))]),
    }


if __name__ == "__main__":
    main()
