"""Each label's photos, ordered again by what all labels say of them."""

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.linear_model import Ridge

from engine.method import match_ranks, predict_from_all_labels, scale_by_abundance
from engine.method.stage_one import rerank_scores, score


def made_up_scores(photos: int, labels: int, seed: int = 0) -> list[np.ndarray]:
    return list(softmax(np.random.default_rng(seed).normal(size=(2, photos, labels)), axis=-1))


def test_the_prediction_is_ridge_regression_on_the_log_probabilities() -> None:
    whole, best = made_up_scores(photos=50, labels=6)
    scores = (whole + best) / 2
    logs = np.log(np.hstack([whole, best]))
    rows = logs - logs.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    reference = Ridge(alpha=30, fit_intercept=False).fit(rows, scores - scores.mean(axis=0))
    expected = scores.mean(axis=0) + reference.predict(rows)
    np.testing.assert_allclose(predict_from_all_labels(scores, whole, best), expected, rtol=1e-6)


def test_company_speaks_for_a_label() -> None:
    random = np.random.default_rng(4)
    desk = random.random(600) < 0.3
    mouse = desk & (random.random(600) < 0.7)
    shown = np.stack([desk, mouse, random.random(600) < 0.3], axis=1)
    scores = expit(3 * shown + random.normal(size=(600, 3)) - 3)
    # Two photos in which the mouse is as likely by itself, one with a desk.
    scores[:2] = [[0.9, 0.3, 0.1], [0.1, 0.3, 0.9]]
    predicted = predict_from_all_labels(scores, scores)
    assert predicted[0, 1] > predicted[1, 1] + 0.05


def test_one_photo_keeps_its_scores() -> None:
    [scores] = made_up_scores(photos=1, labels=5)[:1]
    np.testing.assert_allclose(predict_from_all_labels(scores, scores), scores, rtol=1e-6)


def test_photos_that_are_all_alike_keep_their_scores() -> None:
    scores = np.tile(softmax(np.arange(3.0)), (4, 1))
    np.testing.assert_allclose(predict_from_all_labels(scores, scores), scores, rtol=1e-6)


def test_probabilities_that_vanish_do_no_harm() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], np.float32)
    predicted = predict_from_all_labels(scores, scores)
    assert np.isfinite(predicted).all()
    assert predicted[0, 0] > predicted[1, 0]


def test_no_photos_give_nothing() -> None:
    assert predict_from_all_labels(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0, 3)
    assert match_ranks(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0, 3)
    assert scale_by_abundance(np.zeros((0, 3)), np.zeros((0, 1))).shape == (0, 3)


def test_photos_that_show_more_have_more_to_share() -> None:
    # Abundances 1 and 3 have the mean 2.
    unshared = scale_by_abundance(np.array([[0.8, 0.2], [0.5, 0.5]]), np.log([[1.0], [3.0]]))
    np.testing.assert_allclose(unshared, [[0.4, 0.1], [0.75, 0.75]])


def test_abundances_that_no_number_can_hold_do_no_harm() -> None:
    np.testing.assert_allclose(
        scale_by_abundance(np.array([[0.8], [0.5]]), np.array([[0.0], [5000.0]])), [[0.0], [1.0]]
    )


def test_one_photo_has_what_it_had_to_share() -> None:
    np.testing.assert_allclose(scale_by_abundance(np.array([[0.8, 0.2]]), np.array([[7.0]])), [[0.8, 0.2]])


def test_photos_of_other_shapes_are_named() -> None:
    with pytest.raises(ValueError, match=r"as many photos each, but got shapes \[\(3, 2\), \(4, 2\)\]"):
        predict_from_all_labels(np.zeros((3, 2)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"but got shapes \(3, 2\) and \(3,\)"):
        scale_by_abundance(np.zeros((3, 2)), np.zeros(3))
    with pytest.raises(ValueError, match=r"photos x labels, but got \(3, 2\) and \(3, 1\)"):
        match_ranks(np.zeros((3, 2)), np.zeros((3, 1)))


def test_the_highest_value_goes_to_the_highest_in_order() -> None:
    values = np.array([[0.1, 0.9], [0.5, 0.8], [0.3, 0.7]])
    order = np.array([[3.0, 1.0], [1.0, 2.0], [2.0, 3.0]])
    np.testing.assert_array_equal(match_ranks(values, order), [[0.5, 0.7], [0.1, 0.8], [0.3, 0.9]])


def test_photos_that_are_equal_in_order_get_equal_values() -> None:
    dealt = match_ranks(np.array([[0.1], [0.2], [0.3], [0.4]]), np.array([[1.0], [2.0], [2.0], [0.0]]))
    assert dealt[1] == dealt[2] > dealt[0] > dealt[3]


def test_reranking_keeps_how_often_a_label_has_a_score() -> None:
    similarities = np.random.default_rng(5).normal(size=(40, 10, 8)).astype(np.float32)
    before = score(similarities, None, temperature=1.0, zeta=0.0, contrast=1.0)
    after = rerank_scores(before)
    np.testing.assert_allclose(np.sort(after.initial, axis=0), np.sort(before.initial, axis=0), rtol=1e-6)
    np.testing.assert_array_equal(after.whole, before.whole)
    assert not np.allclose(after.initial, before.initial)


def test_five_labels_are_left_in_the_order_of_their_evidence() -> None:
    similarities = np.random.default_rng(6).normal(size=(40, 10, 5)).astype(np.float32)
    before = score(similarities, None, temperature=1.0, zeta=0.0, contrast=1.0)
    after = rerank_scores(before)
    np.testing.assert_array_equal(after.initial.argsort(axis=0), before.evidence.argsort(axis=0))
    np.testing.assert_allclose(np.sort(after.initial, axis=0), np.sort(before.initial, axis=0))


def test_reranking_by_plain_formulas() -> None:
    similarities = np.random.default_rng(7).normal(size=(60, 10, 8)).astype(np.float32)
    before = score(similarities, None, temperature=1.0, zeta=0.0, contrast=1.0)
    best = np.exp(similarities[:, 1:].max(axis=1)).sum(axis=1)
    whole = np.exp(similarities[:, 0]).sum(axis=1)
    teacher = before.evidence * (best / whole / (best / whole).mean())[:, None]
    said_by_all = predict_from_all_labels(teacher, before.whole, before.aggregated)
    share = 2 / 3 * (1 - 5 / 8)
    order = (1 - share) * before.evidence + share * said_by_all
    np.testing.assert_array_equal(rerank_scores(before).initial.argsort(axis=0), order.argsort(axis=0))


def test_things_in_one_photo_no_longer_speak_against_each_other() -> None:
    # Eight things, each by chance in a snippet of its own; the whole photo shows each the weaker, the more there are.
    random = np.random.default_rng(8)
    shown = random.random((4000, 8)) < 0.2
    similarities = random.normal(scale=0.3, size=(4000, 10, 8))
    similarities[:, 0] += 3 * shown / np.maximum(1, shown.sum(axis=1, keepdims=True))
    similarities[:, 1:9] += 3 * np.eye(8) * shown[:, None]
    before = score(similarities.astype(np.float32), None, temperature=1.0, zeta=0.0)

    def company(teacher: np.ndarray) -> float:
        """Mean correlation of two labels among the predictions."""
        predicted = predict_from_all_labels(teacher, before.whole, before.aggregated)
        return float(np.corrcoef(predicted, rowvar=False)[~np.eye(8, dtype=bool)].mean())

    assert company(before.evidence) < 0 < company(scale_by_abundance(before.evidence, before.log_abundance))
