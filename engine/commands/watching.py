"""`watch`: photos are labelled as they come."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.console import (
    FINISHED_WITH_UNREADABLE,
    AnyFolder,
    AsJson,
    Device,
    Photos,
    ProjectPlace,
    open_project,
    show_progress,
)
from engine.commands.listing import print_photos
from engine.commands.saying import tell
from engine.wording import n_photos

if TYPE_CHECKING:
    from engine.project import Project
    from engine.project.storage.address import Place
    from engine.stages.watching.folder_watch import FolderWatch, Step

_SECONDS_UNTIL_FREE = 2.0
_SECONDS_AT_A_STRETCH = 0.5
"""Waited: Ctrl+C is not heard in the middle of it everywhere."""


def watch(
    photos: Photos,
    once: Annotated[
        bool, typer.Option("--once", help="Label what is there, wait for what is still being copied, and end.")
    ] = False,
    device: Device = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Label photos as they come, until Ctrl+C.

    Photos that come into the folder are labelled as those before them, at first as `cdul label` does, and listed. A
    copy in progress is waited for; while the folder is away, with its disk, nothing changes. Between two looks other
    commands and windows may use the project.
    """
    from engine.models.encoders.catalog import open_encoder
    from engine.project.failures import ProjectError, ProjectInUse
    from engine.stages.watching.folder_watch import SECONDS_BETWEEN_LOOKS, FolderWatch

    watched = FolderWatch(open_encoder=lru_cache(maxsize=1)(open_encoder), at_first=True)
    said = _Said(as_json=as_json)
    unreadable, begun, came = False, False, 0
    with _changes_of(photos) as changed:
        while True:
            again_in = SECONDS_BETWEEN_LOOKS
            try:
                with open_project(photos, project, must_exist=begun) as opened:
                    step = _step(opened, watched, as_json=as_json)
                    if step.away or not once:
                        said.once("away" if step.away else "watching", photos)
                    unreadable |= _print_arrivals(opened, step.came, as_json=as_json)
                    came += len(step.came)
                begun, again_in = True, step.again_in
                if once and not (step.waiting or step.left or step.away):
                    break
            except ProjectInUse:
                if once:
                    raise
                again_in = _SECONDS_UNTIL_FREE
                said.once("in use", photos)
            except ProjectError:
                # With a disk that was taken away the project may have gone.
                if not begun or once or _has_project(photos, project):
                    raise
                said.once("away", photos)
            _wait(changed, again_in)
    if not as_json:
        tell(f"{n_photos(came)} came." if came else "Nothing new came.")
    if unreadable:
        raise typer.Exit(FINISHED_WITH_UNREADABLE)


def _step(opened: Project, watched: FolderWatch, *, as_json: bool) -> Step:
    with show_progress(quiet=as_json) as (progress, cancellation):
        return watched.step(opened, progress, cancellation)


def _print_arrivals(opened: Project, came: Sequence[int], *, as_json: bool) -> bool:
    """List photos, by id, with their labels; returns whether any cannot be read."""
    from engine.stages.teaching.teaching import snapshot_in_force

    if not came:
        return False
    snapshot = snapshot_in_force(opened)
    rows = [snapshot.row_of(photo) for photo in came if snapshot.has(photo)]
    print_photos(snapshot, rows, as_json=as_json)
    sys.stdout.flush()
    return any(snapshot.problems[row] is not None for row in rows)


_SAID = {
    "watching": "Watching {photos}. Ctrl+C ends it.",
    "away": "{photos} is not there. Nothing is changed; the watch goes on once it is back.",
    "in use": "The project of {photos} is open in another window or command; what comes waits until it is closed.",
}


class _Said:
    """How it goes is said once, when it changes."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json, self._last = as_json, ""

    def once(self, what: str, photos: AnyFolder) -> None:
        if what != self._last and not self._as_json:
            tell(_SAID[what].format(photos=photos))
            sys.stdout.flush()
        self._last = what


def _has_project(photos: AnyFolder, project: Place | None) -> bool:
    from engine.project.folder import PROJECT_FILE, can_be_read, default_folder

    place = project or default_folder(photos)
    # Whether one is on a server is known once that is asked.
    return can_be_read(photos) and (not isinstance(place, Path) or (place / PROJECT_FILE).is_file())


@contextmanager
def _changes_of(photos: AnyFolder) -> Iterator[threading.Event]:
    """An event that is set whenever something changes in the folder."""
    from engine.jobs import Cancellation
    from engine.photos.folder_changes import call_on_changes

    changed, ended = threading.Event(), Cancellation()
    if not isinstance(photos, Path):  # a store tells nobody; it is looked into again and again
        yield changed
        return
    listening = threading.Thread(target=call_on_changes, args=(photos, changed.set, ended), daemon=True)
    listening.start()
    try:
        yield changed
    finally:
        ended.cancel()
        listening.join()


def _wait(changed: threading.Event, seconds: float) -> None:
    """Until something changes, or for so long."""
    left = seconds
    while left > 0 and not changed.wait(min(left, _SECONDS_AT_A_STRETCH)):
        left -= _SECONDS_AT_A_STRETCH
    changed.clear()
