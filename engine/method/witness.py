"""A second witness beside an encoder: a detector that learnt from other photos, heard where it knows the label.

What an encoder's scores say of a label, the shape of these scores makes log odds of (`engine.method.thresholds`); they
order photos well and believe themselves too much. A detector knows few things and errs in other ways. Of two witnesses
that err independently the log odds add up; how much each is worth is learnt once (logistic regression, J. Platt, 1999):

    log odds = PRIOR + OWN * own, held within 4, + SEEN * evidence

The three constants hold for all labels and label sets. Fitted on 862 photos of VOC2012's animals, which the detector
never saw (20 labels), they are 0.5, 0.4 and 1.4; on 433 others the same; on 128 of COCO (80 labels) 1.1, 0.2 and 1.7.
Each serves the other photos nearly as well as their own, and those here lie between. No label needs a prior of its own,
person neither. `benchmarks/second_witness.py` fits and measures them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.latent import to_latent
from engine.method.thresholds import Shape

Floats = npt.NDArray[np.floating]

PRIOR, OWN, SEEN = 0.9, 0.3, 1.5

MOST_OWN = 4.0
"""The encoder's log odds are held within this: of few photos they run to 25 and more, right or wrong."""

LIKELY, MAYBE = 0.55, 0.3
"""Chances from which a label is likely, and from which it may be. Of all that are likely six of seven are right; of
those between both, a third to a half."""


def own_log_odds(scores: Floats, shape: Shape) -> Floats:
    """What the shape of the scores makes of each: photos x labels; 0, which tells nothing, where it cannot tell.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        shape: of `engine.method.thresholds.shape_of`.
    """
    known = ~np.isnan(scores)
    latents = to_latent(np.where(known, scores, 0.5).astype(np.float64))
    log_odds = shape.steepness * (latents - to_latent(shape.thresholds.astype(np.float64)))
    return np.where(known & ~np.isnan(log_odds), log_odds, 0.0)


def evidence_for_labels(evidence: Floats, things: Sequence[int | None]) -> Floats:
    """What is said of things, of each label: photos x labels, log odds; nan for labels that are none of them.

    Args:
        evidence: photos x things, log odds; nan rows for photos that were not seen.
        things: the place of each label among the things, None where it is none of them.
    """
    of_labels = np.full((len(evidence), len(things)), np.nan)
    for label, thing in enumerate(things):
        if thing is not None:
            of_labels[:, label] = evidence[:, thing]
    return of_labels


def hear_witness(own: Floats, evidence: Floats) -> Floats:
    """Log odds of having each label after both were heard: photos x labels.

    Chances of 0.8 and more that come of them are right in nine cases of ten.

    Args:
        own: the encoder's log odds, photos x labels.
        evidence: the detector's, photos x labels; where it is nan the encoder's stay as they are.
    """
    check_same_shape("own", own, "evidence", evidence)
    both = PRIOR + OWN * own.clip(-MOST_OWN, MOST_OWN) + SEEN * evidence
    return np.where(np.isnan(evidence), own, both)
