"""What is in these photos? Words in groups with their best photos, each to become a label by one key."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from cdul_gui.dialogs.words.groups import group_in_words
from cdul_gui.dialogs.words.word_row import Answer, WordRow, in_tab_order
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.look.controls import dialog_layout, heading, muted, push_button, resize_on_screen, warning
from cdul_gui.session.describing import Describing
from cdul_gui.session.jobs import Failure, Job, Latest
from cdul_gui.session.label_set import LabelSetEditing
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words, shown_name
from engine.jobs import ProgressReport
from engine.project.history.history import Outcome
from engine.project.labels import LabelRow
from engine.stages.describing.offers import Described


class WordsDialog(QDialog):
    """Words that tell the open photos apart. What is adopted is a label at once; photos are scored at the end."""

    label_wanted = Signal()
    """The photos should be labelled first."""

    def __init__(
        self,
        session: Session,
        describing: Describing,
        editing: LabelSetEditing,
        thumbnails: ThumbnailSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._describing, self._editing = session, describing, editing
        self._thumbnails = thumbnails
        self._looking = Latest(self)
        self._edit: Job | None = None
        """The last edit of the label set, once there is one."""
        self._edit_is_kept = False
        self._answers: list[WordRow] = []
        """The words that were answered, the last one at the end."""
        self._unkept, self._takes_back = 0, False
        """Answers that are not kept yet, and whether the last one is to be taken back once it is."""
        self.rows: list[WordRow] = []
        self.setWindowTitle(self.tr("What is in these photos?"))
        self.said = muted(self.tr("Comparing the photos with everyday words…"), wraps=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.message = warning()
        self.message.hide()
        self.label = push_button(self.tr("Label the photos"), self._leave_to_label)
        self.label.hide()
        self.again = push_button("", self._offer_again)
        self.again.hide()
        self._never: tuple[str, ...] = ()
        self._words = QWidget()
        self._list = QVBoxLayout(self._words)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._area = QScrollArea()
        self._lay_out()
        thumbnails.arrived.connect(self._want_photos)
        session.snapshot_changed.connect(self._show_photos)
        describing.refused.connect(self._refuse)
        self.finished.connect(self._end)
        self.look()

    def _lay_out(self) -> None:
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self._words)
        self._area.setAccessibleName(self.windowTitle())
        self._area.verticalScrollBar().valueChanged.connect(self._want_photos)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        bottom = QHBoxLayout()
        undo = QKeySequence(QKeySequence.StandardKey.Undo)
        QShortcut(undo, self, self._take_last_back)
        told = self.tr("What is adopted is looked for in all photos when this is closed. {key} undoes the last step.")
        told = told.replace("{key}", undo.toString(QKeySequence.SequenceFormat.NativeText))
        bottom.addWidget(muted(told, wraps=True), 1)
        bottom.addWidget(self.again)
        bottom.addWidget(self.label)
        bottom.addWidget(buttons)
        layout = dialog_layout(self, 10)
        for widget in (self.said, self.progress, self.message):
            layout.addWidget(widget)
        layout.addWidget(self._area, 1)
        layout.addLayout(bottom)
        resize_on_screen(self, 860, 680)

    # Words

    def look(self) -> None:
        """Find the words anew."""
        job = self._describing.describe()
        if job is None:
            return
        self.progress.setRange(0, 0)
        self.progress.show()
        job.progressed.connect(self._show_progress)
        self._looking.follow(job, self._show, self._fail)

    @Slot(ProgressReport)
    def _show_progress(self, report: ProgressReport) -> None:
        self.progress.setRange(0, report.total or 0)
        self.progress.setValue(report.done)

    def _show(self, found: Described) -> None:
        self.progress.hide()
        self.said.setText(self._summary(found))
        self._never = found.never
        self.again.setVisible(bool(found.never))
        self.again.setText(self.tr("Offer what was refused again ({count})").format(count=len(found.never)))
        self._words = QWidget()
        self._list = QVBoxLayout(self._words)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(6)
        self.rows, self._answers = [], []
        for group, offers in groupby(found.words, key=lambda offer: offer.group):
            self._list.addWidget(heading(group_in_words(group)))
            for offer in offers:
                row = WordRow(self._session, self._thumbnails, offer, prompts=bool(self._editing.labels))
                row.adopted.connect(partial(self._adopt, row))
                row.prompt_wanted.connect(partial(self._choose_label, row))
                row.never_wanted.connect(partial(self._refuse_word, row))
                row.taken_back.connect(partial(self._take_back, row))
                row.stepped.connect(partial(self._step, row))
                row.focused.connect(partial(self._area.ensureWidgetVisible, row))
                self._list.addWidget(row)
                self.rows.append(row)
        self._list.addStretch(1)
        self._area.setWidget(self._words)
        in_tab_order(self.rows)
        if self.rows:
            self.rows[0].setFocus()
        self._want_photos()

    def _summary(self, found: Described) -> str:
        if not found.words:
            return self.tr("No word stands out that the labels do not say already.")
        told = self.tr(
            "Words that stand out on some of the photos and not on most, told from {photos}. "
            "As a label, a word may be suggested on more or fewer of them than it stands out on."
        )
        return told.format(photos=photos_in_words(found.compared))

    def _fail(self, failure: Failure) -> None:
        self.progress.hide()
        self.said.clear()
        self._refuse(failure.sentence)
        # Where nothing was looked at yet that is what there is to do.
        self.label.setVisible(self._session.snapshot is not None and self._session.snapshot.stage is None)

    @Slot()
    def _leave_to_label(self) -> None:
        self.reject()
        self.label_wanted.emit()

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.show()

    # Photos

    @Slot()
    def _show_photos(self) -> None:
        for row in self.rows:
            row.show_photos()
        self._want_photos()

    @Slot()
    def _want_photos(self) -> None:
        """Ask for the thumbnails of all rows together, those in sight first."""
        in_sight = self._area.viewport().rect()
        visible = [
            in_sight.intersects(row.rect().translated(row.mapTo(self._area.viewport(), row.rect().topLeft())))
            for row in self.rows
        ]
        order = sorted(range(len(self.rows)), key=lambda at: not visible[at])
        missing = list(dict.fromkeys(photo for at in order for photo in self.rows[at].strip.missing))
        if missing:
            box = self.rows[0].strip.box
            self._thumbnails.want(np.array(missing, np.int64), box, self.devicePixelRatioF())

    # Answers

    def _step(self, row: WordRow, by: int) -> None:
        at = self.rows.index(row) + by
        if 0 <= at < len(self.rows):
            self.rows[at].setFocus()

    def _follow(self, edit: Job, row: WordRow, answer: Answer, told: str) -> None:
        """Show the answer once the edit of the label set is kept."""
        self._edit, self._edit_is_kept = edit, False
        edit.finished.connect(partial(self._note_kept, edit))
        self._follow_answer(edit, row, answer, told)

    def _follow_answer(self, job: Job, row: WordRow, answer: Answer, told: str) -> None:
        self._unkept += 1
        job.finished.connect(partial(self._answered, row, answer, told))
        job.ended.connect(self._note_ended)

    def _note_kept(self, edit: Job, _outcome: object) -> None:
        self._edit_is_kept = edit is self._edit

    def _answered(self, row: WordRow, answer: Answer, told: str, outcome: object) -> None:
        if not isValid(row):
            return  # the words were found anew meanwhile
        row.show_answer(answer, told, outcome.edit_id if isinstance(outcome, Outcome) else None)
        if answer is not Answer.OPEN:
            self._answers.append(row)

    @Slot()
    def _note_ended(self) -> None:
        self._unkept -= 1
        if self._takes_back and not self._unkept:
            self._takes_back = False
            self._take_last_back()

    def _take_last_back(self) -> None:
        """As the key for undo does in the window, but of what was answered here alone."""
        if self._unkept:
            self._takes_back = True
            return
        while self._answers:
            row = self._answers.pop()
            if row.answer is not Answer.OPEN:  # else it was taken back by its own key
                row.setFocus()
                self._take_back(row)
                return

    def _adopt(self, row: WordRow) -> None:
        self.message.hide()
        told = self.tr("is a label now")
        self._follow(self._describing.adopt(row.offer.name), row, Answer.ADOPTED, told)
        self._step(row, 1)

    def _choose_label(self, row: WordRow) -> None:
        self.message.hide()
        labels = {shown_name(label.name).casefold(): label for label in self._editing.labels}
        word = shown_name(row.offer.name)
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.windowTitle())
        dialog.setLabelText(self.tr("{word} is another word for the label:").replace("{word}", word))
        dialog.setComboBoxItems([shown_name(label.name) for label in self._editing.labels])
        # Typed, with completion: Enter at once is to mean no label that stands there by chance.
        dialog.setComboBoxEditable(True)
        dialog.setTextValue("")

        def take(name: str) -> None:
            if (label := labels.get(name.strip().casefold())) is not None:
                self._adopt_as_prompt(row, label)
            elif name.strip():
                self._refuse(self.tr("There is no label {name}.").replace("{name}", name.strip()))

        dialog.textValueSelected.connect(take)
        dialog.open()

    def _adopt_as_prompt(self, row: WordRow, label: LabelRow) -> None:
        told = self.tr("is looked for with {label} now").format(label=shown_name(label.name))
        self._follow(self._describing.adopt_as_prompt(row.offer.name, label), row, Answer.PROMPT, told)
        self._step(row, 1)

    def _refuse_word(self, row: WordRow) -> None:
        job = self._describing.offer_never_again(row.offer.name)
        self._follow_answer(job, row, Answer.NEVER, self.tr("is not offered again"))
        self._step(row, 1)

    def _take_back(self, row: WordRow) -> None:
        if row.answer is Answer.NEVER:
            job = self._describing.offer_again(row.offer.name)
            self._follow_answer(job, row, Answer.OPEN, "")
        elif row.edit_id is not None:  # else it was a label before
            self._follow(self._describing.take_back(row.edit_id), row, Answer.OPEN, "")

    def _offer_again(self) -> None:
        self._describing.offer_again(*self._never).finished.connect(lambda _result: self.look())

    @Slot()
    def _end(self) -> None:
        self._looking.drop()
        if self._edit is None:
            return
        # Not by the snapshot, which may not have been read since the last key.
        if self._edit_is_kept:
            self._editing.score_again()
        else:
            self._edit.finished.connect(self._editing.score_again)
