"""Intervals from resampled photos: the same figures as by repeating the photos, and honest ends."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from engine.method.bootstrap import bootstrap_interval, draw_photos, resampled_average_precision


def some_scores(photos: int = 60, labels: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores with many equal ones, and a truth with some answers ignored and a label without positives."""
    random = np.random.default_rng(seed)
    truth = (random.random((photos, labels)) < 0.2).astype(np.int8)
    scores = (random.random((photos, labels)) + 0.5 * truth).round(1).astype(np.float32)
    truth[random.random(truth.shape) < 0.1] = -1
    truth[:, -1] = np.minimum(truth[:, -1], 0)
    return scores, truth


def test_a_resample_is_the_photos_repeated() -> None:
    scores, truth = some_scores()
    counts = draw_photos(len(scores), 7, seed=3)
    assert (counts.sum(axis=0) == len(scores)).all()
    found = resampled_average_precision(scores, truth, counts)
    for resample in range(7):
        drawn = np.repeat(np.arange(len(scores)), counts[:, resample])
        for label in range(3):
            known = drawn[truth[drawn, label] >= 0]
            expected = average_precision_score(truth[known, label], scores[known, label])
            assert found[resample, label] == pytest.approx(expected)
    assert np.isnan(found[:, 3]).all()


def test_a_resample_without_a_positive_is_no_number() -> None:
    scores, truth = np.array([[0.9], [0.5], [0.1]], np.float32), np.array([[1], [0], [0]], np.int8)
    counts = np.array([[0, 1], [2, 1], [1, 1]], np.int32)
    found = resampled_average_precision(scores, truth, counts)
    assert np.isnan(found[0, 0])
    assert found[1, 0] == 1.0


def test_the_same_seed_draws_the_same_photos() -> None:
    assert (draw_photos(20, 5, seed=1) == draw_photos(20, 5, seed=1)).all()
    assert (draw_photos(20, 5, seed=1) != draw_photos(20, 5, seed=2)).any()


def test_an_interval_holds_the_figure_that_all_photos_would_give() -> None:
    random = np.random.default_rng(5)

    def photos(count: int) -> tuple[np.ndarray, np.ndarray]:
        truth = (random.random((count, 1)) < 0.1).astype(np.int8)
        return random.normal(size=(count, 1)) + truth, truth

    scores, truth = photos(100_000)
    all_photos = average_precision_score(truth[:, 0], scores[:, 0])
    held = 0
    for seed in range(60):
        scores, truth = photos(500)
        value = average_precision_score(truth[:, 0], scores[:, 0])
        resampled = resampled_average_precision(scores, truth, draw_photos(500, 100, seed=seed))
        interval = bootstrap_interval(value, resampled[:, 0])
        assert interval is not None
        held += interval.low <= all_photos <= interval.high
    assert held >= 50  # 95 % of 60 are 57; fewer than 50 would be one chance in thousands


def test_resamples_that_flatter_are_moved_to_the_figure() -> None:
    interval = bootstrap_interval(0.5, np.linspace(0.6, 0.8, 201))
    assert interval is not None
    assert (interval.low, interval.high) == (pytest.approx(0.5 - 0.095), pytest.approx(0.5 + 0.095))


def test_an_interval_ends_where_no_figure_can_be() -> None:
    resampled = np.linspace(0.5, 1.0, 101)
    near_one = bootstrap_interval(0.95, resampled)
    assert near_one is not None
    assert near_one.high == 1.0
    difference = bootstrap_interval(0.1, resampled - 0.75, lowest=-1.0)
    assert difference is not None
    assert difference.low == pytest.approx(0.1 - 0.2375)


def test_resamples_that_are_few_or_equal_tell_nothing() -> None:
    assert bootstrap_interval(1.0, np.ones(50)) is None
    assert bootstrap_interval(0.5, np.array([0.4, 0.6, np.nan])) is None
    assert bootstrap_interval(float("nan"), np.full(50, 0.5)) is None
    assert bootstrap_interval(0.5, np.full(50, np.nan)) is None


def test_shapes_that_do_not_fit_are_said() -> None:
    with pytest.raises(ValueError, match=r"but got shapes \(3, 2\), \(3, 2\) and \(4, 5\)"):
        resampled_average_precision(np.zeros((3, 2)), np.zeros((3, 2), np.int8), draw_photos(4, 5))


def test_a_check_may_stop_it() -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        resampled_average_precision(*some_scores(), draw_photos(60, 2), stop)
