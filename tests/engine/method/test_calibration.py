"""Scores become chances: against scikit-learn, against cases by hand, and against what made the scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

from engine.method.calibration import (
    calibrate,
    chances_out_of_sample,
    corrected_by_all,
    expected_calibration_error,
    reliability,
)
from engine.method.thresholds import Shape


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def latent(scores):
    return np.log(scores / (1 - scores))


def as_shape(thresholds, steepness):
    return Shape(np.array(thresholds, float), np.array(steepness, float))


@pytest.fixture
def asked():
    """400 photos, two labels; the chance of the first grows slower with its guess than the shape says."""
    random = np.random.default_rng(3)
    guesses = random.normal(0, 2, (400, 2))
    truth = random.random((400, 2)) < sigmoid(np.array([0.6, 1.0]) * guesses + np.array([-1.0, 0.5]))
    shape = as_shape([0.2, 0.4], [3.0, 1.5])
    scores = sigmoid(latent(shape.thresholds) + guesses / shape.steepness)
    return scores, np.where(truth, 1, -1), shape, guesses


def test_the_log_posterior_is_flat_at_what_it_finds(asked):
    scores, answers, shape, guesses = asked
    found = calibrate(scores, answers, shape).chances(scores)
    for label in range(2):
        odds = np.log(found[:, label] / (1 - found[:, label]))
        stretch, shift = np.polyfit(guesses[:, label], odds, 1)
        wrong = (answers[:, label] > 0) - found[:, label]
        assert wrong.sum() == pytest.approx(shift, abs=1e-6)
        assert (wrong * guesses[:, label]).sum() == pytest.approx((stretch - 1) * 16, abs=1e-6)


def test_with_many_answers_it_is_plain_logistic_regression(asked):
    scores, answers, shape, guesses = asked
    many = [np.tile(part, (20, 1)) for part in (scores, answers)]
    found = calibrate(*many, shape).chances(scores)
    for label in range(2):
        plain = LogisticRegression(C=np.inf).fit(guesses[:, [label]], answers[:, label])
        expected = plain.predict_proba(guesses[:, [label]])[:, 1]
        assert found[:, label] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("seed", range(8))
def test_scores_that_say_nothing_leave_the_share_of_yes(seed):
    random = np.random.default_rng(seed)
    guesses = random.normal(random.uniform(-8, 8), 4, (1000, 1))
    truth = np.where(random.random((1000, 1)) < 0.2, 1, -1)
    shape = as_shape([0.5], [1.0])
    chances = calibrate(sigmoid(guesses), truth, shape).chances(sigmoid(guesses))
    # With the least stretch a guess still moves them a little.
    assert chances.mean() == pytest.approx((truth > 0).mean(), abs=0.01)
    assert 0.05 < chances.min() < chances.max() < 0.5


@pytest.mark.parametrize("seed", range(40))
def test_it_is_the_most_likely_calibration_of_all(seed):
    """As SciPy finds it, whatever the answers: few or many, as guessed, by chance or the other way round."""
    random = np.random.default_rng(seed)
    guesses = random.normal(random.normal(0, 5), random.uniform(0.2, 15), int(random.choice([5, 50, 1000])))
    guesses = latent(np.clip(sigmoid(guesses), 1e-6, 1 - 1e-6))
    yes = random.random(len(guesses)) < sigmoid(random.choice([1, 0, -1]) * random.uniform(0.2, 2) * guesses)

    def unlikely(fit):
        odds = fit[0] + fit[1] * guesses
        return np.logaddexp(0, np.where(yes, -odds, odds)).sum() + fit[0] ** 2 / 2 + 8 * (fit[1] - 1) ** 2

    bounds, exact = [(None, None), (0.05, None)], {"ftol": 1e-15, "gtol": 1e-10, "maxiter": 5000}
    best = min(minimize(unlikely, [0, start], bounds=bounds, options=exact).fun for start in (0.05, 1))
    found = calibrate(sigmoid(guesses)[:, None], np.where(yes, 1, -1)[:, None], as_shape([0.5], [1.0]))
    assert unlikely([found.offsets[0], found.slopes[0]]) == pytest.approx(best, abs=1e-6)


def test_without_answers_the_shape_of_the_scores_is_believed():
    found = calibrate(np.zeros((0, 2)), np.zeros((0, 2), int), as_shape([0.2, np.nan], [3.0, np.nan]))
    scores = np.array([[0.2, 0.7], [0.5, 0.1]])
    # log odds of 0.5 against 0.2: log 4, three times
    assert found.chances(scores) == pytest.approx(np.array([[0.5, 0.7], [64 / 65, 0.1]]))


def test_one_yes_by_hand():
    # At a guess of 0 only the shift learns: (1 - sigmoid(a)) - a = 0.
    found = calibrate(np.array([[0.3]]), np.array([[1]]), as_shape([0.3], [2.0]))
    chance = float(found.chances(np.array([[0.3]]))[0, 0])
    assert np.log(chance / (1 - chance)) == pytest.approx(1 - chance)
    assert chance == pytest.approx(0.599, abs=1e-3)


def test_which_photos_were_asked_about_does_not_matter():
    random = np.random.default_rng(5)
    guesses = random.normal(-2, 2, (20_000, 1))
    truth = np.where(random.random((20_000, 1)) < sigmoid(0.8 * guesses + 0.7), 1, -1)
    shape = as_shape([0.5], [1.0])
    scores = sigmoid(guesses)
    highest = np.where(guesses > np.sort(guesses, axis=0)[-2000], truth, 0)
    doubtful = np.where(np.abs(guesses) < 1, truth, 0)
    by_all = calibrate(scores, truth, shape).chances(scores)
    for some in (highest, doubtful):
        assert calibrate(scores, some, shape).chances(scores) == pytest.approx(by_all, abs=0.06)


def test_a_score_is_found_for_a_chance(asked):
    scores, answers, shape, _ = asked
    found = calibrate(scores, answers, shape)
    assert found.chances(found.scores_at(0.9)[None]) == pytest.approx(np.full((1, 2), 0.9))


def test_it_is_surer_with_more_answers(asked):
    scores, answers, shape, _ = asked
    few, many = (calibrate(scores[:n], answers[:n], shape).covariances for n in (20, 400))
    assert (np.diagonal(many, axis1=1, axis2=2) < np.diagonal(few, axis1=1, axis2=2)).all()


def test_chances_out_of_sample_do_not_know_the_answer_they_are_compared_with():
    # One photo's answer is against all others: with it the chance would be lower.
    scores = np.full((5, 1), 0.5)
    answers = np.array([[1], [1], [1], [1], [-1]])
    shape = as_shape([0.5], [1.0])
    found = chances_out_of_sample(scores, answers, shape)
    without = calibrate(scores[:4], answers[:4], shape).chances(scores[4:])
    assert found[4] == pytest.approx(without[0])
    assert (found[:4] < found[4]).all()
    assert np.isnan(chances_out_of_sample(scores, np.zeros((5, 1), int), shape)).all()


@settings(deadline=None, max_examples=60)
@given(
    arrays(np.float32, (12, 3), elements=st.floats(0, 1, width=32)),
    arrays(np.int8, (12, 3), elements=st.integers(-1, 1)),
)
def test_any_answers_give_chances_that_grow_with_the_score(scores, answers):
    found = calibrate(scores, answers, as_shape([0.1, 0.5, np.nan], [20.0, 0.3, np.nan]))
    grid = np.linspace(0, 1, 21)[:, None].repeat(3, axis=1)
    chances = found.chances(grid)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances, axis=0) >= 0).all()


def test_arguments_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="`scores` and `answers`"):
        calibrate(np.zeros((2, 1)), np.zeros((1, 1), int), as_shape([0.5], [1]))
    with pytest.raises(ValueError, match="`shape` to have 2 labels, but got 1"):
        calibrate(np.zeros((1, 2)), np.zeros((1, 2), int), as_shape([0.5], [1]))


def test_reliability_is_scikit_learns_curve():
    random = np.random.default_rng(8)
    chances = random.random(500)
    answers = np.where(random.random(500) < chances**2, 1, -1)
    bins = reliability(chances, answers)
    shares, means = calibration_curve(answers > 0, chances, n_bins=10)
    assert [one.chance for one in bins] == pytest.approx(means)
    assert [one.share.value for one in bins] == pytest.approx(shares)
    assert sum(one.answers for one in bins) == 500


def test_the_calibration_error_by_hand():
    chances = np.array([[0.05, 0.95], [0.05, 0.95], [np.nan, 0.5]])
    answers = np.array([[-1, 1], [1, 1], [1, 0]])
    bins = reliability(chances, answers)
    assert [(one.answers, one.share.value) for one in bins] == [(2, 0.5), (2, 1.0)]
    # two answers .45 off, two .05 off
    assert expected_calibration_error(bins) == pytest.approx(0.25)
    assert expected_calibration_error(reliability(chances, np.zeros_like(answers))) is None


def test_corrected_by_all_is_one_logistic_regression_over_all_labels():
    random = np.random.default_rng(5)
    odds = random.normal(-2, 3, (3000, 4))
    truth = random.random(odds.shape) < sigmoid(0.5 * odds - 1)  # chances are far too sure, of all labels alike
    chances, answers = sigmoid(odds), np.where(truth, 1, -1)
    answers[random.random(odds.shape) < 0.3] = 0
    own = calibrate(np.full((1, 4), 0.5), np.zeros((1, 4), int), as_shape([0.5] * 4, [1.0] * 4))
    corrected = corrected_by_all(own, chances, answers)
    asked = answers != 0
    expected = LogisticRegression(C=1e6).fit(odds[asked][:, None], answers[asked] > 0)
    assert corrected.offsets == pytest.approx(np.full(4, expected.intercept_[0]), abs=0.03)
    assert corrected.slopes == pytest.approx(np.full(4, expected.coef_[0, 0]), abs=0.02)
    assert corrected.covariances == pytest.approx(own.covariances * corrected.slopes[0] ** 2)


def test_nothing_answered_corrects_nothing(asked):
    scores, answers, shape, _ = asked
    own = calibrate(scores, answers, shape)
    nobody = np.full(scores.shape, np.nan), np.zeros_like(answers)
    corrected = corrected_by_all(own, *nobody)
    assert corrected.chances(scores) == pytest.approx(own.chances(scores))
