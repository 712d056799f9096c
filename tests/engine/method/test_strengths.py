"""Likely and maybe: by how far a label stands above an even share, and by the chances that a shape tells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.method.latent import from_latent
from engine.method.strengths import (
    LIKELY_LIFT,
    MAYBE_LIFT,
    OTHER_LIKELY_LIFT,
    count_lifted,
    log_lift,
    strengths_by_chance,
    strengths_by_lift,
    thresholds_taking,
)
from engine.method.thresholds import Shape, shape_of

tied_scores = arrays(
    np.float32, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.integers(0, 8).map(lambda n: n / 9)
)


def log_probabilities(probabilities):
    return np.log(np.asarray(probabilities, np.float64))


def test_by_hand():
    # Odds of the first label: 9 in the whole photo, 4 in its best snippet; an even share of three has odds of 1/2.
    whole = log_probabilities([[0.9, 0.05, 0.05]])
    snippets = log_probabilities([[[0.2, 0.7, 0.1], [0.8, 0.1, 0.1]]])
    assert log_lift(whole, snippets, 1.0)[0, 0] == pytest.approx(math.log(math.sqrt(9 * 4) * 2))


@pytest.mark.parametrize("labels", [2, 5, 80, 800])
def test_an_even_share_is_no_lift_among_however_many_labels(labels):
    lifts = log_lift(np.zeros((2, labels)), np.zeros((2, 9, labels)), 0.25)
    assert lifts == pytest.approx(np.zeros((2, labels)), abs=1e-5)


def test_the_same_odds_among_more_labels_are_more_lift():
    few, many = (
        log_lift(log_probabilities([[0.5, *rest]]), log_probabilities([[[0.5, *rest]]]), 1.0)[0, 0]
        for rest in ([0.5 / 9] * 9, [0.5 / 99] * 99)
    )
    assert many - few == pytest.approx(math.log(99 / 9))


def test_a_label_needs_both_the_whole_photo_and_a_snippet():
    sure, unsure = [0.98, 0.01, 0.01], [1 / 3, 1 / 3, 1 / 3]
    both, one = (
        log_lift(log_probabilities([sure]), log_probabilities([[of_snippet]]), 1.0)[0, 0]
        for of_snippet in (sure, unsure)
    )
    assert one == pytest.approx(both / 2)


def test_a_single_label_without_competitors_is_never_suggested():
    assert (count_lifted(log_lift(np.zeros((4, 1)), np.zeros((4, 9, 1)), 0.25)) == 0).all()


def test_the_photo_and_its_snippets_must_be_of_the_same_labels():
    with pytest.raises(ValueError, match="`whole_similarities`"):
        log_lift(np.zeros((2, 3)), np.zeros((2, 9, 4)), 0.25)


def test_photos_are_counted_at_both_lifts():
    lifts = np.log([[LIKELY_LIFT * 1.01, 1.0], [MAYBE_LIFT * 1.01, 1.0], [MAYBE_LIFT * 0.99, MAYBE_LIFT * 1.01]])
    assert count_lifted(lifts).tolist() == [[1, 0], [2, 1]]
    assert (count_lifted(lifts[:2]) + count_lifted(lifts[2:]) == count_lifted(lifts)).all()


def test_each_label_may_have_a_lift_of_its_own_from_which_on_it_is_likely():
    lifts = np.log([[300.0, 300.0], [1200.0, 1200.0]])
    assert count_lifted(lifts, np.array([LIKELY_LIFT, OTHER_LIKELY_LIFT])).tolist() == [[2, 1], [2, 2]]


def test_thresholds_lie_half_way_between_what_is_taken_and_what_is_not():
    scores = np.array([[0.9, 0.2], [0.5, 0.1], [0.1, np.nan]])
    assert thresholds_taking(scores, np.array([1, 1])) == pytest.approx([0.7, 0.15])
    assert thresholds_taking(scores, np.array([3, 5])) == pytest.approx([0.1, 0.1])


def test_a_label_on_no_photo_asks_for_four_times_the_odds_of_its_highest_score():
    assert thresholds_taking(np.array([[0.5], [0.2]]), np.array([0])) == pytest.approx([0.8])
    assert np.isnan(thresholds_taking(np.full((2, 1), np.nan), np.array([1]))).all()


def test_counts_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="`counts` from 0 of as many labels"):
        thresholds_taking(np.zeros((2, 3)), np.array([1, 1]))


@settings(deadline=None)
@given(tied_scores, st.data())
def test_never_more_are_taken_than_counted_and_only_ties_make_it_fewer(scores, data):
    counts = data.draw(arrays(np.int64, scores.shape[1], elements=st.integers(0, len(scores))))
    taken = scores >= thresholds_taking(scores, counts)
    for label, count in enumerate(counts):
        assert taken[:, label].sum() <= count
        left = scores[:, label][~taken[:, label]]
        if len(left) and taken[:, label].sum() < count:
            assert taken[:, label].sum() + (left == left.max()).sum() > count


@settings(deadline=None)
@given(tied_scores, st.integers(0, 1000))
def test_what_is_likely_may_be_as_well(scores, seed):
    lifts = np.random.default_rng(seed).normal(3, 2, scores.shape)
    found = strengths_by_lift(scores, count_lifted(lifts))
    assert (found.maybe <= found.likely).all()


def test_chances_of_a_shape():
    shape = Shape(np.array([0.5, np.nan]), np.array([2.0, np.nan]))
    found = strengths_by_chance(shape, likely=0.8, maybe=0.2)
    # log odds 2 * latent = +-log 4: odds of the score 2 and 1/2
    assert found.likely == pytest.approx([2 / 3, np.nan], nan_ok=True)
    assert found.maybe == pytest.approx([1 / 3, np.nan], nan_ok=True)
    assert strengths_by_chance(shape, likely=0.5).likely is shape.thresholds
    with pytest.raises(ValueError, match=r"but got 0\.2 and 0\.8"):
        strengths_by_chance(shape, likely=0.2, maybe=0.8)


def made_up(photos, labels, shown, random):
    """Log similarities of photos that show the first `shown` labels in turn: photos x 10 x labels."""
    similarities = random.normal(0, 0.5, (photos, 10, labels))
    for photo in range(photos):
        similarities[photo, :3, photo % shown] += 4
    return similarities


@pytest.mark.parametrize("labels", [80, 240])
@pytest.mark.parametrize("photos", [10, 100])
def test_made_up_photos_get_what_they_show_and_hardly_anything_else(labels, photos):
    similarities = made_up(photos, labels, 20, np.random.default_rng(5))
    lifts = log_lift(similarities[:, 0], similarities[:, 1:], 0.25)
    scores = from_latent(similarities[:, 0])
    taken = scores >= strengths_by_lift(scores, count_lifted(lifts)).likely
    right = taken[np.arange(photos), np.arange(photos) % 20]
    assert right.mean() > 0.9
    assert right.sum() / taken.sum() > 0.9


def test_company_gives_a_label_about_the_same_threshold_alone_as_among_all():
    random = np.random.default_rng(6)
    there = random.random((400, 40)) < 0.05
    scores = 1 / (1 + np.exp(-(np.where(there, 1.0, -3.0) + 0.8 * random.standard_normal(there.shape))))
    among_all = shape_of(scores)
    alone = shape_of(scores[:, :1], company=scores)
    assert alone.thresholds == pytest.approx(among_all.thresholds[:1], abs=0.01)
    assert alone.steepness == pytest.approx(among_all.steepness[:1], rel=0.02)


def test_equal_scores_of_a_label_keep_to_the_company():
    random = np.random.default_rng(7)
    company = random.random((50, 10))
    assert np.isfinite(shape_of(np.full((50, 1), 0.01), company=company).thresholds).all()
    assert np.isfinite(shape_of(np.full((50, 1), np.nan), company=company).thresholds).all()
