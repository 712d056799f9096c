"""Work in threads, answers in the window's thread, none of them lost."""

import os
import sys
import threading

import pytest
from acting import wait_until
from pytestqt.qtbot import QtBot

from cdul_gui.session.jobs import Failure, Job, Workers
from engine.jobs import Cancellation, Progress, ProgressReport


def test_all_signals_arrive_in_the_thread_that_began(qtbot: QtBot) -> None:
    workers = Workers()
    threads: dict[str, threading.Thread] = {}

    def work(progress: Progress, _cancellation: Cancellation) -> int:
        threads["work"] = threading.current_thread()
        progress.start("Counting", total=1)
        return 42

    job = workers.start(work)
    results: list[object] = []
    job.progressed.connect(lambda _report: threads.setdefault("progressed", threading.current_thread()))
    job.finished.connect(lambda result: (results.append(result), threads.setdefault("end", threading.current_thread())))
    wait_until(lambda: not workers.busy)
    assert results == [42]
    assert threads["progressed"] is threads["end"] is threading.current_thread()
    assert threads["work"] is not threading.current_thread()


def test_whoever_connects_after_the_work_is_done_still_hears_of_it(qtbot: QtBot) -> None:
    workers = Workers()
    done = threading.Event()

    def work() -> str:
        done.set()
        return "early"

    job = workers.read(work)
    assert done.wait(10)
    results: list[object] = []
    job.finished.connect(results.append)
    wait_until(lambda: not workers.busy)
    assert results == ["early"]


def test_exactly_one_ending(qtbot: QtBot) -> None:
    workers = Workers()
    endings: list[str] = []

    def cancelled(_progress: Progress, cancellation: Cancellation) -> None:
        cancellation.cancel()
        cancellation.check()

    def failing() -> None:
        raise ValueError("no")

    jobs: dict[str, Job] = {
        "cancelled": workers.start(cancelled),
        "failed": workers.read(failing),
        "finished": workers.write(lambda: None),
    }
    for name, job in jobs.items():
        job.finished.connect(lambda _result, name=name: endings.append(f"{name} finished"))
        job.failed.connect(lambda _failure, name=name: endings.append(f"{name} failed"))
        job.cancelled.connect(lambda name=name: endings.append(f"{name} cancelled"))
    wait_until(lambda: not workers.busy)
    assert sorted(endings) == ["cancelled cancelled", "failed failed", "finished finished"]


def test_edits_are_written_in_their_order(qtbot: QtBot) -> None:
    workers, written = Workers(), list[int]()
    for number in range(50):
        workers.write(lambda number=number: written.append(number))
    wait_until(lambda: not workers.busy)
    assert written == list(range(50))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a niceness for each thread")
def test_long_work_and_its_threads_let_the_window_and_its_edits_go_first(qtbot: QtBot) -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def long_work(_progress: Progress, _cancellation: Cancellation) -> None:
        thread = threading.Thread(target=lambda: found.update(of_long_work=niceness()))
        thread.start()
        thread.join()

    workers, found, window = Workers(), dict[str, int](), niceness()
    workers.start(long_work)
    workers.learn(lambda: found.update(lesson=niceness()))
    workers.write(lambda: found.update(edit=niceness()))
    wait_until(lambda: not workers.busy)
    assert found["edit"] == window == niceness()
    assert found["edit"] < found["lesson"] < found["of_long_work"]


def test_shutting_down_writes_what_waits_and_cancels_the_rest(qtbot: QtBot) -> None:
    workers, written = Workers(), list[int]()
    began = threading.Event()

    def endless(_progress: Progress, cancellation: Cancellation) -> None:
        began.set()
        while True:
            cancellation.check()

    workers.start(endless)
    assert began.wait(10)
    for number in range(5):
        workers.write(lambda number=number: written.append(number))
    workers.shut_down()
    assert written == list(range(5))


def test_a_defect_is_told_apart_from_what_a_person_can_mend() -> None:
    from engine.errors import UserError

    assert Failure(UserError("Do this.")).sentence == "Do this."
    assert Failure(UserError("Do this.")).details == ""
    assert "KeyError" in Failure(KeyError("x")).details
    for short in (MemoryError(), RuntimeError("Exception from src/inference/src/dev/plugin.cpp:54: can't alloc")):
        assert (Failure(short).sentence[:27], Failure(short).details) == ("The memory of this computer", "")


def test_reports_come_with_their_numbers(qtbot: QtBot) -> None:
    workers = Workers()
    reports: list[ProgressReport] = []

    def work(progress: Progress, _cancellation: Cancellation) -> None:
        progress.start("Counting", total=2)
        progress.advance(2)

    workers.start(work).progressed.connect(reports.append)
    wait_until(lambda: not workers.busy)
    assert [(report.done, report.total) for report in reports] == [(0, 2), (2, 2)]
