"""Of which labels the photo is in the queue: where stages differ, what a second opinion says, or which answers are
suspected."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Latest
from cdul_gui.session.queues import Queues
from cdul_gui.session.session import Session
from cdul_gui.wording import shown_name
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.snapshot import Snapshot
from engine.project.stood_by import stand_by
from engine.stages.review.queues import DISAGREE, MISTAKES, OPINIONS
from engine.stages.review.second_says import Says, second_says, stages_differ, suspected_answers

MOST_NAMED = 4
"""Labels on which stages differ: the scores of the photo tell the others."""

_LOOKED_UP = {DISAGREE: stages_differ, OPINIONS: second_says, MISTAKES: suspected_answers}


class SecondSays(QObject):
    """Looked up in a worker as the queue begins and as scores are read anew; what was answered otherwise since is left
    out at once."""

    changed = Signal()

    def __init__(self, session: Session, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._queues = session, queues
        self._queue: str | None = None
        self._says: Says | None = None
        """None while no such queue is on, or nothing is known yet."""
        self._looking = Latest(self)
        queues.changed.connect(self._follow)
        session.snapshot_changed.connect(self._look_up)
        session.current_changed.connect(self.changed)
        session.answers_changed.connect(self.changed)

    def of_current(self) -> tuple[list[str], list[str]] | None:
        """Names of labels that yes is said to, and no; None while it is unknown."""
        snapshot, row = self._session.snapshot, self._session.current
        if self._says is None or snapshot is None or row is None:
            return None
        yes: list[str] = []
        no: list[str] = []
        for label, says in self._open(snapshot, row):
            (yes if says else no).append(shown_name(snapshot.labels[snapshot.column_of(label)].name))
        return yes, no

    def asked(self) -> list[int]:
        """Columns of the labels that the queue asks about on the photo that is looked at; none while unknown."""
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            return []
        columns = [snapshot.column_of(label) for label, _says in self._open(snapshot, row)]
        return columns[:MOST_NAMED] if self._queue == DISAGREE else columns

    def stand_by(self) -> None:
        """Who goes on from a photo with suspected answers stands by those that are as they were."""
        project, snapshot, row = self._session.project, self._session.snapshot, self._session.current
        if self._queue != MISTAKES or project is None or snapshot is None or row is None:
            return
        photo = int(snapshot.photo_ids[row])
        if (stood := [(photo, label, says) for label, says in self._open(snapshot, row)]) and self._session.writable:
            self._session.workers.write(lambda: stand_by(project, stood)).failed.connect(self._session.failed)

    def _open(self, snapshot: Snapshot, row: int) -> list[tuple[int, bool]]:
        """Ids of labels that the queue is still about on a photo, and what is said of them."""
        found = []
        for label, says in (self._says or {}).get(int(snapshot.photo_ids[row]), ()):
            if snapshot.has_label(label):
                column = snapshot.column_of(label)
                suspected = snapshot.answers(column, [row])[0] == (YES if says else NO)
                if suspected if self._queue == MISTAKES else snapshot.known[row, column] == UNDECIDED:
                    found.append((label, says))
        return found

    @Slot()
    def _follow(self) -> None:
        if self._queues.name != self._queue:
            self._looking.drop()
            self._queue, self._says = self._queues.name, None
        if self._says is None and not self._looking.busy:
            self._look_up()

    @Slot()
    def _look_up(self) -> None:
        project, snapshot, look_up = self._session.project, self._session.snapshot, _LOOKED_UP.get(self._queue or "")
        if look_up is None or project is None or snapshot is None:
            return
        job = self._session.workers.read(lambda: look_up(project, snapshot))
        self._looking.follow(job, self._tell, self._session.failed.emit)

    def _tell(self, says: Says) -> None:
        self._says = says
        self.changed.emit()
