"""Commands that run no network start at once: what networks and windows stand on is not even imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.project import Project

HEAVY = ("torch", "timm", "torchvision", "open_clip", "openvino", "PySide6")

PROGRAM = f"""
import sys
from cdul_gui.door import run
code = run()
print(code, *sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "list PHOTOS --json",
        "set PHOTOS --confirm dog",
        "history PHOTOS",
        "undo PHOTOS r1",
        "redo PHOTOS",
        "labels show PHOTOS",
        "labels merge PHOTOS boat dog",
        "thresholds PHOTOS --set dog=0.4",
        "export PHOTOS --out - --format csv",
        "import PHOTOS LABELS",
        "truth import PHOTOS LABELS",
        "evaluate PHOTOS --truth LABELS",
        "contact-sheet PHOTOS --out - --top 1",
    ],
)
def test_networks_and_windows_stay_unloaded(arguments: str, labelled: Project, tmp_path: Path) -> None:
    labelled.close()
    labels = tmp_path / "labels.csv"
    labels.write_text("file_name,label\nbeach.jpg,dog\ndog.webp,cat\n")
    places = {"PHOTOS": str(labelled.photos), "LABELS": str(labels)}
    command = [sys.executable, "-c", PROGRAM, *(places.get(word, word) for word in arguments.split())]
    done = subprocess.run(command, capture_output=True, timeout=120)
    assert done.stderr.decode().splitlines()[-1] == "0"
