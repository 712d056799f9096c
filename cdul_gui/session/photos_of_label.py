"""The photos of one label, best first, and what was shown before once that is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.session.queues import KeptQueue, Queues
from cdul_gui.session.session import Session
from cdul_gui.session.shown_photos import ShownPhotos, Sorting
from cdul_gui.wording import photos_in_words, shown_name
from engine.project.filters.quoting import quoted
from engine.project.label_state import LabelState
from engine.wording import first_of


@dataclass(frozen=True)
class _Before:
    """What was shown: a filter, an order, and perhaps a queue."""

    text: str
    shown_photos: ShownPhotos
    queue: KeptQueue | None


class PhotosOfLabel(QObject):
    """Orders the photos by the score of the label that is looked at; the photo that is looked at stays so where it
    stays in view."""

    left = Signal()
    """What was shown before is asked for again."""
    never_looked_for = Signal(str)
    """No photo has a score of the label that is shown: its name."""

    def __init__(self, session: Session, arrangement: Arrangement, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._arrangement, self._queues = session, arrangement, queues
        self._before: _Before | None = None
        self._text = ""
        """The filter as it was left here; another one is the person's, and stays."""
        session.opened.connect(self._forget)

    @property
    def shown(self) -> bool:
        """Whether the photos are shown in the order that was asked for here."""
        arrangement = self._arrangement
        by_score = arrangement.in_force and arrangement.shown_photos.sorting == Sorting.SCORE
        return self._before is not None and by_score

    def show(self, column: int) -> None:
        """Show the photos by the score of a label, highest first; where nothing is scored, only look at the label."""
        session, arrangement, queues = self._session, self._arrangement, self._queues
        session.look_at_label(column)
        if session.snapshot is None or session.snapshot.stage is None:
            return
        if not self.shown:
            self._before = _Before(arrangement.text, arrangement.shown_photos, queues.set_aside())
        queues.forget()
        self._ask(arrangement.text, ShownPhotos(sorting=Sorting.SCORE, descending=True, label=column), from_first=True)
        # What is under way may look for it.
        if session.writable and session.job is None and np.isnan(session.snapshot.scores[:, column]).all():
            self.never_looked_for.emit(session.snapshot.labels[column].name)

    def show_alone(self, column: int) -> None:
        """Show the photos that have the label, confirmed or likely, and no others."""
        if self._session.snapshot is None:
            return
        self.show(column)
        self._text = f"label:{quoted(self._session.snapshot.labels[column].name)}"
        self._arrangement.filter_by(self._text)

    @Slot(object)
    def tell_of_found(self, columns: list[int]) -> None:
        """Say on how many photos labels are that were looked for, with a way to them."""
        snapshot = self._session.snapshot
        if snapshot is None or not columns:
            return
        states = snapshot.states(columns=columns)
        likely, maybe = ((states == state).any(axis=1) for state in (LabelState.LIKELY, LabelState.MAYBE))
        told = self.tr("{label}: likely on {likely}, and may be on {maybe} more.")
        told = told.replace("{likely}", photos_in_words(int(likely.sum())))
        told = told.replace("{maybe}", f"{int((maybe & ~likely).sum()):,}")
        said = told.replace("{label}", first_of([shown_name(snapshot.labels[column].name) for column in columns]))
        label = snapshot.labels[columns[0]].id
        show = Choice(self.tr("Show these photos"), lambda: self._show_by_id(label))
        found = bool((likely | maybe).any())
        self._session.offered.emit(Offer(said, (show,) if found else (), about="found label"))

    def _show_by_id(self, label: int) -> None:
        snapshot = self._session.snapshot
        if snapshot is not None and snapshot.has_label(label):
            self.show(snapshot.column_of(label))

    def leave(self) -> None:
        """Look at no label, and show what was shown before, or all photos by name where they were by a score."""
        shown, before, self._before = self.shown, self._before, None
        self._session.look_at_label(None)
        now = self._arrangement.shown_photos
        if before is None and self._arrangement.in_force and now.sorting == Sorting.SCORE:
            # The project was opened in this order, which without its label is none.
            self._ask(self._arrangement.text, ShownPhotos(grouping=now.grouping))
        if before is None or not shown:
            return
        by_score = before.shown_photos.sorting == Sorting.SCORE
        text = before.text if self._arrangement.text == self._text else self._arrangement.text
        wanted = ShownPhotos(grouping=before.shown_photos.grouping) if by_score else before.shown_photos
        if before.queue is None or before.queue is not self._queues.aside:  # none was on, or it was left meanwhile
            self._ask(text, wanted)
            self.left.emit()
        else:
            # It has an order of its own, and whatever else is shown beside it ends it.
            self._arrangement.ask_for_later(text, wanted)
            self._queues.come_back(before.queue)

    def _ask(self, text: str, wanted: ShownPhotos, *, from_first: bool = False) -> None:
        self._text = text
        self._arrangement.ask(
            text,
            sorting=wanted.sorting,
            descending=wanted.descending,
            label=wanted.label,
            grouping=wanted.grouping,
            from_first=from_first,
        )

    @Slot()
    def _forget(self) -> None:
        self._before = None
