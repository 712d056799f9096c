"""What the gallery was asked to show: a filter, an order and groups, and what came of them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.order import Grouping, kept_in_groups
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.shown_photos import ShownPhotos, Sorting, rows_for
from cdul_gui.session.snapshot_reading import Rows
from engine.project.filters import FilterError, parse
from engine.project.filters.filter import All, joined
from engine.project.labels import all_names

MILLISECONDS_AFTER_ANSWERS = 150

_PLAIN_WORDS = re.compile(r"\s*\w[\w\s'’]*")
"""Without a sign that filters have, such as a colon."""


class Arrangement(QObject):
    """Filters, sorts and groups in a worker and has the session show the rows; only what was asked for last counts.

    Photos do not jump away under a person's hands: after an answer, or when new scores come, what is in view stays
    where it is, and so does all down to the last of several selected photos; what is above and below takes the order
    that it has by now, and what was in view does so when it is left. `stale` says that some is still held. New photos
    are arranged at once.
    """

    changed = Signal()
    """What was asked for, or what came of it, is another."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._latest = Latest(self)
        # What was answered is on the screen first; answers in a row are followed together.
        self._soon = QTimer(self, singleShot=True, interval=MILLISECONDS_AFTER_ANSWERS)
        self._soon.timeout.connect(self._compare)
        self._forget()
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._follow_snapshot)
        for signal in (session.answers_changed, session.suggestions_changed):
            signal.connect(self._compare_soon)
        for signal in (session.view_changed, session.selection_changed):
            signal.connect(self._let_go_soon)
        session.shown_changed.connect(self._follow_shown)
        session.label_changed.connect(self._follow_label)

    @Slot()
    def _forget(self) -> None:
        self.text = ""
        """The filter as it is typed."""
        self.error: FilterError | None = None
        """Why the text is no filter; what was shown before stays."""
        self.shown_photos = ShownPhotos()
        self.stale = False
        """Whether the same filter and order would show other photos, or another order, by now."""
        self.in_force = True
        """Whether the gallery shows what was asked for here, not e.g. a queue."""
        self._rows: Rows = self._session.shown
        self._grouping = Grouping.NONE
        self._latest.drop()
        self.held: Rows = NO_ROWS
        """Photos that are shown where they were seen, though they belong elsewhere by now."""
        self._to_show = False
        self._photos: npt.NDArray[np.int64] | None = None
        self._label_ids: list[int] = []
        self._hidden: tuple[int | None, int | None] = (None, None)
        self._from_first = False
        self.changed.emit()

    # What can be asked for

    def filter_by(self, text: str) -> None:
        """Show the photos for which a filter line holds; where it is wrong, `error` says why."""
        self.text = text
        if self._understand():
            self.apply()
        else:
            self.changed.emit()

    def narrow_by(self, text: str) -> None:
        """Show those of the filtered photos for which this holds as well."""
        self.filter_by(str(joined(All, [part for part in (self.shown_photos.condition, parse(text)) if str(part)])))

    def sort_by(self, sorting: Sorting) -> None:
        """Sort in the direction that is of most use: names from A, all else from the highest or latest."""
        self.shown_photos = replace(self.shown_photos, sorting=sorting, descending=sorting != Sorting.NAME)
        self.apply()

    def reverse(self) -> None:
        """Sort in the other direction."""
        self.shown_photos = replace(self.shown_photos, descending=not self.shown_photos.descending)
        self.apply()

    def group_by(self, grouping: Grouping) -> None:
        """Bring the photos of a folder or a day together, or no longer if they are."""
        again = self.in_force and grouping == self.shown_photos.grouping
        self.shown_photos = replace(self.shown_photos, grouping=Grouping.NONE if again else grouping)
        self.apply()

    def ask(
        self,
        text: str,
        *,
        sorting: Sorting,
        descending: bool,
        label: int | None,
        grouping: Grouping,
        from_first: bool = False,
    ) -> None:
        """Ask for all of it at once. A filter that is wrong shows all photos, and `error` says why.

        Args:
            from_first: the first photos are wanted: the first is looked at where the one that is would be out of view.
        """
        self.text, self._from_first = text, from_first
        self.shown_photos = ShownPhotos(sorting=sorting, descending=descending, label=label, grouping=grouping)
        self._understand()
        self.apply()

    def ask_for_later(self, text: str, wanted: ShownPhotos) -> None:
        """Show this once what is shown beside it, e.g. a queue, is left."""
        self._latest.drop()
        self._to_show = self._from_first = False
        self.text, self.shown_photos = text, wanted
        self._understand()
        self.changed.emit()

    def apply(self) -> None:
        """Filter, sort and group by what is known now."""
        if self._session.label is not None:
            self.shown_photos = replace(self.shown_photos, label=self._session.label)
        self._to_show = True
        self._compute()
        self.changed.emit()

    @property
    def grouping(self) -> Grouping:
        """The groups of what is shown."""
        return self._grouping if self.in_force else Grouping.NONE

    @property
    def filtered(self) -> bool:
        """Whether a filter is in force."""
        return self.in_force and bool(str(self.shown_photos.condition))

    def is_by_score_of(self, column: int) -> bool:
        """Whether the photos are shown by the score of this label, so that all of them are about it."""
        shown = self.shown_photos
        return self.in_force and (shown.sorting, shown.label) == (Sorting.SCORE, column)

    @property
    def words(self) -> str:
        """The filter, where it is plain words, which may be looked for in the photos as well; else empty."""
        return self.text if _PLAIN_WORDS.fullmatch(self.text) else ""

    @property
    def arranging(self) -> bool:
        """Whether what was asked for last is still to be shown."""
        return self._to_show

    @property
    def following(self) -> bool:
        """Whether the order is still to follow the last answers."""
        return self._soon.isActive() or self._latest.busy

    # What comes of it

    def _understand(self) -> bool:
        snapshot = self._session.snapshot
        try:
            condition = parse(self.text, all_names(snapshot.labels) if snapshot is not None else [])
        except FilterError as error:
            self.error = error
            return False
        self.error = None
        self.shown_photos = replace(self.shown_photos, condition=condition)
        return True

    def _compute(self) -> None:
        session, shown_photos = self._session, self.shown_photos
        project, snapshot = session.project, session.snapshot
        self._latest.drop()
        if project is None or snapshot is None:
            return
        job = session.workers.read(lambda: rows_for(shown_photos, project, snapshot))
        self._latest.follow(job, lambda found: self._arrive(shown_photos, *found), self._fail)

    def _arrive(self, shown_photos: ShownPhotos, rows: Rows, ranks: Rows) -> None:
        session = self._session
        self.held = NO_ROWS
        if self._to_show:
            self._to_show = self.stale = False
            same = np.array_equal(rows, session.shown)
            self._rows, self._grouping, self.in_force = rows, shown_photos.grouping, True
            self._keep_current(rows)
            if not same:
                session.show_rows(rows)
        elif self.in_force:
            following = not np.array_equal(rows, session.shown)
            to_show, moved = self._around_what_is_seen(rows, ranks) if following else (rows, NO_ROWS)
            self.stale = not np.array_equal(rows, to_show)
            self.held = moved if self.stale else NO_ROWS
            if not np.array_equal(to_show, session.shown):
                self._rows = to_show
                session.show_rows(to_show, in_place=True)
        self.changed.emit()

    def _around_what_is_seen(self, wanted: Rows, ranks: Rows) -> tuple[Rows, Rows]:
        """What to show of an order that changed by itself, and what of it is held where it was.

        Args:
            ranks: of the groups of all rows of the snapshot.
        """
        session = self._session
        shown, current = session.shown, session.current
        in_view = range(session.in_view.start, min(session.in_view.stop, len(shown)))
        if len(session.selection) > 1:
            # Who selects down to one has seen what is above; nothing unseen may come between.
            last = int(np.flatnonzero(np.isin(shown, session.selection))[-1:].sum()) + 1
            in_view = range(0, max(last, in_view.stop))
        if current is not None and not np.any(wanted == current) and np.any(places := shown == current):
            place = int(np.flatnonzero(places)[0])
            if place not in in_view:
                wanted = np.insert(wanted, min(place, len(wanted)), current)
                wanted = wanted[np.argsort(ranks[wanted], kind="stable")]
        return kept_in_groups(shown, wanted, ranks, in_view, session.columns)

    def _fail(self, failure: Failure) -> None:
        self._to_show = False
        self._session.failed.emit(failure)

    def _keep_current(self, rows: Rows) -> None:
        """Look at a photo that is shown: what cannot be seen must not be edited."""
        session, (hidden, instead) = self._session, self._hidden
        from_first, self._from_first = self._from_first, False
        # Who clears a filter is back at the photo from before.
        wanted = hidden if hidden is not None and session.current == instead else session.current
        places = np.flatnonzero(rows == wanted)
        # A photo that nobody chose gives way to the first.
        in_view = 1 if session.previous is None and not len(session.selection) else max(1, len(session.in_view))
        out_of_view = from_first and len(session.selection) < 2 and places[:1].sum() >= in_view
        if wanted is not None and len(places) and not out_of_view:
            self._hidden = (None, None)
        else:
            self._hidden = (wanted, int(rows[0]) if len(rows) else None)
            wanted = self._hidden[1]
        if session.selection.tolist() == [session.current] and wanted is not None:
            session.go_to(wanted)
        else:
            session.look_at(wanted)

    # What happens meanwhile

    @Slot()
    def _follow_snapshot(self) -> None:
        self._latest.drop()
        snapshot = self._session.snapshot
        if snapshot is None:
            return
        label_ids = [label.id for label in snapshot.labels]
        if label_ids != self._label_ids:
            # The label that is sorted by has another column, or is gone.
            before, column = self._label_ids, self.shown_photos.label
            label = before[column] if column is not None and column < len(before) else None
            self._label_ids = label_ids
            column = label_ids.index(label) if label in label_ids else self._session.label
            self.shown_photos = replace(self.shown_photos, label=column)
        other_photos = self._photos is None or not np.array_equal(self._photos, snapshot.photo_ids)
        if other_photos:
            self._photos, self._hidden = snapshot.photo_ids, (None, None)
        understood = self._understand()
        if self.in_force:
            self._rows = self._session.shown
            self._to_show |= other_photos
        if understood and (self.in_force or self._to_show):
            self._compute()
        self.changed.emit()

    @Slot(object)
    def _compare_soon(self, _rows: object = None) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _let_go_soon(self) -> None:
        if self.stale:
            # Anew with each move: a person who scrolls is not disturbed.
            self._soon.start()

    @Slot()
    def _compare(self) -> None:
        if self.in_force or self._to_show:
            self._compute()

    @Slot()
    def _follow_shown(self) -> None:
        in_force = np.array_equal(self._session.shown, self._rows)
        if in_force != self.in_force:
            self.in_force = in_force
            self.stale, self.held = False, NO_ROWS
            self.changed.emit()

    @Slot()
    def _follow_label(self) -> None:
        label = self._session.label
        if (
            self.in_force
            and self.shown_photos.sorting == Sorting.SCORE
            and label not in (None, self.shown_photos.label)
        ):
            self.apply()
