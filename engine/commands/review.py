"""`review`: photos shared out among people, and which of their answers is in force."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.choices import among
from engine.commands.console import AsJson, Commands, Photos, ProjectPlace, open_project, show_progress, showing
from engine.commands.photos import JustPaths, Nul, print_paths
from engine.commands.saying import one_line, print_json, say, tell
from engine.wording import n_decisions, n_photos

if TYPE_CHECKING:
    from engine.project.history.settlement import Settlement

review = Commands(
    help="Share photos out among the people who review, and say which of their answers is in force. "
    "With PHOTOS alone the status is shown.",
    no_args_is_help=True,
    cls=showing("status"),
)


def _share(text: str) -> float:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", text.strip())
    if found is None or float(found[1]) > 100:
        raise typer.BadParameter(f"Expected a share such as 10%, but got {text!r}.")
    return float(found[1]) / 100


@review.command()
def take(
    photos: Photos,
    count: Annotated[int, typer.Option("--count", "-n", help="So many photos are to be in hand.", min=1)] = 200,
    overlap: Annotated[
        float,
        typer.Option(
            help="Of these as a second opinion, on photos that another has reviewed or will; what was said of them is "
            "not shown before you have answered.",
            parser=_share,
            metavar="SHARE",
            show_default="0%",
        ),
    ] = "0%",  # type: ignore[assignment]
    paths: JustPaths = False,
    nul: Nul = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Take photos to review that nobody else is given meanwhile: for a day, and a day more with every answer."""
    from engine.stages.people.taking import take as take_them
    from engine.stages.teaching.teaching import snapshot_in_force

    with (
        open_project(photos, project, must_exist=True) as opened,
        show_progress(quiet=as_json or paths) as (progress, cancellation),
    ):
        snapshot = snapshot_in_force(opened, progress, cancellation)
        taken = take_them(opened, snapshot, count, overlap)
        names = [snapshot.paths[snapshot.row_of(photo)] for photo in taken.photo_ids]
    if paths or nul:
        print_paths(photos, names, nul=nul)
    elif as_json:
        print_json({"photos": names, "second_opinions": taken.second, "until": _moment(taken.until)})
    else:
        tell(f"In hand: {n_photos(len(names))}, {taken.second:,} of them as the second to review.")


@review.command("give-back")
def give_back(photos: Photos, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """Let others have the photos that you took and did not review."""
    from engine.stages.people.taking import give_back as give

    with open_project(photos, project, must_exist=True) as opened:
        given = give(opened)
    if as_json:
        print_json({"photos": given})
    else:
        tell(f"Given back: {n_photos(given)}.")


@review.command()
def status(photos: Photos, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """Show who has taken photos, how far they are, and which answer is in force where they differ."""
    from engine.project.history.edit_settlement import settlement_of
    from engine.stages.people.taking import in_hand

    with open_project(photos, project, to_read=True) as opened:
        rule, found = settlement_of(opened), in_hand(opened)
    if as_json:
        people = [{**vars(one), "until": _moment(one.until)} for one in found]
        print_json({"rule": rule.name, "adjudicator": rule.by, "people": people})
        return
    say(f"In force where people differ: {_in_words(rule)}.")
    for one in found:
        until = "" if one.until is None else f", until {one.until.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M}"
        say(f"{one_line(one.person)}: {one.done:,} done, {one.left:,} in hand{until}")


@review.command()
def settle(
    photos: Photos,
    name: Annotated[
        str,
        typer.Argument(
            help="newest: what was said last; majority: what most say; adjudicator: where people differ, what "
            "one of them says.",
            metavar="SETTLEMENT",
            autocompletion=among(("newest", "majority", "adjudicator")),
        ),
    ],
    by: Annotated[
        str | None, typer.Option("--by", help="The adjudicator's name.", metavar="NAME", show_default="nobody")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many decisions that would change.")] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Say which answer is in force where people differ; an edit like any other, which can be undone.

    No opinion is lost. A tie of the majority, and a difference that the adjudicator has not answered, are undecided.
    """
    from engine.project.history.edit_settlement import checked_settlement, decisions_changed_by, set_settlement

    wanted = checked_settlement(name, by)
    with open_project(photos, project, must_exist=True, to_read=dry_run) as opened:
        decisions = decisions_changed_by(opened, wanted)
        done = None if dry_run else set_settlement(opened, wanted)
    if as_json:
        print_json({"rule": wanted.name, "decisions": decisions, "edit": done and done.edit_id})
    elif dry_run:
        tell(f"That would change {n_decisions(decisions)}.")
    elif done is None:
        tell("Nothing changes: that is the rule already.")
    else:
        tell(f"{done.title}: {n_decisions(decisions)} changed (edit {done.edit_id}).")


def _in_words(rule: Settlement) -> str:
    return {"newest": "the newest answer", "majority": "what most people say"}.get(rule.name, f"what {rule.by} says")


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.replace(tzinfo=UTC).isoformat()
