"""Edits that are shown before they are written, and what is shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

from engine.project.answer import Answer
from engine.project.snapshot import Snapshot

Key = tuple[int, int | None]
_key: Callable[[Answer], Key] = itemgetter(0, 1)


class PendingEdits:
    """Keeps a snapshot equal to what is committed, with the edits that are not yet committed on top, in order.

    Edits are committed in the order in which they began; an undo is one whose answers are known only afterwards.
    Once none is pending, the snapshot is what the database holds, whatever came in between.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._next = 0
        self._waiting: dict[int, tuple[Answer, ...]] = {}
        self._guesses: set[int] = set()
        # What is committed for each photo and label that a waiting edit covers up.
        self._beneath: dict[Key, bool | None] = {}
        # What was committed since the reading of the next snapshot began, which may or may not hold it.
        self._since_reading: list[Answer] = []

    @property
    def waiting(self) -> bool:
        """Whether any edit is still to be committed."""
        return bool(self._waiting)

    def begin(self, answers: Sequence[Answer] = (), *, guess: bool = False) -> tuple[int, list[int]]:
        """Show an edit's answers; returns its ticket and the rows that changed.

        Args:
            guess: these are what an undo will probably change; none where nothing is known of that.
        """
        ticket, self._next = self._next, self._next + 1
        # What an edit before covers up stays what it was.
        self._beneath = self._said_of(answers) | self._beneath
        self._waiting[ticket] = tuple(answers)
        if guess:
            self._guesses.add(ticket)
        return ticket, self.snapshot.apply(answers)

    def end(self, ticket: int, committed: Iterable[Answer] | None) -> list[int]:
        """An edit was committed, with these changes, or failed (None); returns the rows that changed."""
        attempted = self._waiting.pop(ticket, ())
        failed, committed = committed is None, list(committed or ())
        was_guess = ticket in self._guesses
        self._guesses.discard(ticket)
        self._since_reading += committed
        if not self._waiting and committed == list(attempted) and not failed:
            self._beneath.clear()
            return []  # as it was shown
        self._beneath.update((_key(one), one.value) for one in committed)
        # What went as it was shown changes nothing more, and nothing is painted twice. What an edit wanted and did not
        # change was so already; what a guess showed and an undo did not change is not so.
        shown, done = set(attempted), set(committed)
        taken_back = attempted if failed or was_guess else ()
        keys = [_key(one) for one in taken_back if one not in done]
        keys += [_key(one) for one in committed if one not in shown]
        on_top = {_key(one): one.value for answers in self._waiting.values() for one in answers}
        says = {key: on_top.get(key, self._beneath[key]) for key in keys}
        changed = self.snapshot.apply(Answer(*key, value) for key, value in says.items())
        if not self._waiting:
            self._beneath.clear()
        return changed

    def hear(self, answers: Iterable[Answer]) -> list[int]:
        """Others said something, and this is in force; what waits stays on top. Returns the rows that changed."""
        answers = list(answers)
        self._since_reading += answers
        covered = {_key(one) for waiting in self._waiting.values() for one in waiting}
        self._beneath.update((_key(one), one.value) for one in answers if _key(one) in covered)
        shown = [one for one in answers if _key(one) not in covered]
        says = self.snapshot.said_of(shown)
        return self.snapshot.apply(one for one, said in zip(shown, says, strict=True) if one.value != said)

    def reading_begins(self) -> None:
        """A new snapshot is about to be read."""
        self._since_reading.clear()

    def rebase(self, snapshot: Snapshot) -> None:
        """Go on with the snapshot that was read."""
        self.snapshot = snapshot
        snapshot.apply(self._since_reading)
        waiting = [one for answers in self._waiting.values() for one in answers]
        self._beneath = self._said_of(waiting)
        snapshot.apply(waiting)

    def _said_of(self, answers: Sequence[Answer]) -> dict[Key, bool | None]:
        return dict(zip(map(_key, answers), self.snapshot.said_of(answers), strict=True))
