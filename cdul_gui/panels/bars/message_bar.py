"""A bar above the photos for what a person must know: what went wrong and what to do, until it was read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.appearance import icon, is_dark
from cdul_gui.look.controls import IconButton
from cdul_gui.session.jobs import Failure
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.session.session import Session

_GROUND = {
    ("error", True): "#4a2326",
    ("error", False): "#fbe3e1",
    ("note", True): "#2b3646",
    ("note", False): "#e3edf9",
}


def paint_ground(bar: QFrame, kind: str) -> QPalette:
    """Give a bar the ground of its kind, `error` or `note`; returns the palette it has then."""
    application = QPalette()
    palette = QPalette(application)
    palette.setColor(QPalette.ColorRole.Window, QColor(_GROUND[kind, is_dark(application)]))
    bar.setPalette(palette)
    return palette


class MessageBar(QFrame):
    """Shows one message at a time; a newer one takes the place of an older one, and an offer may wait for its turn."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = "note"
        self._details = ""
        self._take_back: Callable[[], object] | None = None
        self._waiting: Offer | None = None
        self.choices: list[QPushButton] = []
        """Of the offer that is shown, the one that most people want first."""
        self.setAutoFillBackground(True)
        self._icon = QLabel()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = QPushButton(self.tr("Details…"))
        self.details.clicked.connect(self.show_details)
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.clicked.connect(self._undo)
        self.close_button = IconButton("fa6s.xmark", self.tr("Close this message"))
        self.close_button.clicked.connect(self._close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(10)
        self._layout = layout
        layout.addWidget(self._icon)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.details)
        layout.addWidget(self.undo)
        layout.addWidget(self.close_button)
        session.failed.connect(self.show_failure)
        session.noticed.connect(self.show_note)
        session.undoable.connect(self.show_undoable)
        session.offered.connect(self.show_offer)
        session.opened.connect(self._forget)
        self.hide()

    @Slot(Failure)
    def show_failure(self, failure: Failure) -> None:
        """Say what could not be done."""
        self._show("error", failure.sentence, failure.details)

    @Slot(str)
    def show_note(self, sentence: str) -> None:
        """Say something that is no failure."""
        self._show("note", sentence, "")

    @Slot(str, object)
    def show_undoable(self, sentence: str, take_back: Callable[[], object]) -> None:
        """Say what was done, with a button that takes it back."""
        self._show("note", sentence, "", take_back)

    @Slot(object)
    def show_offer(self, offer: Offer) -> None:
        """Say something, with buttons for what can be done."""
        if offer.waits and not self.isHidden():
            self._waiting = offer
            return
        self._show("error" if offer.wrong else "note", offer.sentence, "")
        for place, choice in enumerate(offer.choices):
            button = QPushButton(choice.text)
            button.setToolTip(choice.tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if place == 0:
                button.setObjectName("primary")
            button.clicked.connect(partial(self._choose, choice))
            self._layout.insertWidget(self._layout.count() - 1, button)
            self.choices.append(button)

    def _choose(self, choice: Choice) -> None:
        self._close()
        choice.run()

    @Slot()
    def _close(self) -> None:
        self.hide()
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.show_offer(waiting)

    @Slot()
    def _forget(self) -> None:
        self._waiting = None
        self.hide()

    @Slot()
    def _undo(self) -> None:
        self._close()
        if self._take_back is not None:
            self._take_back()

    def _show(self, kind: str, sentence: str, details: str, take_back: Callable[[], object] | None = None) -> None:
        self._kind, self._details, self._take_back = kind, details, take_back
        for button in self.choices:
            button.hide()
            button.deleteLater()
        self.choices = []
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.details.setVisible(bool(details))
        self.undo.setVisible(take_back is not None)
        self._colour()
        self.show()

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
        layout = QVBoxLayout(dialog)
        layout.addWidget(text)
        layout.addWidget(buttons)
        dialog.resize(720, 400)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Its own ground changes the palette as well; the same once more changes nothing.
        if event.type() == QEvent.Type.PaletteChange and not self.isHidden():
            self._colour()

    def _colour(self) -> None:
        palette = paint_ground(self, self._kind)
        name = "fa6s.triangle-exclamation" if self._kind == "error" else "fa6s.circle-info"
        self._icon.setPixmap(icon(name, palette).pixmap(18, 18))
