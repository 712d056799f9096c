"""A bar below the photos for what a person must know: what went wrong and what to do, until it was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from cdul_gui.look.appearance import icon
from cdul_gui.panels.bars.bar_frame import BarFrame
from cdul_gui.session.details import report_address
from cdul_gui.session.jobs import Failure
from cdul_gui.session.offers import Choice, Offer, TakeBack
from cdul_gui.session.session import Session
from engine.project.failures import PhotosNotThere


class MessageBar(BarFrame):
    """Shows one message; a newer one takes the place of an older one. Offers may be made beside each other."""

    left = Signal()
    """What had the keyboard here goes away: it should go back to the photos."""
    details_wanted = Signal(str)
    """Where something went wrong should be copied, with what else a report should contain."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._details = ""
        self._take_back: Callable[[], object] | None = None
        self._told = ""
        """What can be taken back."""
        self._done_since = 0
        """Edits since the message was shown, less those that were undone."""
        self._is_loss = self._misses_photos = False
        self._offers: list[Offer] = []
        """What is shown, if it is an offer, and what is offered beside it."""
        self._waiting: list[Offer] = []
        self.choices: list[QPushButton] = []
        """Of the offer that is shown, the one that most people want first."""
        self.mark = QLabel()
        self.details = QPushButton(self.tr("Details…"))
        self.details.clicked.connect(self.show_details)
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.clicked.connect(self._undo)
        self.close_button.clicked.connect(self._close)
        for button in (self.details, self.undo):
            # A click leaves the keyboard with the photos.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.controls.flow.addWidget(button)
        self.row.insertWidget(0, self.mark)
        session.failed.connect(self.show_failure)
        session.noticed.connect(self.show_note)
        session.undoable.connect(self.show_undoable)
        session.edits.doing.connect(self._follow_edit)
        session.edits.undoing.connect(self._follow_undo)
        session.offered.connect(self.show_offer)
        session.opened.connect(self._forget)
        self.hide()

    @Slot(Failure)
    def show_failure(self, failure: Failure) -> None:
        """Say what could not be done."""
        if self._is_loss and not self.isHidden() and not failure.is_loss and not failure.details:
            return  # follows from the same, and has less to it
        self._put_back_what_holds()
        self._show("error", failure.sentence, failure.details)
        self._is_loss = failure.is_loss
        self._misses_photos = isinstance(failure.error, PhotosNotThere)

    @Slot(str)
    def show_note(self, sentence: str) -> None:
        """Say something that is no failure."""
        self._put_back_what_holds()
        self._show("note", sentence, "")

    @Slot(str, object)
    def show_undoable(self, sentence: str, take_back: Callable[[], object]) -> None:
        """Say what was done, with a button that takes it back."""
        self._put_back_what_holds()
        self._show("note", sentence, "", take_back)

    @Slot(object)
    def show_offer(self, offer: Offer) -> None:
        """Say something, with buttons for what can be done."""
        if offer.about:
            waited = any(one.about == offer.about for one in self._waiting)
            self._waiting = [one for one in self._waiting if one.about != offer.about]
            if not self.isHidden() and any(one.about == offer.about for one in self._offers):
                offers = [offer if one.about == offer.about else one for one in self._offers]
                self._show_or_close([one for one in offers if one.sentence])
                return
            if waited and offer.renews and offer.sentence:
                self._waiting.append(replace(offer, renews=False))
        if offer.renews:
            return
        if self._take_back is not None and not self.isHidden() and not offer.wrong:
            # How to take back what was done to many photos stays until it was read.
            self._show_offers([*self._offers, offer])
        elif not offer.waits or self.isHidden():
            if offer.wrong:
                self._put_back_what_holds()
            self._show_offers([offer, *self._what_holds()])
        elif self._offers and not self._offers[0].wrong:
            self._show_offers([*self._offers, offer])
        else:
            self._waiting.append(offer)

    def _what_holds(self) -> list[Offer]:
        return [] if self.isHidden() else [one for one in self._offers if one.holds]

    def _put_back_what_holds(self) -> None:
        """What is still offered comes back once what is shown in its place was read."""
        self._waiting += [replace(one, renews=False) for one in self._what_holds()]
        self._offers = [one for one in self._offers if not one.holds]

    def _show_or_close(self, offers: list[Offer]) -> None:
        if offers:
            self._show_offers(offers)
        else:
            self._close()

    def _show_offers(self, offers: list[Offer]) -> None:
        """Beside what can be taken back, where that is shown."""
        take_back, told, done_since = None, [], 0
        if self._take_back is not None and not self.isHidden() and not offers[0].wrong:
            take_back, told, done_since = self._take_back, [self._told], self._done_since
        kind = "error" if offers[0].wrong else "note"
        sentence = "\n".join([*told, *(offer.sentence for offer in offers)])
        self._show(kind, sentence, "", take_back, offers)
        self._told, self._done_since = "".join(told), done_since

    def _show(
        self,
        kind: str,
        sentence: str,
        details: str,
        take_back: Callable[[], object] | None = None,
        offers: Sequence[Offer] = (),
    ) -> None:
        self._is_loss = self._misses_photos = False
        self._done_since = 0
        self.kind, self._details, self._take_back, self._offers = kind, details, take_back, list(offers)
        self._told = sentence
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.details.setVisible(bool(details))
        self.undo.setVisible(take_back is not None)
        for button in self.choices:
            if button.hasFocus():
                self.left.emit()
            button.hide()
            self.controls.flow.removeWidget(button)
            button.deleteLater()
        self.choices = []
        for offer in offers:
            for choice in offer.choices:
                self.choices.append(self._button(offer, choice, first=not self.choices))
        self.show()
        self.arrange()

    def _paint_ground(self) -> None:
        super()._paint_ground()
        name = "fa6s.triangle-exclamation" if self.kind == "error" else "fa6s.circle-info"
        self.mark.setPixmap(icon(name, self.palette()).pixmap(18, 18))

    def _button(self, offer: Offer, choice: Choice, *, first: bool) -> QPushButton:
        button = QPushButton(choice.text, self.controls)
        button.setToolTip(choice.tip)
        # A click leaves the keyboard with the photos.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if first:
            button.setObjectName("primary")
        button.clicked.connect(partial(self._choose, offer, choice))
        self.controls.flow.addWidget(button)
        button.show()
        return button

    def _choose(self, offer: Offer, choice: Choice) -> None:
        left = [one for one in self._offers if one is not offer]
        if self._take_back is not None and not left:
            self._show("note", self._told, "", self._take_back)
        else:
            self._show_or_close(left)
        choice.run()

    @Slot()
    def _close(self) -> None:
        if (focus := self.focusWidget()) is not None and focus.hasFocus():
            self.left.emit()  # else Qt gives the keyboard to what comes next, where letters would be typed
        self.hide()
        self._offers, waiting, self._waiting = [], self._waiting, []
        for offer in waiting:
            self.show_offer(offer)

    @Slot()
    def find_photos_again(self) -> None:
        """The folder of the photos is there: that it was not is no longer said."""
        if self._misses_photos and not self.isHidden():
            self._close()

    @Slot()
    def _forget(self) -> None:
        self._waiting.clear()
        self._offers = []
        self.hide()

    @Slot()
    def _follow_edit(self) -> None:
        self._done_since += 1

    @Slot()
    def _follow_undo(self) -> None:
        """The key took back what the button would."""
        if isinstance(self._take_back, TakeBack) and not self._done_since and not self.isHidden():
            self._forget_take_back()
        self._done_since = max(0, self._done_since - 1)

    def _forget_take_back(self) -> None:
        self._take_back = None
        self._show_or_close(self._offers)

    @Slot()
    def _undo(self) -> None:
        take_back = self._take_back
        self._forget_take_back()
        if take_back is not None:
            take_back()

    @Slot()
    def show_details(self) -> None:
        """Open what a report of the failure should contain."""
        dialog = QDialog(self)
        dialog.setWindowTitle(self.tr("Details"))
        text = QPlainTextEdit(self._details)
        text.setReadOnly(True)
        text.setAccessibleName(self.tr("Details of what went wrong"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(dialog.close)
        copy = buttons.addButton(self.tr("Copy for a report"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setToolTip(self.tr("These lines, and versions, device and encoder"))
        copy.clicked.connect(partial(self.details_wanted.emit, self._details))
        layout = QVBoxLayout(dialog)
        layout.addWidget(text)
        layout.addWidget(self._where_to_report())
        layout.addWidget(buttons)
        dialog.resize(720, 400)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _where_to_report(self) -> QLabel:
        address = report_address()
        line = QLabel(
            self.tr("That is a mistake of the program. Please report it: {address}").format(
                address=f'<a href="{address}">{address}</a>'
            )
            if address
            else self.tr("That is a mistake of the program. Please report it to those you have the program from.")
        )
        line.setWordWrap(True)
        line.setOpenExternalLinks(True)
        return line
