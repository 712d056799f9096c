"""`labels`: the label set of a project, shown and edited; each change is an edit of the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.completing import labels_of_project
from engine.commands.console import AnyFolder, AsJson, Commands, Photos, ProjectPlace, open_project, showing
from engine.commands.photos import one_filter
from engine.commands.saying import one_line, print_json, say, tell, warn
from engine.wording import Sentence, n_decisions, n_photos

if TYPE_CHECKING:
    from engine.project import Project
    from engine.project.labels import LabelRow, OtherName
    from engine.project.storage.address import Place

labels = Commands(
    help="Show the labels of a project, also with PHOTOS alone; add, rename, remove, merge and split them, and put "
    "them below others.",
    no_args_is_help=True,
    cls=showing("show"),
)
parents = Commands(help="Say which labels stand below which.", no_args_is_help=True)
names = Commands(help="Say what else a label is called.", no_args_is_help=True)
labels.add_typer(parents, name="parent")
labels.add_typer(names, name="name")


Label = Annotated[
    str, typer.Argument(help="A label of the project.", metavar="LABEL", autocompletion=labels_of_project)
]


Into = Annotated[
    str,
    typer.Argument(help="The label that its decisions go to.", metavar="INTO", autocompletion=labels_of_project),
]


@labels.command()
def show(
    photos: Photos,
    as_set: Annotated[
        bool, typer.Option("--as-set", help="As a label set, which `cdul label --labels -` reads.")
    ] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """List the labels, and on how many photos each is confirmed, rejected and likely.

    Where labels stand below others they are listed as a tree; one that stands below two is listed under both.
    """
    from engine.project.history.edit_labels import use_of_label
    from engine.project.labels import label_set_text
    from engine.stages.teaching.teaching import snapshot_in_force

    with open_project(photos, project, to_read=True) as opened:
        snapshot = snapshot_in_force(opened)
    if as_set:
        say(label_set_text(snapshot.labels).removesuffix("\n"))
        return
    use = [use_of_label(snapshot, column) for column in range(len(snapshot.labels))]
    if as_json:
        print_json(
            {
                "labels": [
                    {
                        "name": label.name,
                        "supercategory": label.supercategory,
                        "prompts": label.texts,
                        "parents": [snapshot.labels[snapshot.column_of(one)].name for one in label.parents],
                        "other_names": [one._asdict() for one in label.other_names],
                        "confirmed": count.confirmed,
                        "rejected": count.rejected,
                        "likely": count.suggested,
                        "implied": count.implied,
                    }
                    for label, count in zip(snapshot.labels, use, strict=True)
                ]
            }
        )
        return
    for depth, column in snapshot.parents.as_tree():
        label, count = snapshot.labels[column], use[column]
        implied = f" {count.implied:6,} implied" if snapshot.parents else ""
        also = f"also {', '.join(one.text for one in label.other_names)}" if label.other_names else ""
        say(
            f"{'  ' * depth + label.name:24} {count.confirmed:6,} confirmed{implied} {count.rejected:6,} rejected "
            f"{count.suggested:6,} likely   {'; '.join(filter(None, [label.supercategory, also]))}".rstrip()
        )


@labels.command()
def add(
    photos: Photos,
    names: Annotated[list[str], typer.Argument(help="What they are called.", metavar="LABEL")],
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Put labels at the end of the label set, or bring them back with their decisions."""
    from engine.project.history.edit_labels import join_label_set

    with open_project(photos, project, must_exist=True) as opened:
        for name in names:
            join_label_set(opened, name.strip())
            if not as_json:
                tell(f"{name.strip()} is in the label set. `cdul label {photos}` gives it scores.")
    if as_json:
        print_json({"added": [name.strip() for name in names]})


@labels.command()
def rename(
    photos: Photos,
    label: Label,
    name: Annotated[str, typer.Argument(help="What it is called from now on.", metavar="NAME")],
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Give a label another name; its decisions and scores stay."""
    from engine.project.history.edit_labels import rename_label

    with open_project(photos, project, must_exist=True) as opened:
        found = _label(opened, label)
        rename_label(opened, found.id, name.strip())
    if as_json:
        print_json({"renamed": found.name, "name": name.strip()})
    else:
        tell(f"{found.name} is called {name.strip()} now.")


@labels.command()
def remove(photos: Photos, label: Label, project: ProjectPlace = None, as_json: AsJson = False) -> None:
    """Take a label out of the label set; its decisions are kept, and come back with it."""
    from engine.project.history.edit_labels import remove_label

    with open_project(photos, project, must_exist=True) as opened:
        found = _label(opened, label)
        remove_label(opened, found.id)
    if as_json:
        print_json({"removed": found.name})
    else:
        tell(f"{found.name} is no longer in the label set; its decisions are kept.")


@labels.command()
def merge(
    photos: Photos,
    label: Label,
    into: Into,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen; change nothing.")] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Make one label of two: the decisions go to the second one, which is called by both names from now on."""
    from engine.project.history.merging import merge_labels, plan_merge

    with open_project(photos, project, must_exist=True, to_read=preview) as opened:
        first, second = _label(opened, label), _label(opened, into)
        merged = plan_merge(opened, first.id, second.id) if preview else merge_labels(opened, first, second)
    if as_json:
        print_json({**asdict(merged), "conflicts": len(merged.conflicts)})
        return
    would = "would go" if preview else "went"
    of_them = f", {merged.moved_no:,} of them no," if merged.moved_no else ""
    went = f"{n_decisions(merged.moved)}{of_them} {would}"
    tell(f"{went} from {first.name} to {second.name}; there already: {merged.agreed:,}.")
    if merged.conflicts:
        tell(f"Both stay on {n_photos(len(merged.conflicts))}, where one is confirmed and the other rejected.")


@labels.command()
def split(
    photos: Photos,
    label: Label,
    name: Annotated[str, typer.Argument(help="What the second label is called.", metavar="NAME")],
    filter_text: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            help="Where the label is confirmed on these photos, it is the second one.",
            show_default="none",
            metavar="FILTER",
        ),
    ] = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Make two labels of one. What was merged into it comes back with its decisions.

    Photos without the label have neither of the two; those with it keep it, but for those of --filter.
    """
    from engine.project.history.merging import split_label
    from engine.stages.finding.chosen_photos import chosen_rows
    from engine.stages.teaching.teaching import snapshot_in_force

    with open_project(photos, project, must_exist=True) as opened:
        found = _label(opened, label)
        chosen: set[int] = set()
        if text := one_filter(filter_text):
            snapshot = snapshot_in_force(opened)
            chosen = set(snapshot.photo_ids[chosen_rows(opened, snapshot, filter_text=text)[0]].tolist())
        outcome = split_label(opened, found, name.strip(), chosen)
        new = _label(opened, name.strip())
    answers = [] if outcome is None else [one for one in outcome.answers if one.label_id == new.id]
    confirmed, rejected = (sum(one.value is value for one in answers) for value in (True, False))
    if as_json:
        print_json({"label": found.name, "name": new.name, "confirmed": confirmed, "rejected": rejected})
    else:
        on = f"confirmed on {n_photos(confirmed)} and rejected on {n_photos(rejected)}"
        tell(f"{new.name} is a label of its own, {on}.")


_Parents = Annotated[
    list[str],
    typer.Argument(help="The labels that it stands right below.", metavar="PARENT", autocompletion=labels_of_project),
]


@parents.command("add")
def put_below(
    photos: Photos, label: Label, above: _Parents, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Put a label below others: where it is confirmed these are, and where one of these is rejected it is."""
    from engine.project.history.edit_parents import put_below as put
    from engine.project.take_snapshot import take_snapshot
    from engine.stages.review.contradictions import contradictions_below, told_of

    told: list[Sentence] = []

    def put_and_compare(opened: Project, labels: list[int], over: list[int]) -> None:
        snapshot = take_snapshot(opened)
        put(opened, labels, over)
        columns = [[snapshot.column_of(one) for one in some] for some in (labels, over)]
        told.extend(told_of(snapshot, contradictions_below(snapshot, *columns)))

    _tell_parents(photos, project, label, above, put_and_compare, as_json=as_json)
    for one in () if as_json else told:
        warn(one_line(str(one)))


@parents.command("remove")
def take_from_below(
    photos: Photos, label: Label, above: _Parents, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Have a label no longer stand below others; what followed from that is withdrawn."""
    from engine.project.history.edit_parents import take_from_below as take

    _tell_parents(photos, project, label, above, take, as_json=as_json)


def _tell_parents(
    photos: AnyFolder,
    project: Place | None,
    label: str,
    above: list[str],
    edit: Callable[[Project, list[int], list[int]], object],
    *,
    as_json: bool,
) -> None:
    with open_project(photos, project, must_exist=True) as opened:
        found, *over = (_label(opened, name) for name in (label, *above))
        edit(opened, [found.id], [one.id for one in over])
        found = _label(opened, label)
        known = {one.id: one.name for one in _labels(opened)}
    now = [known[one] for one in found.parents]
    if as_json:
        print_json({"label": found.name, "parents": now})
    else:
        tell(f"{found.name} stands below {', '.join(now)}." if now else f"{found.name} stands below no other label.")


_Names = Annotated[
    list[str], typer.Argument(help="Names, with a language before a colon or not: Spatz or de:Spatz.", metavar="NAME")
]


@names.command("add")
def add_names(
    photos: Photos, label: Label, others: _Names, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Give a label other names, by which it is found, matched and filtered as well."""
    from engine.project.labels import other_name

    added = [other_name(text) for text in others]
    _tell_names(photos, project, label, lambda old: [*old, *added], as_json=as_json)


@names.command("remove")
def remove_names(
    photos: Photos, label: Label, others: _Names, project: ProjectPlace = None, as_json: AsJson = False
) -> None:
    """Take other names of a label back."""
    from engine.project.labels import other_name

    away = {other_name(text).name.casefold() for text in others}
    _tell_names(
        photos, project, label, lambda old: [one for one in old if one.name.casefold() not in away], as_json=as_json
    )


def _tell_names(
    photos: AnyFolder,
    project: Place | None,
    label: str,
    changed: Callable[[list[OtherName]], list[OtherName]],
    *,
    as_json: bool,
) -> None:
    from engine.project.history.edit_parents import set_other_names

    with open_project(photos, project, must_exist=True) as opened:
        found = _label(opened, label)
        set_other_names(opened, found.id, changed(list(found.other_names)))
        (found,) = (one for one in _labels(opened) if one.id == found.id)
    now = [one.text for one in found.other_names]
    if as_json:
        print_json({"label": found.name, "other_names": [one._asdict() for one in found.other_names]})
    else:
        tell(f"{found.name} is also called {', '.join(now)}." if now else f"{found.name} has no other name.")


def _labels(project: Project) -> list[LabelRow]:
    from engine.project.labels import label_set

    return label_set(project)


def _label(project: Project, name: str) -> LabelRow:
    from engine.stages.matching import labels_called

    known = _labels(project)
    (place,) = labels_called([name], known)
    return known[place]
