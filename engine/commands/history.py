"""`history`, `undo` and `redo`: what was done to a project, and taking it back."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.completing import entries_of_project
from engine.commands.console import AnyFolder, AsJson, Photos, ProjectPlace, open_project, show_progress
from engine.commands.saying import print_json, say, tell, warn
from engine.errors import WrongUsage
from engine.wording import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.project.storage.address import Place
    from engine.stages.history.take_back import TakenBack

EntryName = Annotated[
    str | None,
    typer.Argument(
        help="Which entry, by its number in `cdul history`: 12 for an edit, r3 for a run.",
        metavar="[ENTRY]",
        autocompletion=entries_of_project,
        show_default="the last one of yours",
    ),
]
Steps = Annotated[int, typer.Option("--steps", "-n", help="So many, the last one first.", min=1)]


def history(
    photos: Photos,
    most: Annotated[int, typer.Option(help="How many entries at most, the newest first.", min=1)] = 50,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """List what was done, by runs and by people, newest first."""
    from engine.stages.history.entries import entries

    with open_project(photos, project, to_read=True) as opened:
        found = entries(opened, most)[:most]
    if as_json:
        print_json(
            {
                "entries": [
                    {
                        "entry": one.name,
                        "kind": "run" if one.is_run else "edit",
                        "at": one.at.replace(tzinfo=UTC).isoformat(),
                        "by": one.by,
                        "done_by": one.done_by,
                        "title": one.title,
                        "in_force": one.in_force,
                    }
                    for one in found
                ]
            }
        )
        return
    for one in found:
        at = one.at.replace(tzinfo=UTC).astimezone()
        undone = "" if one.in_force else "  (undone)"
        say(f"{one.name:>6}  {at:%Y-%m-%d %H:%M}  {one.by:12} {one.title}{undone}")


def undo(
    photos: Photos, entry: EntryName = None, steps: Steps = 1, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Undo what you did last, or one entry of the history, whoever did it; `cdul redo` takes that back."""
    from engine.stages.history.take_back import take_back

    _each(photos, project, take_back, entry, steps, "Undone", as_json=as_json)


def redo(
    photos: Photos, entry: EntryName = None, steps: Steps = 1, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Do again what you undid last."""
    from engine.stages.history.take_back import do_again

    _each(photos, project, do_again, entry, steps, "Done again", as_json=as_json)


def _each(
    photos: AnyFolder,
    project: Place | None,
    verb: Callable[..., TakenBack | None],
    entry: str | None,
    steps: int,
    saying: str,
    *,
    as_json: bool,
) -> None:
    if entry is not None and steps != 1:
        raise WrongUsage(Sentence("Expected either an entry or --steps, but got both."))
    done: list[TakenBack] = []
    with (
        open_project(photos, project, must_exist=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        while len(done) < steps and (one := verb(opened, entry, progress, cancellation)) is not None:
            done.append(one)
    if as_json:
        print_json({"done": [{"title": one.title, "left": one.left, "left_alone": one.left_alone} for one in done]})
    else:
        for one in done:
            tell(f"{saying}: {one.title}")
            if one.left:
                tell(f"  {one.left:,} of its changes stay, since they were changed again later.")
            for sentence in one.left_alone:
                tell(f"  {sentence}")
        if len(done) < steps:
            tell(f"There is nothing {'more ' if done else ''}{'to undo' if saying == 'Undone' else 'to do again'}.")
    if any(one.texts_changed for one in done):
        warn(f"The names or prompts of labels have changed: `cdul label {photos}` brings their scores up to date.")
