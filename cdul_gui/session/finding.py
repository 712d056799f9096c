"""Photos that were looked for: by words, by an example, as near-duplicates, or chosen on the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from threading import Lock

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.notes import Notes
from cdul_gui.session.order import Groups
from cdul_gui.session.queues import KeptQueue, Queues
from cdul_gui.session.session import Session
from cdul_gui.session.shown_photos import rows_for
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.wording import language_of_window
from engine.jobs import Cancellation, Progress, ProgressReport
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.label_names import english_name
from engine.project.snapshot import Snapshot
from engine.stages.finding.duplicates import best_of_groups, near_duplicate_groups
from engine.stages.finding.search import (
    Found,
    Part,
    Query,
    example_query,
    part_features,
    photo_features,
    search,
    words_query,
)
from engine.stages.finding.search_index import SearchIndex

MakeQuery = Callable[[Project, SearchIndex, Callable[[], Encoder]], Query]
"""What is looked for, made in a worker; the encoder is opened only where it is called for."""


@dataclass(frozen=True)
class Choice:
    """Photos that are shown because they were looked for. All by id, which stays when the snapshot is read anew."""

    title: str
    photo_ids: npt.NDArray[np.int64]
    group_sizes: tuple[int, ...] = ()
    parts: dict[int, Part] = field(default_factory=dict)
    best: frozenset[int] = frozenset()


class LoadedIndex:
    """Keeps the search index of the open project; may be asked from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._project: Project | None = None
        self._index: SearchIndex | None = None
        self._checked = False

    def forget(self) -> None:
        """Another project is open."""
        self._project = self._index = None

    def may_be_old(self) -> None:
        """Photos or embeddings may have changed; it is looked up when the index is next wanted."""
        self._checked = False

    def of(self, project: Project, progress: Progress, cancellation: Cancellation) -> SearchIndex:
        """The index of a project, loaded if it has to be."""
        with self._lock:
            cancellation.check()  # whoever waited may not be wanted any more
            known = self._index if self._project is project else None
            if known is None or not (self._checked or known.is_current(project)):
                self._index = None  # before another takes as much memory
                known = SearchIndex.load(project, progress, cancellation)
            self._project, self._index, self._checked = project, known, True
            return known


class Finding(QObject):
    """At most one choice is shown, until it is left or the gallery is asked for something else."""

    changed = Signal()
    """A search began, found something, or was left."""
    progressed = Signal(ProgressReport)
    """How far what a search needs is; it is made once for a project."""
    ended = Signal()
    """A person left what was found, for what was shown before."""
    in_vain = Signal()
    """A search found nothing, or could not search."""

    def __init__(self, session: Session, arrangement: Arrangement, labelling: Labelling, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._arrangement, self._labelling, self._queues = session, arrangement, labelling, queues
        self._queue: KeptQueue | None = None
        """The queue that was on before."""
        self._index = LoadedIndex()
        self.choice: Choice | None = None
        """What is shown; None where nothing was looked for."""
        self._searching = Latest(self)
        self._notes = Notes()
        self._again: tuple[str, MakeQuery] | None = None
        self._condition = ""
        session.opened.connect(self._forget_project)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.shown_changed.connect(self._follow_shown)

    @property
    def searching(self) -> bool:
        """Whether a search is under way."""
        return self._searching.busy

    @property
    def notes(self) -> Notes:
        """What the gallery should tell of the photos that were found."""
        return self._notes

    # What can be looked for

    def find_words(self, text: str) -> None:
        """Show the photos that fit a text best; a label is found by its name in the window's language, too."""
        asked = english_name(text, language_of_window()) or text
        self._search(
            self.tr("“{words}”").format(words=text), lambda _project, _index, encoder: words_query(encoder(), asked)
        )

    def find_like_current(self) -> None:
        """Show the photos that are like the one that is looked at."""
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            return
        photo = int(snapshot.photo_ids[row])

        def make(project: Project, index: SearchIndex, _encoder: Callable[[], Encoder]) -> Query:
            return example_query(index, photo_features(project, index, photo))

        self._search(self.tr("Like {photo}").format(photo=snapshot.paths[row].rpartition("/")[2]), make)

    def find_part(self, part: Part) -> None:
        """Show the photos in which something is like this part of the one that is looked at."""
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            return
        path = snapshot.paths[row]

        def make(project: Project, index: SearchIndex, encoder: Callable[[], Encoder]) -> Query:
            return example_query(index, part_features(encoder(), project.file_of(path), part))

        self._search(self.tr("Like a part of {photo}").format(photo=path.rpartition("/")[2]), make)

    def find_near_duplicates(self) -> None:
        """Show the photos that have near-duplicates, in groups. Photos not looked at before are looked at first."""
        session, project, snapshot = self._session, self._session.project, self._session.snapshot
        if project is None or snapshot is None or session.job is not None:
            return

        def work(progress: Progress, cancellation: Cancellation) -> Choice:
            groups = near_duplicate_groups(project, snapshot, progress, cancellation)
            return _in_groups(snapshot, groups, best_of_groups(project, snapshot, groups), title)

        title = self.tr("Near-duplicates")
        session.run_job(self.tr("Comparing photos"), work, self._show_near_duplicates)

    def choose(self, title: str, rows: Rows) -> None:
        """Show these photos alone, in their order."""
        if self._session.snapshot is not None and len(rows):
            self._again = None
            self._show(Choice(title, self._session.snapshot.photo_ids[rows]))

    def leave(self) -> None:
        """Show what was shown before."""
        if self.choice is None and not self.searching:
            return
        queue = self._queue
        self._forget()
        if queue is not None and queue is self._queues.aside:
            self._queues.come_back(queue)
        elif self._queues.name is None:
            self.ended.emit()

    # What comes of it

    def _search(self, title: str, make: MakeQuery) -> None:
        session, project, snapshot = self._session, self._session.project, self._session.snapshot
        if project is None or snapshot is None:
            return
        shown_photos, labelling, loaded = self._arrangement.shown_photos, self._labelling, self._index
        self._condition, self._again = str(shown_photos.condition), (title, make)

        def work(progress: Progress, cancellation: Cancellation) -> Found:
            index = loaded.of(project, progress, cancellation)
            query = make(project, index, lambda: labelling.encoder.open(index.embeddings.encoder))
            rows, _ = rows_for(shown_photos, project, snapshot)
            return search(project, index, query, snapshot.photo_ids[rows])

        job = session.workers.read_slowly(work)
        job.progressed.connect(lambda report: None if job.cancellation.cancelled else self.progressed.emit(report))
        self._searching.follow(job, lambda found: self._show_found(title, found), self._fail)
        self.changed.emit()

    def _show_found(self, title: str, found: Found) -> None:
        if not len(found.photo_ids):
            self._session.noticed.emit(self.tr("No photo that passes the filter can be searched."))
            self.in_vain.emit()
            self.changed.emit()
            return
        parts = dict(zip(found.photo_ids.tolist(), found.parts, strict=True))
        self._show(Choice(title, found.photo_ids, parts=parts))

    def _show_near_duplicates(self, choice: Choice) -> None:
        if not len(choice.photo_ids):
            self._session.noticed.emit(self.tr("There are no near-duplicates among these photos."))
            return
        self._again = None
        self._show(choice)

    def _show(self, choice: Choice) -> None:
        snapshot = self._session.snapshot
        assert snapshot is not None
        self._searching.drop()
        if self.choice is None:
            # Who looks for words that were typed in the line of the filter has left the queue a moment ago.
            waits = None if self._arrangement.filtered else self._queues.aside
            self._queue = self._queues.set_aside() or waits
        self.choice = choice
        self._take_notes(snapshot)
        # The order counts: whoever is told of other photos finds the notes on them here.
        self._session.show_rows(self._notes.rows)
        if len(self._notes.rows):
            self._session.go_to(int(self._notes.rows[0]))
        self.changed.emit()

    def _take_notes(self, snapshot: Snapshot) -> None:
        choice = self.choice
        assert choice is not None
        there = np.isin(choice.photo_ids, snapshot.photo_ids)
        rows = snapshot.rows_of(choice.photo_ids[there])
        row_of = dict(zip(choice.photo_ids[there].tolist(), rows.tolist(), strict=True))
        groups = None
        # A photo that left the project leaves its group unknown; the order stays.
        if choice.group_sizes and there.all():
            titles = [self.tr("{count} photos that show the same").format(count=size) for size in choice.group_sizes]
            groups = Groups(list(accumulate(choice.group_sizes[:-1], initial=0)), titles)
        self._notes = Notes(
            rows,
            groups,
            {row_of[photo]: part for photo, part in choice.parts.items() if photo in row_of},
            frozenset(row_of[photo] for photo in choice.best if photo in row_of),
        )

    def _fail(self, failure: Failure) -> None:
        self._session.failed.emit(failure)
        self.in_vain.emit()
        self.changed.emit()

    # What happens meanwhile

    def _forget(self) -> None:
        self._searching.drop()
        self.choice = self._again = self._queue = None
        self._notes = Notes()
        self.changed.emit()

    @Slot()
    def _forget_project(self) -> None:
        self._index.forget()
        self._forget()

    @Slot()
    def _follow_snapshot(self) -> None:
        self._index.may_be_old()
        snapshot = self._session.snapshot
        if self.choice is not None and snapshot is not None:
            self._take_notes(snapshot)
            if not np.array_equal(self._session.shown, self._notes.rows):
                self._session.show_rows(self._notes.rows)
            self.changed.emit()

    @Slot()
    def _follow_shown(self) -> None:
        if self.choice is None or np.array_equal(self._session.shown, self._notes.rows):
            return
        # Another filter searches among other photos; whoever asks for anything else has left what was found.
        again = self._again if str(self._arrangement.shown_photos.condition) != self._condition else None
        self._forget()
        if again is not None:
            self._search(*again)


def _in_groups(snapshot: Snapshot, groups: Rows, best: npt.NDArray[np.bool_], title: str) -> Choice:
    """The photos that are not alone, group by group, the best of each first."""
    counts = np.bincount(groups, minlength=len(groups))
    rows = np.flatnonzero(counts[groups] > 1)
    rows = rows[np.lexsort((rows, ~best[rows], groups[rows]))]
    sizes = counts[np.unique(groups[rows])]
    return Choice(
        title,
        snapshot.photo_ids[rows],
        tuple(sizes.tolist()),
        best=frozenset(snapshot.photo_ids[best].tolist()),
    )
