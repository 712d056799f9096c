"""What one thread makes ahead of another."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from engine.ahead import Ahead
from engine.jobs import NEVER, Cancellation, Cancelled


def test_all_items_come_in_order_made_in_another_thread() -> None:
    ahead = Ahead(((at, threading.current_thread().name) for at in range(50)), 3, NEVER.check)
    assert list(ahead) == [(at, "ahead") for at in range(50)]
    assert ahead.end() == []


def test_what_goes_wrong_comes_after_what_went_well() -> None:
    def made() -> Iterator[float]:
        yield 1.0
        yield 2.0
        yield 1 / 0

    taken: list[float] = []
    with pytest.raises(ZeroDivisionError):
        taken.extend(Ahead(made(), 9, NEVER.check))
    assert taken == [1.0, 2.0]


def test_no_more_is_made_than_may_wait_and_the_generator_is_closed() -> None:
    closed, begun = threading.Event(), []

    def made() -> Iterator[int]:
        try:
            for at in range(1000):
                begun.append(at)
                yield at
        finally:
            closed.set()

    ahead = Ahead(made(), 2, NEVER.check)
    first = next(iter(ahead))
    left = ahead.end()
    assert closed.wait(10)
    assert first == 0
    assert left == list(range(1, 1 + len(left)))
    assert len(begun) <= 5


def test_whoever_waits_can_be_cancelled_and_gets_what_is_there() -> None:
    may_go_on, cancellation = threading.Event(), Cancellation()

    def made() -> Iterator[int]:
        yield 1
        cancellation.cancel()
        may_go_on.wait(10)  # a network at a batch that takes long
        yield 2

    ahead = Ahead(made(), 5, cancellation.check)
    taken: list[int] = []
    with pytest.raises(Cancelled):
        taken.extend(ahead)
    assert [*taken, *ahead.end()] == [1]
    may_go_on.set()
