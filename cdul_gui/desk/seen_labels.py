"""Nothing answers a label that is not on the screen: the first key shows the label, and the next one answers."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from cdul_gui.desk.docks import bring_forward, dock_of
from cdul_gui.desk.pages import Pages
from cdul_gui.look.keyboard import give_keyboard
from cdul_gui.panels.photo.panel import Inspector
from cdul_gui.session.activities import Activities
from cdul_gui.session.labels_of_photo import PhotoLabel
from cdul_gui.session.snapshot_reading import Rows


class SeenLabels(QObject):
    """Knows where a photo's labels can be read, and shows them; the digits answer only for those that can."""

    def __init__(self, activities: Activities, pages: Pages, inspector: Inspector) -> None:
        super().__init__(activities)
        self._session, self._review, self._labels = activities.session, activities.review, activities.labels_of_photo
        self._queues, self._pages, self._inspector = activities.queues, pages, inspector
        self._review.are_seen = self._are_seen
        self._review.are_in_view = lambda rows: pages.shows_gallery and pages.gallery.shows_photos(rows)
        self._review.is_shown = self._is_shown
        self._review.unseen.connect(self._show_labels_of)

    def confirm_by_digit(self, digit: str) -> None:
        """Confirm the label of the photo that has a digit, or take that back."""
        if (label := self._label_in_view(digit)) is not None:
            self._review.toggle(label.column)

    def reject_by_digit(self, digit: str) -> None:
        """Reject the label of the photo that has a digit, or take that back."""
        if (label := self._label_in_view(digit)) is not None:
            self._review.toggle_rejected(label.column)

    def say_that_no_label_has(self, digit: str) -> None:
        """Say why a digit answered nothing; where its label stands folded, that is what it unfolds."""
        if not self._inspector.isVisible():
            self._show_labels()
        elif self._labels.folded and not self._session.unfolded:
            self._session.toggle_unfolded()
            self._session.said.emit(self.tr("Here is what may be there as well, each with its digit."))
        else:
            self._session.said.emit(self.tr("No label of this photo has the key {digit}.").format(digit=digit))

    def _label_in_view(self, digit: str) -> PhotoLabel | None:
        """The label that a digit answers for; one that is not in view is brought there first."""
        if not self._inspector.isVisible():
            self._show_labels()
            return None
        label = self._labels.with_digit(digit)
        if label is None or self._inspector.shows_chip(label.column):
            return label
        self._session.said.emit(self.tr("Here is {label}: once more answers for it.").replace("{label}", label.name))
        return None

    def _are_seen(self, rows: Rows) -> bool:
        """Whether what is confirmed or likely on these photos can be read: beside the photo, or on the tiles."""
        pages, gallery = self._pages, self._pages.gallery
        if self._inspector.isVisible() and rows.tolist() == [self._session.current]:
            return not (pages.shows_gallery and gallery.current_is_out_of_view)
        return pages.shows_gallery and gallery.shows_labels_of(rows)

    def _is_shown(self, column: int) -> bool:
        snapshot, of_queue = self._session.snapshot, self._queues.label
        asked = snapshot is not None and of_queue is not None and snapshot.labels[column].id == of_queue.id
        return asked or any(label.column == column for label in self._labels.labels)

    def _show_labels_of(self, row: int) -> None:
        self._session.look_at(row)
        self._pages.gallery.show_current()
        if self._inspector.isVisible():
            self._session.said.emit(self.tr("Here is the photo: nothing was answered while it was out of view."))
        else:
            self._show_labels()

    def _show_labels(self) -> None:
        focus = QApplication.focusWidget()
        bring_forward(dock_of(self._inspector))
        give_keyboard(self._pages if focus is None else focus)
        self._session.said.emit(self.tr("Here are the labels of the photo, each with its digit."))
