"""What the second opinion says of the photo that is looked at, while the queue of where it differs is reviewed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Latest
from cdul_gui.session.queues import Queues
from cdul_gui.session.session import Session
from cdul_gui.wording import shown_name
from engine.project.label_state import UNDECIDED
from engine.stages.review.queues import OPINIONS
from engine.stages.review.second_says import second_says

Says = dict[int, tuple[tuple[int, bool], ...]]


class SecondSays(QObject):
    """Looked up in a worker as the queue begins and as scores are read anew; what was answered is left out at once."""

    changed = Signal()

    def __init__(self, session: Session, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._queues = session, queues
        self._says: Says | None = None
        """None while the queue is not on, or nothing is known yet."""
        self._looking = Latest(self)
        queues.changed.connect(self._follow)
        session.snapshot_changed.connect(self._look_up)
        session.current_changed.connect(self.changed)
        session.answers_changed.connect(self.changed)

    def of_current(self) -> tuple[list[str], list[str]] | None:
        """Names of labels it says yes to, and no, where what suggests says the other; None while it is unknown."""
        snapshot, row = self._session.snapshot, self._session.current
        if self._says is None or snapshot is None or row is None:
            return None
        yes: list[str] = []
        no: list[str] = []
        for label, says in self._says.get(int(snapshot.photo_ids[row]), ()):
            if snapshot.has_label(label) and snapshot.known[row, snapshot.column_of(label)] == UNDECIDED:
                (yes if says else no).append(shown_name(snapshot.labels[snapshot.column_of(label)].name))
        return yes, no

    @Slot()
    def _follow(self) -> None:
        if self._queues.name != OPINIONS:
            self._looking.drop()
            self._says = None
        elif self._says is None and not self._looking.busy:
            self._look_up()

    @Slot()
    def _look_up(self) -> None:
        project, snapshot = self._session.project, self._session.snapshot
        if self._queues.name != OPINIONS or project is None or snapshot is None:
            return
        job = self._session.workers.read(lambda: second_says(project, snapshot))
        self._looking.follow(job, self._tell, self._session.failed.emit)

    def _tell(self, says: Says) -> None:
        self._says = says
        self.changed.emit()
