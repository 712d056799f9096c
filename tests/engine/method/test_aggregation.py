"""The min-max aggregator and the initial pseudo labels."""

import numpy as np
import pytest
import scipy.special
import torch

from engine.method import aggregate_min_max, contrast_probabilities, initial_pseudo_labels, log_abundance


def by_plain_loop(local: np.ndarray, zeta: float) -> np.ndarray:
    photos, snippets, labels = local.shape
    aggregated = np.zeros((photos, labels))
    for photo in range(photos):
        for label in range(labels):
            best, worst = -1.0, 2.0
            for snippet in range(snippets):
                best = max(best, local[photo, snippet, label])
                worst = min(worst, local[photo, snippet, label])
            aggregated[photo, label] = best if best >= zeta else worst
    return aggregated


@pytest.mark.parametrize("zeta", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("shape", [(7, 9, 5), (3, 1, 4), (4, 9, 1), (1, 1, 1), (0, 9, 3)])
def test_agrees_with_a_plain_loop(shape: tuple[int, int, int], zeta: float) -> None:
    local = np.random.default_rng(3).random(shape)
    np.testing.assert_array_equal(aggregate_min_max(local, zeta), by_plain_loop(local, zeta))


def test_a_best_snippet_exactly_at_the_threshold_reaches_it() -> None:
    local = np.array([[0.5, 0.2], [0.1, 0.4999]])
    np.testing.assert_array_equal(aggregate_min_max(local, 0.5), [0.5, 0.2])


def test_snippets_that_all_agree_aggregate_to_themselves() -> None:
    local = np.full((9, 3), 0.25)
    for zeta in (0.0, 0.25, 1.0):
        np.testing.assert_array_equal(aggregate_min_max(local, zeta), [0.25, 0.25, 0.25])


@pytest.mark.parametrize("zeta", [0.0, 0.3])
def test_tensors_and_arrays_give_the_same(zeta: float) -> None:
    local = np.random.default_rng(5).random((6, 9, 4), dtype=np.float32)
    from_tensor = aggregate_min_max(torch.from_numpy(local), zeta)
    assert isinstance(from_tensor, torch.Tensor)
    np.testing.assert_array_equal(from_tensor.numpy(), aggregate_min_max(local, zeta))


def test_photos_one_by_one_give_the_same_as_all_at_once() -> None:
    local = np.random.default_rng(6).random((5, 9, 4))
    one_by_one = np.stack([aggregate_min_max(photo, 0.4) for photo in local])
    np.testing.assert_array_equal(one_by_one, aggregate_min_max(local, 0.4))


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_out_of_range_is_named(threshold: float) -> None:
    with pytest.raises(ValueError, match=rf"`threshold` to be from 0 to 1, but got {threshold}"):
        aggregate_min_max(np.zeros((2, 3)), threshold)


@pytest.mark.parametrize("shape", [(3,), (2, 0, 3)])
def test_no_snippets_are_named(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"`local_probabilities` to be … x snippets x labels .* got shape \("):
        aggregate_min_max(np.zeros(shape), 0.5)


def test_initial_pseudo_labels_are_the_mean_of_both() -> None:
    whole, aggregated = np.array([[0.2, 0.8]]), np.array([[0.6, 0.1]])
    np.testing.assert_allclose(initial_pseudo_labels(whole, aggregated), [[0.4, 0.45]])
    from_tensors = initial_pseudo_labels(torch.from_numpy(whole), torch.from_numpy(aggregated))
    np.testing.assert_allclose(from_tensors.numpy(), [[0.4, 0.45]])


def test_pseudo_labels_of_unlike_shapes_are_named() -> None:
    with pytest.raises(ValueError, match=r"`global_probabilities` and `aggregated` .* got \(1, 2\) and \(1, 3\)"):
        initial_pseudo_labels(np.zeros((1, 2)), np.zeros((1, 3)))


def test_a_label_that_stands_out_in_one_snippet_has_more_contrast_than_one_that_is_everywhere() -> None:
    similarities = np.array([[0.9, 0.1], [0.9, 0.7], [0.8, 0.1]])
    np.testing.assert_allclose(
        contrast_probabilities(similarities, 0.1), scipy.special.softmax(np.array([0.1, 0.6]) / (0.1 * 2**0.5))
    )


def test_contrast_of_tensors_is_that_of_arrays_and_knows_no_centre() -> None:
    similarities = np.random.default_rng(7).random((4, 9, 3), dtype=np.float32)
    expected = contrast_probabilities(similarities, 0.3)
    np.testing.assert_allclose(contrast_probabilities(torch.from_numpy(similarities), 0.3).numpy(), expected, rtol=1e-5)
    np.testing.assert_allclose(contrast_probabilities(similarities - [0.1, 0.2, 0.3], 0.3), expected, rtol=1e-5)


def test_contrast_without_snippets_is_named() -> None:
    with pytest.raises(ValueError, match=r"`local_similarities` to be … x snippets x labels .* got shape \(2, 0, 3\)"):
        contrast_probabilities(np.zeros((2, 0, 3)), 0.1)


def test_abundance_by_plain_formulas() -> None:
    random = np.random.default_rng(9)
    whole, local = random.normal(size=(5, 4)), random.normal(size=(5, 9, 4))
    best = np.array([[max(local[photo, :, label]) for label in range(4)] for photo in range(5)])
    expected = scipy.special.logsumexp(best / 0.3, axis=1) - scipy.special.logsumexp(whole / 0.3, axis=1)
    np.testing.assert_allclose(log_abundance(whole, local, 0.3)[:, 0], expected)
    from_tensors = log_abundance(torch.from_numpy(whole), torch.from_numpy(local), 0.3)
    np.testing.assert_allclose(from_tensors.numpy()[:, 0], expected)


def test_a_photo_of_two_things_is_twice_as_abundant_as_a_photo_of_one() -> None:
    # Beside a similarity of 20 all others count nothing. The whole of the second photo is as like to one of its things.
    whole = np.array([[20.0, 0, 0, 0], [20, 0, 0, 0]])
    local = np.array([[[20.0, 0, 0, 0], [20, 0, 0, 0]], [[20, 0, 0, 0], [0, 20, 0, 0]]])
    np.testing.assert_allclose(np.exp(log_abundance(whole, local, 1.0)), [[1.0], [2.0]], rtol=1e-6)


def test_what_all_similarities_of_a_photo_have_in_common_says_nothing_of_abundance() -> None:
    random = np.random.default_rng(10)
    whole, local = random.normal(size=(3, 4)), random.normal(size=(3, 9, 4))
    common = random.normal(size=(3, 1))
    shifted = log_abundance(whole + common, local + common[:, None], 0.01)
    np.testing.assert_allclose(shifted, log_abundance(whole, local, 0.01))


def test_abundance_of_another_number_of_labels_is_named() -> None:
    with pytest.raises(ValueError, match=r"but got \(2, 3\) and \(2, 4\)"):
        log_abundance(np.zeros((2, 3)), np.zeros((2, 9, 4)), 0.1)
