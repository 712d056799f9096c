"""The filter, order and groups of the gallery, and the photo that was looked at last, are kept in the project."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.order import Grouping
from cdul_gui.session.session import Session
from cdul_gui.session.shown_photos import Sorting
from engine.project import Project
from engine.project.settings import setting
from engine.project.snapshot import Snapshot

ARRANGEMENT = "arrangement of the gallery"
PHOTO = "photo looked at"
"""Names of the project's settings."""


class KeptArrangement(QObject):
    """Read once with the project; whatever is asked for is written behind, and the photo when the project is left."""

    came_back = Signal()
    """The photo that was looked at last is looked at again, and should be seen among those that are shown."""

    def __init__(self, session: Session, arrangement: Arrangement) -> None:
        super().__init__(session)
        self._session, self._arrangement = session, arrangement
        self._project: Project | None = None
        """Whose arrangement was read."""
        self._comes_back = False
        self._kept: dict[str, Any] = {}
        """What that project holds."""
        session.opened.connect(self._read)
        arrangement.changed.connect(self._keep)
        session.leaving.connect(self._keep_photo)

    @Slot()
    def _read(self) -> None:
        project = self._session.project
        if project is None:
            return
        job = self._session.workers.read(lambda: (setting(project, ARRANGEMENT, {}), setting(project, PHOTO, None)))
        job.finished.connect(lambda kept: self._restore(project, *kept))
        job.failed.connect(self._session.failed)

    def _restore(self, project: Project, kept: dict[str, Any], photo: int | None) -> None:
        session, snapshot = self._session, self._session.snapshot
        if project is not session.project or snapshot is None:
            return
        self._project, self._kept = project, kept
        self._comes_back = session.previous is None and photo is not None and snapshot.has(photo)
        if self._comes_back and photo is not None:
            session.look_at(snapshot.row_of(photo))
            session.previous = None  # nobody looked at the first one
        if not kept:
            self._tell_of_the_photo()
            return
        label_ids = [label.id for label in snapshot.labels]
        label = kept.get("label")
        try:
            sorting, grouping = Sorting(kept.get("sorting", "")), Grouping(kept.get("grouping", ""))
        except ValueError:  # an order that a newer version of the program knows
            sorting, grouping = Sorting.NAME, Grouping.NONE
        column = label_ids.index(label) if label in label_ids else None
        if column is not None and sorting == Sorting.SCORE:
            # The order is that of a label: its heatmap and its chances belong to it.
            self._session.look_at_label(column)
        self._arrangement.ask(
            str(kept.get("filter", "")),
            sorting=sorting,
            descending=bool(kept.get("descending")),
            label=column,
            grouping=grouping,
            from_first=not self._comes_back,
        )

    @Slot()
    def _keep_photo(self) -> None:
        session, snapshot = self._session, self._session.snapshot
        chosen = session.previous is not None or len(session.selection) > 0  # by a person
        if chosen and session.project is self._project and snapshot is not None and session.current is not None:
            session.keep_setting(PHOTO, int(snapshot.photo_ids[session.current]))

    def _tell_of_the_photo(self) -> None:
        if self._comes_back and not self._arrangement.arranging:
            self._comes_back = False
            self.came_back.emit()

    @Slot()
    def _keep(self) -> None:
        self._tell_of_the_photo()
        project, snapshot = self._session.project, self._session.snapshot
        # Nothing is written into a project before it was read what it holds.
        if project is None or project is not self._project or snapshot is None:
            return
        asked = self._asked(snapshot)
        if asked == self._kept:
            return
        self._kept = asked
        self._session.keep_setting(ARRANGEMENT, asked)

    def _asked(self, snapshot: Snapshot) -> dict[str, Any]:
        arrangement, shown_photos = self._arrangement, self._arrangement.shown_photos
        # The label set may have become shorter a moment ago.
        by_label = (
            shown_photos.sorting == Sorting.SCORE
            and shown_photos.label is not None
            and shown_photos.label < len(snapshot.labels)
        )
        return {
            # Half a filter is not worth keeping: then it is the last one that was understood.
            "filter": arrangement.text if arrangement.error is None else str(shown_photos.condition),
            "sorting": str(shown_photos.sorting),
            "descending": shown_photos.descending,
            "label": snapshot.labels[shown_photos.label].id if by_label and shown_photos.label is not None else None,
            "grouping": str(shown_photos.grouping),
        }
