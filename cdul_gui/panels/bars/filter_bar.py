"""The bar above the gallery: which photos, why these, and in which order."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cdul_gui.look.controls import IconButton, cut, plain, text_button
from cdul_gui.look.tips import plain_tip
from cdul_gui.panels.bars.filter_line import FilterLine
from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.kept_filters import KeptFilters
from cdul_gui.session.order import Grouping
from cdul_gui.session.session import Session
from cdul_gui.session.shown_photos import Sorting
from cdul_gui.wording import language_of_labels, shown_name, translated
from engine.project.filters import Completion, complete, explain

MILLISECONDS_OF_TYPING_ON = 150
"""Until what is typed is taken for a filter, so that `label:dog` does not first look for the word “label”."""

_MOST_OF_NAME = 130
"""Pixels of a label's name on the button; the line beside it is to have its room."""

_LEAST_OF_ORDER, _OF_ALL_ELSE = 110, 360
"""Pixels of the words on the button, and of the line and what else stands beside it."""


class FilterBar(QWidget):
    """Follows the arrangement; below the line stands in words what is shown, or what is wrong with the filter."""

    words_wanted = Signal(str)
    """No filter finds these words: photos that show them should be looked for."""
    words_left = Signal()
    """Something else stands in the line than the words that are looked for."""

    def __init__(self, session: Session, arrangement: Arrangement, kept: KeptFilters) -> None:
        super().__init__()
        self._session, self._arrangement, self._kept = session, arrangement, kept
        self._words = ""
        """Entered, and perhaps no filter."""
        self._looked_for = ""
        """Words in the line that are looked for, and are no filter."""
        self.line = FilterLine()
        self.save_button = IconButton("fa6s.bookmark", self.tr("Save this filter under a name"))
        self.sort_menu, self.group_menu = QMenu(self), QMenu(self)
        self.sort_button = _drop_down(self.sort_menu, self.tr("What the photos are sorted by"))
        self.group_button = _drop_down(self.group_menu, self.tr("What the photos are grouped by"))
        self.explanation = plain(wraps=True)
        self.line.keep_free(self.explanation)
        self.explanation.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.again_button = IconButton(
            "fa6s.arrows-rotate",
            self.tr(
                "Changed since: what is in view stays where it is until you look elsewhere, or until you ask for it "
                "here"
            ),
        )
        # Its room is kept while it is away: a short text leaves what is said of the photos theirs.
        self.again_button.setText(self.tr("Apply again"))
        self.again_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.again_button.clicked.connect(arrangement.apply)

        self.all_button = text_button(
            self.tr("Show all photos"),
            self.tr("Show all photos again and not only some"),
            lambda: arrangement.filter_by(""),
        )
        """The way back from a choice that no other bar has a way back from."""
        self.all_button.hide()
        self.meant_button = text_button(
            "", self.tr("Show the photos that this filter finds"), self._take_what_was_meant
        )
        """The word that is looked for in the photos is nearly one that a filter finds."""

        above, below = QHBoxLayout(), QHBoxLayout()
        above.setSpacing(6)
        above.addWidget(self.line, 1)
        for button in (self.save_button, self.sort_button, self.group_button):
            above.addWidget(button)
        below.setContentsMargins(4, 0, 0, 0)
        below.addWidget(self.explanation, 1)
        below.addWidget(self.meant_button)
        below.addWidget(self.all_button)
        below.addWidget(self.again_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 4)
        layout.setSpacing(3)
        layout.addLayout(above)
        layout.addLayout(below)

        self._typed = QTimer(self, singleShot=True, interval=MILLISECONDS_OF_TYPING_ON)
        self._typed.timeout.connect(self._filter)
        self.line.textEdited.connect(self._typed.start)
        self.line.completions_wanted.connect(self._complete)
        self.line.finished.connect(self._finish)
        self.line.entered_changed.connect(self._tell)
        session.opened.connect(self._typed.stop)
        arrangement.changed.connect(self._show_state)
        session.shown_changed.connect(self._show_state)
        session.opened.connect(self._show_state)
        self._show_state()

    @Slot()
    def _filter(self) -> None:
        self._typed.stop()
        text = self.line.text()
        if self._looked_for and text == self._looked_for:
            return
        if self._looked_for:
            self._looked_for, place = "", self.line.cursorPosition()
            self.words_left.emit()
            # That showed the filter of before, which is none: who types goes on where the cursor was.
            self.line.setText(text)
            self.line.setCursorPosition(place)
        if text != self._arrangement.text:
            self._arrangement.filter_by(text)

    def keep_words(self, words: str) -> None:
        """These words are looked for and stay in the line, until other ones are typed."""
        self._looked_for = words
        self.line.setText(words)

    def keep_words_as_filter(self) -> None:
        """They were looked for in vain: they stay in the line, as before they were."""
        if words := self._looked_for:
            self._looked_for = ""
            self._arrangement.filter_by(words)

    def forget_words(self) -> None:
        """What was looked for was left."""
        if self._looked_for:
            self._looked_for = ""
            self._show_state()

    @Slot()
    def _finish(self) -> None:
        self._filter()
        if self._arrangement.error is None and not self._looked_for:
            self._kept.remember(self._arrangement.text)
            self._words = self._arrangement.words
            self._look_for_words()

    def _meant(self) -> Completion | None:
        """What a single word that is looked for nearly is."""
        snapshot, words = self._session.snapshot, self._looked_for
        if snapshot is None or len(words.split()) != 1:
            return None
        offered = complete(words, len(words), snapshot, language_of_labels())
        return next((one for one in offered if one.meant and not one.asks_for_more), None)

    def _take_what_was_meant(self) -> None:
        if (meant := self._meant()) is not None:
            self.line.setText(meant.text)
            self._finish()

    def _look_for_words(self) -> None:
        """Where words that were entered are neither in a path nor a label, photos may show them."""
        arrangement, words = self._arrangement, self._words
        if words and arrangement.in_force and not arrangement.arranging:
            self._words = ""
            if words == arrangement.text and not len(self._session.shown):
                self.words_wanted.emit(words.strip())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._typed.stop()

    @Slot(bool)
    def _complete(self, asked_for: bool) -> None:
        snapshot, text, cursor = self._session.snapshot, self.line.text(), self.line.cursorPosition()
        typed_on = bool(text[:cursor]) and not text[cursor - 1].isspace()
        if snapshot is None or not (asked_for or typed_on):
            self.line.offer([])
            return
        whole, typed = len(text), text.strip().casefold()
        past = [] if typed else [Completion(used, 0, whole, self.tr("used before")) for used in self._kept.past]
        saved = [
            Completion(kept, 0, whole, self.tr("saved as {name}").replace("{name}", name))
            for name, kept in self._kept.saved.items()
            if typed in name.casefold()
        ]
        self.line.offer([*saved, *past, *complete(text, cursor, snapshot, language_of_labels())])

    @Slot()
    def _show_state(self) -> None:
        arrangement = self._arrangement
        self._look_for_words()
        wanted = self._looked_for or arrangement.text
        if self.line.text() != wanted and not self._typed.isActive():
            self.line.setText(wanted)
        error = arrangement.error
        self.line.mark_wrong(error.position if error is not None else None)
        self._tell()
        self.line.setToolTip(plain_tip(translated(error.sentence) if error is not None else ""))
        self.save_button.setEnabled(self._session.writable and error is None and arrangement.filtered)
        # It comes and goes with answers, and must not move the photos by that; with a queue it never comes.
        policy = self.again_button.sizePolicy()
        policy.setRetainSizeWhenHidden(arrangement.in_force)
        self.again_button.setSizePolicy(policy)
        self.again_button.setVisible(arrangement.stale)
        self._show_order()
        self.group_button.setText(
            {
                Grouping.NONE: self.tr("Group"),
                Grouping.FOLDER: self.tr("Group: folder"),
                Grouping.DAY: self.tr("Group: day"),
            }[arrangement.shown_photos.grouping if arrangement.in_force else Grouping.NONE]
        )

    @Slot()
    def _tell(self) -> None:
        """Below the line: what is shown, or what is wrong, and how the keyboard gets to the photos."""
        arrangement, snapshot = self._arrangement, self._session.snapshot
        error = arrangement.error
        self.explanation.setForegroundRole(
            QPalette.ColorRole.BrightText if error is not None else QPalette.ColorRole.PlaceholderText
        )
        shown, total = len(self._session.shown), len(snapshot) if snapshot is not None else 0
        filtered = translated(explain(arrangement.shown_photos.condition))
        otherwise = self.tr("some of the photos") if shown < total else self.tr("all photos in another order")
        what = filtered if arrangement.in_force else otherwise
        told = self.tr("{what}  ·  {shown} of {total}").format(what=what, shown=f"{shown:,}", total=f"{total:,}")
        if error is not None:
            told = translated(error.sentence)
        elif self.line.entered:
            told = self.tr("{told}  ·  Down leads to the photos").replace("{told}", told)
        self.explanation.setText(told)
        meant = self._meant()
        self.meant_button.setVisible(meant is not None)
        self.meant_button.setText(translated(meant.hint) if meant is not None else "")

    def _show_order(self) -> None:
        # A queue, or what was found, has an order of its own.
        in_order = self.tr("Sort: {order}").format(order=self._order())
        text = in_order if self._arrangement.in_force else self.tr("Sort")
        # Where it is narrow the line in which one types comes first.
        self.sort_button.setText(cut(self.sort_button, text, max(_LEAST_OF_ORDER, self.width() - _OF_ALL_ELSE)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_order()

    def _order(self) -> str:
        shown_photos, snapshot = self._arrangement.shown_photos, self._session.snapshot
        if shown_photos.sorting == Sorting.SCORE:
            # The label set may have become shorter a moment ago.
            if shown_photos.label is None or snapshot is None or shown_photos.label >= len(snapshot.labels):
                return self.tr("score – choose a label")
            order = self.tr("highest {label}") if shown_photos.descending else self.tr("lowest {label}")
            name = shown_name(snapshot.labels[shown_photos.label].name)
            return order.replace("{label}", cut(self.sort_button, name, _MOST_OF_NAME))
        return {
            (Sorting.NAME, False): self.tr("name"),
            (Sorting.NAME, True): self.tr("name, from Z"),
            (Sorting.TAKEN, False): self.tr("oldest first"),
            (Sorting.TAKEN, True): self.tr("newest first"),
            (Sorting.DOUBT, False): self.tr("least doubtful"),
            (Sorting.DOUBT, True): self.tr("most doubtful"),
            (Sorting.DISAGREEMENT, False): self.tr("stages agree"),
            (Sorting.DISAGREEMENT, True): self.tr("stages disagree"),
            (Sorting.REVIEWED, False): self.tr("reviewed first"),
            (Sorting.REVIEWED, True): self.tr("reviewed last"),
        }[shown_photos.sorting, shown_photos.descending]


def _drop_down(menu: QMenu, tip: str) -> QPushButton:
    button = QPushButton()
    button.setMenu(menu)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
