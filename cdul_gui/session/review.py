"""A person's answers: what each command of the review says of which photos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.jobs import Job
from cdul_gui.session.offers import TakeBack
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.wording import answers_in_words, labels_in_words, shown_name, translated
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import Outcome, answer
from engine.project.label_state import THERE, UNDECIDED, YES, LabelState
from engine.project.labels import NewLabel, add_label, check_label_set, label_set
from engine.project.snapshot import Snapshot
from engine.stages.review.answers import answers_on, answers_where, marks
from engine.stages.review.contradictions import contradictions, told_of
from engine.wording import LabelWord, LabelWords, Sentence, first_of, n_photos

MANY = 20
"""Photos, more than one looks at before each is answered, however many are on the screen."""


class Review(QObject):
    """Works on the selected photos, or on the current one where none is selected. Each call is one step of undo."""

    joined = Signal(str)
    """A label of this name was confirmed that is new, so that no photo has a score of it."""
    unseen = Signal(int)
    """The photo of this row is not answered: its labels are to be shown first."""
    many_meant = Signal(str, object)
    """What would be answered of more than is on the screen, and what to call if that is meant."""

    def __init__(self, session: Session, arrangement: Arrangement) -> None:
        super().__init__(session)
        self._session, self._arrangement = session, arrangement
        self.are_seen: Callable[[Rows], bool] = lambda _rows: True
        """Whether the labels of these photos are on the screen: nothing answers a label that is not."""
        self.are_in_view: Callable[[Rows], bool] = lambda _rows: True
        """Whether these photos are, which suffices for a label that is named."""
        self.is_shown: Callable[[int], bool] = lambda _column: True
        """Whether the label of this column is one of the photo that is looked at, or the one that its queue is of."""
        session.edits.went_back.connect(self._let_go_of_many)

    def accept_and_go_on(self) -> None:
        """Confirm what is likely and nothing else, mark the photos as reviewed, and look at the next one.

        A photo that is still to be labelled is passed over: nobody would ask again what was on it.
        """
        snapshot, rows = self._about()
        if snapshot is None:
            return
        beside = self._still_to_be_labelled(snapshot, rows)
        if beside.all():
            self._go_past(rows)
            told = self.tr("Not labelled yet: nothing is accepted on {photos}.")
            self._session.said.emit(told.format(photos=translated(self._photos(snapshot, rows))))
            return
        rows = rows[~beside]
        states = snapshot.states(rows)
        # Also what a label below implies: who takes that one back has accepted this.
        likely = (snapshot.suggestions(rows) == LabelState.LIKELY) & np.isin(
            states, (LabelState.LIKELY, LabelState.IMPLIED)
        )
        answers = answers_where(snapshot, rows, likely, True)
        title = Sentence("{photos} accepted") if answers else Sentence("{photos} marked as reviewed")
        title = title.format(photos=self._photos(snapshot, rows))
        answers += marks(snapshot, rows, reviewed=True)
        left = ""
        if len(rows) == 1 and not np.isin(states, (*THERE, LabelState.LIKELY)).any():
            left = self._said_of_folded(snapshot, rows, np.flatnonzero(states[0] == LabelState.MAYBE).tolist())
        # First, so that what is shown of the photo is not shown anew just to leave it.
        self._answer(title, rows, answers, before=lambda: self._go_past(rows), said_after=left)

    def _said_of_folded(self, snapshot: Snapshot, rows: Rows, columns: Sequence[int]) -> str:
        names = first_of([shown_name(snapshot.labels[column].name) for column in columns])
        told = self.tr("{photo} has no label now, but may have: {labels}").replace("{labels}", names)
        return told.replace("{photo}", translated(self._photos(snapshot, rows))) if columns else ""

    def reject(self) -> None:
        """Reject the label that is looked at or pointed at, or everything likely where none is.

        A label that these photos do not show is not rejected, unless they are shown by its score.
        """
        snapshot, rows = self._about()
        if snapshot is None:
            return
        states, column = snapshot.states(rows), self._label_meant(snapshot)
        if column is not None:
            there = rows if self._arrangement.is_by_score_of(column) else rows[states[:, column] != LabelState.ABSENT]
            if len(there):
                self._say(column, False, there)
            else:
                told = self.tr("Nothing is rejected: {label} is neither likely nor maybe here.")
                self._session.said.emit(told.replace("{label}", shown_name(snapshot.labels[column].name)))
            return
        answers = answers_where(snapshot, rows, states == LabelState.LIKELY, False)
        if not answers:
            self._session.said.emit(self.tr("There is nothing to reject: no label is likely here."))
        title = Sentence("likely labels rejected on {photos}").format(photos=self._photos(snapshot, rows))
        self._answer(title, rows, answers)

    def toggle(self, column: int) -> None:
        """Confirm a label, or take its confirmation back where all photos have it."""
        self._say(column, None if self._all_are(column, LabelState.CONFIRMED) else True)

    def confirm(self, column: int) -> None:
        """Confirm a label."""
        self._say(column, True)

    def confirm_label(self) -> None:
        """Confirm the label that is looked at on all that is selected, as the command says."""
        self._say_of_label(True)

    def reject_label(self) -> None:
        """Reject the label that is looked at on all that is selected, as the command says."""
        self._say_of_label(False)

    def _say_of_label(self, value: bool) -> None:
        snapshot, column = self._session.snapshot, self._session.label
        if snapshot is None or column is None:
            return
        seen = self._arrangement.is_by_score_of(column) or self.is_shown(column)
        if len(self._session.targets()) == 1 and not seen:
            told = {
                True: self.tr("Nothing is confirmed: {label} is neither likely nor maybe here. Add it by its name."),
                False: self.tr("Nothing is rejected: {label} is neither likely nor maybe here."),
            }[value]
            self._session.said.emit(told.replace("{label}", shown_name(snapshot.labels[column].name)))
            return
        self._say(column, value, meant=self._is_plain(column, above=value))

    def _is_plain(self, column: int, *, above: bool) -> bool:
        """Whether what is selected is seen, or lies all on this side of the label's threshold, as in a sweep."""
        snapshot, rows = self._session.snapshot, self._session.targets()
        if snapshot is None or not self._are_many(rows, of_one_label=True):
            return True
        return bool(((snapshot.scores[rows, column] >= snapshot.thresholds[column]) == above).all())

    def sort_out(self, column: int, yes: Rows, no: Rows) -> None:
        """Confirm a label on some photos and reject it on others."""
        snapshot = self._session.snapshot
        if snapshot is None or not self._session.writable:
            return
        title = Sentence("{label} confirmed on {photos}, rejected on {others}").format(
            label=LabelWord(snapshot.labels[column].name),
            photos=self._photos(snapshot, yes),
            others=self._photos(snapshot, no),
        )
        answers = answers_on(snapshot, yes, column, True) + answers_on(snapshot, no, column, False)
        self._answer(title, np.concatenate([yes, no]), answers, names_label=True, meant=True)

    def toggle_rejected(self, column: int) -> None:
        """Reject a label, or take its rejection back where all photos have it."""
        self._say(column, None if self._all_are(column, LabelState.REJECTED) else False)

    def undecide(self) -> None:
        """Take decisions back: on the label that is looked at, or all of them and the mark as reviewed."""
        snapshot, rows = self._about()
        if snapshot is None:
            return
        if (column := self._session.label) is not None:
            if (snapshot.decisions[rows, column] != UNDECIDED).any():
                self._say(column, None)
            else:
                told = self.tr("There is nothing to take back: {label} was not answered here.")
                self._session.said.emit(told.replace("{label}", shown_name(snapshot.labels[column].name)))
            return
        answers = answers_where(snapshot, rows, snapshot.decisions[rows] != UNDECIDED, None)
        answers += marks(snapshot, rows[snapshot.reviewed[rows]], reviewed=False)
        if not answers:
            self._session.said.emit(self.tr("There is nothing to take back: nothing was decided here."))
        title = Sentence("decisions taken back on {photos}").format(photos=self._photos(snapshot, rows))
        self._answer(title, rows, answers)

    def repeat(self) -> None:
        """Confirm the labels that are confirmed on the photo looked at before."""
        snapshot, before = self._session.snapshot, self._session.previous
        if snapshot is None or before is None:
            return
        columns = np.flatnonzero(snapshot.decisions[before] == YES)
        if not len(columns):
            self._session.said.emit(self.tr("The photo before has no confirmed labels to repeat."))
            return
        self._confirm_all(columns.tolist(), Sentence("{labels} repeated on {photos}"))

    def paste(self, columns: Sequence[int]) -> None:
        """Confirm several labels."""
        self._confirm_all(columns, Sentence("{labels} pasted on {photos}"))

    def toggle_reviewed(self) -> None:
        """Mark photos as reviewed, or take the mark back where all have it.

        That what is likely there and nobody answered counts as a no is told, with a way back.
        """
        snapshot, rows = self._about()
        if snapshot is None:
            return
        mark = not bool(snapshot.reviewed[rows].all())
        title = Sentence("{photos} marked as reviewed") if mark else Sentence("{photos} marked as not reviewed")
        title = title.format(photos=self._photos(snapshot, rows))
        left = np.flatnonzero((snapshot.states(rows) == LabelState.LIKELY).any(axis=0)).tolist() if mark else []
        told = ""
        if left:
            names = first_of([shown_name(snapshot.labels[column].name) for column in left])
            told = self.tr("{done}. What was left alone counts as not there: {labels}.")
            told = told.replace("{done}", translated(title)).replace("{labels}", names)
        self._answer(title, rows, marks(snapshot, rows, reviewed=mark), told_after=told)

    def join_and_confirm(self, name: str) -> None:
        """Put a new label at the end of the label set and confirm it."""
        snapshot, rows = self._about()
        if snapshot is None:
            return
        photos = [int(snapshot.photo_ids[row]) for row in rows]
        title = Sentence("{label} confirmed on {photos}").format(
            label=LabelWord(name), photos=self._photos(snapshot, rows)
        )

        def join(project: Project) -> None:
            check_label_set([NewLabel(name)])
            there = {label.id for label in label_set(project)}
            with project.session() as database:
                label_id = add_label(database, name).id
            joined = [] if label_id in there else [label_id]
            answer(project, title, [Answer(photo, label_id, True) for photo in photos], joined=joined)

        def go_on() -> None:
            if (job := self._session.change(join)) is not None:
                job.finished.connect(lambda _result: self.joined.emit(name))
            self._session.said.emit(translated(title))

        if self._are_many(rows, of_one_label=True):
            self.many_meant.emit(f"{translated(title)}.", go_on)
        else:
            go_on()

    def step(self, by: int) -> None:
        """Look at the photo so many places on."""
        row = self._session.step(by)
        if row is not None:
            self._session.go_to(row)

    def _still_to_be_labelled(self, snapshot: Snapshot, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of these photos have nothing to look at yet: neither a score nor anything that somebody said."""
        if snapshot.stage is None and self._session.job is None:
            return np.zeros(len(rows), bool)  # nobody labels here but the person
        nothing = ~snapshot.known[rows].any(axis=1) & np.isnan(snapshot.scores[rows]).all(axis=1)
        return nothing & np.array([snapshot.problems[row] is None for row in rows.tolist()], bool)

    def _are_many(self, rows: Rows, *, of_one_label: bool = False) -> bool:
        """Whether they are more photos than a person has before their eyes."""
        seen = self.are_in_view if of_one_label else self.are_seen
        return len(rows) > MANY or (len(rows) > 1 and not seen(rows))

    def _answer(
        self,
        title: Sentence,
        rows: Rows,
        answers: Sequence[Answer],
        *,
        names_label: bool = False,
        meant: bool = False,
        told_after: str = "",
        said_after: str = "",
        before: Callable[[], object] = lambda: None,
    ) -> None:
        """Keep answers to photos as one step of undo. More than is seen, or what says the opposite of an answer to one
        of several photos, is asked about first; and more than is seen is told with a way back.

        Args:
            title: what is done.
            names_label: the title says to which label these answers are.
            meant: nobody need be asked.
            told_after: what it means, told with a way back also where few photos are meant.
            said_after: what is said of it in the status bar besides what was done.
            before: what comes before it is done.
        """
        many = self._are_many(rows, of_one_label=names_label)
        told = told_after or self._told(title, answers, names_label=names_label)
        opposite = self._opposite(answers) if len(rows) > 1 else 0

        def go_on() -> None:
            before()
            job = self._keep(title, answers)
            if job is not None and (many or told_after):
                job.finished.connect(lambda edit: self._offer_undo(told, edit))
            if job is not None and said_after:
                job.finished.connect(lambda _edit: self._session.said.emit(said_after))

        if meant or not answers or not (many or opposite):
            go_on()
            return
        changes = self.tr("Answers that said the opposite until now: {count}").format(count=f"{opposite:,}")
        self.many_meant.emit(f"{told}\n{changes}" if opposite else told, go_on)

    def _offer_undo(self, told: str, edit: Outcome | None) -> None:
        if edit is not None:  # all of it may have been said before
            self._session.undoable.emit(told, TakeBack(self._session.edits.undo, edit.edit_id))

    def _told(self, title: Sentence, answers: Sequence[Answer], *, names_label: bool) -> str:
        labels = len({one.label_id for one in answers} - {None})
        if names_label or not labels:
            return f"{translated(title)}."
        return self.tr("{done}: {answers} to {labels}.").format(
            done=translated(title),
            answers=answers_in_words(sum(one.label_id is not None for one in answers)),
            labels=labels_in_words(labels),
        )

    def _opposite(self, answers: Sequence[Answer]) -> int:
        """How many of them turn a yes into a no or the other way round."""
        snapshot = self._session.snapshot
        said = snapshot.said_of(answers) if snapshot is not None else []
        return sum(
            one.label_id is not None and None not in (one.value, before) and one.value != before
            for one, before in zip(answers, said, strict=True)
        )

    def _label_meant(self, snapshot: Snapshot) -> int | None:
        """The label that the screen shows: the one under the pointer where it is suggested, else the chosen one."""
        pointed, current = self._session.pointed_label, self._session.current
        if pointed is not None and current is not None:
            # What the pointer rests on after it was confirmed is not meant.
            suggested = snapshot.states([current])[0, pointed] in (LabelState.LIKELY, LabelState.MAYBE)
            return pointed if suggested else self._session.label
        return self._session.label

    @Slot()
    def _let_go_of_many(self) -> None:
        """What was selected for what is taken back is not what the next key is meant for."""
        if self._are_many(self._session.selection):
            self._session.select(NO_ROWS)

    def _about(self) -> tuple[Snapshot | None, Rows]:
        rows = self._session.targets()
        if not len(rows) or not self._session.writable:
            return None, rows
        if len(rows) == 1 and not self.are_seen(rows):
            self.unseen.emit(int(rows[0]))
            return None, rows
        return self._session.snapshot, rows

    def _say(self, column: int, value: bool | None, some: Rows | None = None, *, meant: bool = False) -> None:
        snapshot, rows = self._about()
        if snapshot is None:
            return
        rows = rows if some is None else some
        title = {
            True: Sentence("{label} confirmed on {photos}"),
            False: Sentence("{label} rejected on {photos}"),
            None: Sentence("{label} undecided on {photos}"),
        }[value]
        title = title.format(label=LabelWord(snapshot.labels[column].name), photos=self._photos(snapshot, rows))
        self._answer(title, rows, answers_on(snapshot, rows, column, value), names_label=True, meant=meant)

    def _keep(self, title: Sentence, answers: Sequence[Answer]) -> Job | None:
        """Keep answers, and tell which of them do not go together with what was said before."""
        snapshot = self._session.snapshot
        against = told_of(snapshot, contradictions(snapshot, answers)) if snapshot is not None else []
        job = self._session.edits.answer(title, answers)
        if job is not None and against:
            told = translated(against[0])
            if len(against) > 1:
                told += " " + self.tr("So it is with other labels, too.")
            job.finished.connect(lambda _outcome: self._session.said.emit(told))  # after what was done
        return job

    def _confirm_all(self, columns: Sequence[int], title: Sentence) -> None:
        snapshot, rows = self._about()
        if snapshot is None:
            return
        answers = [one for column in columns for one in answers_on(snapshot, rows, column, True)]
        labels = LabelWords([snapshot.labels[column].name for column in columns])
        self._answer(title.format(labels=labels, photos=self._photos(snapshot, rows)), rows, answers)

    def _all_are(self, column: int, state: LabelState) -> bool:
        snapshot, rows = self._session.snapshot, self._session.targets()
        return snapshot is not None and bool((snapshot.states(rows)[:, column] == state).all())

    def _photos(self, snapshot: Snapshot, rows: Rows) -> str:
        """The name of one photo, or how many they are, to be filled into a sentence."""
        if len(rows) == 1:
            return snapshot.paths[int(rows[0])].rsplit("/", 1)[-1]
        return n_photos(len(rows))

    def _go_past(self, rows: Iterable[int]) -> None:
        """Look at the photo that is shown after the last of these, or stay at the end."""
        places = np.flatnonzero(np.isin(self._session.shown, np.fromiter(rows, np.int64)))
        if len(places) and places[-1] + 1 < len(self._session.shown):
            self._session.go_to(int(self._session.shown[places[-1] + 1]))
        else:
            self._session.said.emit(self.tr("That was the last photo."))
