"""`words`: what is in these photos, and labels made of it."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.console import AsJson, Device, Photos, ProjectPlace, open_project, show_progress
from engine.commands.saying import one_line, print_json, say, tell, warn
from engine.errors import WrongUsage
from engine.wording import Sentence, n_photos, some_of

if TYPE_CHECKING:
    from engine.stages.describing.offers import Described


def words(
    photos: Photos,
    top: Annotated[int, typer.Option(help="How many words at most.", min=1, max=200)] = 30,
    again: Annotated[bool, typer.Option("--all", help="Also what the labels say already.")] = False,
    adopt: Annotated[
        list[str] | None,
        typer.Option(help="Make labels of these words, like 'cat,dog', and label the photos.", metavar="WORD"),
    ] = None,
    never: Annotated[
        list[str] | None, typer.Option(help="Offer these words no more for these photos.", metavar="WORD")
    ] = None,
    offer: Annotated[
        list[str] | None, typer.Option(help="Offer these words again after --never.", metavar="WORD")
    ] = None,
    device: Device = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Tell in words what is in the photos.

    The photos must have been labelled before; none is read again. Everyday words are listed that are on some of the
    photos with good evidence and not on most, in groups: on how many photos each stands out, and its best one. As a
    label, a word may be suggested on more or fewer photos.
    """
    from engine.project.labels import label_set
    from engine.stages.describing.adopting import adopt_words, offer_again, offer_never_again
    from engine.stages.describing.describe_photos import describe_photos

    wanted, refused, back = map(_names, (adopt, never, offer))
    changes = bool(wanted or refused or back)
    with (
        open_project(photos, project, must_exist=True, to_read=not changes) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        if not changes:
            found = describe_photos(opened, progress, cancellation, most=top, beside_labels=not again)
            _show(found, as_json=as_json)
            return
        asked_back, back = back, offer_again(opened, back) if back else []
        if refused:
            offer_never_again(opened, refused)
        there = {label.name for label in label_set(opened)}
        result = None
        if wanted and adopt_words(opened, wanted):
            from engine.stages.labelling.label_photos import LabelRequest, label_photos

            result = label_photos(opened, LabelRequest(look_for_photos=False), progress, cancellation)
        added = [label.name for label in label_set(opened) if label.name not in there]
    if as_json:
        print_json({"added": added, "never": refused, "again": back, "labelled": asdict(result) if result else None})
        return
    if added and result is not None:
        tell(f"New labels: {some_of(added)}. {result.sentence}")
    elif wanted:
        warn("These words are in the label set already.")
    if refused:
        tell(f"Not offered again: {some_of(refused)}.")
    if back:
        tell(f"Offered again: {some_of(back)}.")
    if not_refused := [word for word in asked_back if word not in back]:
        warn(f"Never refused: {some_of(not_refused)}.")


def _names(given: list[str] | None) -> list[str]:
    """Of options that may come several times, each with one word or several with commas between."""
    names = [name.strip() for part in given or () for name in part.split(",") if name.strip()]
    if given and not names:
        raise WrongUsage(Sentence("Expected words, like 'cat,dog', but got none."))
    return names


def _show(found: Described, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(found))
        return
    if not found.words:
        tell("No word stands out that the labels do not say already.")
    for group, offers in groupby(found.words, key=lambda offer: offer.group):
        say(group)
        for offer in offers:
            say(f"  {offer.name:22} {offer.photos:7,}  {one_line(offer.best[0].path)}")
    told = "" if found.compared == found.photos else f", told from {found.compared:,} of them"
    tell(f"{len(found.words)} words for {n_photos(found.photos)}{told}. `cdul words PHOTOS --adopt WORD` makes labels.")
