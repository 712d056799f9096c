"""Garbage is collected, and by the window's thread alone: what Qt made must not be taken apart beside it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from acting import wait_until
from PySide6.QtWidgets import QApplication

from cdul_gui.window.garbage import Garbage


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[Garbage]:
    was_on = gc.isenabled()
    garbage = Garbage()
    yield garbage
    garbage.deleteLater()
    if was_on:
        gc.enable()


class Circle:
    """Refers to itself, so that only a search for garbage frees it."""

    freed_in: list[threading.Thread]

    def __init__(self, freed_in: list[threading.Thread]) -> None:
        self.itself, self.freed_in = self, freed_in

    def __del__(self) -> None:
        self.freed_in.append(threading.current_thread())


def test_what_a_worker_leaves_is_freed_by_the_window(garbage: Garbage) -> None:
    freed_in: list[threading.Thread] = []
    worker = threading.Thread(target=lambda: [Circle(freed_in) for _ in range(3000)])
    worker.start()
    worker.join()
    assert not freed_in  # Python by itself would have looked four times by now
    wait_until(lambda: len(freed_in) == 3000)
    assert {*freed_in} == {threading.main_thread()}
