"""Step B of CDUL against automatic differentiation, against a slow loop, and on a case where the truth is known."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.method.agreement import probability_by_agreement
from engine.method.latent import from_latent, to_latent
from engine.method.refinement import (
    loss,
    loss_gradient,
    psi,
    scale_to_top,
    typical_top,
    unexplained,
    update_latent,
    update_pseudo_labels,
)


@pytest.fixture
def photos():
    """Labels and predictions of 6 photos and 4 labels, float64."""
    random = np.random.default_rng(3)
    return random.uniform(0.02, 0.98, (6, 4)), random.uniform(0.02, 0.98, (6, 4))


def test_latent_and_back(photos):
    labels, _ = photos
    np.testing.assert_allclose(from_latent(to_latent(labels)), labels, rtol=1e-12)
    assert to_latent(np.array([0.5]))[0] == 0
    assert to_latent(np.array([0.9]))[0] == pytest.approx(math.log(9))


def test_a_decision_has_a_finite_latent_that_reads_as_the_decision():
    latent = to_latent(np.array([0.0, 1.0], np.float32))
    assert np.isfinite(latent).all()
    np.testing.assert_allclose(from_latent(latent), [0, 1], atol=2e-6)


def test_from_latent_does_not_overflow():
    with np.errstate(over="raise"):
        np.testing.assert_array_equal(from_latent(np.array([-1e4, 1e4])), [0, 1])


def test_psi_by_hand():
    assert psi(np.array(0.5), 0.2) == pytest.approx(1 / (0.2 * math.sqrt(2 * math.pi)))
    assert psi(np.array(0.3), 0.2) == pytest.approx(math.exp(-0.5) / (0.2 * math.sqrt(2 * math.pi)))
    flat = psi(np.array([0.0, 0.5, 1.0]), 1.0)
    assert flat.min() == pytest.approx(0.352, abs=1e-3)
    assert flat.max() == pytest.approx(0.399, abs=1e-3)


@pytest.mark.parametrize("objective", ["kl", "reverse-kl", "bce"])
def test_gradient_is_that_of_automatic_differentiation(photos, objective):
    labels, prediction = (torch.tensor(values) for values in photos)
    labels.requires_grad_()
    (expected,) = torch.autograd.grad(loss(labels, prediction, objective).sum(), labels)
    torch.testing.assert_close(loss_gradient(labels.detach(), prediction, objective), expected)


def test_losses_are_those_of_torch(photos):
    labels, prediction = (torch.tensor(values) for values in photos)
    expected = torch.nn.functional.binary_cross_entropy(prediction, labels, reduction="none").sum(-1)
    torch.testing.assert_close(loss(labels, prediction, "bce"), expected)
    labels, prediction = labels / labels.sum(-1, keepdim=True), prediction / prediction.sum(-1, keepdim=True)
    expected = torch.nn.functional.kl_div(prediction.log(), labels, reduction="none").sum(-1)
    torch.testing.assert_close(loss(labels, prediction, "kl"), expected)
    expected = torch.nn.functional.kl_div(labels.log(), prediction, reduction="none").sum(-1)
    torch.testing.assert_close(loss(labels, prediction, "reverse-kl"), expected)


@pytest.mark.parametrize("objective", ["kl", "reverse-kl"])
def test_steps_a_and_b_of_kl_rest_at_the_same_labels(photos, objective):
    """Labels of several to a photo: what step A learns of them leaves step B nothing to move."""
    labels, _ = photos
    assert (labels.sum(axis=1) > 1).any()
    logits = torch.zeros(labels.shape, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([logits], lr=0.1)
    for _ in range(500):
        optimizer.zero_grad()
        loss(torch.tensor(labels), logits.softmax(-1), objective).sum().backward()
        optimizer.step()
    latent = to_latent(labels)
    moved = update_latent(
        latent,
        logits.softmax(-1).detach().numpy(),
        sigma=1.0,
        step_size=1.0,
        known=np.zeros(labels.shape, bool),
        objective=objective,
    )
    np.testing.assert_allclose(moved, latent, atol=1e-3)


@pytest.mark.parametrize("objective", ["kl", "reverse-kl", "bce"])
def test_what_is_unexplained_goes_from_one_to_nothing(photos, objective):
    labels, _ = photos
    frequent = np.broadcast_to(labels.mean(axis=0), labels.shape)
    own = labels
    if objective != "bce":
        frequent, own = frequent / frequent.sum(axis=1, keepdims=True), labels / labels.sum(axis=1, keepdims=True)
    assert unexplained(labels, frequent, objective) == pytest.approx(1)
    assert unexplained(labels, own, objective) == pytest.approx(0, abs=1e-9)
    half = unexplained(labels, (frequent + own) / 2, objective)
    assert 0.1 < half < 0.5
    tensors = unexplained(torch.tensor(labels), torch.tensor((frequent + own) / 2), objective)
    assert tensors == pytest.approx(half)
    assert unexplained(labels[:1], labels[:1], objective) == 0


def test_a_probability_by_agreement_needs_both():
    refined, even = np.array([[0.96, 0.96, 0.96, 1.0, 0.0]]), np.full(5, 0.5)
    guess = to_latent(np.array([[0.9, 0.08, 0.5, 0.1, 0.9]]))
    agreed = probability_by_agreement(refined, even, guess)[0]
    assert agreed[0] > 0.9
    assert agreed[1] < 0.6  # a score of .08 does not become .96
    assert 0.8 < agreed[2] < 0.9
    assert agreed[3:].tolist() == [1, 0]  # what a person decided
    sure = probability_by_agreement(np.array([[0.9999]]), even[:1], to_latent(np.array([[0.25]])))
    assert sure < 0.75  # however sure the training is by itself
    strict = probability_by_agreement(refined, np.full(5, 0.96), guess)[0]
    assert strict[2] == pytest.approx(0.5)
    alone = probability_by_agreement(refined, even, np.full((1, 5), np.nan))[0]
    assert alone[0] == pytest.approx(0.96)
    with pytest.raises(ValueError, match="`thresholds` to have 5 labels"):
        probability_by_agreement(refined, even[:2], guess)


@pytest.mark.parametrize("objective", ["kl", "bce"])
def test_step_b_is_the_slow_loop(photos, objective):
    labels, prediction = photos
    latent, known = to_latent(labels), np.zeros(labels.shape, bool)
    known[2, 1] = known[4, 3] = True
    moved = update_latent(latent, prediction, sigma=0.3, step_size=0.7, known=known, objective=objective)
    for photo in range(6):
        for label in range(4):
            y, p = labels[photo, label], prediction[photo, label]
            slope = math.log(y / (labels[photo].sum() * p)) if objective == "kl" else math.log((1 - p) / p)
            gaussian = math.exp(-(((y - 0.5) / 0.3) ** 2) / 2) / (0.3 * math.sqrt(2 * math.pi))
            expected = math.log(y / (1 - y)) - (0 if known[photo, label] else 0.7 * gaussian * slope)
            assert moved[photo, label] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("objective", ["kl", "reverse-kl", "bce"])
def test_step_b_goes_down_the_loss_and_torch_agrees_with_numpy(photos, objective):
    labels, prediction = photos
    known = np.zeros(labels.shape, bool)
    moved = update_latent(to_latent(labels), prediction, sigma=0.3, step_size=0.05, known=known, objective=objective)
    assert (loss(from_latent(moved), prediction, objective) < loss(labels, prediction, objective)).all()
    tensors = update_latent(
        to_latent(torch.tensor(labels)),
        torch.tensor(prediction),
        sigma=0.3,
        step_size=0.05,
        known=torch.tensor(known),
        objective=objective,
    )
    np.testing.assert_allclose(tensors.numpy(), moved, rtol=1e-12)


def test_known_labels_stay_and_all_others_move(photos):
    labels, prediction = photos
    latent, known = to_latent(labels), np.random.default_rng(0).random(labels.shape) < 0.5
    moved = update_latent(latent, prediction, sigma=0.2, step_size=1.0, known=known)
    np.testing.assert_array_equal(moved == latent, known)


def test_the_gradient_of_a_photo_does_not_depend_on_the_others(photos):
    labels, prediction = photos
    known = np.zeros(labels.shape, bool)
    together = update_latent(to_latent(labels), prediction, sigma=0.2, step_size=1.0, known=known)
    alone = update_latent(to_latent(labels[:1]), prediction[:1], sigma=0.2, step_size=1.0, known=known[:1])
    np.testing.assert_array_equal(together[:1], alone)


def test_undecided_labels_move_most():
    latent = to_latent(np.array([[0.5, 0.8, 0.99]]))
    moved = update_latent(latent, np.full((1, 3), 0.2), sigma=0.2, step_size=0.1, known=np.zeros((1, 3), bool))
    distance = np.abs(moved - latent)[0]
    assert distance[0] > distance[1] > distance[2] > 0


def test_typical_top_is_the_nth_highest_score_or_the_lowest_of_few():
    labels = np.array([[0.1, 0.3], [0.4, 0.2], [0.2, 0.1]])
    np.testing.assert_allclose(typical_top(labels, 2), [0.2, 0.2])
    np.testing.assert_allclose(typical_top(torch.tensor(labels), 2).numpy(), [0.2, 0.2])
    np.testing.assert_allclose(typical_top(labels, 99), [0.1, 0.1])


def test_scale_to_top_by_hand():
    labels = np.array([[0.1, 0.0], [0.4, 0.0], [0.2, 0.0]])
    # 0.2 / 0.2 = 1 and 0.4 / 0.2 = 2 are bent: 1 - 0.1^2 / (s - 0.8).
    by_hand = [[0.5, 0], [1 - 0.01 / 1.2, 0], [1 - 0.01 / 0.2, 0]]
    top = np.array([0.2, 1e-6])
    np.testing.assert_allclose(scale_to_top(labels, top), by_hand)
    np.testing.assert_allclose(scale_to_top(torch.tensor(labels), torch.tensor(top)).numpy(), by_hand)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30, unique=True))
def test_scaling_keeps_the_order_of_the_photos(thousandths):
    labels = np.array(thousandths)[:, None] / 1000
    scaled = scale_to_top(labels, typical_top(labels))
    np.testing.assert_array_equal(np.argsort(scaled[:, 0]), np.argsort(labels[:, 0]))
    assert scaled.min() >= 0
    assert scaled.max() < 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sigma": 0.0}, "`sigma` to be a number above 0"),
        ({"step_size": -1.0}, "`step_size` to be a number of at least 0"),
        ({"objective": "mse"}, "kl, reverse-kl or bce"),
        ({"known": np.zeros((1, 1), bool)}, "`latent` and `known`"),
    ],
)
def test_wrong_arguments_are_named(photos, change, words):
    labels, prediction = photos
    arguments = {"sigma": 0.2, "step_size": 1.0, "known": np.zeros(labels.shape, bool)} | change
    with pytest.raises(ValueError, match=words):
        update_latent(to_latent(labels), prediction, **arguments)


def test_step_b_on_labels_is_step_b_on_their_latents(photos):
    labels, prediction = photos
    known = np.zeros(labels.shape, bool)
    known[0, 0] = True
    labels[0, 0] = 1.0
    refined = update_pseudo_labels(labels, prediction, sigma=0.2, step_size=0.5, known=known)
    moved = update_latent(to_latent(labels), prediction, sigma=0.2, step_size=0.5, known=known)
    assert refined[0, 0] == 1
    np.testing.assert_allclose(refined[~known], from_latent(moved)[~known])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": [0.5]}, "`labels` to be a NumPy array or a tensor, but got a list"),
        ({"prediction": np.full((2, 2), 1.5)}, "`prediction` to be from 0 to 1, but got 1.5 to 1.5"),
        ({"prediction": np.full((2, 3), 0.5)}, "`labels` and `prediction` to have the same shape"),
        ({"known": np.zeros(2, bool)}, "`labels` and `known` to have the same shape"),
        ({"sigma": 0}, "`sigma` to be a number above 0, but got 0"),
        ({"step_size": -1}, "`step_size` to be a number of at least 0, but got -1"),
        ({"objective": "mse"}, "`objective` to be kl, reverse-kl or bce, but got 'mse'"),
    ],
)
def test_what_cannot_be_updated_is_named(change, said):
    half = np.full((2, 2), 0.5)
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        update_pseudo_labels(**{"labels": half, "prediction": half, "sigma": 0.2, "step_size": 0.15, **change})
