"""The order in which the labels are listed, which is kept in the project."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.session import Session
from engine.project import Project
from engine.project.settings import setting

LABEL_ORDER = "order of the labels"
"""Name of the project's setting."""


class LabelOrder(StrEnum):
    """What the list of labels begins with."""

    IN_USE = "in use"
    """Labels that are on any photo, confirmed or likely; else as in the label set."""
    LABEL_SET = "label set"
    PHOTOS = "photos"
    """Labels that are on most photos."""
    NAME = "name"


class KeptLabelOrder(QObject):
    """Read once with the project; what is chosen is written behind."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.order = LabelOrder.IN_USE
        session.opened.connect(self._read)

    def choose(self, order: LabelOrder) -> None:
        """List them so from now on."""
        self._show(order)
        self._session.keep_setting(LABEL_ORDER, str(order))

    def _show(self, order: LabelOrder) -> None:
        self.order = order
        # Also where it is the same: by now it may be another one of the labels.
        self.changed.emit()

    @Slot()
    def _read(self) -> None:
        project = self._session.project
        self.order = LabelOrder.IN_USE
        if project is None:
            return
        job = self._session.workers.read(lambda: setting(project, LABEL_ORDER, str(LabelOrder.IN_USE)))
        job.finished.connect(lambda kept: self._restore(project, kept))
        job.failed.connect(self._session.failed)

    def _restore(self, project: Project, kept: object) -> None:
        # A newer version of the program may know another one.
        if project is self._session.project and kept in set(LabelOrder) - {self.order}:
            self._show(LabelOrder(str(kept)))
