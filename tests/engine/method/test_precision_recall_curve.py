"""Precision and recall at every threshold, and mAP, against scikit-learn and torchmetrics."""

import numpy as np
import pytest
import torch
from sklearn.metrics import precision_recall_curve as theirs_of
from torchmetrics.functional.classification import multilabel_average_precision

from engine.method import mean_average_precision
from engine.method.metrics import precision_recall_curve


def test_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    scores, truth = random.random(40).round(1), random.integers(0, 2, 40)
    curve = precision_recall_curve(scores, truth)
    precision, recall, thresholds = theirs_of(truth, scores)
    np.testing.assert_allclose(curve.thresholds, thresholds[::-1])
    np.testing.assert_allclose(curve.precision, precision[:-1][::-1])
    np.testing.assert_allclose(curve.recall, recall[:-1][::-1])


def test_what_is_ignored_is_left_out_and_without_positives_there_is_no_curve() -> None:
    curve = precision_recall_curve([0.9, 0.8, 0.7], [1, -1, 0])
    assert curve.thresholds.tolist() == [0.9, 0.7]
    assert curve.precision.tolist() == [1.0, 0.5]
    assert len(precision_recall_curve([0.9, 0.8], [0, -1]).recall) == 0


def test_map_as_torchmetrics_has_it() -> None:
    random = np.random.default_rng(4)
    scores = random.random((60, 6)).astype(np.float32)
    truth = random.integers(-1, 2, (60, 6))
    theirs = multilabel_average_precision(
        torch.tensor(scores), torch.tensor(truth), num_labels=6, average="none", ignore_index=-1
    )
    mean = mean_average_precision(scores, truth)
    assert mean.by_label == pytest.approx(theirs.numpy(), abs=1e-6)
    assert mean.value == pytest.approx(float(theirs.mean()), abs=1e-6)
