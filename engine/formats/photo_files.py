"""Photos copied or linked into an exported folder, under names that every system takes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from engine.formats.export_request import PhotoFiles
from engine.formats.export_set import ExportSet
from engine.formats.files.portable_names import portable, stems
from engine.formats.files.whole_file import WriteError
from engine.formats.writers import Writer
from engine.wording import Sentence


def named(export: ExportSet, writer: Writer, photos: str) -> ExportSet:
    """What the photos are called in the export.

    Args:
        photos: one of `PhotoFiles`; left where they are they keep their names.
    """
    if photos == PhotoFiles.LEAVE:
        found = stems(export.paths)
        written = [portable(stem, writer.escapes) for stem in found] if writer.escapes else found
        return replace(export, names=export.paths, stems=written)
    names = [portable(path, writer.escapes) for path in export.paths]
    found = stems(names)
    if writer.by_stem:
        names = [stem + PurePosixPath(name).suffix for stem, name in zip(found, names, strict=True)]
    return replace(export, names=names, stems=found)


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
