"""What a refined label is worth as a probability: as sure as the training and the scores before it agree.

A training moves the labels towards what a classifier says that learnt from these same labels. So what it says is no
second witness, however sure it sounds: labels of few photos are learnt by heart, and a score of .08 can become .96.
What was known before has half of the say. With y the refined label, t what the training took for as likely as not, and
g the log odds of before, made as sure as they deserve:

    log odds = ((latent(y) - latent(t)) + g) / 2, at most `MOST_MOVED` from g

A training may say that .25 is .7, but not that it is .92: nobody has seen anything that would make it so sure.

Of what is then given .8 and more .81 to .92 are right (coco_dev, animals), and the expected calibration error is 0.4 to
1.4 %; the shape of the refined labels alone makes it .19 to .86, since a training pulls its labels apart. The photos of
a label are ordered about as well as by the refined labels, see docs/results/training.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.latent import from_latent, to_latent

Floats = npt.NDArray[np.floating]

TEMPER = 0.35
"""For what the starter's shape says, beside a training; .25 to .5 do about as well."""

TEMPER_OF_CLIP = 0.7
"""Real CLIP's is less too sure."""


MOST_MOVED = 2.0
"""In log odds, from what was known before. 1.5 and 3 do as well; without it some pairs rise from .1 to .8."""


def probability_by_agreement(refined: Floats, thresholds: Floats, guess: Floats) -> npt.NDArray[np.float64]:
    """How likely each photo has each label, by the refined labels and by what was known before.

    >>> refined, thresholds = np.array([[0.9, 0.9], [0.9, 0.9]]), np.array([0.5, 0.5])
    >>> probability_by_agreement(refined, thresholds, np.array([[2.0, -1.0], [0.0, -3.0]])).round(2)
    array([[0.89, 0.65],
           [0.75, 0.27]])

    Args:
        refined: photos x labels, from 0 to 1. Exactly 0 and 1 is what a person decided, and stays; nan stays nan.
        thresholds: labels, on the scale of `refined`.
        guess: log odds before the training, photos x labels; where it is nan the refined label speaks alone.

    Returns:
        photos x labels, from 0 to 1.
    """
    check_same_shape("refined", refined, "guess", guess)
    if thresholds.shape != refined.shape[1:]:
        raise ValueError(
            f"Expected argument `thresholds` to have {refined.shape[1]} labels, but got shape {thresholds.shape}."
        )
    learnt = to_latent(refined.astype(np.float64)) - to_latent(thresholds.astype(np.float64))
    known = np.where(np.isnan(guess), learnt, guess)
    both = from_latent(known + ((learnt - known) / 2).clip(-MOST_MOVED, MOST_MOVED))
    return np.where((refined == 0) | (refined == 1), refined, both)
