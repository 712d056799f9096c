"""The threshold of the label that is looked at: its scores, what it accepts, and answers to many photos at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cdul_gui.look.controls import cut, heading, muted, plain, text_button
from cdul_gui.look.flow import FlowArea
from cdul_gui.look.tips import plain_tip
from cdul_gui.panels.thresholds.threshold_words import source_in_words
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.session.sweep import Sweep
from cdul_gui.wording import as_interval, as_score, as_threshold, photos_in_words, shown_name, told_apart
from engine.project.thresholds import ThresholdSource

if TYPE_CHECKING:
    from cdul_gui.panels.thresholds.score_plot import ScorePlot

_MOST_OF_NAME = 200
"""Pixels."""


class SweepPanel(QWidget):
    """Moving the line shows what it would accept; letting go of it keeps the threshold."""

    sort_wanted = Signal()
    """All photos should be shown by the label's score."""
    moved = Signal(float)
    """The threshold's line is on its way, at this score."""

    def __init__(self, session: Session, sweep: Sweep, review: Review, keys: KeyNames) -> None:
        super().__init__()
        self._session, self._sweep, self._keys = session, sweep, keys
        self.title = heading("")
        self.estimate = plain(wraps=True)
        self.estimate.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.source = muted()
        self.empty = muted(wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.automatic = text_button(
            self.tr("Automatic"),
            self.tr("Take a threshold set by hand back: reviewed photos or the scores tell again"),
            sweep.keep_automatic,
        )
        self.sort = text_button(
            self.tr("Sweep"),
            self.tr("Show the photos by this label's score, highest first"),
            self.sort_wanted.emit,
        )
        self.select = text_button(
            self.tr("Select likely"),
            self.tr("Select the photos at or above the line that are not decided"),
            sweep.select_accepted,
        )
        self.accept = text_button(
            self.tr("Confirm selected"),
            self.tr("Confirm the label on all selected photos, as one step of undo"),
            review.confirm_label,
        )
        self.sort_out = text_button("", "", sweep.accept_and_reject_passed_over)
        self.reject = text_button(
            self.tr("Reject selected"),
            self.tr("Reject the label on all selected photos, as one step of undo"),
            review.reject_label,
        )
        for button, command in (
            (self.sort, "sweep"),
            (self.select, "select-suggested"),
            (self.accept, "accept-label"),
            (self.reject, "reject-label"),
        ):
            keys.name_in(button.toolTip(), command, button.setToolTip)
        self._lay_out()
        # Several signals come for one change; the histogram of many photos is made once for all of them.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        sweep.changed.connect(self._show_soon)
        for signal in (session.selection_changed, session.shown_changed, keys.changed):
            signal.connect(self._offer_to_sort_out)
        session.opened.connect(self._show_soon)
        self._show()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.title)
        top.addWidget(self.source)
        top.addStretch(1)
        self.buttons = FlowArea()
        for button in (
            self.automatic,
            self.sort,
            self.select,
            self.accept,
            self.sort_out,
            self.reject,
        ):
            self.buttons.flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.estimate)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.buttons)
        self._layout = layout

    @cached_property
    def plot(self) -> ScorePlot:
        """Made when there is something to draw: what it draws with is loaded then."""
        from cdul_gui.panels.thresholds.score_plot import ScorePlot

        plot = ScorePlot()
        plot.moved.connect(self._show_estimate)
        plot.moved.connect(self.moved)
        plot.released.connect(self._sweep.keep)
        self._layout.insertWidget(self._layout.indexOf(self.empty), plot, 1)
        return plot

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    @Slot()
    def _show_soon(self) -> None:
        if self.isVisible():
            self._soon.start()

    @Slot()
    def _show(self) -> None:
        label, scores = self._sweep.label, self._sweep.scores
        there = label is not None and not bool(np.isnan(scores).all())
        for widget in (self.title, self.source, self.estimate, self.buttons):
            widget.setVisible(there)
        if there or "plot" in vars(self):
            self.plot.setVisible(there)
        self.empty.setVisible(not there)
        if label is None:
            self.empty.setText(self.tr("Choose a label to see its scores and to move its threshold."))
            return
        if not there:
            self.empty.setText(self.tr("{label} has no scores yet. Press Label.").format(label=shown_name(label.name)))
            return
        threshold, source = self._sweep.threshold
        writable = self._session.writable
        name = shown_name(label.name)
        self.title.setText(self.tr("Threshold of {label}").format(label=cut(self.title, name, _MOST_OF_NAME)).upper())
        self.title.setToolTip(plain_tip(name))
        self.plot.setAccessibleName(
            self.tr("Scores of {label}; the left and right arrow move the threshold").format(
                label=shown_name(label.name)
            )
        )
        # A line on its way is not snatched out of somebody's hand.
        if not self.plot.moving:
            self.plot.show_scores(scores, threshold, self._sweep.undecided, self._sweep.maybe_from, movable=writable)
        self.source.setText(source_in_words(source))
        for button in (self.accept, self.reject):
            button.setEnabled(writable)
        self.automatic.setEnabled(writable and source == ThresholdSource.BY_HAND)
        self._offer_to_sort_out()
        self._show_estimate(self.plot.threshold)

    @Slot()
    def _offer_to_sort_out(self) -> None:
        passed_over = len(self._sweep.passed_over())
        self.sort_out.setEnabled(self._session.writable and passed_over > 0)
        self.sort_out.setText(
            self.tr("Accept; {count} above: no").format(count=f"{passed_over:,}")
            if passed_over
            else self.tr("Accept; others above: no")
        )
        tip = self.tr(
            "Confirm the label on the selected photos and reject it on those above the last of them that are not "
            "selected, as one step of undo"
        )
        self.sort_out.setToolTip(self._keys.after(tip, "accept-label-others-no"))

    @Slot(float)
    def _show_estimate(self, threshold: float) -> None:
        estimate = self._sweep.estimate(threshold)
        if estimate is None:
            return
        likely = self._sweep.likely_from(threshold)
        if not likely and not estimate.accepted and (best := self._sweep.best_score()) is not None:
            self._tell(self._told_of_none(threshold, best))
            return
        text = self.tr("likely from {threshold}: {photos}").format(
            threshold=as_threshold(threshold), photos=photos_in_words(likely)
        )
        if answered := estimate.accepted - likely:
            text += self.tr(" and {count} answered").format(count=f"{answered:,}")
        share = self._sweep.share_right(threshold)
        if answered and (share is not None or not likely):
            text += self.tr(", {right} of these yes").format(right=f"{estimate.right:,}")
        if share is not None:
            told = self.tr(" · about {share} of them right, as reviewed photos tell")
            if answered:
                told = self.tr(" · about {share} of the others right, as reviewed photos tell")
            text += told.format(share=as_score(share))
        elif not likely and answered:
            pass  # nothing is left to promise
        elif estimate.precision is not None:
            text += self.tr(" · precision {precision} from {reviewed} reviewed").format(
                precision=as_interval(estimate.precision), reviewed=f"{estimate.answered:,}"
            )
        else:
            text += self.tr(" · precision unknown: none of them is reviewed")
        self._tell(text + self._told_of_maybe(threshold))

    def _told_of_none(self, threshold: float, best: float) -> str:
        """The line is above all scores, as it is where reviewed photos say that none is high enough."""
        text = self.tr("No photo is likely: the highest score is {best}, the line is at {threshold}.")
        if self._session.writable:
            text += " " + self.tr("To make photos likely move the line to the left, or confirm some from the top.")
        told_best, told_threshold = told_apart(best, threshold)
        text = text.format(best=told_best, threshold=told_threshold)
        return text + self._told_of_maybe(threshold)

    def _told_of_maybe(self, threshold: float) -> str:
        maybe = self._sweep.maybe_below(threshold)
        if not maybe:
            return ""
        return self.tr(" · maybe from {threshold}: {count} more").format(
            threshold=as_threshold(self._sweep.maybe_from), count=f"{maybe:,}"
        )

    def _tell(self, text: str) -> None:
        self.estimate.setText(text)
        self.plot.setAccessibleDescription(text)
