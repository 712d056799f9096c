"""Which photos come first in review, against cases by hand and slow loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.method.review_order import chances, disagreement, doubt, random_audit, spread

NOTHING = np.nan


def undecided(scores):
    return np.zeros(np.shape(scores), bool)


def test_a_chance_is_the_odds_of_the_score_over_those_of_the_threshold():
    # Odds 1/9 at a threshold with odds 1/4: 4/9 to 1.
    assert chances(np.array([[0.1, 0.2]]), np.array([0.2, 0.2])) == pytest.approx(np.array([[4 / 13, 0.5]]))


def test_the_photo_with_a_label_on_its_threshold_is_most_doubtful():
    scores = np.array([[0.9, 0.01], [0.21, 0.01], [0.2, 0.9], [0.15, 0.01]])
    found = doubt(scores, np.array([0.2, 0.2]), undecided(scores))
    assert np.argsort(-found).tolist() == [2, 1, 3, 0]
    assert found[2] == pytest.approx(1)


def test_a_softmax_over_many_labels_is_as_doubtful_as_one_over_few():
    # The same odds against the threshold: 2 to 1.
    few = doubt(np.array([[0.5]]), np.array([1 / 3]), np.array([[False]]))
    many = doubt(np.array([[2 / 102]]), np.array([1 / 101]), np.array([[False]]))
    assert few == pytest.approx(many)


def test_what_is_decided_or_has_no_score_is_not_doubtful():
    scores = np.array([[0.2, 0.9], [NOTHING, NOTHING], [0.2, 0.2]])
    decided = np.array([[True, False], [False, False], [True, True]])
    found = doubt(scores, np.array([0.2, 0.2]), decided)
    assert found.tolist() == [pytest.approx(2 * (1 - 36 / 37)), 0, 0]


def test_stages_disagree_where_one_says_yes_and_the_other_no_each_on_its_own_scale():
    softmax = np.array([[0.10, 0.30], [0.30, 0.10], [0.30, 0.10]])
    sigmoid = np.array([[0.20, 0.95], [0.10, 0.20], [0.95, 0.20]])
    found = disagreement(softmax, np.array([0.2, 0.2]), sigmoid, np.array([0.6, 0.6]), undecided(softmax))
    assert found.argmax() == 1
    slow = [
        max(
            abs(1 / (1 + math.exp(logit(0.2) - logit(a))) - 1 / (1 + math.exp(logit(0.6) - logit(b))))
            for a, b in zip(*rows, strict=True)
        )
        for rows in zip(softmax.tolist(), sigmoid.tolist(), strict=True)
    ]
    assert found == pytest.approx(slow)


def test_stages_that_share_no_undecided_label_do_not_disagree():
    first, second = np.array([[0.9, NOTHING], [0.9, 0.1]]), np.array([[NOTHING, 0.1], [0.1, 0.1]])
    decided = np.array([[False, False], [True, True]])
    thresholds = np.array([0.5, 0.5])
    assert disagreement(first, thresholds, second, thresholds, decided).tolist() == [0, 0]


def test_a_random_audit_shows_every_photo_once_and_the_same_seed_the_same_order():
    assert sorted(random_audit(50, 1)) == list(range(50))
    assert random_audit(50, 1).tolist() == random_audit(50, 1).tolist()
    assert random_audit(50, 1).tolist() != random_audit(50, 2).tolist()


def test_arguments_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"`scores` and `decided`.*\(2, 3\) and \(2, 2\)"):
        doubt(np.zeros((2, 3)), np.zeros(3), np.zeros((2, 2), bool))
    with pytest.raises(ValueError, match=r"an embedding for each of 3 photos, but got shape \(2, 4\)"):
        spread(np.arange(3), np.zeros((2, 4)), 2)


def test_spread_takes_one_of_each_kind_before_a_second_of_any():
    north, east, south = [0, 1], [1, 0], [0, -1]
    order = np.array([40, 41, 42, 43, 44])
    vectors = np.array([north, north, [0.1, 5], south, east], np.float16)
    assert spread(order, vectors, 3).tolist() == [40, 43, 44]
    assert spread(order, vectors, 9).tolist()[:3] == [40, 43, 44]
    assert sorted(spread(order, vectors, 9)) == order.tolist()


def test_spread_of_copies_keeps_the_order():
    assert spread(np.array([7, 5, 3]), np.ones((3, 8), np.float16), 3).tolist() == [7, 5, 3]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(0, 35))
def test_spread_is_the_slow_farthest_first_traversal(seed, photos, count):
    vectors = np.random.default_rng(seed).standard_normal((photos, 5)).astype(np.float32)
    chosen = [0] if count else []
    while 0 < len(chosen) < min(count, photos):
        distances = [
            min(1 - vectors[a] @ vectors[b] / np.linalg.norm(vectors[a]) / np.linalg.norm(vectors[b]) for b in chosen)
            if a not in chosen
            else -1
            for a in range(photos)
        ]
        chosen.append(int(np.argmax(distances)))
    assert spread(np.arange(photos), vectors, count).tolist() == chosen


def logit(share):
    return math.log(share / (1 - share))
