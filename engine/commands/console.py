"""What the commands share: options, how a project is opened, and how results are told."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from engine.commands.choices import DEVICES, among
from engine.commands.saying import manner, say, tell, warn
from engine.errors import UserError, WrongUsage
from engine.person import be
from engine.wording import Sentence, first_of, n_labels, n_photos

if TYPE_CHECKING:
    from engine.jobs import Cancellation, Progress
    from engine.project import Project
    from engine.project.storage.address import Place as Place
    from engine.remote import AnyFolder as AnyFolder
else:
    Place = AnyFolder = Path  # the command line knows one kind for an option; what it is, its parser says

FAILED, WRONG_USAGE, FINISHED_WITH_UNREADABLE, STOPPED = 1, 2, 3, 130
"""Exit codes; 0 when all went well. The last is what shells expect after Ctrl+C."""
EXIT_CODES = {
    0: "Done; also where whoever reads the output has enough of it, as `head` has.",
    FAILED: "It could not be done: one sentence says why, and nothing was half done.",
    WRONG_USAGE: "It was asked for wrongly: an option, a name or a filter that means nothing.",
    FINISHED_WITH_UNREADABLE: "Done, but some photos could not be read.",
    STOPPED: "Stopped with Ctrl+C; what was done so far is kept.",
}
"""What people are told of them."""

SECONDS_FOR_ANOTHER = 4.0
"""That a command waits for another one that writes to the same project, before it says so."""

Counted = Literal["photos", "labels"]
COUNTED = {"photos": n_photos, "labels": n_labels}


def path_of(text: str) -> Path:
    """A path as it is typed; of nothing, as an unset variable in a script gives it, Python would make this folder."""
    if not text.strip():
        raise WrongUsage(Sentence("Expected the name of a file or folder, but got an empty one."))
    return Path(text)


def folder_named(text: str) -> AnyFolder:
    """A photo folder, as it is typed: a path, or an address in a store."""
    if "://" not in text:
        return path_of(text)
    from engine.remote import folder_at

    return folder_at(text)


def place_named(text: str) -> Place:
    """Where a project is kept, as it is typed: a folder, or an address."""
    if "://" not in text:
        return path_of(text)
    from engine.project.storage.address import place_of

    return place_of(text)


Photos = Annotated[
    AnyFolder,
    typer.Argument(
        help="The folder that holds the photos, or its address as s3://bucket/photos; it is only read.",
        metavar="PHOTOS",
        parser=folder_named,
    ),
]
ProjectPlace = Annotated[
    Place | None,
    typer.Option(
        "--project",
        help="Where the project is kept: a folder, or a database as postgresql://host/name.",
        show_default="PHOTOS/.cdul",
        metavar="PLACE",
        parser=place_named,
    ),
]
Device = Annotated[
    str | None,
    typer.Option(
        "--device",
        help="Where networks run: auto, cpu, cuda, cuda:1 (the second card) or mps.",
        show_default="CDUL_DEVICE, or what the window has, or the best",
        callback=lambda name: _wish_device(name),
        autocompletion=among(DEVICES),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else; errors as one, too.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results and errors.")]
_User = Annotated[
    str | None,
    typer.Option(
        "--user",
        help="Who you are: what is done is kept under this name.",
        show_default="CDUL_USER, or what the window has, or the system's user",
        metavar="NAME",
    ),
]
_Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: where the project is, and every task.")]


class Commands(typer.Typer):
    """Commands that can all be quiet, or say more, and know who gives them."""

    def command(self, name: str | None = None, **more: Any) -> Callable[[Any], Any]:
        register = super().command(name, **more)

        def add(function: Any) -> Any:
            register(_with_manner(function))
            return function

        return add


def _with_manner(function: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the options `--user`, `-q` and `-v`, which it need not know."""

    @wraps(function)
    def command(
        *arguments: Any, person: str | None = None, quiet: bool = False, verbose: bool = False, **more: Any
    ) -> Any:
        manner.quiet, manner.verbose = quiet, verbose
        be(person)
        return function(*arguments, **more)

    signature = inspect.signature(function, eval_str=True)
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in (
            ("person", None, _User),
            ("quiet", False, _Quiet),
            ("verbose", False, _Verbose),
        )
    ]
    parameters = [*signature.parameters.values(), *shared]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return command


def showing(name: str) -> type[TyperGroup]:
    """Commands within a command, of which the one of this name is meant where photos are given and no command."""

    class Showing(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            first = next((word for word in args if not word.startswith("-")), None)
            if first is not None and first not in self.commands and Path(first).exists():
                args = [name, *args]
            return super().parse_args(ctx, args)

    return Showing


@contextmanager
def open_project(
    photos: AnyFolder, place: Place | None, *, must_exist: bool = False, to_read: bool = False
) -> Iterator[Project]:
    """The project; for commands that only read it must be there, and may be open in a window or on a locked disk.

    What a command is refused that made the project, leaves none.
    """
    from engine.project import Project
    from engine.project.failures import ProjectInUse, ProjectNotWritable

    try:
        project = _opened_soon(lambda: Project.open(photos, place, must_exist=must_exist or to_read), wait=not to_read)
    except (ProjectInUse, ProjectNotWritable):
        if not to_read:
            raise
        project = Project.open(photos, place, read_only=True)
    with project:
        if manner.verbose:
            warn(f"Project: {project.name}")
        try:
            yield project
        except UserError:
            project.leave_nothing()
            raise
        finally:
            for sentence in project.left_out.values():
                warn(sentence)


def _opened_soon(make: Callable[[], Project], *, wait: bool) -> Project:
    """Open a project that another command may just be writing to, which is over in a moment."""
    from engine.project.failures import ProjectInUse

    until = time.monotonic() + (SECONDS_FOR_ANOTHER if wait else 0)
    while True:
        try:
            return make()
        except ProjectInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def show_progress(*, quiet: bool = False) -> Iterator[tuple[Progress, Cancellation]]:
    """Progress on standard error, for people only: a bar on a terminal, elsewhere a line now and then."""
    from engine.jobs import Cancellation, Progress
    from engine.models.device_choice import hear_notes

    quiet = quiet or manner.quiet
    hear_notes(None if quiet else lambda note: warn(str(note)))
    if quiet:
        yield Progress(), Cancellation()
    elif manner.verbose or not sys.stderr.isatty():
        from engine.commands.plain_progress import plain_lines

        yield Progress(plain_lines(lambda line: say(line, err=True), every_task=manner.verbose)), Cancellation()
    else:
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
        warn(f"{n_photos(len(unreadable))} could not be read:")
        for path, reason in unreadable:
            warn(f"  {path}: {reason}")
    raise typer.Exit(FINISHED_WITH_UNREADABLE)


def tell_problems(problems: Sequence[str], passed_over: int) -> None:
    """Say how much of a file was passed over, and what is wrong with the first of it."""
    if passed_over:
        tell("Passed over: " + ("1 entry." if passed_over == 1 else f"{passed_over:,} entries and files."))
    for problem in problems[:10]:
        tell(f"  {problem}")


def tell_unmatched(what: Counted, of: str, names: Sequence[str]) -> None:
    """Say which photos or labels `of` a file have none in the project, if there are any."""
    if names:
        tell(f"Of the {of}, not in the project: {COUNTED[what](len(names))} ({first_of(names)})")


def as_objects(unreadable: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Unreadable photos (path and reason) for JSON."""
    return [{"file_name": path, "reason": reason} for path, reason in unreadable]
