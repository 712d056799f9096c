"""The sample photos that come with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

from platformdirs import user_data_path

from engine.resources import resource


def copy_sample_photos(into: Path) -> Path:
    """Copy the sample photos with their licences into a folder, as far as they are not there; returns the folder."""
    source = resource("sample_photos")
    for file in sorted(source.rglob("*")):
        target = into / file.relative_to(source)
        if file.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return into


def open_sample_photos() -> Path:
    """A copy of the sample photos in the user's data folder, to try everything on."""
    return copy_sample_photos(user_data_path("cdul", appauthor=False) / "sample photos")
