"""What a second witness is worth: worked by hand, and where there is none or nothing to tell."""

from __future__ import annotations

import numpy as np
import pytest

from engine.method.latent import from_latent
from engine.method.strengths import LIKELY_LIFT
from engine.method.witness import LIKELY, MAYBE, hear_witness


def test_both_witnesses_are_heard_as_worked_by_hand() -> None:
    """The encoder takes one thing for likely and is beside itself about another; the detector is sure of the first."""
    heard = hear_witness(np.array([[np.log(250), 25.0, -7.0]]), np.array([[1.0, -1.0, 0.0]]))
    # 0.2 + 0.35 * 5.52 + 1.5; the encoder's 25 held to 9, 0.2 + 0.35 * 9 - 1.5; its -7 held to -3.
    np.testing.assert_allclose(heard, [[3.63, 1.85, -0.85]], atol=0.005)


def test_the_detector_overrules_an_encoder_that_is_sure_and_wrong() -> None:
    chances = from_latent(hear_witness(np.array([[25.0, -25.0]]), np.array([[-3.0, 2.0]])))
    assert chances[0, 0] < MAYBE
    assert chances[0, 1] > LIKELY


def test_labels_that_the_detector_does_not_know_keep_what_the_encoder_says() -> None:
    own = np.array([[7.0, 7.0], [-9.0, np.log(LIKELY_LIFT)]])
    heard = hear_witness(own, np.array([[-1.0, np.nan], [np.nan, np.nan]]))
    assert heard[0, 0] == pytest.approx(0.2 + 0.35 * 7 - 1.5)
    assert heard[0, 1] > 0 > heard[1, 0]
    assert heard[1, 1] == pytest.approx(0)


def test_arguments_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match="`own` and `evidence`"):
        hear_witness(np.zeros((2, 3)), np.zeros((2, 2)))
