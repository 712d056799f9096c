"""`project`: a project as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.console import AnyFolder, AsJson, Commands, Place, folder_named, place_named, show_progress
from engine.commands.saying import print_json, say

project = Commands(help="Copy a project to a server, or from there.", no_args_is_help=True)


def _photos_or_place(text: str) -> AnyFolder | Place:
    """A place of photos or of a project, as it is typed."""
    from engine.remote import STORES

    return folder_named(text) if text.partition("://")[0] in STORES else place_named(text)


_A_PLACE = "A folder of photos, one of a project, or a database as postgresql://host/name"
_From = Annotated[
    AnyFolder,
    typer.Argument(help=f"{_A_PLACE}; or photos in a store.", metavar="FROM", parser=_photos_or_place),
]
_To = Annotated[
    AnyFolder,
    typer.Argument(help=f"{_A_PLACE}; without a project yet.", metavar="TO", parser=_photos_or_place),
]


@project.callback()
def topic() -> None:
    """Copy a project to a server, or from there."""


@project.command()
def copy(source: _From, target: _To, as_json: AsJson = False) -> None:
    """Copy all that is known of photos to another place, and compare both; the photos stay where they are."""
    from engine.stages.care.copy_project import copy_project

    with show_progress(quiet=as_json) as (progress, cancellation):
        copied = copy_project(_meant(source), _meant(target), progress, cancellation)
    if as_json:
        print_json({"to": copied.to, "rows": dict(copied.rows)})
        return
    say(copied.sentence)


def _meant(place: AnyFolder | Place) -> Place:
    """Of a folder with photos its project's."""
    from engine.project.folder import PROJECT_FILE, PROJECT_FOLDER, default_folder
    from engine.remote import RemoteFolder

    if isinstance(place, RemoteFolder):
        return default_folder(place)
    if not isinstance(place, Path):
        return place
    place = place.expanduser().absolute()
    is_project = place.name == PROJECT_FOLDER or (place / PROJECT_FILE).is_file() or not place.is_dir()
    return place if is_project else default_folder(place)
