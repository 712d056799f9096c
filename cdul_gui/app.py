"""The door to the window: looks whether one can be opened before anything of Qt is imported."""

from __future__ import annotations

import sys
from pathlib import Path

from cdul_gui.window.system import why_no_window


def run(photos: Path | None = None, project: Path | None = None) -> int:
    """Open the window, on a folder of photos where one is named; returns the exit code once it is closed."""
    hindrance = why_no_window()
    if hindrance is not None:
        sys.stderr.write(hindrance + "\n")
        return 1
    from cdul_gui.window.application import run_window

    return run_window(photos, project)
