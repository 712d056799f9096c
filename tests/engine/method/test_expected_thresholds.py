"""Thresholds from chances: the best F1 and the wanted precision that are to be expected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, precision_score

from engine.method.calibration import Calibration, calibrate
from engine.method.expected_thresholds import (
    answers_missing,
    expected_f1_thresholds,
    expected_precision,
    expected_precision_thresholds,
)
from engine.method.thresholds import Shape, best_f1_threshold

tied = arrays(np.float32, st.tuples(st.integers(1, 20), st.just(1)), elements=st.integers(0, 6).map(lambda n: n / 6))


def exact(offset: float = 0.0, slope: float = 1.0, labels: int = 1) -> Calibration:
    """A calibration that nothing is open about; by default a score is its own chance."""
    return Calibration(np.full(labels, offset), np.full(labels, slope), np.zeros((labels, 2, 2)))


def test_by_hand():
    scores = np.array([[0.9], [0.5], [0.4], [0.1]])
    chances = np.array([[1.0], [0.8], [0.3], [0.1]])
    # F1 by rank: 2 / 3.2, 3.6 / 4.2, 4.2 / 5.2, 4.4 / 6.2
    assert expected_f1_thresholds(scores, chances) == pytest.approx([0.45])
    # precision by rank: .9, .7, .6, .475
    assert expected_precision_thresholds(scores, exact(), 0.9) == pytest.approx([0.7])
    assert expected_precision_thresholds(scores, exact(), 0.7) == pytest.approx([0.45])
    assert expected_precision_thresholds(scores, exact(), 0.4) == pytest.approx([0.1])
    assert np.isnan(expected_precision_thresholds(scores, exact(), 0.95)).all()


def test_a_promise_is_the_more_careful_the_less_is_known():
    scores = np.linspace(0.05, 0.95, 50)[:, None]
    cuts = [
        expected_precision_thresholds(scores, replace(exact(), covariances=np.array([np.eye(2) * unsure])), 0.8)[0]
        for unsure in (0.0, 0.05, 0.2)
    ]
    assert cuts[0] < cuts[1] < cuts[2]


@settings(deadline=None)
@given(tied, st.data())
def test_where_chances_are_certain_it_is_the_best_f1_on_the_truth(scores, data):
    truth = data.draw(arrays(np.int8, scores.shape, elements=st.integers(0, 1)))
    found = expected_f1_thresholds(scores, truth.astype(float))[0]
    best = best_f1_threshold(scores[:, 0], truth[:, 0])
    if best is not None:
        scored = [f1_score(truth, scores >= cut, zero_division=0) for cut in (found, best)]
        assert scored[0] == pytest.approx(scored[1])


@settings(deadline=None)
@given(tied, st.sampled_from([0.5, 0.8, 1.0]))
def test_where_chances_are_certain_it_is_the_lowest_threshold_of_that_precision(scores, precision):
    truth = (scores >= 0.5).astype(np.int8)
    found = expected_precision_thresholds(scores, exact(2000.0 * np.log(0.6 / 0.4), 2000.0), precision)[0]
    enough = [cut for cut in np.unique(scores) if precision_score(truth, scores >= cut) >= precision]
    assert np.isnan(found) == (not enough)
    if enough:
        assert ((scores >= found) == (scores >= min(enough))).all()


def test_photos_without_a_score_do_not_count():
    scores = np.array([[np.nan, 0.9], [0.9, np.nan], [0.1, np.nan]])
    chances = np.array([[np.nan, 0.9], [0.9, np.nan], [0.1, np.nan]])
    assert expected_f1_thresholds(scores, chances) == pytest.approx([0.5, 0.9])
    nothing = np.full((3, 1), np.nan)
    assert np.isnan(expected_f1_thresholds(nothing, nothing)).all()
    assert np.isnan(expected_precision_thresholds(nothing, exact(), 0.5)).all()
    assert expected_precision_thresholds(scores, exact(labels=2), 0.9) == pytest.approx([0.5, 0.9])


def test_equal_scores_are_accepted_together_or_not_at_all():
    scores = np.full((4, 1), 0.25)
    assert expected_f1_thresholds(scores, np.full((4, 1), 0.3)) == pytest.approx([0.25])
    assert expected_precision_thresholds(scores, exact(), 0.25) == pytest.approx([0.25])
    assert np.isnan(expected_precision_thresholds(scores, exact(), 0.5)).all()


def test_a_precision_that_is_none_is_refused():
    with pytest.raises(ValueError, match="`precision` to be above 0 and at most 1, but got 0"):
        expected_precision_thresholds(np.zeros((1, 1)), exact(), 0)
    with pytest.raises(ValueError, match="at least one photo"):
        expected_f1_thresholds(np.zeros((0, 1)), np.zeros((0, 1)))


def test_the_expected_precision_is_the_mean_chance_of_what_is_accepted():
    scores = np.array([[0.9, 0.2], [0.7, 0.1], [0.2, np.nan]])
    found, nothing = expected_precision(scores, exact(labels=2), np.array([0.5, 0.9]))
    assert found.value == pytest.approx(0.8)
    # the luck in two photos: variance (.09 + .21) / 4, on the log odds of .8
    assert np.log(found.high / (1 - found.high)) == pytest.approx(np.log(4) + 1.96 * np.sqrt(0.075) / 0.16, abs=1e-3)
    assert nothing is None


def test_a_few_photos_that_are_all_but_sure_have_bounds_that_tell_something():
    scores = np.full((3, 1), 1 - 1e-8)
    (found,) = expected_precision(scores, exact(), np.array([0.5]))
    assert found.value >= 0.999999
    assert found.high >= found.value
    # Three of three right: an exact binomial interval begins at .29.
    assert 0.15 < found.low < 0.6


def test_its_bounds_hold_about_as_often_as_they_say():
    shape = Shape(np.array([0.5]), np.array([1.0]))
    random = np.random.default_rng(2)
    inside = 0
    for _ in range(200):
        # What is drawn as the prior says
        shift, stretch = random.normal(0, 1), max(0.05, random.normal(1, 0.25))
        guesses = random.normal(-1, 2, (300, 1))
        chances = 1 / (1 + np.exp(-(shift + stretch * guesses)))
        scores = 1 / (1 + np.exp(-guesses))
        answers = np.where(random.random((300, 1)) < chances, 1, -1)
        answers[40:] = 0
        (found,) = expected_precision(scores, calibrate(scores, answers, shape), np.array([0.6]))
        right = random.random((300, 1)) < chances
        inside += found.low <= right[scores >= 0.6].mean() <= found.high
    assert 0.91 <= inside / 200 <= 0.99


def test_answers_are_missing_where_chances_would_do_but_are_not_sure_enough():
    scores = np.array([[0.95], [0.9], [0.3]])
    sure, unsure = exact(), replace(exact(), covariances=np.array([np.eye(2) * 0.5]))
    asked = np.array([20])
    assert answers_missing(scores, sure, 0.9, asked) == [0]
    assert np.isnan(expected_precision_thresholds(scores, unsure, 0.9)).all()
    missing = answers_missing(scores, unsure, 0.9, asked)
    # The chance of the best is .95, and may be off by .95 * .05 * sqrt((1 + latent ** 2) / 2).
    off = 0.95 * 0.05 * np.sqrt(0.5 * (1 + np.log(0.95 / 0.05) ** 2))
    assert missing == [np.ceil(((off / 0.05) ** 2 - 1) * 20)]
    enough = replace(unsure, covariances=unsure.covariances * 20 / (20 + missing[0]))
    assert not np.isnan(expected_precision_thresholds(scores, enough, 0.9)).any()
    assert np.isinf(answers_missing(scores, unsure, 0.96, asked)).all()
