"""Editing the label set: each edit is written at once, in the order of all edits, and what is refused is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cdul_gui.session.jobs import Failure, Job
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.label_keys import keys_to_give
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.offers import Choice, Offer, TakeBack
from cdul_gui.session.session import Session
from cdul_gui.wording import labels_in_words, shown_name, translated
from engine.formats.files.whole_file import whole_file
from engine.project import Project
from engine.project.history.edit_labels import (
    import_label_set,
    join_label_set,
    order_labels,
    remove_label,
    rename_label,
    set_colour,
    set_keys,
    set_prompts,
    set_supercategory,
)
from engine.project.history.edit_parents import move_below, set_other_names, set_parents
from engine.project.history.history import Outcome
from engine.project.history.merging import Merge, merge_labels, plan_merge, split_label
from engine.project.labels import LabelRow, OtherName, label_set_text
from engine.project.runs import INITIAL, newest_run_with
from engine.stages.labelling.prompt_effect import PromptEffect, prompt_effect
from engine.stages.review.contradictions import contradictions_below, filter_for, told_of

_AGAINST = "answers that contradict each other"


class LabelSetEditing(QObject):
    """What can be done to the label set of the open project."""

    refused = Signal(str)
    """An edit was not made: a sentence."""
    joined = Signal(object)
    """A label is in the label set now: its id."""
    photos_wanted = Signal(str)
    """The photos of this filter should be shown."""
    looked_for = Signal(object)
    """All photos were looked at for new labels: their columns."""

    def __init__(self, session: Session, labelling: Labelling, use: LabelUse, key_names: KeyNames) -> None:
        super().__init__(session)
        self._key_names = key_names
        self._session, self._labelling, self._use = session, labelling, use
        self._scored: dict[int, tuple[str, ...]] = {}
        self._new: dict[str, bool] = {}
        """Names of labels that joined and are offered to be looked for, and whether a snapshot had them since."""
        self._scored_since: list[str] = []
        """Those of them that have scores, of which it is told once all photos were looked at."""
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.edits.texts_changed.connect(self.score_again)
        session.edits.undoing.connect(self._follow_undo)

    @property
    def labels(self) -> list[LabelRow]:
        """The labels in force, in order."""
        snapshot = self._session.snapshot
        return snapshot.labels if snapshot is not None else []

    # Edits

    def add(self, name: str) -> None:
        """Put a label at the end of the label set."""
        job = self._write(lambda project: join_label_set(project, name.strip()))
        job.finished.connect(self.joined)

    def rename(self, label: LabelRow, name: str) -> None:
        """Give a label another name."""
        self._write(lambda project: rename_label(project, label.id, name.strip()))

    def set_prompts(self, label: LabelRow, prompts: Sequence[str]) -> None:
        """Ask for a label with these texts from now on, and score all photos anew."""
        job = self._write(lambda project: set_prompts(project, label.id, prompts))
        job.finished.connect(lambda _result: self.score_again())

    def set_supercategory(self, label: LabelRow, text: str) -> None:
        """Say what kind of thing a label is."""
        self._write(lambda project: set_supercategory(project, label.id, text))

    def set_colour(self, label: LabelRow, colour: str | None) -> None:
        """Give a label a colour, `#rrggbb`."""
        self._write(lambda project: set_colour(project, label.id, colour))

    def set_key(self, label: LabelRow, key: str) -> None:
        """Give a label a key; empty for one that is handed out."""
        key = key.strip().upper()
        if key and key in self._use.taken_keys:
            self.refused.emit(self.tr("The key {key} belongs to a command. Choose another one.").format(key=key))
            return
        self._write(lambda project: set_keys(project, {label.id: key or None}))

    def give_keys(self) -> None:
        """Give the labels in use most keys of their own: letters of their names."""
        counts = self._use.counts
        if counts is None:
            return
        keys = keys_to_give(self.labels, counts.confirmed + counts.likely, self._use.taken_keys)
        if not keys:
            self._session.said.emit(self.tr("All labels in use have a key, or no key is left."))
            return
        told = self.tr("Keys were given to {labels}. Point at a label to see it, or press {key}.")
        job = self._write(lambda project: set_keys(project, keys))
        job.finished.connect(
            lambda edit: self._session.undoable.emit(
                told.format(labels=labels_in_words(len(keys)), key=self._key_names["keys"]),
                TakeBack(self._session.edits.undo, edit.edit_id),
            )
        )

    def move(self, label: LabelRow, by: int) -> None:
        """Move a label up (-1) or down (1) in the order."""
        ids = [one.id for one in self.labels]
        place = ids.index(label.id)
        if 0 <= place + by < len(ids):
            ids.insert(place + by, ids.pop(place))
            self._write(lambda project: order_labels(project, ids))

    def remove(self, label: LabelRow) -> None:
        """Take a label out of the label set."""
        self._write(lambda project: remove_label(project, label.id))

    def move_below(self, label: LabelRow, before: LabelRow | None, parent: LabelRow | None) -> None:
        """Have a label stand below another one (None: none) in place of the one before (None: beside what there is)."""
        ids = [None if one is None else one.id for one in (before, parent)]
        against = self._against([label], [] if parent is None else [parent])
        self._say_undoable(self._write(lambda project: move_below(project, [label.id], *ids)), against)

    def set_parents(self, labels: Sequence[LabelRow], parents: Sequence[LabelRow], new_name: str = "") -> None:
        """Have labels stand right below these, and no others.

        Args:
            new_name: of one more to stand below, which is made first.
        """
        ids, above = [label.id for label in labels], [parent.id for parent in parents]

        def work(project: Project) -> Outcome | None:
            made = [join_label_set(project, new_name)] if new_name else []
            return set_parents(project, ids, [*above, *made])

        self._say_undoable(self._write(work), self._against(labels, parents))

    def set_other_names(self, label: LabelRow, names: Sequence[OtherName]) -> None:
        """Say what else a label is called."""
        self._say_undoable(self._write(lambda project: set_other_names(project, label.id, names)))

    def split(self, label: LabelRow, name: str, photo_ids: Collection[int]) -> None:
        """Make two labels of one; on these photos it is the second one where it is confirmed."""
        job = self._write(lambda project: split_label(project, label, name.strip(), photo_ids))
        self._say_undoable(job)
        job.finished.connect(lambda _result: self.score_again())

    def _say_undoable(self, job: Job, also: Offer | None = None) -> None:
        def say(outcome: Outcome | None) -> None:
            if outcome is not None:
                said = self.tr("Done: {title}").replace("{title}", translated(outcome.title))
                self._session.undoable.emit(said, TakeBack(self._session.edits.undo, outcome.edit_id))
                if also is not None:
                    self._session.offered.emit(also)

        job.finished.connect(say)

    def _against(self, labels: Sequence[LabelRow], parents: Sequence[LabelRow]) -> Offer | None:
        """On which photos answers contradict each other once these labels stand below those; None for none."""
        snapshot = self._session.snapshot
        if snapshot is None:
            return None
        places = [
            [snapshot.column_of(one.id) for one in some if snapshot.has_label(one.id)] for some in (labels, parents)
        ]
        found = contradictions_below(snapshot, *places)
        if not found:
            return None
        told = translated(told_of(snapshot, found)[0])
        if len(found) > 1:
            told += " " + self.tr("So it is with other labels, too.")
        show = Choice(self.tr("Show the photos"), partial(self.photos_wanted.emit, filter_for(snapshot, found)))
        return Offer(told, (show,), about=_AGAINST)

    @Slot()
    def _follow_undo(self) -> None:
        """Where a label stands may be what is taken back."""
        self._session.offered.emit(Offer("", about=_AGAINST, renews=True))

    def merge(self, label: LabelRow, into: LabelRow) -> None:
        """Move a label's decisions to another one and take it out of the label set."""
        self._write(lambda project: merge_labels(project, label, into))

    def import_file(self, file: Path) -> None:
        """Make the labels of a text file those in force."""
        self._write(lambda project: import_label_set(project, file))

    def export_file(self, file: Path) -> None:
        """Write the labels to a text file."""
        labels = list(self.labels)

        def work() -> None:
            with whole_file(file) as stream:
                stream.write(label_set_text(labels).encode())

        job = self._session.workers.read(work)
        job.failed.connect(self._refuse)
        said = self.tr("{labels} written to {file}").format(labels=labels_in_words(len(labels)), file=file)
        job.finished.connect(lambda _result: self._session.said.emit(said))

    # Looking ahead

    def plan_merge(self, label: LabelRow, into: LabelRow, show: Callable[[Merge], None]) -> None:
        """Find out what merging would do."""
        project = self._session.project
        assert project is not None
        job = self._session.workers.read(lambda: plan_merge(project, label.id, into.id))
        job.finished.connect(show)
        job.failed.connect(self._refuse)

    def look_at_effect(self, label: LabelRow, prompts: Sequence[str]) -> Job | None:
        """Find out in a worker what other prompts would do: a `PromptEffect`, or None where nothing was scored yet."""
        session, project = self._session, self._session.project
        snapshot, row = session.snapshot, session.current
        if project is None or snapshot is None:
            return None
        photo = int(snapshot.photo_ids[row]) if row is not None else None

        def work() -> PromptEffect | None:
            run = newest_run_with(project, INITIAL)
            if run is None or "encoder" not in run.settings:
                return None
            return prompt_effect(
                project, self._labelling.encoder.open(run.settings["encoder"]), run, label.id, prompts, photo
            )

        job = session.workers.read(work)
        job.failed.connect(self._refuse)
        return job

    # Scores

    @Slot(str)
    def offer_to_look_for(self, name: str) -> None:
        """On photos that have scores, but none of this label, which is new; until that is done or the label undone."""
        self._new[name] = False
        self._offer_to_look()

    @Slot()
    def _follow_snapshot(self) -> None:
        snapshot = self._session.snapshot
        if snapshot is None or not (self._new or self._scored_since):
            return
        there = {label.name: column for column, label in enumerate(snapshot.labels)}
        # What was read before a label joined says nothing of it.
        self._new = {name: seen or name in there for name, seen in self._new.items() if name in there or not seen}
        scored = [name for name in self._new if name in there and not np.isnan(snapshot.scores[:, there[name]]).all()]
        for name in scored:
            del self._new[name]
            self._scored_since.append(name)
        self._offer_to_look(renews=True)

        if self._scored_since and self._session.job is None:
            found, self._scored_since = [there[name] for name in self._scored_since if name in there], []
            self.looked_for.emit(found)

    def _offer_to_look(self, *, renews: bool = False) -> None:
        if self._session.snapshot is None or self._session.snapshot.stage is None:
            return
        names = ", ".join(map(shown_name, self._new))
        said = self.tr("{label} is a new label: no other photo was looked at for it yet.")
        look = Choice(self.tr("Look for it on all photos"), self.score_again)
        if len(self._new) > 1:
            said = self.tr("{labels} are new labels: no other photo was looked at for them yet.")
            look = Choice(self.tr("Look for them on all photos"), self.score_again)
        said = said.replace("{labels}", names).replace("{label}", names) if self._new else ""
        self._session.offered.emit(Offer(said, (look,), about="new label", renews=renews, holds=True))

    def begin(self) -> None:
        """Remember what the scores were made of, to tell later whether they are out of date."""
        self._scored = self._texts()

    @Slot()
    def end(self) -> None:
        """Score all photos anew if what the labels are asked for with has changed."""
        if self._texts() != self._scored:
            self.score_again()

    @Slot()
    def score_again(self) -> None:
        """Score all photos anew, after the long work that is under way."""
        if self._session.job is not None:
            # Once, however many edits wait for it.
            self._session.job.ended.connect(self.score_again, Qt.ConnectionType.UniqueConnection)
            return
        self._scored = self._texts()
        self._labelling.score_again()

    def _texts(self) -> dict[int, tuple[str, ...]]:
        return {label.id: label.texts for label in self.labels}

    def _forget(self) -> None:
        self._scored, self._new, self._scored_since = {}, {}, []

    def _write(self, work: Callable[[Project], object]) -> Job:
        return self._session.write(work, self.refused.emit)

    def _refuse(self, failure: Failure) -> None:
        self.refused.emit(failure.sentence)
