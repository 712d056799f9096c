"""What the commands share: options, how a project is opened, and how results are told."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.wording import first_of, n_labels, n_photos

if TYPE_CHECKING:
    from engine.jobs import Cancellation, Progress
    from engine.project import Project

FAILED, WRONG_USAGE, FINISHED_WITH_UNREADABLE, STOPPED = 1, 2, 3, 130
"""Exit codes; 0 when all went well. The last is what shells expect after Ctrl+C."""

Counted = Literal["photos", "labels"]
COUNTED = {"photos": n_photos, "labels": n_labels}

Photos = Annotated[Path, typer.Argument(help="The folder that holds the photos; it is only read.", metavar="PHOTOS")]
ProjectFolder = Annotated[
    Path | None, typer.Option("--project", help="Where the project is kept.", show_default="PHOTOS/.cdul")
]
Device = Annotated[
    str | None,
    typer.Option(
        "--device",
        help="Where networks run: auto, cpu, cuda, cuda:1 (the second card) or mps.",
        show_default="CDUL_DEVICE, or what the window has, or the best",
        callback=lambda name: _wish_device(name),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@contextmanager
def open_project(
    photos: Path, folder: Path | None, *, must_exist: bool = False, to_read: bool = False
) -> Iterator[Project]:
    """The project; for commands that only read it must be there, and may be open in a window or on a locked disk."""
    from engine.project import Project
    from engine.project.failures import ProjectInUse, ProjectNotWritable

    try:
        project = Project.open(photos, folder, must_exist=must_exist or to_read)
    except (ProjectInUse, ProjectNotWritable):
        if not to_read:
            raise
        project = Project.open(photos, folder, read_only=True)
    with project:
        try:
            yield project
        finally:
            for sentence in project.left_out.values():
                say(sentence, err=True)


@contextmanager
def show_progress(*, quiet: bool = False) -> Iterator[tuple[Progress, Cancellation]]:
    """A progress line on standard error, for people only."""
    from engine.jobs import Cancellation, Progress
    from engine.models.device_choice import hear_notes

    hear_notes(None if quiet else lambda note: say(str(note), err=True))
    if quiet or not sys.stderr.isatty():
        yield Progress(), Cancellation()
        return
    from engine.commands.progress_line import progress_line

    with progress_line() as listener:
        yield Progress(listener), Cancellation()


def _wish_device(name: str | None) -> str | None:
    from engine.models.device_choice import wish_device

    return wish_device(name)


def tell_unreadable(unreadable: Sequence[tuple[str, str]], *, quiet: bool) -> None:
    """List photos (path and reason) that could not be read, and end with the code that says so, if there are any."""
    if not unreadable:
        return
    if not quiet:
        say(f"{n_photos(len(unreadable))} could not be read:", err=True)
        for path, reason in unreadable:
            say(f"  {path}: {reason}", err=True)
    raise typer.Exit(FINISHED_WITH_UNREADABLE)


def say(text: str, *, err: bool = False) -> None:
    """Print for people what may hold names of others: no control character reaches the terminal, which would obey."""
    typer.echo(_CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text), err=err)


def one_line(name: str) -> str:
    """A name, e.g. of a photo, which may have several lines, on one."""
    return name.replace("\n", "\\n")


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def tell_problems(problems: Sequence[str], passed_over: int, most: int = 10) -> None:
    """Say how much of a file was passed over, and what is wrong with the first of it."""
    if passed_over:
        say("Passed over: " + ("1 entry." if passed_over == 1 else f"{passed_over:,} entries and files."))
    for problem in problems[:most]:
        say(f"  {problem}")


def tell_unmatched(what: Counted, of: str, names: Sequence[str]) -> None:
    """Say which photos or labels `of` a file have none in the project, if there are any."""
    if names:
        say(f"Of the {of}, not in the project: {COUNTED[what](len(names))} ({first_of(names)})")


def as_objects(unreadable: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Unreadable photos (path and reason) for JSON."""
    return [{"file_name": path, "reason": reason} for path, reason in unreadable]


def print_json(value: dict[str, Any]) -> None:
    """One object on one line, whatever bytes the photos' names are made of."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()
