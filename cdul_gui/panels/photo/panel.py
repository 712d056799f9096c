"""The current photo: a preview with the heatmap, its labels, and its scores by stage."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cdul_gui.look.controls import OneLine, heading, muted, plain
from cdul_gui.look.flow import Bounded
from cdul_gui.look.once_a_turn import OnceATurn
from cdul_gui.look.steady import Steady
from cdul_gui.look.tips import plain_tip
from cdul_gui.panels.photo.add_label import AddLabel
from cdul_gui.panels.photo.chips_of_photo import ChipsOfPhoto
from cdul_gui.panels.photo.score_table import ScoreTable
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.drawn_over import DrawnOver
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.labels_of_photo import LabelsOfPhoto
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.viewer.heatmap_strip import HeatmapStrip
from cdul_gui.viewer.photo_canvas import PhotoCanvas
from cdul_gui.wording import translated

_MOST_CHIPS_HEIGHT = 170
"""Pixels, some five lines: dozens of labels that may be there leave the rest of the dock its room."""

_LEAST_CHIPS_HEIGHT = 56
"""Two lines."""

_LEAST_PREVIEW = 72


class Inspector(QWidget):
    """What is known of the current photo, and what can be said of it and of the others that are selected."""

    def __init__(
        self,
        session: Session,
        photo: CurrentPhoto,
        drawn_over: DrawnOver,
        review: Review,
        labels: LabelsOfPhoto,
        keys: KeyNames,
    ) -> None:
        super().__init__()
        self._session, self._photo = session, photo
        self.canvas = PhotoCanvas(session, photo, drawn_over)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strip = HeatmapStrip(session, self.canvas)
        self._preview = QWidget()
        preview = QVBoxLayout(self._preview)
        preview.setContentsMargins(0, 0, 0, 0)
        preview.setSpacing(0)
        preview.addWidget(self.canvas, 1)
        preview.addWidget(self.strip)
        self._labels_of = OneLine(QPalette.ColorRole.PlaceholderText, Qt.TextElideMode.ElideMiddle)
        like = heading("")
        self._labels_of.setFont(like.font())
        self._labels_of.setContentsMargins(like.contentsMargins())
        self._reviewed_room = Steady(plain(), asks=True)
        self._selected = muted(wraps=True)
        self.chips = ChipsOfPhoto(session, review, labels, keys)
        self._chips_room = Bounded(self.chips, _MOST_CHIPS_HEIGHT)
        self.no_labels = muted(wraps=True)
        self.add_label = AddLabel(session, review)
        self._scores_heading = heading(self.tr("Scores"))
        self.scores = ScoreTable(session, photo, labels)

        title = QHBoxLayout()
        title.addWidget(Steady(self._labels_of, asks=False), 1)
        title.addWidget(self._reviewed_room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(7)
        layout.addWidget(self._preview)
        layout.addSpacing(2)
        layout.addLayout(title)
        for widget in (self._selected, self.no_labels, self._chips_room, self.add_label):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(self._scores_heading)
        layout.addWidget(self.scores, 100)
        layout.addStretch(1)

        # A key that answers and goes on changes most of these.
        self._soon = OnceATurn(self._show_state, self)
        for signal in (
            session.snapshot_changed,
            session.current_changed,
            session.selection_changed,
            session.answers_changed,
            session.job_changed,
            labels.changed,
        ):
            signal.connect(self._soon.ask)
        self._scrolled_for: int | None = None
        """The photo whose chips are scrolled."""
        session.current_changed.connect(self._scroll_up)
        self._show_state()

    @Slot()
    def _scroll_up(self) -> None:
        before, self._scrolled_for = self._scrolled_for, self._session.photo_id
        if before != self._scrolled_for:
            self._chips_room.verticalScrollBar().setValue(0)

    def shows_chip(self, column: int) -> bool:
        """Whether the chip of a label is in view; where it was scrolled away it is from now on."""
        chip = next((one for one in self.chips.chips() if one.column == column), None)
        if chip is None:
            return False
        seen = chip.visibleRegion().boundingRect().height()
        if seen >= min(chip.height(), self._chips_room.viewport().height()):
            return True
        self._chips_room.ensureWidgetVisible(chip)
        return False

    def set_preview(self, on: bool) -> None:
        """Show the preview, or leave it out while the photo is shown large."""
        self._preview.setVisible(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        # As high as most photos need at this width, and never more than the labels below can spare.
        wanted = min(self.width() * 3 // 4, self.height() * 2 // 5)
        spare = self._left_for_chips(wanted)
        if spare < _LEAST_CHIPS_HEIGHT:
            self._left_for_chips(wanted - _LEAST_CHIPS_HEIGHT + spare)
        self._chips_room.bound(max(_LEAST_CHIPS_HEIGHT, min(_MOST_CHIPS_HEIGHT, spare)))

    def _left_for_chips(self, preview: int) -> int:
        """What a preview of this height, or of the least, leaves the chips of the dock's height."""
        self.canvas.setFixedHeight(max(_LEAST_PREVIEW, preview))
        layout, inner = self.layout(), self._preview.layout()
        assert layout is not None
        assert inner is not None
        inner.activate()  # the layout around it knows of the new height only then
        all_of_it = max(layout.totalMinimumSize().height(), layout.totalMinimumHeightForWidth(self.width()))
        return self.height() - all_of_it + self._chips_room.minimumHeight()

    def _show_state(self) -> None:
        self._tell_state()
        self._share_room()

    def _tell_state(self) -> None:
        snapshot, row = self._session.snapshot, self._session.current
        there = snapshot is not None and row is not None
        scored = snapshot is not None and snapshot.stage is not None
        self._scores_heading.setVisible(scored)
        self.scores.setVisible(scored)
        self.add_label.setEnabled(self._session.writable and there)
        if snapshot is None or row is None:
            self._labels_of.setText(self.tr("Labels"))
            self._reviewed_room.show_text("")
            self._selected.hide()
            self._show_no_labels(self.tr("Choose a photo to see its labels."))
            return
        name = snapshot.paths[row].rsplit("/", 1)[-1]
        self._labels_of.setText(name)
        self._labels_of.setToolTip(plain_tip(snapshot.paths[row]))
        self._reviewed_room.show_text(self.tr("✓ reviewed") if snapshot.reviewed[row] else "")
        selected = len(self._session.selection)
        self._selected.setVisible(selected > 1)
        if selected > 1:
            self._selected.setText(
                self.tr("What you say here goes for all {count} selected photos.").format(count=f"{selected:,}")
            )
        problem, labelled = snapshot.problems[row], snapshot.has_scores(row)
        if problem is not None:
            self._show_no_labels(self.tr("This photo cannot be read. {problem}").format(problem=translated(problem)))
        elif self.chips.chips() or self.chips.fold is not None:
            self.no_labels.hide()
        elif not labelled and self._session.job is not None:
            self._show_no_labels(self.tr("Labels appear here once the photo is labelled."))
        elif not labelled:
            self._show_no_labels(self.tr("No labels yet: press Label, or add some here."))
        else:
            self._show_no_labels(self.tr("No label is likely on this photo. Add some here."))

    def _show_no_labels(self, text: str) -> None:
        self.no_labels.setText(text)
        self.no_labels.show()
