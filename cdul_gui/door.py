"""The door: the command line of the engine with `open` and `demo`; nothing of Qt is imported until a window is wanted.

`cdul`, `python -m cdul_gui` and, in a checkout, `python main.py` lead here. `cdul-window` does as well; on Windows no
console opens with it.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import app, run, tell_mistake
from engine.commands.console import FAILED, AnyFolder, ProjectPlace, folder_named
from engine.commands.saying import tell

if TYPE_CHECKING:
    from engine.project.storage.address import Place


@app.command("open")
def open_window(
    photos: Annotated[
        AnyFolder | None,
        typer.Argument(
            help="The folder that holds the photos, or its address as s3://bucket/photos; it is only read.",
            metavar="[PHOTOS]",
            show_default="what was open last",
            parser=folder_named,
        ),
    ] = None,
    project: ProjectPlace = None,
) -> None:
    """Open the window on a folder of photos, or bring the one that has them open to the front."""
    raise typer.Exit(_window(photos, project))


@app.command()
def demo(
    into: Annotated[Path, typer.Argument(help="The folder for the photos and what is made of them.")] = Path(
        "cdul-demo"
    ),
) -> None:
    """Label the sample photos and look at them.

    Writes COCO and a contact sheet, and opens the window where there is a display.
    """
    from engine.commands.console import show_progress
    from engine.stages.care.demo import demonstrate

    with show_progress() as (progress, cancellation):
        made = demonstrate(into, progress, cancellation)
    for path, labels in made.found:
        typer.echo(f"{path:36} {', '.join(labels) or '-'}")
    typer.echo(made.labelled.sentence)
    typer.echo(f"COCO annotations: {made.annotations}")
    typer.echo(f"Contact sheet:    {made.contact_sheet}")
    from cdul_gui.window.system import why_no_window

    reason = why_no_window()
    if reason is not None or os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        typer.echo(f"The window stays closed: {reason or 'the screen is not to be used.'}")
        return
    raise typer.Exit(_window(made.photos, None))


@app.callback(invoke_without_command=True)
def door(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Label photo collections on your own machine. Without a command the window opens."""
    if version:
        from importlib.metadata import version as installed_version

        typer.echo(f"cdul {installed_version('cdul')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(_window(None, None))


def _window(photos: AnyFolder | None, project: Place | None) -> int:
    """Show the window that has the photos, or open one: on those that were open last where none are named.

    Whether one can be opened is looked at before Qt tries and aborts. Returns the exit code once it is closed.
    """
    from cdul_gui.window.system import why_no_window

    hindrance = why_no_window()
    if hindrance is not None:
        typer.echo(hindrance, err=True)
        return FAILED
    gc.disable()  # a fifth of what loading the window takes, for nothing; see `cdul_gui.window.garbage`
    # Before anything of the window is loaded, as little of it is needed.
    from cdul_gui.settings import Settings
    from cdul_gui.window.unread_sources import leave_sources_unread

    leave_sources_unread()
    from cdul_gui.window.one_window import show_other_window

    photos = photos or next((folder for folder in Settings().recent[:1] if folder.is_dir()), None)
    if photos is not None and show_other_window(photos, project):
        tell(
            "These photos are open in a window already, which is in front now. Close it to open them as somebody else."
        )
        return 0
    from cdul_gui.window.application import run_window

    return run_window(photos, project)


def main() -> None:
    """Run the command line; with no command, the window."""
    # Without a console Python has nowhere to write to, which libraries do not expect.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115 - open as long as the program
    sys.stderr = sys.stderr or sys.stdout
    try:
        sys.exit(run())
    except Exception as error:  # noqa: BLE001 - no matter which, it is the program's own
        sys.exit(tell_mistake(error))
