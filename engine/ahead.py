"""What one thread makes while another does something with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

Item = TypeVar("Item")

_LOOK_UP, _LAST_ITEM = 0.1, 0.5
"""Seconds between two looks whether to go on, and that what is being made at the end is waited for."""


class Ahead(Generic[Item]):
    """Runs a generator in a thread of its own, some items ahead of whoever iterates over this.

    What goes wrong in the generator is raised by the iteration, behind all items that were made before.
    """

    def __init__(self, items: Generator[Item, None, None], most: int, check: Callable[[], None]) -> None:
        """Begin at once.

        Args:
            items: made and closed in the thread.
            most: items that may wait.
            check: called in the iterating thread while it waits, several times a second; may raise to end it.
        """
        self._items, self._check = items, check
        self._made: Queue[Item | BaseException | None] = Queue(most)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._make, name="ahead")
        self._thread.start()

    def __iter__(self) -> Iterator[Item]:
        while True:
            try:
                item = self._made.get(timeout=_LOOK_UP)
            except Empty:
                self._check()
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def end(self) -> list[Item]:
        """Have no more made; returns what was and has not been taken.

        What is being made now is waited for half a second: what takes longer is lost.
        """
        self._ended.set()
        self._thread.join(_LAST_ITEM)
        left: list[Item] = []
        while True:
            try:
                item = self._made.get_nowait()
            except Empty:
                return left
            if item is not None and not isinstance(item, BaseException):
                left.append(item)

    def _make(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001 (it is raised in the other thread)
            self._put(error)
        finally:
            self._items.close()

    def _put(self, item: Item | BaseException | None) -> bool:
        """Returns whether to go on."""
        while True:
            try:
                self._made.put(item, timeout=_LOOK_UP)
                return not self._ended.is_set()
            except Full:
                if self._ended.is_set():
                    return False
