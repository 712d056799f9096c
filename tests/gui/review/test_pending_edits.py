"""What is shown while edits wait to be written, against a model by hand: committed answers, waiting ones on top."""

from __future__ import annotations

import copy
from collections import deque
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdul_gui.session.pending import PendingEdits
from engine.project import Project
from engine.project.answer import Answer
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot

answers = st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from([True, False, None]))
_KINDS = "edit, edit, undo, guess, write, fail, another, look, hear, hear, begin reading, read, show"
kinds = st.sampled_from(_KINDS.split(", "))
steps = st.lists(st.tuples(kinds, answers, answers), max_size=30)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_display_is_what_is_committed_with_what_waits_on_top(scored_photos: Path, happens: list) -> None:
    """The writing thread writes and the window hears of it later; the reading thread reads anywhere in between.

    Another program writes at any time; what became of that the writing thread looks up.
    """
    before = _snapshot(scored_photos)
    edits = PendingEdits(copy.deepcopy(before))
    database = copy.deepcopy(before)
    reading, read = False, None
    waiting: deque[tuple[int, list[Answer], Answer]] = deque()
    written: deque[tuple[int | None, list[Answer] | None]] = deque()
    of_another: dict[tuple[int, int | None], None] = {}
    in_the_end = [*["write"] * len(happens), "look", *["hear"] * (len(happens) + 1), "read", "show"]

    def answer_of(photo: int, label: int, value: bool | None) -> Answer:
        return Answer(int(before.photo_ids[photo]), before.labels[label].id, value)

    for kind, what, guessed in [*happens, *((kind, None, None) for kind in in_the_end)]:
        if kind in ("edit", "undo", "guess"):
            answer = answer_of(*what)
            # What an undo changes is known only once it is written, and until then guessed at most.
            shown = {"edit": [answer], "undo": [], "guess": [answer_of(*guessed)]}[kind]
            ticket, _rows = edits.begin(shown, guess=kind != "edit")
            waiting.append((ticket, shown, answer))
        elif kind in ("write", "fail") and waiting:
            ticket, _shown, answer = waiting.popleft()
            if kind == "write":
                database.apply([answer])
            written.append((ticket, [answer] if kind == "write" else None))
        elif kind == "hear" and written:
            ticket, said = written.popleft()
            if ticket is None:
                edits.hear(said)
            else:
                edits.end(ticket, said)
        elif kind == "another":
            answer = answer_of(*what)
            database.apply([answer])
            of_another[answer[:2]] = None
        elif kind == "look" and of_another:
            values = database.said_of([Answer(*key, None) for key in of_another])
            written.append((None, [Answer(*key, value) for key, value in zip(of_another, values, strict=True)]))
            of_another.clear()
        elif kind == "begin reading" and not reading:
            edits.reading_begins()
            reading, read = True, None
        elif kind == "read" and reading and read is None:
            read = copy.deepcopy(database)
        elif kind == "show" and read is not None:
            edits.rebase(read)
            reading, read = False, None
        if not written and not of_another:
            expected = copy.deepcopy(database)
            expected.apply(one for _ticket, shown, _answer in waiting for one in shown)
            assert (edits.snapshot.decisions == expected.decisions).all()
    assert (edits.snapshot.decisions == database.decisions).all()


def _snapshot(photos: Path) -> Snapshot:
    with Project.open(photos, read_only=True) as project:
        return take_snapshot(project)
