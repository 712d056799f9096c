"""Names that a project knows, for a shell that completes them: of labels, truths, entries of the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from engine.project import Project
    from engine.project.storage.address import Place

Complete = Callable[[typer.Context, str], list[str]]


def _of_project(names_of: Callable[[Project], Iterable[str]]) -> Complete:
    """Completes by what the project of the photos on the command line knows; by nothing where it cannot be read."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        from engine.errors import UserError
        from engine.project import Project
        from engine.stages.finding.chosen_photos import given_photos

        photos = ctx.params.get("photos")
        if not photos:  # an option without its value, which is being typed, leaves the arguments as they are
            photos = [Path(word) for word in ctx.args if not word.startswith("-")]
        folder: Place | None = ctx.params.get("project")
        if not photos:
            return []
        try:
            given = given_photos(photos if isinstance(photos, list | tuple) else [photos], folder)
            with Project.open(given.folder, folder, read_only=True) as project:
                return [name for name in names_of(project) if name.casefold().startswith(incomplete.casefold())]
        except (UserError, OSError):
            return []

    return complete


def _labels(project: Project) -> Iterable[str]:
    from engine.project.labels import label_set

    return [label.name for label in label_set(project)]


def _truths(project: Project) -> Iterable[str]:
    from engine.project.truths import truths

    return [truth.name for truth in truths(project)]


def _entries(project: Project) -> Iterable[str]:
    from engine.stages.history.entries import entries

    return [entry.name for entry in entries(project)]


labels_of_project, truths_of_project, entries_of_project = map(_of_project, (_labels, _truths, _entries))
