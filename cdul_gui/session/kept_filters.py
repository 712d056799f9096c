"""The filters that are kept in the project: those with a name, and those that were used before."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.session import Session
from engine.project import Project
from engine.project.settings import setting

SAVED, PAST = "saved filters", "past filters"
"""Names of the project's settings: a filter's text by its name; texts, the last one first."""

MOST_PAST = 20


class KeptFilters(QObject):
    """Read once with the project; every change is shown at once and written behind."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.saved: dict[str, str] = {}
        self.past: list[str] = []
        session.opened.connect(self._read)

    def save(self, name: str, text: str) -> None:
        """Keep a filter under a name, in place of one that had it."""
        self._keep_saved({**self.saved, name: text})

    def rename(self, old: str, new: str) -> None:
        """Give a saved filter a name that no other has; it stays at its place."""
        self._keep_saved({new if name == old else name: text for name, text in self.saved.items()})

    def delete(self, name: str) -> None:
        """Keep a filter no longer."""
        self._keep_saved({other: text for other, text in self.saved.items() if other != name})

    def put_back(self, name: str, text: str, place: int) -> None:
        """Keep a filter again that was deleted, at its place, unless another has its name by now."""
        if name not in self.saved:
            saved = list(self.saved.items())
            saved.insert(place, (name, text))
            self._keep_saved(dict(saved))

    def remember(self, text: str) -> None:
        """Put a filter first among those that were used before."""
        text = text.strip()
        if text and self.past[:1] != [text]:
            self.past = [text, *(other for other in self.past if other != text)][:MOST_PAST]
            self._session.keep_setting(PAST, self.past)

    def _keep_saved(self, saved: dict[str, str]) -> None:
        self.saved = saved
        self.changed.emit()
        self._session.keep_setting(SAVED, saved)

    @Slot()
    def _read(self) -> None:
        project = self._session.project
        self.saved, self.past = {}, []
        self.changed.emit()
        if project is None:
            return
        job = self._session.workers.read(lambda: (setting(project, SAVED, {}), setting(project, PAST, [])))
        job.finished.connect(lambda kept: self._show(project, *kept))
        job.failed.connect(self._session.failed)

    def _show(self, project: Project, saved: dict[str, str], past: list[str]) -> None:
        if project is self._session.project:
            self.saved, self.past = saved, past
            self.changed.emit()
