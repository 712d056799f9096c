"""Every format there is, by name: what reads it, what writes it, and which one a file looks like."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from engine.errors import UserError, WrongUsage
from engine.formats import (
    coco,
    createml,
    csv,
    fiftyone,
    folders,
    huggingface,
    labelme,
    nus_wide,
    open_images,
    scores,
    text,
    voc,
    xmp,
    yolo,
)
from engine.formats.files.not_read import advice, advice_for_folder
from engine.formats.files.reading import head_of
from engine.formats.format import Format, Reader, Takes, Writer
from engine.plug_ins import load_all
from engine.wording import Sentence

_BUILT_IN: tuple[Format, ...] = (
    *coco.FORMATS,
    voc.FORMAT,
    nus_wide.FORMAT,
    open_images.FORMAT,
    *csv.FORMATS,
    scores.FORMAT,
    huggingface.FORMAT,
    fiftyone.FORMAT,
    createml.FORMAT,
    yolo.FORMAT,
    text.FORMAT,
    labelme.FORMAT,
    *xmp.FORMATS,
    folders.FORMAT,
)


def _of_plug_in(name: str, found: object) -> Format:
    """What an entry point of `cdul.formats` names: a `Format` of the same name, and of no other format's."""
    if not isinstance(found, Format):
        raise TypeError(f"expected an engine.formats.format.Format, but got {type(found).__name__}")
    if found.name != name or any(name == one.name for one in _BUILT_IN):
        raise ValueError(f"expected the format to be called {name} as its entry point, and no other one to be")
    return found


FORMATS: tuple[Format, ...] = (*_BUILT_IN, *load_all("cdul.formats", _of_plug_in))
"""The table, in the order in which people are shown it; nothing else knows the formats one by one."""

WRITERS: dict[str, Writer] = {one.name: one.writer for one in FORMATS if one.writer}

_READ = [(one.name, one.reader) for one in FORMATS if one.reader]
READERS: dict[str, Reader] = dict(sorted(_READ, key=lambda read: read[1].rank))
"""In the order in which it is tried whether a file looks like them."""


def reader_for(format_name: str, path: Path) -> Reader:
    """The reader of a format that takes such a path; WrongUsage where there is none."""
    if format_name not in READERS:
        raise WrongUsage(
            Sentence("Expected --format to be one of {known}, but got {name!r}.").format(
                known=", ".join(READERS), name=format_name
            )
        )
    reader = READERS[format_name]
    if not path.exists():
        raise UserError(Sentence("There is no {path}. Choose the file or folder to read.").format(path=path))
    if path.is_dir() and Takes.FOLDER not in reader.takes:
        raise WrongUsage(
            Sentence("{format} is one file, but {path} is a folder. Choose the file in it.").format(
                format=format_name, path=path
            )
        )
    if not path.is_dir() and Takes.FILE not in reader.takes:
        raise WrongUsage(
            Sentence("{format} is a folder of files, but {path} is a file. Choose its folder.").format(
                format=format_name, path=path
            )
        )
    return reader


def guess_format(path: Path) -> str:
    """The format that a file or folder looks like; WrongUsage where it looks like none, or well be another thing."""
    if not path.exists():
        raise UserError(Sentence("There is no {path}. Choose the file or folder to read.").format(path=path))
    head = head_of(path)
    if not path.is_dir() and (told := advice(path, head)) is not None:
        raise WrongUsage(told)
    kind = Takes.FOLDER if path.is_dir() else Takes.FILE
    able = [(name, reader) for name, reader in READERS.items() if kind in reader.takes]
    for _, of_rank in groupby(able, key=lambda read: read[1].rank):
        fitting = {name: int(reader.fits(path, head)) for name, reader in of_rank}
        if fitting and (most := max(fitting.values())):
            guessed = next(name for name, count in fitting.items() if count == most)
            if doubt := READERS[guessed].doubt(path):
                raise WrongUsage(doubt)
            return guessed
    if path.is_dir() and (told := advice_for_folder(path)) is not None:
        raise WrongUsage(told)
    raise WrongUsage(
        Sentence("It cannot be told which format {path} has. Choose one of {known}.").format(
            path=path, known=", ".join(READERS)
        )
    )
