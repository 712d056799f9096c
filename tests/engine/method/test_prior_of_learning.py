"""What learning starts from: how alike photos are, and how sure the scores' own guess deserves to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.method.answers import learn_from_answers
from engine.method.latent import from_latent
from engine.method.principal_axes import find_axes
from engine.method.prior_guess import Smoother, log_odds_of_shape, prior_guess
from engine.method.promised_precision import correction_by_all, log_odds_without_each, promised_cut
from engine.method.thresholds import Shape
from engine.models.encoders.descriptions import describe


def test_the_coordinates_tell_the_mean_of_the_cosines():
    random = np.random.default_rng(0)
    descriptions = [random.random((30, 40)), random.normal(size=(30, 25))]
    found = find_axes(descriptions, count=60).coordinates(descriptions)
    cosines = []
    for each in descriptions:
        rows = each / np.linalg.norm(each, axis=1, keepdims=True)
        rows -= rows.mean(axis=0)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        cosines.append(rows @ rows.T)
    assert found @ found.T == pytest.approx(np.mean(cosines, axis=0), abs=1e-4)


def test_photos_may_come_in_parts_and_few_axes_keep_the_most():
    descriptions = [np.random.default_rng(1).random((50, 40))]
    axes = find_axes([descriptions[0][:20]], count=8)
    whole = axes.coordinates(descriptions)
    parts = [axes.coordinates([descriptions[0][start : start + 7]]) for start in range(0, 50, 7)]
    assert whole == pytest.approx(np.concatenate(parts), abs=1e-6)
    assert whole.shape == (50, axes.count) == (50, 8)
    assert whole.dtype == np.float32
    lengths = (whole[:20] ** 2).sum(axis=0)
    assert (np.diff(lengths) <= 1e-5).all()


@pytest.mark.parametrize("photos", [np.zeros((5, 3)), np.ones((5, 3)), np.eye(1, 3)])
def test_photos_that_do_not_differ_are_like_none(photos):
    assert not find_axes([photos]).coordinates([photos]).any()


def test_a_starters_embedding_tells_features_and_classes():
    """Two photos, two snippets each, three features and the two most probable classes."""
    first = [[1, 2, 3, 7, 9, 0.5, 0.25], [0, 1, 0, 7, 4, 0.36, 0.04], [2, 0, 0, 9, 7, 0.16, 0.81]]
    second = [[0, 0, 1, 0, 999, 1, 0]] * 3
    whole, best, classes, best_classes = describe(np.array([first, second], np.float16), features=3)
    assert whole.tolist() == [[1, 2, 3], [0, 0, 1]]
    assert best.tolist() == [[2, 1, 0], [0, 0, 1]]
    assert classes.shape == best_classes.shape == (2, 1000)
    assert classes[0, [7, 9, 4]] == pytest.approx([np.sqrt(0.5), 0.5, 0], abs=1e-3)
    assert best_classes[0, [7, 9, 4]] == pytest.approx([0.9, 0.4, 0.2], abs=1e-3)
    assert np.flatnonzero(best_classes[1]).tolist() == [0]


def test_other_encoders_tell_the_whole_and_the_snippets():
    embeddings = np.random.default_rng(2).normal(size=(4, 10, 6)).astype(np.float16)
    whole, best = describe(embeddings, features=6)
    assert np.array_equal(whole, embeddings[:, 0])
    assert np.array_equal(best, embeddings[:, 1:].max(axis=1))
    assert len(describe(embeddings[:, :1], features=6)) == 1
    with pytest.raises(ValueError, match="pairs of class and probability"):
        describe(embeddings, features=5)


def test_a_guess_is_smoothed_as_if_the_photo_had_not_been_there():
    random = np.random.default_rng(3)
    coordinates, guesses = random.normal(size=(20, 3)), random.normal(size=(20, 2)) + 4
    smoothed = Smoother.of(coordinates, penalty=5).without_itself(guesses)
    means = guesses.mean(axis=0)
    for photo in (0, 11):
        others = np.delete(np.arange(20), photo)
        z = coordinates[others]
        weights = np.linalg.solve(z.T @ z + 5 * np.eye(3), z.T @ (guesses[others] - means))
        assert smoothed[photo] == pytest.approx(coordinates[photo] @ weights + means)
    assert Smoother.of(coordinates, penalty=5).without_itself(guesses[:, 0]) == pytest.approx(smoothed[:, 0])


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 1000), st.floats(0, 1))
def test_a_prior_is_a_number_wherever_there_is_a_score(seed, share):
    random = np.random.default_rng(seed)
    scores = random.random((15, 3)).round(1)
    scores[random.random(scores.shape) < 0.2] = np.nan
    shape = Shape(np.array([0.2, np.nan, 1.0]), np.array([5.0, np.nan, 1.0]))
    coordinates = random.normal(size=(15, 2)) * random.integers(0, 2)
    found = prior_guess(log_odds_of_shape(scores, shape), Smoother.of(coordinates), share=share)
    assert np.array_equal(np.isnan(found), np.isnan(scores))
    assert np.isfinite(found[~np.isnan(scores)]).all()


def made_by_the_model(seed: int, photos: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Photos of a label whose shift, stretch and weights were drawn from the prior that learning assumes."""
    random = np.random.default_rng(seed)
    coordinates = random.normal(size=(photos, 3)) / np.sqrt(3)
    guess = random.normal(-1, 2, photos)
    log_odds = random.normal() + random.normal(1, 0.25) * guess + coordinates @ random.normal(0, np.sqrt(8), 3)
    return guess, coordinates, random.random(photos) < from_latent(log_odds)


@pytest.mark.parametrize("asked", [20, 100])
def test_a_promised_precision_is_kept_where_the_model_holds(asked):
    right = accepted = 0
    for seed in range(60):
        guess, coordinates, truth = made_by_the_model(seed)
        taught = learn_from_answers(guess[:asked], coordinates[:asked], truth[:asked])
        cut = promised_cut(taught, guess[asked:], coordinates[asked:], 0.8)
        taken = taught.log_odds(guess, coordinates)[asked:] >= cut
        right, accepted = right + np.count_nonzero(truth[asked:] & taken), accepted + np.count_nonzero(taken)
    assert 0.8 <= right / accepted < 0.95


def test_more_answers_let_more_be_promised_and_nothing_is_promised_that_nobody_knows():
    counts = {}
    for asked in (10, 40, 200):
        counts[asked] = 0
        for seed in range(20):
            guess, coordinates, truth = made_by_the_model(seed)
            taught = learn_from_answers(guess[:asked], coordinates[:asked], truth[:asked])
            cut = promised_cut(taught, guess[200:], coordinates[200:], 0.9)
            counts[asked] += np.count_nonzero(taught.log_odds(guess, coordinates)[200:] >= cut)
    assert counts[10] < counts[40] < counts[200]
    untaught = learn_from_answers(np.zeros(0), np.zeros((0, 3)), np.zeros(0, bool))
    assert promised_cut(untaught, np.zeros(5), np.zeros((5, 3)), 0.9) == np.inf
    with pytest.raises(ValueError, match="between 0 and 1"):
        promised_cut(untaught, np.zeros(5), np.zeros((5, 3)), 1.0)


def test_what_a_photo_would_have_been_without_its_answer():
    guess, coordinates, truth = made_by_the_model(1)
    some = np.arange(80)
    taught = learn_from_answers(guess[some], coordinates[some], truth[some])
    without = log_odds_without_each(taught, guess[some], coordinates[some], truth[some])
    for photo in (0, 7, 33):
        others = np.delete(some, photo)
        exact = learn_from_answers(guess[others], coordinates[others], truth[others])
        expected = exact.log_odds(guess[[photo]], coordinates[[photo]])[0]
        assert without[photo] == pytest.approx(expected, abs=0.15)


def test_a_correction_makes_a_promise_more_careful():
    guess, coordinates, truth = made_by_the_model(2)
    taught = learn_from_answers(guess[:60], coordinates[:60], truth[:60])
    too_sure = correction_by_all(np.full(80, 3.0), np.arange(80) % 2 > 0)
    given = [promised_cut(taught, guess[60:], coordinates[60:], 0.8, one) for one in (None, too_sure)]
    assert given[0] < given[1]
