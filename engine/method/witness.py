"""A second witness beside an encoder: a detector that learnt from other photos, heard where it knows the label.

An encoder tells of a photo how far one thing stands above the others (`engine.method.strengths.log_lift`). A detector
knows few things and errs in other ways. Of two witnesses that err independently the log odds add up; how much each is
worth is learnt once (logistic regression, J. Platt, 1999):

    log odds = PRIOR + OWN * log lift, held within LEAST_OWN and MOST_OWN, + SEEN * evidence

Both are statements about the photo alone, the lift always among the same things. So a chance means the same in any
label set, in a collection of any size, and from the first photo on.

The constants hold for all labels. Fitted on 433 photos of VOC2012's animals, which the detector never saw (20 labels),
they are 0.4 less, 0.5 and 1.3; on 128 of COCO (80 labels) 0.7, 0.2 and 1.7. Each serves the other photos nearly as well
as their own, and those here lie between. No label needs a prior of its own, person neither.
`benchmarks/second_witness.py` fits and measures them.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.strengths import LIKELY_LIFT

Floats = npt.NDArray[np.floating]

PRIOR, OWN, SEEN = 0.2, 0.35, 1.5

LEAST_OWN, MOST_OWN = -3.0, 9.0
"""The encoder's word is held within these: from a twentieth of an even share's odds to eight thousand times."""

LIKELY, MAYBE = 0.55, 0.3
"""Chances from which a label is likely, and from which it may be. Of all that are likely seven of eight are right; of
those between both, a third to a half."""


def hear_witness(own: Floats, evidence: Floats) -> Floats:
    """Log odds of having each label after both were heard: photos x labels.

    Chances of 0.8 and more that come of them are right in nine cases of ten.

    Args:
        own: the encoder's word among the things, photos x labels, of `log_lift`.
        evidence: the detector's, photos x labels; where it is nan the encoder's word alone is taken.
    """
    check_same_shape("own", own, "evidence", evidence)
    held = own.clip(LEAST_OWN, MOST_OWN)
    both = PRIOR + OWN * held + SEEN * evidence
    return np.where(np.isnan(evidence), OWN * (held - math.log(LIKELY_LIFT)), both)
