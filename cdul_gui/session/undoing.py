"""Whether there is anything to undo or to do again."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.jobs import Latest
from cdul_gui.session.session import Session
from engine.stages.history.undo_last import is_anything_to_undo_or_redo

_MILLISECONDS = 100
"""Answers in a row are asked about together."""


class Undoing(QObject):
    """Asked of the project after each step. Until it is known, what was just done can be undone: no key is lost."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._asking = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._soon.timeout.connect(self._ask)
        self.can_undo = self.can_redo = True
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._soon.start)
        session.edits.settled.connect(self._soon.start)
        session.edits.doing.connect(self._follow_edit)
        session.edits.undoing.connect(self._follow_undo)

    @Slot()
    def _forget(self) -> None:
        self._asking.drop()
        self._tell(undo=True, redo=True)

    @Slot()
    def _follow_edit(self) -> None:
        self._forget_what_was_asked()
        self._tell(undo=True, redo=self.can_redo)

    @Slot()
    def _follow_undo(self) -> None:
        self._forget_what_was_asked()
        self._tell(undo=self.can_undo, redo=True)

    def _forget_what_was_asked(self) -> None:
        """It may be answered out of the project as it was before; once this step is kept it is asked anew."""
        self._soon.stop()
        self._asking.drop()

    @Slot()
    def _ask(self) -> None:
        project = self._session.project
        if project is None or self._session.edits.waiting:
            return
        job = self._session.workers.read(lambda: is_anything_to_undo_or_redo(project))
        self._asking.follow(job, self._arrive, self._session.failed.emit)

    def _arrive(self, found: tuple[bool, bool]) -> None:
        # What is said meanwhile is asked about once it is kept.
        if not self._session.edits.waiting:
            self._tell(undo=found[0], redo=found[1])

    def _tell(self, *, undo: bool, redo: bool) -> None:
        if (undo, redo) != (self.can_undo, self.can_redo):
            self.can_undo, self.can_redo = undo, redo
            self.changed.emit()
