"""How the photos of the open project look, kept between one snapshot and the next so that each comes taught."""

from __future__ import annotations

from threading import Lock

import numpy as np

from engine.project import Project
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.people.several import see_as_reviewer
from engine.stages.teaching.teaching import Looks, Teacher, may_be_taught


class KeptLooks:
    """Of one project. May be asked from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._project: Project | None = None
        self._looks: Looks | None = None
        self._whole = False
        self._taught_by: Looks | None = None
        """By which the snapshot before was taught."""

    def may_be_old(self) -> None:
        """Photos or embeddings may have come: what is missing is to be looked up."""
        with self._lock:
            self._whole = False

    def keep(self, project: Project, looks: Looks, *, whole: bool) -> None:
        """Keep the looks of this project alone; `whole`: none is missing that could be made."""
        with self._lock:
            self._project, self._looks, self._whole = project, looks, whole

    def of(self, project: Project, snapshot: Snapshot, *, whole: bool) -> Looks | None:
        """Those that are known of the very photos of a snapshot."""
        with self._lock:
            if self._project is not project or self._looks is None or (whole and not self._whole):
                return None
            return self._looks if np.array_equal(self._looks.photo_ids, snapshot.photo_ids) else None

    def snapshot_of(self, project: Project, before: Snapshot | None = None) -> Snapshot:
        """Read a project; it is taught as far as it is known without delay how the photos look.

        Args:
            before: what is shown of it: what that was taught and nothing changed is not taught again.
        """
        snapshot = take_snapshot(project)
        see_as_reviewer(project, snapshot)
        if not may_be_taught(project, snapshot):
            return snapshot
        looks = self.of(project, snapshot, whole=False)
        if looks is None:
            looks = Looks.of(project, snapshot.photo_ids, make=False)
            if looks is None:
                return snapshot
            self.keep(project, looks, whole=False)
        with self._lock:
            taught_by, self._taught_by = self._taught_by, looks
        Teacher(project, snapshot, looks).teach_snapshot(snapshot, before if taught_by is looks else None)
        return snapshot
