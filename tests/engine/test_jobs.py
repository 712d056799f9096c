"""Progress and cancellation of long work."""

import threading

import pytest

from engine.jobs import NEVER, QUIET, Cancellation, Cancelled, Progress, ProgressReport


def test_a_cancelled_job_stops_at_its_next_check() -> None:
    cancellation = Cancellation()
    cancellation.check()
    cancellation.cancel()
    assert cancellation.cancelled
    with pytest.raises(Cancelled):
        cancellation.check()


def test_a_paused_job_waits_until_it_may_go_on() -> None:
    cancellation = Cancellation()
    cancellation.pause()
    assert cancellation.paused
    done = threading.Event()
    worker = threading.Thread(target=lambda: (cancellation.check(), done.set()))
    worker.start()
    assert not done.is_set()
    cancellation.resume()
    worker.join(10)
    assert done.is_set()


def test_a_paused_job_can_be_cancelled() -> None:
    cancellation = Cancellation()
    cancellation.pause()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        cancellation.check()


def progress_with_clock(per_second: float = 10.0) -> tuple[Progress, list[ProgressReport], list[float]]:
    reports: list[ProgressReport] = []
    clock = [0.0]
    return Progress(reports.append, per_second=per_second, clock=lambda: clock[0]), reports, clock


def test_rate_and_time_left() -> None:
    progress, reports, clock = progress_with_clock()
    progress.start("Labelling", total=100)
    for second in range(1, 6):
        clock[0] = float(second)
        progress.advance(10)
    assert reports[-1] == ProgressReport("Labelling", 50, 100, "photos", 10.0, 5.0)
    assert reports[-1].fraction == 0.5


def test_what_is_prepared_before_the_first_photo_makes_the_rest_no_slower() -> None:
    progress, reports, clock = progress_with_clock()
    progress.start("Labelling", total=101)
    clock[0] = 30.0  # a network is opened
    progress.advance()
    assert reports[-1].seconds_left is None
    for rate in (5, 10, 15):  # and becomes warm
        clock[0] += 1
        progress.advance(rate)
    assert reports[-1].rate == pytest.approx(10)
    assert reports[-1].seconds_left == pytest.approx(7)


def test_the_first_and_the_last_report_always_come_and_few_between() -> None:
    progress, reports, clock = progress_with_clock(per_second=10)
    progress.start("Labelling", total=1000)
    for step in range(1000):
        clock[0] = step / 1000
        progress.advance()
    assert (reports[0].done, reports[-1].done) == (0, 1000)
    assert len(reports) <= 12


def test_of_a_task_with_nothing_to_do_nobody_hears() -> None:
    reports: list[ProgressReport] = []
    progress = Progress(reports.append)
    progress.start("Scoring", total=0)
    assert reports == []


def test_a_photo_that_is_taken_up_several_times_is_counted_as_one() -> None:
    progress, reports, clock = progress_with_clock(per_second=1000)
    progress.start("Scoring", total=4, passes=3)
    for _ in range(4):
        clock[0] += 1
        progress.advance(3)
    assert [(report.done, report.total) for report in reports] == [(done, 4) for done in range(5)]
    assert reports[-1].rate == pytest.approx(1)
    assert [report.seconds_left for report in reports[-2:]] == pytest.approx([1, 0])


def test_an_unknown_total_has_no_fraction_and_no_time_left() -> None:
    progress, reports, clock = progress_with_clock()
    progress.start("Finding", total=None)
    clock[0] = 1.0
    progress.advance(7)
    assert (reports[-1].done, reports[-1].fraction, reports[-1].seconds_left) == (7, None, None)


def test_the_rate_follows_a_machine_that_slows_down() -> None:
    progress, reports, clock = progress_with_clock()
    progress.start("Labelling", total=10_000)
    for rate in [100] * 10 + [10] * 30:
        clock[0] += 1
        progress.advance(rate)
    assert reports[-1].rate == pytest.approx(10, rel=0.1)


def test_a_verb_that_was_given_none_reports_to_nobody_and_cannot_be_stopped_by_another() -> None:
    QUIET.start("Labelling", total=2)
    QUIET.advance(2)
    NEVER.check()
    for stop in (NEVER.pause, NEVER.cancel):
        with pytest.raises(RuntimeError, match="Expected a Cancellation of this job's own"):
            stop()
    assert not NEVER.cancelled
    assert not NEVER.paused
