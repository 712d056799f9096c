"""What is drawn over photos beside the snippets, as a person wishes: smooth heatmaps, the boxes of the detector."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Latest
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings

if TYPE_CHECKING:
    from engine.stages.labelling.find_things import SeenThing, ThingFinder


class DrawnOver(QObject):
    """The wishes, which are remembered, and what the detector sees in the current photo while that is wished for."""

    changed = Signal()
    """Something else is to be drawn."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._looking = Latest(self)
        self._opening = Lock()
        self._finder: ThingFinder | None = None
        self._seen_in: tuple[int, int] | None = None
        self._seen: tuple[SeenThing, ...] = ()
        session.opened.connect(self._forget)
        for signal in (session.current_changed, session.snapshot_changed):
            signal.connect(self._look_where_wished)

    @property
    def smooth(self) -> bool:
        """Whether heatmaps are drawn without the steps between snippets."""
        return Settings().heatmap_smooth

    def toggle_smooth(self) -> None:
        """Draw them the other way."""
        Settings().heatmap_smooth = not self.smooth
        self.changed.emit()

    @property
    def with_boxes(self) -> bool:
        """Whether the boxes of the detector are wished for."""
        return Settings().detector_boxes

    def toggle_boxes(self) -> None:
        """Draw them, or no longer."""
        Settings().detector_boxes = not self.with_boxes
        self._look_where_wished()
        self.changed.emit()

    def boxes_of(self, label_id: int) -> list[SeenThing]:
        """Where the detector sees a label in the current photo; nothing before it has looked."""
        return [one for one in self._seen if one.label_id == label_id] if self.with_boxes else []

    def boxes_in_place_of_heat(self, label_id: int) -> list[SeenThing]:
        """The same, wished for or not, where a heatmap says nothing; asks the detector where it was not yet."""
        self._look()
        return [one for one in self._seen if one.label_id == label_id]

    @Slot()
    def _forget(self) -> None:
        self._looking.drop()
        self._seen_in, self._seen = None, ()

    @Slot()
    def _look_where_wished(self) -> None:
        if self.with_boxes:
            self._look()

    def _look(self) -> None:
        session, snapshot, row = self._session, self._session.snapshot, self._session.current
        if session.project is None or snapshot is None or row is None:
            return
        project, path, labels = session.project, snapshot.paths[row], snapshot.labels
        what = (int(snapshot.photo_ids[row]), hash(tuple(label.texts for label in labels)))
        if what == self._seen_in:
            return
        self._seen_in, self._seen = what, ()

        def work() -> tuple[SeenThing, ...]:
            from engine.stages.labelling.find_things import ThingFinder  # opens the libraries of networks

            with self._opening:
                self._finder = self._finder or ThingFinder()
                return self._finder.find(project, path, labels)

        def done(seen: tuple[SeenThing, ...]) -> None:
            self._seen = seen
            self.changed.emit()

        # Of a photo that cannot be read the viewer says so.
        self._looking.follow(session.workers.read(work), done, lambda _failure: None)
