"""`rules`: labels by folders, names, dates, cameras and places."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.completing import labels_of_project
from engine.commands.console import AsJson, Commands, Photos, ProjectPlace, open_project, show_progress, showing
from engine.commands.saying import one_line, print_json, say, tell, warn
from engine.errors import UserError
from engine.wording import Sentence, n_photos

if TYPE_CHECKING:
    from engine.stages.rules.effect import RuleEffect

rules = Commands(
    help="Suggest labels by where photos lie, when and with what they were taken, and what places their files name. "
    "With PHOTOS alone the rules are shown.",
    no_args_is_help=True,
    cls=showing("show"),
)

Condition = Annotated[
    str,
    typer.Argument(
        help="'folder:Dogs*', 'name:IMG_*', 'camera:*EOS*', 'place:Rome', 'taken:2024-05', 'taken:*-12' for each "
        "December, or 'taken:2024-05-01..2024-05-14'. * and ? stand for any letters, and for one.",
        metavar="CONDITION",
    ),
]
Label = Annotated[
    str, typer.Argument(help="The label that is suggested.", metavar="LABEL", autocompletion=labels_of_project)
]


@rules.command()
def show(photos: Photos, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """List the rules with what each does."""
    from engine.stages.rules.effect import effects_of_rules

    with (
        open_project(photos, project, to_read=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        found = [effect for _rule, effect in effects_of_rules(opened, progress, cancellation)]
    if as_json:
        print_json({"rules": [asdict(effect) for effect in found]})
        return
    for effect in found:
        say(f"{effect.condition:32} {effect.label:20} {_in_words(effect)}")
    if not found:
        tell("There are no rules. `cdul rules try PHOTOS 'folder:Dogs*' dog` shows what one would do.")


@rules.command("try")
def try_one(
    photos: Photos, condition: Condition, label: Label, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Say what a rule would do, with some of its photos; change nothing."""
    from engine.project.labels import check_name
    from engine.stages.rules.effect import try_rule

    check_name(label.strip())
    with (
        open_project(photos, project, to_read=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        effect = try_rule(opened, label, condition, progress, cancellation)
    if as_json:
        print_json(asdict(effect))
        return
    tell(f"{effect.label} would be on {_in_words(effect)}")
    for path in effect.examples:
        say(f"  {one_line(path)}")
    if more := effect.photos - len(effect.examples):
        tell(f"  … and {more:,} more")


@rules.command()
def add(
    photos: Photos, condition: Condition, label: Label, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Have a label suggested where a condition holds, also on photos that come later.

    It stays a suggestion that you confirm or reject. `cdul undo` takes the rule back, as `remove` does.
    """
    from engine.project.history.edit_rules import add_rule
    from engine.project.labels import label_set
    from engine.stages.labelling.typed_labels import doubtful_labels
    from engine.stages.rules.effect import try_rule

    with (
        open_project(photos, project, must_exist=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        effect = try_rule(opened, label, condition, progress, cancellation)
        is_new = effect.label not in {one.name for one in label_set(opened)}
        done = add_rule(opened, label.strip(), condition)
    if as_json:
        print_json({**asdict(effect), "edit": done and done.edit_id})
    elif done is None:
        tell("There is this rule already.")
    else:
        tell(f"{effect.label} is suggested on {_in_words(effect)}")
        for doubt in doubtful_labels([effect.label] if is_new else []):
            warn(doubt.sentence)


@rules.command()
def remove(
    photos: Photos,
    condition: Condition,
    label: Annotated[str | None, typer.Argument(help="Of this label alone.", metavar="[LABEL]")] = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Take a rule back, and what it suggests with it; what was confirmed stays."""
    from engine.project.history.edit_rules import remove_rules
    from engine.project.labels import labels_by_id
    from engine.project.rules import parse_condition
    from engine.project.rules import rules as rules_of

    with open_project(photos, project, must_exist=True) as opened:
        names, wanted = labels_by_id(opened), parse_condition(condition)
        found = [
            rule
            for rule in rules_of(opened)
            if rule[1:] == wanted
            and (label is None or names.get(rule.label_id, "").casefold() == label.strip().casefold())
        ]
        done = remove_rules(opened, found)
    if done is None:
        raise UserError(Sentence("There is no such rule. `cdul rules show` lists those there are."))
    if as_json:
        print_json({"removed": [rule.condition for rule in found], "edit": done.edit_id})
    else:
        tell(f"{done.title}.")


def _in_words(effect: RuleEffect) -> str:
    known = [
        f"{count:,} {what}"
        for count, what in (
            (effect.likely, "likely by its score as well"),
            (effect.confirmed, "confirmed"),
            (effect.rejected, "rejected"),
        )
        if count
    ]
    return n_photos(effect.photos) + (f" ({', '.join(known)})." if known else ".")
