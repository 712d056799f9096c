"""What a label is to a photo: as a person answered, with what follows from other answers, and as people see it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

YES, NO, UNDECIDED = 1, -1, 0
"""What a person says of a label."""
IMPLIED, RULED_OUT = 2, -2
"""What follows from what a person said of another one: the label is there, or is not."""


class LabelState(IntEnum):
    """What a label is to a photo."""

    ABSENT = 0
    LIKELY = 1
    """Suggested: what a person accepts without looking twice."""
    CONFIRMED = 2
    REJECTED = 3
    MAYBE = 4
    """Weakly suggested: shown behind the likely ones, never accepted along with them."""
    IMPLIED = 5
    """Nobody answered; a label that stands below it is confirmed, so that it is there."""
    RULED_OUT = 6
    """Nobody answered; a label that it stands below is rejected, so that it is not there."""


THERE = (LabelState.CONFIRMED, LabelState.IMPLIED)
"""States of labels that are on a photo as far as a person's answers tell."""
NOT_THERE = (LabelState.REJECTED, LabelState.RULED_OUT)

STATE_OF_KNOWN = np.zeros(5, np.int8)
STATE_OF_KNOWN[[YES, NO, IMPLIED, RULED_OUT]] = [
    LabelState.CONFIRMED,
    LabelState.REJECTED,
    LabelState.IMPLIED,
    LabelState.RULED_OUT,
]
"""By what is known, which for negative values counts from behind."""
