"""A folder that is watched: what comes is added and labelled, what is on its way is waited for.

Nothing here waits or sleeps: whoever watches takes a step whenever something rings, and when the step before says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.catalog import open_encoder as open_by_name
from engine.models.encoders.encoder import Encoder
from engine.photos.arrivals import SECONDS_TO_SETTLE, Arrivals, KnownFile, can_be_decoded
from engine.photos.find import PhotoFile
from engine.project import Project
from engine.project.failures import ProjectError
from engine.project.folder import can_be_read
from engine.project.photos import FolderChange, last_photo, photo_files, photos_after, photos_never_read
from engine.project.runs import forget_run, runs
from engine.stages.labelling.add_photos import list_folder, take_files
from engine.stages.rules.describe_files import describe_files_for_rules
from engine.stages.watching.label_arrivals import label_arrivals

SECONDS_BETWEEN_LOOKS = 30.0
"""Though nothing rings: not every disk tells of what comes."""

_LOOKS_SELDOM = 50
"""Times as long as a look takes it rests: a folder of a hundred thousand photos is looked at less often."""
_LABELS_SELDOM = 1
"""Likewise of labelling, which counts all photos together each time."""
_LONGEST = 30.0
"""Seconds that photos which are there wait for others that are still coming."""


class _Away(Exception):
    """The folder, or all that was in it, is not there: a disk was taken away."""


@dataclass(frozen=True)
class Step:
    """What one step did.

    `change`: of the folder, None where nothing changed. `came`: ids of photos that were labelled for the first time, or
    for which nothing suggests labels; `run`: what labelled, None where nothing did. `away`: the folder is not there,
    and all stays as it is. `waiting`: files that are still coming, or going. `again_in`: seconds
    until the next step, if nothing rings before. `left`: photos that came and have no labels yet.
    """

    change: FolderChange | None = None
    came: tuple[int, ...] = ()
    run: int | None = None
    away: bool = False
    waiting: int = 0
    left: bool = False
    again_in: float = SECONDS_BETWEEN_LOOKS


class FolderWatch:
    """What is known of a watched folder from one step to the next; at most one step at a time."""

    def __init__(
        self,
        *,
        open_encoder: Callable[[str], Encoder] = open_by_name,
        at_first: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`at_first`: see `label_arrivals`. `clock` tells seconds."""
        self._open_encoder, self._at_first, self._clock = open_encoder, at_first, clock
        self._arrivals = Arrivals()
        self._files: Sequence[PhotoFile] | None = None
        """Those of the last look that changed nothing any more."""
        self._since: float | None = None
        """When the first of those photos came that have no labels yet."""
        self._last: int | None = None
        """The last photo that is labelled, or was there before."""
        self._not_before = 0.0
        """Labelled again."""
        self._run: int | None = None
        """That this watch made last."""

    def step(
        self,
        project: Project,
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
        *,
        on_scores: Callable[[], object] = lambda: None,
    ) -> Step:
        """Look at the folder, add what has come, and label it once nothing more is on its way.

        Raises:
            UserError: what came cannot be labelled; it is added, and tried again when more comes.
            Cancelled: what was committed stays, and the next step goes on.
        """
        began = self._clock()
        try:
            change = self._look(project, progress, cancellation)
            took = self._clock() - began
            came, run = self._label(project, progress, cancellation, on_scores) if self._is_time() else ((), None)
        except _Away:
            return self._away()
        except ProjectError:
            if _is_there(project):
                raise
            return self._away()
        return Step(change, came, run, False, self._arrivals.waiting, self._since is not None, self._again_in(took))

    def _away(self) -> Step:
        # A copy that the folder went amid is waited for anew once it is back.
        self._arrivals.begin_again()
        self._files = None
        return Step(away=True, left=self._since is not None)

    def _look(self, project: Project, progress: Progress, cancellation: Cancellation) -> FolderChange | None:
        now = self._clock()
        if not _is_there(project):
            raise _Away
        files, _unlisted = list_folder(project, progress, cancellation)
        if files == self._files and not self._arrivals.waiting:
            return None
        known = {path: KnownFile((size, at), there) for path, size, at, there in photo_files(project)}
        # A disk that goes while it is listed shows a part; the place of one that is gone is an empty folder.
        if not _is_there(project) or (not files and any(one.is_there for one in known.values())):
            raise _Away
        if self._last is None:
            self._last = last_photo(project)
            if photos_never_read(project):  # of a watch, or a labelling, that ended before
                self._since = now
        self._files = None

        def is_whole(path: str) -> bool:
            cancellation.check()
            return can_be_decoded(project.file_of(path))

        change = take_files(project, self._arrivals.settled(files, known, now, is_whole), cancellation)
        self._files = files
        if (change.added or change.changed) and self._since is None:
            self._since = now
        return change if change.added or change.changed or change.moved or change.gone else None

    def _is_time(self) -> bool:
        """Whether to label what came: nothing more is on its way, or it is for long already."""
        now = self._clock()
        if self._since is None or now < self._not_before:
            return False
        return not self._arrivals.waiting or now - self._since >= _LONGEST

    def _label(
        self, project: Project, progress: Progress, cancellation: Cancellation, on_scores: Callable[[], object]
    ) -> tuple[tuple[int, ...], int | None]:
        began = self._clock()
        try:
            run = label_arrivals(
                project,
                progress,
                cancellation,
                open_encoder=self._open_encoder,
                on_scores=on_scores,
                at_first=self._at_first,
            )
        except ProjectError:
            raise  # a disk that was taken away comes back
        except UserError:
            self._since = None
            raise
        describe_files_for_rules(project, progress, cancellation)
        self._since = None
        self._not_before = self._clock() + _LABELS_SELDOM * (self._clock() - began)
        self._keep_one_run(project, run)
        came = tuple(photos_after(project, self._last or 0))
        self._last = max((self._last or 0, *came))
        return came, run

    def _keep_one_run(self, project: Project, run: int | None) -> None:
        """Have the history hold this watch's last run, not one for every few photos, if nothing came between."""
        if run is not None and run != self._run:
            of_stage = [one for one in runs(project) if one.withdrawn_at is None]
            if [one.id for one in of_stage[:2]] == [run, self._run] and of_stage[0].basis == of_stage[1].basis:
                forget_run(project, of_stage[1].id)
            self._run = run

    def _again_in(self, took: float) -> float:
        if self._arrivals.waiting:
            return SECONDS_TO_SETTLE
        if self._since is not None:
            return max(SECONDS_TO_SETTLE, self._not_before - self._clock())
        return max(SECONDS_BETWEEN_LOOKS, _LOOKS_SELDOM * took)


def _is_there(project: Project) -> bool:
    try:
        return can_be_read(project.photos)
    except ProjectError:  # there, but not to be looked into
        return False
