"""2 x 2 tables, F1, the top labels and confusions, against scikit-learn, torchmetrics and by hand."""

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score, multilabel_confusion_matrix, precision_score, recall_score
from torchmetrics.functional.classification import multilabel_confusion_matrix as torch_confusion_matrix
from torchmetrics.functional.classification import multilabel_f1_score

from engine.method.confusion import f1_scores, taken_for, top_labels, two_by_two


@pytest.fixture
def suggested() -> np.ndarray:
    return np.random.default_rng(1).random((50, 5)) < 0.3


@pytest.fixture
def truth() -> np.ndarray:
    return (np.random.default_rng(2).random((50, 5)) < 0.4).astype(np.int8)


def test_tables_as_scikit_learn_has_them(suggested: np.ndarray, truth: np.ndarray) -> None:
    table = two_by_two(suggested, truth)
    for column, ((rejections, false_alarms), (misses, hits)) in enumerate(
        multilabel_confusion_matrix(truth, suggested)
    ):
        found = (table.rejections[column], table.false_alarms[column], table.misses[column], table.hits[column])
        assert found == (rejections, false_alarms, misses, hits)
    np.testing.assert_allclose(table.precision, precision_score(truth, suggested, average=None))
    np.testing.assert_allclose(table.recall, recall_score(truth, suggested, average=None))
    np.testing.assert_allclose(table.f1, f1_score(truth, suggested, average=None))


def test_what_is_ignored_does_not_count_as_torchmetrics_has_it(suggested: np.ndarray, truth: np.ndarray) -> None:
    truth[np.random.default_rng(3).random(truth.shape) < 0.2] = -1
    table = two_by_two(suggested, truth)
    theirs = torch_confusion_matrix(
        torch.tensor(suggested.astype(np.float32)), torch.tensor(truth), num_labels=5, ignore_index=-1
    ).numpy()
    np.testing.assert_array_equal(table.hits, theirs[:, 1, 1])
    np.testing.assert_array_equal(table.false_alarms, theirs[:, 0, 1])
    np.testing.assert_array_equal(table.misses, theirs[:, 1, 0])
    np.testing.assert_array_equal(table.rejections, theirs[:, 0, 0])
    of1 = multilabel_f1_score(
        torch.tensor(suggested.astype(np.float32)),
        torch.tensor(truth),
        num_labels=5,
        average="micro",
        ignore_index=-1,
    )
    assert f1_scores(table).of1 == pytest.approx(float(of1))


def test_f1_per_class_and_overall(suggested: np.ndarray, truth: np.ndarray) -> None:
    scores = f1_scores(two_by_two(suggested, truth))
    assert scores.op == pytest.approx(precision_score(truth, suggested, average="micro"))
    assert scores.or_ == pytest.approx(recall_score(truth, suggested, average="micro"))
    assert scores.of1 == pytest.approx(f1_score(truth, suggested, average="micro"))
    assert scores.cp == pytest.approx(precision_score(truth, suggested, average="macro"))
    assert scores.cr == pytest.approx(recall_score(truth, suggested, average="macro"))
    assert scores.mean_f1 == pytest.approx(f1_score(truth, suggested, average="macro"))
    assert scores.cf1 == pytest.approx(2 * scores.cp * scores.cr / (scores.cp + scores.cr))


def test_a_label_that_is_never_suggested_and_one_without_positives() -> None:
    # The first has a positive that nobody suggests; the second none, and a false alarm.
    scores = f1_scores(two_by_two(np.array([[False, True], [False, False]]), np.array([[1, 0], [0, 0]], np.int8)))
    assert (scores.cp, scores.cr, scores.cf1) == (0.0, 0.0, 0.0)
    assert (scores.op, scores.or_, scores.of1) == (0.0, 0.0, 0.0)


def test_nothing_to_find_cannot_be_told() -> None:
    scores = f1_scores(two_by_two(np.zeros((2, 1), bool), np.zeros((2, 1), np.int8)))
    assert all(np.isnan(value) for value in vars(scores).values())


def test_nothing_suggested_though_something_is_there_is_nought() -> None:
    scores = f1_scores(two_by_two(np.zeros((2, 1), bool), np.ones((2, 1), np.int8)))
    assert all(value == 0.0 for value in vars(scores).values())


def test_the_top_labels_of_each_photo() -> None:
    scores = np.array([[0.1, 0.9, 0.5, 0.5], [np.nan, 0.2, np.nan, np.nan]])
    assert top_labels(scores, 2).tolist() == [[False, True, True, False], [False, True, False, False]]
    assert top_labels(scores, 9).tolist() == [[True] * 4, [False, True, False, False]]


def test_a_label_taken_for_another() -> None:
    # cat, dog, sofa: on three photos the cat is missed; on two of those dog is suggested wrongly.
    truth = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [0, 0, 0]], np.int8)
    suggested = np.array([[0, 1, 0], [0, 1, 1], [0, 1, 0], [0, 0, 1]], bool)
    found = taken_for(suggested, truth)
    assert found.photos.tolist() == [[0, 2, 0], [0, 0, 0], [0, 0, 0]]
    assert found.by_chance[0].tolist() == [0.0, 3 * 2 / 4, 3 * 1 / 4]


def test_what_is_ignored_is_neither_missed_nor_a_false_alarm() -> None:
    truth = np.array([[-1, 0], [1, -1]], np.int8)
    suggested = np.array([[False, True], [False, True]])
    assert not taken_for(suggested, truth).photos.any()


def test_shapes_that_do_not_fit_are_said() -> None:
    with pytest.raises(ValueError, match=r"but got shapes \(2, 3\) and \(2, 2\)"):
        two_by_two(np.zeros((2, 3), bool), np.zeros((2, 2), np.int8))
