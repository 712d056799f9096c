"""What answers about a label teach: the posterior by hand and by others' code, and what a person may rely on."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct
from sklearn.metrics import f1_score

from engine.method import accepting, answers, principal_axes, prior_guess, promised_precision, taught_label
from engine.method.accepting import best_count, count_to_accept, cut_after
from engine.method.answers import learn_from_answers
from engine.method.taught_label import (
    COMMON,
    FEW_POSITIVES,
    FEWEST_ANSWERS,
    LEAST_OF_GUESSED,
    LEAST_OF_PROVEN,
    LEAST_PROBABILITY,
    STILL_ACCEPTED,
    Reach,
    teach,
)

PHOTOS = 60
MODULES = (accepting, answers, principal_axes, prior_guess, promised_precision, taught_label)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


def made_up(seed: int, axes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Guesses, coordinates and the truth of photos: what is on the first axis has the label, the guess tells little."""
    random = np.random.default_rng(seed)
    coordinates = random.normal(size=(PHOTOS, axes)) / np.sqrt(axes)
    truth = coordinates[:, 0] > 0.2
    return random.normal(truth * 1.0 - 1.0, 1.0), coordinates, truth


def answers_for(truth: np.ndarray, asked: np.ndarray) -> np.ndarray:
    answers = np.zeros(len(truth), np.int8)
    answers[asked] = np.where(truth[asked], 1, -1)
    return answers


def test_a_single_yes_by_hand():
    """Of variance 1 + 8 the log odds f solve f = 9 sigmoid(-f); the opposite photo has covariance 1 - 8 with it."""
    taught = learn_from_answers(np.zeros(1), np.ones((1, 1)), np.array([True]))
    alike, opposite = taught.log_odds(np.zeros(2), np.array([[1.0], [-1.0]]))
    assert alike == pytest.approx(9 / (1 + np.exp(alike)))
    assert alike == pytest.approx(1.562, abs=1e-3)
    assert opposite == pytest.approx(-7 / 9 * alike)


@pytest.mark.parametrize("asked", [3, 20, 60])  # fewer and more answers than unknowns
def test_it_is_the_most_probable_under_the_gaussian_process(asked):
    guess, coordinates, truth = made_up(1)
    kernel = 1 + np.outer(guess, guess) / 16 + 8 * coordinates @ coordinates.T
    signs = np.where(truth[:asked], 1, -1)

    def unlikely(weights: np.ndarray) -> float:
        log_odds = guess[:asked] + kernel[:asked, :asked] @ weights
        return np.logaddexp(0, -signs * log_odds).sum() + weights @ kernel[:asked, :asked] @ weights / 2

    weights = minimize(unlikely, np.zeros(asked), method="BFGS", options={"gtol": 1e-9}).x
    taught = learn_from_answers(guess[:asked], coordinates[:asked], truth[:asked])
    expected = guess + kernel[:, :asked] @ weights
    assert taught.log_odds(guess, coordinates) == pytest.approx(expected, abs=1e-3)


def test_it_agrees_with_scikit_learn():
    _, coordinates, truth = made_up(2)
    kernel = ConstantKernel(1.0, "fixed") + ConstantKernel(8.0, "fixed") * DotProduct(0.0, "fixed")
    other = GaussianProcessClassifier(kernel, optimizer=None).fit(coordinates[:30], truth[:30]).base_estimator_
    expected = other.kernel_(coordinates, other.X_train_) @ (other.y_train_ - other.pi_)
    taught = learn_from_answers(np.zeros(30), coordinates[:30], truth[:30])
    assert taught.log_odds(np.zeros(PHOTOS), coordinates) == pytest.approx(expected, abs=1e-3)


numbers = st.floats(-30, 30, width=32)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 40), st.lists(numbers, min_size=PHOTOS, max_size=PHOTOS))
def test_nothing_comes_out_that_is_no_number_and_the_order_of_answers_does_not_matter(seed, count, guesses):
    _, coordinates, truth = made_up(seed)
    guess, asked = np.array(guesses), np.random.default_rng(seed).permutation(PHOTOS)[:count]
    taught = teach(guess, guess, coordinates, answers_for(truth, asked))
    assert np.isfinite(taught.log_odds).all()
    assert 0 <= taught.expected <= PHOTOS
    one, other = (learn_from_answers(guess[some], coordinates[some], truth[some]) for some in (asked, asked[::-1]))
    assert one.log_odds(guess, coordinates) == pytest.approx(other.log_odds(guess, coordinates), abs=1e-4)


def test_a_label_with_few_answers_stays_as_it_was():
    guess, coordinates, truth = made_up(3)
    for count in (0, FEWEST_ANSWERS - 1):
        taught = teach(guess, guess, coordinates, answers_for(truth, np.arange(count)))
        assert taught.reach is Reach.TOO_FEW_ANSWERS
        assert np.array_equal(taught.log_odds, guess)
        assert np.isnan(taught.threshold)
    assert teach(guess, guess, coordinates, answers_for(truth, np.arange(FEWEST_ANSWERS))).reach is Reach.ENOUGH


def test_photos_like_the_confirmed_ones_are_found():
    found = []
    for seed in range(10):
        guess, coordinates, truth = made_up(seed)
        taught = teach(guess, guess, coordinates, answers_for(truth, np.argsort(np.abs(guess))[:20]))
        rest = np.argsort(np.abs(guess))[20:]
        found.append(
            [f1_score(truth[rest], accepted[rest]) for accepted in (guess >= 0, taught.log_odds >= taught.threshold)]
        )
    without, with_answers = np.mean(found, axis=0)
    assert with_answers > without + 0.1


def test_a_photo_without_a_score_is_never_accepted():
    guess, coordinates, truth = made_up(4)
    guess[[3, 50]] = np.nan
    taught = teach(guess, guess, coordinates, answers_for(truth, np.arange(20)))
    assert np.isnan(taught.log_odds[[3, 50]]).all()
    assert np.isfinite(np.delete(taught.log_odds, [3, 50])).all()


def test_who_only_confirms_changes_the_order_and_not_the_number():
    guess, coordinates, truth = made_up(5)
    sure = np.where(truth, guess + 3, guess)  # a label that the guess finds on more photos than are confirmed
    confirmed = np.flatnonzero(truth)[::2]
    taught = teach(sure, sure, coordinates, answers_for(truth, confirmed))
    assert taught.reach is Reach.ONLY_YES
    rest = np.setdiff1d(np.arange(PHOTOS), confirmed)
    accepted = taught.log_odds[rest] >= taught.threshold
    assert np.count_nonzero(accepted) == np.count_nonzero(sure[rest] >= 0)
    assert not np.array_equal(accepted, sure[rest] >= 0)


def test_a_sweep_of_yes_without_a_gap_is_believed():
    """All of the twenty highest scored photos were right, and none was accepted before: many more will be."""
    random = np.random.default_rng(6)
    guess = np.sort(random.normal(-2, 1, 200))[::-1]
    taught = teach(guess, guess, random.normal(size=(200, 4)) / 20, answers_for(np.ones(200, bool), np.arange(20)))
    assert taught.reach is Reach.ONLY_YES
    assert np.count_nonzero(taught.log_odds[20:] >= taught.threshold) > 20


@pytest.mark.parametrize("others", [[], [100]])  # a sweep alone, and with a photo that was confirmed by itself
def test_the_line_stays_below_what_was_confirmed_once_all_that_was_likely_is(others: list[int]) -> None:
    random = np.random.default_rng(8)
    truth = np.arange(200) < 20
    guess = np.where(truth, 2.0, -3.0) + random.normal(0, 0.3, 200)
    answers = np.zeros(200, np.int8)
    answers[[*range(20), *others]] = 1
    taught = teach(guess, guess, random.normal(size=(200, 4)) / 20, answers)
    assert taught.reach is Reach.ONLY_YES
    assert taught.log_odds[20:].max() < taught.threshold < taught.log_odds[:20].min()


def test_no_photo_is_accepted_that_is_probably_wrong():
    """After twenty no in a sweep a label that is nowhere must not come on every photo, though F1 would have it so."""
    random = np.random.default_rng(7)
    guess = np.sort(random.normal(-3, 1, 200))[::-1]
    taught = teach(guess, guess, random.normal(size=(200, 4)) / 20, answers_for(np.zeros(200, bool), np.arange(20)))
    assert taught.reach is Reach.ONLY_NO
    assert taught.probabilities[20:].max() < LEAST_PROBABILITY
    assert not (taught.log_odds[20:] >= taught.threshold).any()


@pytest.mark.parametrize("proven", [False, True])
@pytest.mark.parametrize("likely", [0, 4, 12])
def test_rejecting_alone_suggests_a_label_on_no_more_photos(likely: int, proven: bool) -> None:
    """Ten photos without a thing are no reason to see it on others."""
    random = np.random.default_rng(2)
    scores, coordinates = np.sort(random.normal(size=PHOTOS)), random.normal(size=(PHOTOS, 4)) / 2
    answers = np.zeros(PHOTOS, np.int8)
    answers[:FEWEST_ANSWERS] = -1
    in_force = (scores[-likely - 1] + scores[-likely]) / 2 if likely else scores[-1] + 1
    taught = teach(scores + 2, scores, coordinates, answers, in_force, proven=proven)
    assert taught.reach is Reach.ONLY_NO
    assert np.count_nonzero(taught.log_odds[answers == 0] >= taught.threshold) <= likely


def test_few_photos_with_the_label_are_said_so():
    guess, coordinates, _ = made_up(8)
    truth = np.arange(PHOTOS) < 2
    assert teach(guess - 6, guess - 6, coordinates, answers_for(truth, np.arange(20))).reach is Reach.FEW_POSITIVES


probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(probabilities, st.integers(0, 30))
def test_no_other_count_is_expected_better(chances, confirmed):
    count = best_count(np.array(chances), confirmed)
    ordered = sorted(chances, reverse=True)
    expected = [
        2 * (confirmed + sum(ordered[:k])) / max(2 * confirmed + k + sum(ordered), 1e-12)
        for k in range(len(chances) + 1)
    ]
    assert expected[count] == pytest.approx(max(expected))


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 20), st.integers(0, 20))
def test_the_count_lies_between_both(learnt, by_score, yes, no):
    found = count_to_accept(learnt, by_score, yes=yes, no=no)
    assert min(learnt, by_score) <= found <= max(learnt, by_score)


@given(st.lists(numbers, min_size=1, max_size=20, unique=True), st.integers(0, 20))
def test_a_cut_accepts_as_many_as_were_counted(values, count):
    assert np.count_nonzero(np.array(values) >= cut_after(np.array(values), count)) == min(count, len(values))


@pytest.mark.parametrize(
    ("guess", "coordinates"), [(np.zeros(3), np.zeros((2, 1))), (np.zeros((3, 1)), np.zeros((3, 1)))]
)
def test_photos_that_do_not_match_are_refused(guess, coordinates):
    with pytest.raises(ValueError, match="Expected arguments"):
        learn_from_answers(guess, coordinates, np.zeros(3, bool))
    with pytest.raises(ValueError, match="Expected arguments"):
        teach(guess, guess, coordinates, np.zeros(4, np.int8))


def test_the_expected_precision_is_the_mean_probability_and_as_open_as_its_gradient_says():
    guess, coordinates, truth = made_up(5)
    asked, accepted = slice(0, 20), slice(20, 50)
    taught = learn_from_answers(guess[asked], coordinates[asked], truth[asked])
    mean, deviation = promised_precision.expected_precision(taught, guess[accepted], coordinates[accepted])
    probabilities = 1 / (1 + np.exp(-taught.log_odds(guess[accepted], coordinates[accepted])))
    assert mean == pytest.approx(probabilities.mean())
    slopes = (probabilities * (1 - probabilities))[:, None]
    gradient = (slopes * answers.evidence(guess[accepted], coordinates[accepted])).mean(axis=0)
    known = gradient @ taught.known
    assert deviation**2 == pytest.approx(gradient @ gradient - known @ taught.narrowed @ known)
    assert np.isnan(promised_precision.expected_precision(taught, guess[:0], coordinates[:0])).all()


def test_a_proven_count_is_kept_to_while_only_no_is_known():
    guess, coordinates, truth = made_up(6)
    given = answers_for(truth, np.flatnonzero(~truth)[:12])
    rest = given == 0
    taught = teach(guess, guess, coordinates, given, in_force=0.0, proven=True)
    assert taught.reach == Reach.ONLY_NO
    accepted = (taught.log_odds[rest] >= taught.threshold).sum()
    assert accepted <= (guess[rest] >= 0).sum()  # fewer where even the best are too improbable
    probable = np.count_nonzero(taught.probabilities[rest] >= LEAST_OF_PROVEN)
    assert accepted >= probable or accepted == (guess[rest] >= 0).sum()


def test_a_proven_label_is_likely_only_where_it_is_more_likely_than_not():
    guess, coordinates, truth = made_up(6)
    given = answers_for(truth, np.flatnonzero(~truth)[:12])
    given |= answers_for(truth, np.flatnonzero(truth)[:12])
    taught = teach(guess, guess, coordinates, given, in_force=-2.0, proven=True)
    assert taught.reach == Reach.ENOUGH
    likely = taught.probabilities[(given == 0) & (taught.log_odds >= taught.threshold)]
    assert len(likely)
    assert likely.min() >= LEAST_OF_PROVEN


@pytest.mark.parametrize(("guessed", "common"), [(-1.0, True), (-4.0, False)])
def test_only_a_common_label_is_likely_below_the_least_probability(guessed: float, common: bool) -> None:
    """The encoder tells little: nothing is as probable as .6, though half of the asked photos have the common one."""
    guess = guessed + np.linspace(-0.5, 0.5, 120)
    answers = np.zeros(120, np.int8)
    answers[::6] = [1, -1] * 10 if common else [1, *[-1] * 19]
    taught = teach(guess, guess, np.zeros((120, 1)), answers)
    rest = taught.probabilities[answers == 0]
    assert rest.max() < LEAST_OF_GUESSED
    assert (taught.expected >= FEW_POSITIVES) == common
    likely = rest[taught.log_odds[answers == 0] >= taught.threshold]
    assert (likely >= LEAST_PROBABILITY).all()
    if common:
        assert STILL_ACCEPTED <= likely.sum() / rest.sum() < STILL_ACCEPTED + 0.05
    else:
        assert not len(likely)


def test_a_label_on_some_of_many_photos_is_not_common():
    """The same sixty doubtful photos, among others that do not have the label: 180 of them, or 540."""
    accepted = []
    for others in (180, 540):
        guess = np.repeat([-0.5, -6.0], [60, others])
        answers = np.zeros(len(guess), np.int8)
        answers[:20] = [1, -1] * 10
        taught = teach(guess, guess, np.zeros((len(guess), 1)), answers)
        doubtful = taught.probabilities[20:60]
        assert (doubtful > LEAST_PROBABILITY).all()
        assert (doubtful < LEAST_OF_GUESSED).all()
        assert (taught.expected >= COMMON * len(guess)) == (others == 180)
        accepted.append((taught.log_odds[20:] >= taught.threshold).any())
    assert accepted == [True, False]
