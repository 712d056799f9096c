"""Stage 1's arithmetic on stored similarities."""

import numpy as np
import pytest
import scipy.special

from engine.method.stage_one import LabelMeans, MeansOfPhotos, score


def test_the_means_of_few_photos_are_drawn_towards_nothing() -> None:
    # Two photos, the whole and two snippets of each, one label: means .3 and .5, trusted 2 / (2 + 10).
    similarities = np.array([[[0.2], [0.4], [0.6]], [[0.4], [0.3], [0.7]]], np.float32)
    means = MeansOfPhotos(labels=1)
    means.add(similarities)
    np.testing.assert_allclose(means.means().whole, [0.3 * 2 / 12], rtol=1e-6)
    np.testing.assert_allclose(means.means().snippets, [0.5 * 2 / 12], rtol=1e-6)


def test_the_means_of_many_photos_are_nearly_all_subtracted() -> None:
    means = MeansOfPhotos(labels=2)
    means.add(np.full((990, 10, 2), 0.5, np.float32))
    np.testing.assert_allclose(means.means().whole, [0.495, 0.495], rtol=1e-6)


def test_no_photos_have_the_mean_zero() -> None:
    assert MeansOfPhotos(labels=3).means().whole.tolist() == [0, 0, 0]


def test_photos_added_in_parts_have_the_means_of_all() -> None:
    similarities = np.random.default_rng(1).random((25, 10, 4)).astype(np.float32)
    at_once, in_parts = MeansOfPhotos(4), MeansOfPhotos(4)
    at_once.add(similarities)
    for part in np.array_split(similarities, 4):
        in_parts.add(part)
    np.testing.assert_allclose(in_parts.means().whole, at_once.means().whole, rtol=1e-6)
    np.testing.assert_allclose(in_parts.means().snippets, at_once.means().snippets, rtol=1e-6)


@pytest.mark.parametrize("zeta", [0.0, 0.4])
def test_scores_by_plain_formulas(zeta: float) -> None:
    similarities = np.random.default_rng(2).random((3, 10, 4)).astype(np.float32)
    means = LabelMeans(np.array([0.1, 0.2, 0.3, 0.4], np.float32), np.array([0.4, 0.3, 0.2, 0.1], np.float32))
    scores = score(similarities, means, 0.2, zeta)
    for photo in range(3):
        whole = scipy.special.softmax((similarities[photo, 0] - means.whole) / 0.2)
        snippets = [scipy.special.softmax((one - means.snippets) / 0.2) for one in similarities[photo, 1:]]
        best, worst = np.max(snippets, axis=0), np.min(snippets, axis=0)
        aggregated = np.where(best >= zeta, best, worst)
        np.testing.assert_allclose(scores.whole[photo], whole, rtol=1e-5)
        np.testing.assert_allclose(scores.aggregated[photo], aggregated, rtol=1e-5)
        np.testing.assert_allclose(scores.initial[photo], (whole + aggregated) / 2, rtol=1e-5)


def test_contrast_counts_in_the_evidence_as_much_as_is_asked() -> None:
    similarities = np.random.default_rng(3).random((3, 10, 4)).astype(np.float32)
    scores = score(similarities, None, 0.2, zeta=0.0, contrast=0.5)
    snippets = similarities[:, 1:]
    contrast = scipy.special.softmax((snippets.max(axis=1) - snippets.min(axis=1)) / (0.2 * 2**0.5), axis=-1)
    expected = (scores.whole + scores.aggregated + 0.5 * contrast) / 2.5
    np.testing.assert_allclose(scores.evidence, expected, rtol=1e-5)
    np.testing.assert_array_equal(score(similarities, None, 0.2, zeta=0.0).evidence, scores.initial)
