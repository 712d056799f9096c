"""The dock of the people who review: who one is, and how far those who reviewed agree."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cdul_gui.look.controls import OneLine, muted
from cdul_gui.panels.people.agreement_table import AgreementTable
from cdul_gui.session.people import People, settlement_in_words
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words


class PeoplePanel(QWidget):
    """Compares while it is visible."""

    name_wanted = Signal()
    settlement_wanted = Signal()
    photos_wanted = Signal()

    def __init__(self, session: Session, people: People) -> None:
        super().__init__()
        self._session, self._people = session, people
        self.who = QPushButton()
        self.who.setToolTip(self.tr("Say who reviews: answers are kept under this name"))
        self.of = QComboBox()
        self.of.setAccessibleName(self.tr("Whose agreement"))
        self.of.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.summary = OneLine(QPalette.ColorRole.PlaceholderText)
        self.empty = muted(wraps=True)
        """Why there is nothing to compare."""
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table = AgreementTable()
        self.show_photos = QPushButton(self.tr("Show the photos they disagree on"))
        self.rule = QPushButton()
        self.rule.setToolTip(self.tr("Say which answer is in force where people differ"))
        self.take = QPushButton(self.tr("Give me photos…"))
        self.take.setToolTip(self.tr("Take photos to review that nobody else is given meanwhile"))
        self.give_back = QPushButton(self.tr("Give back"))
        self.give_back.setToolTip(self.tr("Let others have the photos that you took and did not review"))
        self.in_hand = OneLine(QPalette.ColorRole.PlaceholderText)
        for control in (self.who, self.rule, self.of, self.show_photos, self.take, self.give_back):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.who)
        top.addWidget(self.rule)
        top.addWidget(self.of)
        top.addWidget(self.summary, 1)
        top.addWidget(self.show_photos)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.table, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.take)
        bottom.addWidget(self.give_back)
        bottom.addWidget(self.in_hand, 1)
        layout.addLayout(bottom)

        self.who.clicked.connect(self.name_wanted)
        self.rule.clicked.connect(self.settlement_wanted)
        self.take.clicked.connect(self.photos_wanted)
        self.give_back.clicked.connect(people.give_back)
        self.of.activated.connect(self._show_figures)
        self.table.opened.connect(self._show_disagreed)
        self.table.chosen.connect(self._enable)
        self.show_photos.clicked.connect(self._show_chosen)
        people.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(700, 240)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._people.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._people.watch(False)

    @Slot()
    def _show(self) -> None:
        people = self._people
        found = people.agreement
        self.rule.setText(self.tr("In force: {rule}").format(rule=settlement_in_words(people.rule)))
        for button in (self.rule, self.take, self.give_back):
            button.setEnabled(self._session.writable)
        self.give_back.setEnabled(self._session.writable and people.has_photos)
        lines = [
            self.tr("{name}: {done} of {total} done").format(
                name=one.person, done=f"{one.done:,}", total=f"{one.done + one.left:,}"
            )
            for one in people.in_hand
        ]
        self.in_hand.setText("  ·  ".join(lines))
        self.who.setText(self.tr("Reviewing as {name}…").format(name=self._people.name))
        names = [] if found is None else [self.tr("Everybody"), *map(" – ".join, found.pairs)]
        if names != [self.of.itemText(place) for place in range(self.of.count())]:
            self.of.clear()
            self.of.addItems(names)
        self.of.setVisible(len(names) > 2)
        self.empty.setText(self._people.problem)
        reviewed = [] if found is None else found.people
        self.summary.setText(
            "  ·  ".join(
                self.tr("{name}: {photos}").format(name=name, photos=photos_in_words(count)) for name, count in reviewed
            )
        )
        self.empty.setVisible(found is None)
        for widget in (self.table, self.show_photos):
            widget.setVisible(found is not None)
        self._show_figures()

    @property
    def _pair(self) -> int | None:
        found, place = self._people.agreement, self.of.currentIndex()
        if found is not None and len(found.pairs) == 1:
            return 0
        return place - 1 if place > 0 else None

    @Slot()
    def _show_figures(self) -> None:
        self.table.show_agreement(self._people.agreement, self._pair)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        row = self.table.row() or next(iter(self.table.labels.things), None)
        self.show_photos.setEnabled(row is not None and row.agreed.differ > 0)

    @Slot()
    def _show_chosen(self) -> None:
        row = self.table.row()
        self._show_disagreed(None if row is None else row.label_id)

    @Slot(object)
    def _show_disagreed(self, label_id: int | None) -> None:
        snapshot = self._session.snapshot
        if snapshot is None:
            return
        ids = [label.id for label in snapshot.labels]
        if label_id is None or label_id in ids:
            self._people.show_disagreed(None if label_id is None else ids.index(label_id), self._pair)
