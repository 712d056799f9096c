"""The last steps, so that what taking one back changes is on the screen before the database was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.project.answer import Answer
from engine.project.snapshot import Snapshot

_STEPS = 200
_ANSWERS = 1000
"""Of a larger step nobody waits for the picture alone."""


class Step(NamedTuple):
    """What an edit changed: what was said of photos and labels before, and after."""

    before: tuple[Answer, ...]
    after: tuple[Answer, ...]


_Steps = deque[Step | None] | list[Step | None]


class LastSteps:
    """What this window did and took back, as far as it knows: the database has the last word on what undo does.

    A step that is None is one of which it is not known what it changed.
    """

    def __init__(self) -> None:
        self._done: deque[Step | None] = deque(maxlen=_STEPS)
        self._undone: list[Step | None] = []

    def forget(self) -> None:
        """Something else was done since, perhaps by somebody else."""
        self._done.clear()
        self._undone.clear()

    def do(self, snapshot: Snapshot, answers: Sequence[Answer]) -> Step | None:
        """Remember an edit that is about to be shown; one that changes nothing is no step."""
        if len(answers) > _ANSWERS:
            self._done.append(None)
            self._undone.clear()
            return None
        wanted = list({one[:2]: one for one in answers}.values())
        before = [Answer(*one[:2], said) for one, said in zip(wanted, snapshot.said_of(wanted), strict=True)]
        wanted = [_as_said(one) for one in wanted]
        differ = [place for place, one in enumerate(wanted) if one != before[place]]
        step = Step(tuple(before[place] for place in differ), tuple(wanted[place] for place in differ))
        if differ:
            self._done.append(step)
            self._undone.clear()
        return step

    def undo(self, snapshot: Snapshot) -> tuple[Answer, ...]:
        """What taking the last step back will change."""
        step = _move(self._done, self._undone)
        return () if step is None else _where(snapshot, step.after, step.before)

    def redo(self, snapshot: Snapshot) -> tuple[Answer, ...]:
        """What doing again what was taken back last will change."""
        step = _move(self._undone, self._done)
        return () if step is None else _where(snapshot, step.before, step.after)


def _move(steps: _Steps, others: _Steps) -> Step | None:
    """Take the last step over to the others; None where there is none, or where it is not known what it changed."""
    if not steps:
        return None
    step = steps.pop()
    others.append(step)
    return step


def _as_said(answer: Answer) -> Answer:
    """A mark is there or not; of a label nothing may be said."""
    return Answer(answer.photo_id, None, bool(answer.value)) if answer.label_id is None else answer


def _where(snapshot: Snapshot, now: Iterable[Answer], then: Iterable[Answer]) -> tuple[Answer, ...]:
    """Those of `then` that follow on what is said now, as the database leaves what was changed again."""
    now = list(now)
    said = snapshot.said_of(now)
    return tuple(one for one, is_now, was in zip(then, said, now, strict=True) if is_now == was.value)
