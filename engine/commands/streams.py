"""`-` in a file's place: standard input and standard output."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from engine.commands.console import path_of
from engine.commands.saying import manner
from engine.errors import WrongUsage
from engine.wording import Sentence

STANDARD = Path("-")

FileToRead = Annotated[
    Path, typer.Argument(help="The file or folder to read; - for standard input.", metavar="FILE", parser=path_of)
]


def is_stream(file: Path) -> bool:
    """Whether that is read to its end and only once: `-`, `/dev/null`, and what a shell makes of `<(…)`."""
    if file in (STANDARD, Path(os.devnull)):
        return True
    try:
        return stat.S_ISFIFO(file.stat().st_mode)
    except (OSError, ValueError):
        return False


def read_stream(file: Path) -> bytes:
    """What comes of what `is_stream`."""
    return sys.stdin.buffer.read() if file == STANDARD else file.read_bytes()


@contextmanager
def input_file(file: Path) -> Iterator[Path]:
    """The file; for a stream one with what comes of it, under the suffix that it looks like."""
    if not is_stream(file):
        yield file
        return
    data = read_stream(file)
    begins = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix = ".json" if begins[:1] in (b"{", b"[") else ".xml" if begins[:1] == b"<" else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / f"standard input{suffix}"
        kept.write_bytes(data)
        yield kept


def check_output(out: Path | None, *, as_json: bool) -> None:
    """Raise WrongUsage where two things would go to standard output; else what is told leaves it alone."""
    if out != STANDARD:
        return
    if as_json:
        raise WrongUsage(Sentence("Expected one of --out - and --json, since both print, but got both."))
    manner.output_taken = True


@contextmanager
def output_file(out: Path, suffix: str = "") -> Iterator[Path]:
    """The file to write; for `-` one that goes to standard output once it is whole."""
    if out != STANDARD:
        yield out
        return
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / f"out{suffix}"
        yield written
        with written.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.flush()
