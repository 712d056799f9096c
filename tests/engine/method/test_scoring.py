"""Stage 1's arithmetic on stored similarities."""

import re
from typing import Any

import numpy as np
import pytest
import scipy.special

from engine.jobs import Cancellation, Progress
from engine.method.stage_one import LabelMeans, MeansOfPhotos, pseudo_labels, score
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, load_scores, newest_run_with
from engine.project.similarities import SimilarityFile
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise


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


def test_one_function_makes_the_pseudo_labels_of_the_program(project: Project, tiny_clip_encoder: Encoder) -> None:
    names = ["cat", "dog", "boat", "lamp", "tree", "sea", "car", "man"]  # enough for the reranking to count
    use_label_set(project, list(map(NewLabel, names)))
    add_photos(project, Progress(), Cancellation())
    result = initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
    run = newest_run_with(project, INITIAL)
    scores = load_scores(project, INITIAL, run)
    columns = 8 + run.settings["hidden"]  # the labels compete with others that are not shown
    similarities = SimilarityFile(project, result.run_id, [1, 3], columns).load(scores.photo_ids.tolist())
    encoder = tiny_clip_encoder
    made = pseudo_labels(similarities, temperature=encoder.default_temperature, contrast=encoder.contrast)
    np.testing.assert_allclose(made[:, :8], scores.values, atol=1e-3)


def test_the_paper_s_pseudo_labels_by_its_own_words() -> None:
    similarities = np.random.default_rng(4).random((3, 10, 4))
    made = pseudo_labels(similarities, temperature=0.2, zeta=0.4, centre=False, rerank=False)
    for photo in range(3):
        whole, *snippets = scipy.special.softmax(similarities[photo] / 0.2, axis=-1)
        for label in range(4):
            of_label = [one[label] for one in snippets]
            aggregated = max(of_label) if max(of_label) >= 0.4 else min(of_label)
            assert made[photo, label] == pytest.approx((whole[label] + aggregated) / 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"similarities": [[0.1]]}, "`similarities` to be a NumPy array or a tensor, but got a list"),
        ({"similarities": np.zeros((2, 1, 3))}, "with at least one snippet and one label, but got shape (2, 1, 3)"),
        ({"similarities": np.full((2, 2, 3), np.nan)}, "`similarities` to be finite numbers, but got nan"),
        ({"temperature": 0}, "`temperature` to be a number above 0, but got 0"),
        ({"zeta": 1.5}, "`zeta` to be from 0 to 1, but got 1.5"),
        ({"contrast": -1}, "`contrast` to be a number of at least 0, but got -1"),
    ],
)
def test_what_makes_no_pseudo_labels_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        pseudo_labels(**{"similarities": np.zeros((2, 3, 4)), "temperature": 0.1, **change})
