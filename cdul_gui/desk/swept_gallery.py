"""Shows in the gallery where the threshold lies, while the photos are sorted by the score of its label."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QAbstractItemView

from cdul_gui.gallery import GalleryView
from cdul_gui.gallery.threshold_line import ThresholdLine, place_of_threshold
from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.order import Grouping
from cdul_gui.session.session import Session
from cdul_gui.session.shown_photos import Sorting
from cdul_gui.wording import as_threshold, shown_name


class SweptGallery(QObject):
    """Keeps the gallery's line at the threshold, also while a person moves it."""

    def __init__(self, session: Session, arrangement: Arrangement, gallery: GalleryView) -> None:
        super().__init__(session)
        self._session, self._arrangement, self._gallery = session, arrangement, gallery
        for signal in (
            session.snapshot_changed,
            session.shown_changed,
            session.label_changed,
            arrangement.changed,
        ):
            signal.connect(self._show_line)

    @Slot(float)
    def follow(self, threshold: float) -> None:
        """The threshold of the label that is looked at is on its way: the photos about it come into sight."""
        self._gallery.threshold_line = line = self._line(threshold)
        if line is not None:
            index = self._gallery.model().index(line.place, 0)
            self._gallery.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    @Slot()
    def _show_line(self) -> None:
        self._gallery.threshold_line = self._line()

    def _line(self, moved_to: float | None = None) -> ThresholdLine | None:
        snapshot, shown_photos = self._session.snapshot, self._arrangement.shown_photos
        swept = (
            self._arrangement.in_force
            and shown_photos.sorting == Sorting.SCORE
            and shown_photos.grouping == Grouping.NONE
        )
        # The label set may have become shorter a moment ago.
        if snapshot is None or not swept or shown_photos.label is None or shown_photos.label >= len(snapshot.labels):
            return None
        threshold = float(snapshot.thresholds[shown_photos.label]) if moved_to is None else moved_to
        shown = self._session.shown
        held = np.isin(shown, self._arrangement.held) if len(self._arrangement.held) else None
        place = place_of_threshold(snapshot.scores[shown, shown_photos.label], threshold, held)
        if place is None:
            return None
        arrow = "↑" if shown_photos.descending else "↓"
        return ThresholdLine(
            place, f"{arrow} {shown_name(snapshot.labels[shown_photos.label].name)} ≥ {as_threshold(threshold)}"
        )
