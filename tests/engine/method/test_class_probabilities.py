"""From similarities to probabilities: centring by label and the softmax over the labels."""

import numpy as np
import pytest
import scipy.special
import torch

from engine.method import centre_by_label, class_probabilities, label_means


@pytest.mark.parametrize("temperature", [0.01, 0.07, 1.0, 100.0])
def test_probabilities_are_the_softmax_of_similarity_divided_by_tau(temperature: float) -> None:
    similarities = np.random.default_rng(1).uniform(-1, 1, (4, 9, 6))
    expected = scipy.special.softmax(similarities / temperature, axis=-1)
    np.testing.assert_allclose(class_probabilities(similarities, temperature), expected, atol=1e-12)
    from_tensor = class_probabilities(torch.from_numpy(similarities), temperature)
    np.testing.assert_allclose(from_tensor.numpy(), expected, atol=1e-12)


def test_clips_own_tau_tells_close_similarities_apart() -> None:
    # Divided by logit_scale instead of by its inverse exponential, these would all be near a third.
    best = class_probabilities(np.array([0.30, 0.25, 0.20]), 0.01)[0]
    assert best == pytest.approx(1 / (1 + np.exp(-5) + np.exp(-10)))


def test_huge_similarities_do_not_overflow() -> None:
    np.testing.assert_array_equal(class_probabilities(np.array([1e30, 0.0]), 0.01), [1, 0])


def test_one_label_is_certain() -> None:
    np.testing.assert_array_equal(class_probabilities(np.array([[0.1], [0.9]]), 0.01), [[1], [1]])


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_a_temperature_out_of_range_is_named(temperature: float) -> None:
    with pytest.raises(ValueError, match=rf"`temperature` to be a number above 0, but got {temperature}"):
        class_probabilities(np.zeros(3), temperature)


def test_no_labels_are_named() -> None:
    with pytest.raises(ValueError, match=r"`similarities` .* at least one label, but got shape \(4, 0\)"):
        class_probabilities(np.zeros((4, 0)), 1.0)


def test_centred_by_hand() -> None:
    similarities = np.array([[0.1, 0.5], [0.3, 0.1]])
    np.testing.assert_allclose(label_means(similarities), [0.2, 0.3])
    np.testing.assert_allclose(centre_by_label(similarities), [[-0.1, 0.2], [0.1, -0.2]])


def test_centred_labels_have_the_mean_zero_over_photos_and_snippets() -> None:
    similarities = np.random.default_rng(2).random((5, 9, 3))
    np.testing.assert_allclose(centre_by_label(similarities).mean(axis=(0, 1)), 0, atol=1e-12)
    from_tensor = centre_by_label(torch.from_numpy(similarities))
    np.testing.assert_allclose(from_tensor.numpy(), centre_by_label(similarities), atol=1e-12)


def test_a_part_is_centred_by_the_means_of_the_whole() -> None:
    similarities = np.random.default_rng(3).random((6, 4))
    part = centre_by_label(similarities[:2], label_means(similarities))
    np.testing.assert_allclose(part, centre_by_label(similarities)[:2])


def test_no_photos_stay_no_photos() -> None:
    assert centre_by_label(np.zeros((0, 3))).shape == (0, 3)
    assert class_probabilities(np.zeros((0, 3)), 0.1).shape == (0, 3)


def test_means_of_another_number_of_labels_are_named() -> None:
    with pytest.raises(ValueError, match=r"`means` to hold one value for each of 3 labels, but got shape \(2,\)"):
        centre_by_label(np.zeros((5, 3)), np.zeros(2))


def test_a_single_number_is_named() -> None:
    with pytest.raises(ValueError, match=r"`similarities` to be … x labels, but got a single number"):
        centre_by_label(np.float64(0.5))
