"""A slim bar above the photos while a queue is reviewed: how many are left, how fast it goes, how good it was."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout

from cdul_gui.look.controls import OneLine, cut, muted
from cdul_gui.look.flow import FlowArea
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.queues import Queues
from cdul_gui.session.second_says import MOST_NAMED, SecondSays
from cdul_gui.wording import as_interval, shown_name
from engine.project.labels import LabelRow
from engine.stages.review.queues import (
    AUDIT,
    DISAGREE,
    DOUBTFUL,
    MISTAKES,
    NEW,
    OPINIONS,
    PEOPLE_DISAGREE,
    TAKEN,
    UNSURE,
    SuggestionsRight,
)

_LEAST_TOLD = 1.5
"""Photos a minute; who has just begun, or was away, is told nothing."""

_MOST_OF_TITLE = 260
"""Pixels."""


class QueueBar(QFrame):
    """Hidden while no queue is on."""

    def __init__(self, queues: Queues, keys: KeyNames, second_says: SecondSays) -> None:
        super().__init__()
        self._queues, self._keys, self._second_says = queues, keys, second_says
        self._titles = {
            UNSURE: self.tr("Undecided"),
            DOUBTFUL: self.tr("Most doubtful"),
            DISAGREE: self.tr("Stages disagree"),
            OPINIONS: self.tr("The second opinion disagrees"),
            MISTAKES: self.tr("Suspected mistakes"),
            AUDIT: self.tr("Random audit"),
            NEW: self.tr("New photos"),
            PEOPLE_DISAGREE: self.tr("People disagree"),
            TAKEN: self.tr("Your photos"),
        }
        self.title = QLabel()
        bold = QFont(self.title.font())
        bold.setBold(True)
        self.title.setFont(bold)
        self.left = QLabel()
        self.rate = muted()
        self.right = QToolButton()
        self.right.setAutoRaise(True)
        self.by_label = QMenu(self)
        self.unlike = QCheckBox(self.tr("Skip look-alikes"))
        self.unlike.setToolTip(
            self.tr("Take unlike ones of the most urgent photos, and few that look the same; begins anew")
        )
        self.go_on = QToolButton()
        self.go_on.setText(self.tr("Go on"))
        self.go_on.setToolTip(self.tr("Go on with the queue where you left it"))
        self.leave = QToolButton()
        self.leave.setText(self.tr("Leave"))
        self.leave.setToolTip(self.tr("Leave the queue and show what was shown before"))
        keys.name_in(self.unlike.toolTip(), "queue-unlike", self.unlike.setToolTip)
        keys.name_in(self.leave.toolTip(), "queue-leave", self.leave.setToolTip)
        for control in (self.right, self.unlike, self.go_on, self.leave):
            # Reached by Tab, but a click leaves the keyboard with the photos.
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)

        self.second = OneLine()
        """Where stages differ, what the second opinion says, or which answers are suspected; a line of its own, so
        that no photo moves as it gets longer."""
        layout = QHBoxLayout()
        layout.setSpacing(14)
        # In two lines where it is narrow: docks that make room once do not grow again by themselves.
        self._told = FlowArea(spacing=14)
        for widget in (self.title, self.left, self.rate, self.right, self.unlike):
            widget.setMinimumHeight(self.leave.sizeHint().height())
            self._told.flow.addWidget(widget)
        layout.addWidget(self._told, 1)
        for button in (self.go_on, self.leave):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(12, 5, 8, 5)
        lines.setSpacing(3)
        lines.addLayout(layout)
        lines.addWidget(self.second)

        self.right.clicked.connect(self.show_by_label)
        self.unlike.clicked.connect(queues.toggle_unlike)
        self.go_on.clicked.connect(queues.wanted_back)
        self.leave.clicked.connect(queues.leave)
        queues.changed.connect(self._show)
        second_says.changed.connect(self._show_second)
        self._show()

    def show_by_label(self) -> None:
        """List how good each label's suggestions proved."""
        self.by_label.clear()
        for one in self._answered_labels():
            self.by_label.addAction(f"{one.label.replace('&', '&&')}\t{_share(one)}")
        if not self.by_label.isEmpty():
            self.by_label.popup(self.right.mapToGlobal(self.right.rect().bottomLeft()))

    @Slot()
    def _show(self) -> None:
        queues = self._queues
        # As high as it was while it waits, though there is less to say.
        waits = queues.name is None and queues.aside is not None and self.isVisible()
        self.setMinimumHeight(max(self.minimumHeight(), self.height()) if waits else 0)
        self.setVisible(queues.name is not None or queues.aside is not None)
        for widget in (self.rate, self.right, self.unlike):
            widget.setVisible(queues.name is not None)
        self.go_on.setVisible(queues.name is None)
        if queues.name is None:
            self._show_aside()
            return
        self._show_title(queues.name, queues.label, a_stretch=queues.is_a_stretch)
        self.unlike.setChecked(queues.unlike)
        text = self.tr("{left} of {total} left")
        if not queues.left:
            text = self._keys.after(self.tr("All {total} done; go on"), "accept")
        self.left.setToolTip(
            self.tr("Answers teach: photos that are clear by now leave the queue, and others join it")
            if queues.left and queues.grows
            else ""
        )
        done = queues.total - queues.left
        if queues.left and queues.grows:
            # A total that grows while one works looks wrong.
            text = self.tr("{left} left, {done} done") if done else self.tr("{left} left")
        self.left.setText(text.format(left=f"{queues.left:,}", total=f"{queues.total:,}", done=f"{done:,}"))
        rate = queues.rate.per_minute
        told = rate is not None and rate >= _LEAST_TOLD
        self.rate.setVisible(told)
        self.rate.setText(self.tr("{rate} a minute").format(rate=f"{rate:.0f}") if told else "")
        labels = self._answered_labels()
        answered, right = sum(one.answered for one in labels), sum(one.right for one in labels)
        self.right.setEnabled(bool(answered))
        if answered:
            text = self.tr("{right} of {answered} right").format(right=right, answered=answered)
        else:
            text = self.tr("None of these suggestions answered yet")
        self.right.setText(text)
        lines = [f"{one.label}: {_share(one)}" for one in labels]
        self.right.setToolTip(
            "\n".join(
                [
                    self._keys.after(
                        self.tr("Suggestions answered in this queue that were right, by label with the 95 % interval"),
                        "queue-by-label",
                    ),
                    *lines,
                ]
            )
        )
        self._told.fit()
        self._show_second()

    def _show_title(self, name: str, label: LabelRow | None, *, a_stretch: bool) -> None:
        # As the button says that began it.
        title = self.tr("Doubtful") if a_stretch else self._titles[name]
        if label is not None:
            title = f"{title}: {shown_name(label.name)}"
        self.title.setText(cut(self.title, title, _MOST_OF_TITLE))
        self.title.setToolTip(plain_tip(title))

    def _show_aside(self) -> None:
        """The bar stays while one looks at something else, so that nothing moves and the way back is seen."""
        aside = self._queues.aside
        if aside is not None:
            self._show_title(aside.name, aside.label, a_stretch=aside.most is not None)
            self.left.setText(self.tr("waits, {left} left").format(left=f"{len(aside.photos) - len(aside.done):,}"))
            self.second.clear()

    @Slot()
    def _show_second(self) -> None:
        if self._queues.name is None and self._queues.aside is not None:
            return
        told_of = self._queues.name in (DISAGREE, OPINIONS, MISTAKES)
        self.second.setVisible(told_of)
        says = self._second_says.of_current() if told_of else None
        yes, no = says or ([], [])
        told = [self.tr("yes to {labels}").replace("{labels}", ", ".join(yes))] if yes else []
        told += [self.tr("no to {labels}").replace("{labels}", ", ".join(no))] if no else []
        if told and self._queues.name == DISAGREE:
            labels = [*yes, *no]
            text = self.tr("They differ on {labels}")
            if len(labels) > MOST_NAMED:
                text = self.tr("They differ most on {labels}")
            self.second.setText(text.replace("{labels}", ", ".join(labels[:MOST_NAMED])))
        elif told:
            text = self.tr("The second opinion says {answers}")
            if self._queues.name == MISTAKES:
                text = self.tr("Perhaps wrong: {answers}")
            self.second.setText(text.replace("{answers}", "; ".join(told)))
        else:
            self.second.setText(self.tr("All that differed here is answered") if says is not None else "")

    def _answered_labels(self) -> list[SuggestionsRight]:
        progress = self._queues.progress()
        labels = [one for one in progress.labels if one.answered] if progress is not None else []
        # The worst first: there the threshold or the prompts need care.
        return sorted(labels, key=lambda one: (one.right / one.answered, -one.answered))


def _share(one: SuggestionsRight) -> str:
    return f"{one.right}/{one.answered}  ·  {as_interval(one.share)}"
