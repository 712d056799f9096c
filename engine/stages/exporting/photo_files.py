"""Photos copied or linked into an exported folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from engine.formats.export_set import ExportSet
from engine.formats.files.whole_file import WriteError
from engine.stages.exporting.export_request import PhotoFiles
from engine.wording import Sentence


def place_photos(
    part: ExportSet, photos: Path, folder: Path, how: str, placed: Callable[[], None] = lambda: None
) -> None:
    """Copy or link photos into a folder.

    Args:
        photos: the photo folder.
        how: one of `PhotoFiles`, not LEAVE.
        placed: called after each photo.

    Raises:
        WriteError: a photo is gone, or there is no room, or this system has no links.
    """
    for path, name in zip(part.paths, part.names, strict=True):
        source, target = photos / path, folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if how == PhotoFiles.LINK:
                target.symlink_to(source)
            else:
                shutil.copyfile(source, target)
                shutil.copystat(source, target)
        except OSError as error:
            sentence = (
                Sentence("The photo {path} could not be linked ({why}). Nothing was exported.")
                if how == PhotoFiles.LINK
                else Sentence("The photo {path} could not be copied ({why}). Nothing was exported.")
            )
            raise WriteError(sentence.format(path=path, why=error.strerror)) from error
        placed()
