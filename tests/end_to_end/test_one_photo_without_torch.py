"""Labelling a few photos with the starter waits for no library that it can do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.models.openvino_package import openvino_or_none
from engine.models.processor import known_without_torch
from engine.resources import resource

HEAVY = {"torch", "torchvision", "timm", "open_clip", "transformers", "scipy", "huggingface_hub", "PySide6"}

PROGRAM = """
import sys
from cdul_gui.door import main

try:
    main()
except SystemExit as ending:
    print(*sys.modules)
    raise
"""


@pytest.mark.skipif(
    openvino_or_none() is None or known_without_torch() is None, reason="only torch computes on this machine"
)
def test_a_photo_is_labelled_without_torch(tmp_path: Path) -> None:
    photo = tmp_path / "photos" / "dogs.jpg"
    photo.parent.mkdir()
    photo.write_bytes(resource("sample_photos", "animals/dogs_at_window.jpg").read_bytes())
    wanted = ["label", str(photo.parent), "--labels", "coco", "--detector"]
    ran = subprocess.run([sys.executable, "-c", PROGRAM, *wanted], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told, *_, loaded = ran.stdout.splitlines()
    assert told.startswith("Labelled 1 of 1 photo with 80 labels and the encoder starter: 1 suggestion")
    assert not HEAVY & set(loaded.split())
