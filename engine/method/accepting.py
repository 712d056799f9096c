"""How many photos to accept for a label of which some answers are known.

The F1 that counts is that of the whole collection, answered photos included: with Y photos confirmed and the k most
probable of the others accepted, it is to be expected at

    F1(k) = 2 (Y + sum of the k highest probabilities) / (2 Y + k + sum of all probabilities)

after Lipton et al., Optimal thresholding of classifiers to maximize F1 measure, 2014. Without the Y, a threshold after
a sweep is far too low: nearly all photos with the label are confirmed already, and few are left to find.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

ANSWERS_THAT_OUTWEIGH = 2.0
"""Of the rarer kind, after which the count by scores alone is down to 1/e of its weight. 1, 2 and 4 do as well."""

_PROBABLE = 0.3
"""Of photos accepted from there on F1 is not far from the best."""


def best_count(probabilities: Floats, confirmed: int) -> int:
    """How many of the most probable photos to accept so that F1 of the whole collection is to be expected best.

    >>> best_count(np.array([0.9, 0.6, 0.3, 0.1]), confirmed=0)  # F1 by count: .62, .77, .74, .64
    2
    >>> best_count(np.array([0.9, 0.6, 0.3, 0.1]), confirmed=20)  # an accepted photo must be right every other time
    2
    >>> best_count(np.array([0.4, 0.3, 0.3]), confirmed=0), best_count(np.array([0.4, 0.3, 0.3]), confirmed=20)
    (3, 0)

    Args:
        probabilities: of the photos that are not answered, from 0 to 1; nan is never accepted.
        confirmed: photos that have the label for certain.

    Returns:
        From 0 to all that have a probability.
    """
    known = probabilities[~np.isnan(probabilities)].astype(np.float64)
    total = known.sum()
    # Whatever F1 some count reaches, at the best one each accepted photo is at least half as probable: the others, most
    # of them, need not be put in order.
    probable = known[known >= _PROBABLE]
    reached = 2 * (confirmed + probable.sum()) / max(2 * confirmed + len(probable) + total, 1e-12)
    ordered = np.sort(known[known >= reached / 2 * (1 - 1e-9)])[::-1]
    hits = np.concatenate([[0.0], np.cumsum(ordered)])
    together = 2 * confirmed + np.arange(len(hits)) + total
    return int(np.argmax((confirmed + hits) / np.maximum(together, 1e-12)))


def count_to_accept(learnt: int, by_score: int, *, yes: int, no: int) -> int:
    """How many photos to accept, by what was learnt as far as answers of both kinds back it.

    With m answers of the rarer kind the logarithm of the count is mixed by 1 - exp(-m / 2): one yes among many no tells
    little of what the label looks like, and the scores' own count is kept to.

    >>> [count_to_accept(40, 10, yes=9, no=no) for no in (0, 2, 9)]
    [10, 24, 39]

    Args:
        learnt: `best_count` by the probabilities learnt from how photos look.
        by_score: `best_count` by those that the answers made of the scores alone.
        yes: answers.
        no: answers.
    """
    trust = 1 - math.exp(-min(yes, no) / ANSWERS_THAT_OUTWEIGH)
    # Half a photo stands for none, which has no logarithm.
    mixed = trust * math.log(max(learnt, 0.5)) + (1 - trust) * math.log(max(by_score, 0.5))
    return round(math.exp(mixed))


def cut_after(values: Floats, count: int) -> float:
    """The value from which on about `count` of these are accepted: half way between the last one and the next.

    >>> cut_after(np.array([1.0, 4.0, 3.0]), 2)
    2.0
    >>> cut_after(np.array([1.0, 4.0, 3.0]), 0), cut_after(np.array([1.0, 4.0, 3.0]), 3)
    (inf, 1.0)

    Args:
        values: of photos, in any order; nan is never accepted. Equal values are accepted together.
        count: from 0; more than there are accept all.
    """
    known = values[~np.isnan(values)]
    if count <= 0 or not len(known):
        return math.inf
    if count >= len(known):
        return float(known.min())
    parted = np.partition(known, [len(known) - count - 1, len(known) - count])
    below, last = float(parted[len(known) - count - 1]), float(parted[len(known) - count])
    middle = (below + last) / 2
    return middle if middle > below else last


def line_after(unanswered: Floats, confirmed: Floats, count: int) -> float:
    """`cut_after` among photos that nobody has answered: where none of them is accepted the line lies between the best
    of them and the confirmed ones above it, so that no confirmed photo falls below it for having been confirmed.

    >>> line_after(np.array([1.0, 4.0, 3.0]), np.array([8.0, 2.0]), 0)
    6.0
    >>> line_after(np.array([1.0, 4.0, 3.0]), np.array([8.0, 2.0]), 2)
    2.0

    Args:
        unanswered: values of photos; nan is never accepted.
        confirmed: likewise.
        count: how many of the unanswered ones are to be accepted, about.
    """
    above = confirmed[confirmed > np.nanmax(unanswered, initial=-math.inf)]
    return cut_after(np.concatenate([unanswered, above]), count + len(above))
