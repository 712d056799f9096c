"""What a second witness is worth: worked by hand, and where there is none or nothing to tell."""

from __future__ import annotations

import numpy as np
import pytest

from engine.method.latent import from_latent
from engine.method.thresholds import Shape
from engine.method.witness import LIKELY, MAYBE, evidence_for_labels, hear_witness, own_log_odds


def test_both_witnesses_are_heard_as_worked_by_hand() -> None:
    """A label at its threshold and one far above it; the detector finds one sure, one doubtful."""
    shape = Shape(thresholds=np.array([0.2, 0.2]), steepness=np.array([2.0, 2.0]))
    own = own_log_odds(np.array([[0.2, 0.9]]), shape)
    np.testing.assert_allclose(own, [[0.0, 2 * (np.log(9) - np.log(0.25))]])
    # 0.9 + 0.3 * 0 + 1.5 * 1 and, the encoder's 7.2 held to 4, 0.9 + 0.3 * 4 + 1.5 * -1.
    np.testing.assert_allclose(hear_witness(own, np.array([[1.0, -1.0]])), [[2.4, 0.6]])


def test_the_detector_overrules_an_encoder_that_is_sure_and_wrong() -> None:
    chances = from_latent(hear_witness(np.array([[25.0, -25.0]]), np.array([[-2.5, 2.0]])))
    assert chances[0, 0] < MAYBE
    assert chances[0, 1] > LIKELY


def test_labels_that_the_detector_does_not_know_keep_what_the_encoder_says() -> None:
    evidence = evidence_for_labels(np.array([[0.5, -1.0], [np.nan, np.nan]]), [1, None])
    np.testing.assert_array_equal(evidence, [[-1.0, np.nan], [np.nan, np.nan]])
    own = np.array([[7.0, 7.0], [-9.0, -9.0]])
    heard = hear_witness(own, evidence)
    assert heard[0, 0] == pytest.approx(0.9 + 0.3 * 4 - 1.5)
    np.testing.assert_array_equal(heard[:, 1], own[:, 1])
    np.testing.assert_array_equal(heard[1], own[1])


def test_scores_that_tell_nothing_leave_it_to_the_detector() -> None:
    unknown = np.array([np.nan])
    own = own_log_odds(np.array([[0.5], [np.nan]]), Shape(unknown, unknown))
    np.testing.assert_array_equal(own, [[0.0], [0.0]])


def test_arguments_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match="`own` and `evidence`"):
        hear_witness(np.zeros((2, 3)), np.zeros((2, 2)))
