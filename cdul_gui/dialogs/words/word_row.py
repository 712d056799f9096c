"""One word that is offered: its best photos, on how many it stands out, and what can be done with it by one key."""

from __future__ import annotations

from enum import Enum, auto
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cdul_gui.gallery.photo_strip import PhotoStrip
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.look.controls import muted, plain, push_button
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words, shown_name
from engine.stages.describing.offers import WordOffer


class Answer(Enum):
    """What a person did with a word."""

    OPEN = auto()
    ADOPTED = auto()
    PROMPT = auto()
    """It is asked for with a label that was there before."""
    NEVER = auto()


class WordRow(QFrame):
    """The keys A, P and N, or the buttons, say what becomes of the word; Z takes it back. Arrows lead to the others."""

    adopted = Signal()
    prompt_wanted = Signal()
    never_wanted = Signal()
    taken_back = Signal()
    stepped = Signal(int)
    """The keyboard should go to the row so many further down."""
    focused = Signal()

    def __init__(self, session: Session, thumbnails: ThumbnailSource, offer: WordOffer, *, prompts: bool) -> None:
        """`prompts`: there are labels that the word may be another prompt of."""
        super().__init__()
        self._session, self.offer = session, offer
        self.answer = Answer.OPEN
        self.edit_id: int | None = None
        """The edit that the answer is, if it is one."""
        name = shown_name(offer.name)
        self.name = plain(name)
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.photos = muted(self.tr("stands out on about {photos}").format(photos=photos_in_words(offer.photos)))
        self.told = muted()
        self.adopt = push_button(self.tr("Adopt (A)"), self.adopted.emit)
        self.as_prompt = push_button(self.tr("Means a label… (P)"), self.prompt_wanted.emit)
        self.never = push_button(self.tr("Never offer (N)"), self.never_wanted.emit)
        self.back = push_button(self.tr("Take back (Z)"), self.taken_back.emit)
        self.adopt.setAccessibleName(self.tr("Make {word} a label").format(word=name))
        self.as_prompt.setAccessibleName(self.tr("Look for {word} with another label").format(word=name))
        self.never.setAccessibleName(self.tr("Never offer {word} again").format(word=name))
        self.as_prompt.setVisible(prompts)
        self._prompts = prompts
        for button in (self.adopt, self.as_prompt, self.never, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the row has the keyboard, and a key for each
        self.strip = PhotoStrip(session, thumbnails, asks=False, lines=1)
        self.strip.setAccessibleName(self.tr("Best photos of {word}").format(word=name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(f"{name}, {self.photos.text()}")
        self._lay_out()
        self.show_photos()
        self.show_answer(Answer.OPEN)

    def show_photos(self) -> None:
        """Show the best photos where they lie in the snapshot of now."""
        snapshot = self._session.snapshot
        if snapshot is not None:
            there = [photo for photo in self.offer.best if snapshot.has(photo.photo_id)]
            self.strip.show_photos([(snapshot.row_of(photo.photo_id), photo.chance) for photo in there])

    def show_answer(self, answer: Answer, told: str = "", edit_id: int | None = None) -> None:
        """Show what became of the word."""
        self.answer, self.edit_id = answer, edit_id
        is_open = answer is Answer.OPEN
        self.told.setText(told)
        for button in (self.adopt, self.never):
            button.setVisible(is_open)
        self.as_prompt.setVisible(is_open and self._prompts)
        self.back.setVisible(not is_open)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self.name, self.photos, self.told):
            line.addWidget(widget)
        line.addStretch(1)
        for button in (self.adopt, self.as_prompt, self.never, self.back):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.strip)
        self.strip.setMinimumHeight(self.strip.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_open = self.answer is Answer.OPEN
        key = event.key() if not event.modifiers() else None
        if is_open and key in (Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.adopted.emit()
        elif is_open and key == Qt.Key.Key_P and self._prompts:
            self.prompt_wanted.emit()
        elif is_open and key == Qt.Key.Key_N:
            self.never_wanted.emit()
        elif not is_open and key == Qt.Key.Key_Z:
            self.taken_back.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():  # a style draws no frame of what has the keyboard, and the keys are for one word
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


def in_tab_order(rows: list[WordRow]) -> None:
    """Let Tab go through rows in their order."""
    for first, second in pairwise(rows):
        QWidget.setTabOrder(first, second)
