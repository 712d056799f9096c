"""Thresholds from answers against scikit-learn, and from the shape of the scores against what made them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binomtest
from sklearn.metrics import f1_score, precision_recall_curve
from sklearn.mixture import GaussianMixture

from engine.method.intervals import precision_interval
from engine.method.thresholds import best_f1_threshold, estimate_at, otsu_threshold, shape_thresholds

# Few different values, so that many are equal.
tied_scores = arrays(np.float32, st.integers(1, 30), elements=st.integers(0, 8).map(lambda n: n / 8))


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


@settings(deadline=None)
@given(st.integers(1, 200), st.data(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_interval_is_wilsons(total, data, confidence):
    right = data.draw(st.integers(0, total))
    found = precision_interval(right, total, confidence)
    expected = binomtest(right, total).proportion_ci(confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= found.low <= found.value == right / total <= found.high <= 1


def test_without_answers_there_is_no_interval():
    assert precision_interval(0, 0) is None
    with pytest.raises(ValueError, match=r"`right` to be from 0 to `total` \(2\), but got 3"):
        precision_interval(3, 2)


def test_an_estimate_counts_what_is_accepted_and_how_much_of_it_was_right():
    scores = np.array([0.9, 0.8, 0.7, 0.3, 0.2, np.nan])
    decisions = np.array([1, -1, 0, 1, 1, 1])
    found = estimate_at(scores, decisions, 0.3)
    assert (found.accepted, found.answered, found.right) == (4, 3, 2)
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.precision.low < 2 / 3 < found.precision.high
    assert estimate_at(scores, decisions, 0.95).precision is None


@settings(deadline=None)
@given(tied_scores, st.integers(0, 1000))
def test_the_best_f1_is_that_of_scikit_learns_curve(scores, seed):
    truth = np.random.default_rng(seed).integers(0, 2, len(scores))
    threshold = best_f1_threshold(scores, truth)
    if not truth.any():
        assert threshold is None
        return
    precision, recall, _ = precision_recall_curve(truth, scores)
    best = max(2 * precision * recall / np.maximum(precision + recall, 1e-12))
    assert f1_score(truth, scores >= threshold) == pytest.approx(best)


def test_the_best_threshold_lies_half_way_between_the_scores_and_ignores_what_the_truth_ignores():
    scores = np.array([0.9, 0.8, 0.5, 0.4, 0.1])
    assert best_f1_threshold(scores, np.array([1, 1, -1, 0, 0])) == pytest.approx(0.6)
    assert best_f1_threshold(scores, np.array([True, True, True, True, True])) == pytest.approx(0.1)
    assert best_f1_threshold(np.array([0.5]), np.array([-1])) is None


def test_otsu_splits_two_heaps_between_them():
    values = np.array([1.0, 1.1, 1.2, 4.0, 4.1])
    assert otsu_threshold(values) == pytest.approx(2.6)
    assert otsu_threshold(np.array([3.0, 3.0])) == 3
    with pytest.raises(ValueError, match="at least one value"):
        otsu_threshold(np.array([]))


@settings(deadline=None)
@given(arrays(np.float64, st.integers(2, 20), elements=st.integers(0, 50).map(float)))
def test_otsu_has_the_least_variance_within_both_sides(values):
    cuts = np.unique(values)[1:]
    if not len(cuts):
        return

    def within(cut):
        return sum(side.var() * len(side) for side in (values[values < cut], values[values >= cut]))

    assert within(otsu_threshold(values)) == pytest.approx(min(map(within, cuts)))


@pytest.fixture
def made_scores():
    """20,000 photos whose latents come from two normal distributions, as often as `shares` says."""

    def make(shares, *, photos=20_000, without=-3.0, having=1.0, width=0.8):
        random = np.random.default_rng(3)
        there = random.random((photos, len(shares))) < shares
        return sigmoid(np.where(there, having, without) + width * random.standard_normal(there.shape)), there

    return make


def test_the_shape_of_the_scores_tells_each_labels_best_threshold(made_scores):
    shares = np.array([0.02, 0.1, 0.3, 0.6])
    scores, _ = made_scores(shares)
    # Where both are equally likely: -1 + 0.64 / 4 * log((1 - share) / share).
    expected = -1 + 0.16 * np.log((1 - shares) / shares)
    found = shape_thresholds(scores.astype(np.float32))
    assert np.log(found / (1 - found)) == pytest.approx(expected, abs=0.15)


def test_one_labels_mixture_is_the_one_scikit_learn_finds(made_scores):
    scores, _ = made_scores([0.2], photos=2000)
    latents = np.log(scores / (1 - scores))
    model = GaussianMixture(2, covariance_type="tied", random_state=0).fit(latents)
    line = np.linspace(-3, 1, 4001)[:, None]
    boundary = line[np.diff(model.predict(line)).nonzero()[0][0], 0]
    found = shape_thresholds(scores)[0]
    assert np.log(found / (1 - found)) == pytest.approx(boundary, abs=0.02)


def test_a_label_that_never_occurs_keeps_to_the_other_labels_and_is_hardly_suggested(made_scores):
    scores, there = made_scores([0.1, 0.1, 0.1, 0.0])
    found = shape_thresholds(scores)
    assert (scores[:, 3] >= found[3]).mean() < 0.005
    assert (scores[:, 0] >= found[0]).mean() == pytest.approx(there[:, 0].mean(), abs=0.01)


def test_the_scale_of_the_scores_does_not_matter(made_scores):
    scores, _ = made_scores([0.1, 0.3])
    smaller = sigmoid(np.log(scores / (1 - scores)) - 3)
    accepted = scores >= shape_thresholds(scores)
    assert (accepted == (smaller >= shape_thresholds(smaller))).mean() > 0.999


def test_photos_without_scores_do_not_count(made_scores):
    scores, _ = made_scores([0.1, 0.3], photos=1000)
    holes = np.full((2000, 2), np.nan)
    holes[::2] = scores
    assert shape_thresholds(holes) == pytest.approx(shape_thresholds(scores), abs=0.02)
    assert np.isfinite(shape_thresholds(np.column_stack([scores, np.full(1000, np.nan)]))).all()


@pytest.mark.parametrize("scores", [np.zeros((0, 3)), np.full((5, 3), 0.25), np.full((5, 3), np.nan)])
def test_scores_that_cannot_tell_give_no_threshold(scores):
    assert np.isnan(shape_thresholds(scores)).all()
    assert shape_thresholds(scores).shape == (3,)


@settings(deadline=None, max_examples=40)
@given(arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.floats(0, 1, width=32)))
def test_any_scores_give_thresholds_from_0_to_1_or_none_at_all(scores):
    found = shape_thresholds(scores)
    assert np.isnan(found).all() or ((found >= 0) & (found <= 1)).all()
