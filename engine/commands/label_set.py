"""`labels`: the label set of a project, shown and edited; each change is an edit of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.completing import labels_of_project
from engine.commands.console import AsJson, Commands, Photos, ProjectFolder, open_project
from engine.commands.saying import print_json, say, tell
from engine.wording import n_decisions, n_photos

if TYPE_CHECKING:
    from engine.project import Project
    from engine.project.labels import LabelRow

labels = Commands(help="Show the labels of a project; add, rename, remove and merge them.", no_args_is_help=True)

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
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the labels, and on how many photos each is confirmed, rejected and likely."""
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
                        "confirmed": count.confirmed,
                        "rejected": count.rejected,
                        "likely": count.suggested,
                    }
                    for label, count in zip(snapshot.labels, use, strict=True)
                ]
            }
        )
        return
    for label, count in zip(snapshot.labels, use, strict=True):
        say(
            f"{label.name:24} {count.confirmed:6,} confirmed {count.rejected:6,} rejected "
            f"{count.suggested:6,} likely   {label.supercategory}".rstrip()
        )


@labels.command()
def add(
    photos: Photos,
    names: Annotated[list[str], typer.Argument(help="What they are called.", metavar="LABEL")],
    project: ProjectFolder = None,
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
    project: ProjectFolder = None,
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
def remove(photos: Photos, label: Label, project: ProjectFolder = None, as_json: AsJson = False) -> None:
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
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Move the decisions of a label to another one, and take it out of the label set."""
    from engine.project.history.edit_labels import merge_labels, plan_merge

    with open_project(photos, project, must_exist=True, to_read=preview) as opened:
        first, second = _label(opened, label), _label(opened, into)
        merged = plan_merge(opened, first.id, second.id) if preview else merge_labels(opened, first, second)
    if as_json:
        print_json({"moved": merged.moved, "agreed": merged.agreed, "conflicts": len(merged.conflicts)})
        return
    would = "would go" if preview else "went"
    tell(f"{n_decisions(merged.moved)} {would} from {first.name} to {second.name}; there already: {merged.agreed:,}.")
    if merged.conflicts:
        tell(f"Both stay on {n_photos(len(merged.conflicts))}, where one is confirmed and the other rejected.")


def _label(project: Project, name: str) -> LabelRow:
    from engine.project.labels import label_set
    from engine.stages.matching import labels_called

    known = label_set(project)
    (place,) = labels_called([name], known)
    return known[place]
