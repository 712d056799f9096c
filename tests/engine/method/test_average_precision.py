"""Average precision and its mean, against scikit-learn and by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from engine.method import average_precision, mean_average_precision

# Few different scores, so that most cases have ties.
photos = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), st.sampled_from([-1, 0, 1])), max_size=40)


@given(photos)
def test_agrees_with_scikit_learn_on_what_is_not_ignored(photos: list[tuple[float, int]]) -> None:
    scores, truth = np.array(photos).reshape(-1, 2).T
    ap = average_precision(scores, truth)
    counted = truth >= 0
    if (truth > 0).any():
        assert ap == pytest.approx(average_precision_score(truth[counted], scores[counted]))
    else:
        assert math.isnan(ap)


def test_by_hand() -> None:
    # Ranks: present, absent, present: recall rises by a half at precision 1 and by a half at precision 2/3.
    assert average_precision([0.9, 0.8, 0.7], [1, 0, 1]) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_equal_scores_share_one_rank_whatever_their_order() -> None:
    assert average_precision([0.5, 0.5], [1, 0]) == average_precision([0.5, 0.5], [0, 1]) == 0.5


def test_tensors_give_the_same() -> None:
    scores, truth = np.array([0.3, 0.9, 0.3, 0.1]), np.array([1, 0, 0, 1])
    assert average_precision(torch.tensor(scores), torch.tensor(truth)) == average_precision(scores, truth)


def test_unlike_shapes_are_named() -> None:
    with pytest.raises(ValueError, match=r"`scores` and `truth` .* got shapes \(3,\) and \(2,\)"):
        average_precision([1, 2, 3], [0, 1])


def test_nan_among_the_scores_is_named() -> None:
    with pytest.raises(ValueError, match="`scores` to be numbers, but got nan"):
        average_precision([0.1, float("nan")], [0, 1])


def test_the_mean_leaves_out_labels_without_a_positive() -> None:
    scores = np.array([[0.9, 0.9, 0.5], [0.1, 0.8, 0.5], [0.2, 0.1, 0.9]])
    truth = np.array([[1, 0, 0], [0, 1, 0], [0, 1, -1]])
    mean = mean_average_precision(scores, truth)
    second = average_precision_score(truth[:, 1], scores[:, 1])
    assert mean.value == pytest.approx((1 + second) / 2)
    assert mean.labels_counted == 2
    assert mean.positives.tolist() == [1, 2, 0]
    assert math.isnan(mean.by_label[2])


@pytest.mark.parametrize("shape", [(0, 3), (4, 0), (0, 0)])
def test_without_photos_or_labels_there_is_no_mean(shape: tuple[int, int]) -> None:
    mean = mean_average_precision(np.zeros(shape), np.zeros(shape))
    assert math.isnan(mean.value)
    assert mean.labels_counted == 0


def test_scores_and_truth_of_unlike_shapes_are_named() -> None:
    with pytest.raises(ValueError, match=r"photos x labels, but got shapes \(2, 3\) and \(3, 2\)"):
        mean_average_precision(np.zeros((2, 3)), np.zeros((3, 2)))
