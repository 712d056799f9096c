"""Which answers are likely mistakes: confident learning.

C. G. Northcutt, L. Jiang, I. L. Chuang: Confident learning, estimating uncertainty in dataset labels, JAIR 2021; each
label is taken by itself, yes against no, as Thyagarajan et al. do for several labels a photo (Identifying incorrect
annotations in multi-label classification data, 2022). Written from the papers; the suspects of a label are those of
cleanlab 2.9's `find_label_issues(..., filter_by="confident_learning")`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape

Floats = npt.NDArray[np.floating]


def suspected_mistakes(chances: Floats, answers: npt.NDArray[np.integer]) -> Floats:
    """How strongly a chance speaks against an answer, for the answers that are likely mistakes.

    A photo counts confidently as yes where its chance is at least the mean chance of all photos that were given yes,
    and as no likewise. An answer is suspected where the photo counts confidently as the other one, the off-diagonal
    cells of the confident joint, and where the other one is likelier too: of a label that hardly any photo has, most
    yes may be mistakes, and their mean chance would say nothing.

    Args:
        chances: photos x labels, from 0 to 1, made without the answers they are compared with; nan where there is none.
        answers: photos x labels; 1 yes, -1 no, 0 unknown.

    Returns:
        photos x labels: for suspected answers the normalised margin, (chance of the other answer - chance of this one
        + 1) / 2, from 0 to 1; elsewhere 0.
    """
    check_same_shape("chances", chances, "answers", answers)
    known = (answers != 0) & ~np.isnan(chances)
    yes, no = known & (answers > 0), known & (answers < 0)
    likely = np.where(known, chances, 0.5)
    as_yes = (likely > 0.5) & (likely >= _self_confidence(likely, yes))
    as_no = (likely < 0.5) & (1 - likely >= _self_confidence(1 - likely, no))
    suspected = (yes & as_no) | (no & as_yes)
    return np.where(suspected, np.where(yes, 1 - likely, likely), 0.0)


def _self_confidence(chances: Floats, given: npt.NDArray[np.bool_]) -> Floats:
    """The mean chance of an answer over the photos that were given it, by label; one half where none was."""
    count = given.sum(axis=0)
    return np.where(count > 0, (chances * given).sum(axis=0) / np.maximum(count, 1), 0.5)


def differing_answers(answers: npt.NDArray[np.integer], groups: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """The answers that differ within a group of photos that should have the same.

    Args:
        answers: photos x labels; 1 yes, -1 no, 0 unknown.
        groups: photos; a number for each group, negative for a photo that belongs to none.

    Returns:
        photos x labels: true for the yes and the no of a label that has both in one group.
    """
    if groups.shape != answers.shape[:1]:
        raise ValueError(
            f"Expected argument `groups` to be one number for each of {len(answers)} photos, "
            f"but got shape {groups.shape}."
        )
    differs = np.zeros(answers.shape, bool)
    inside = np.flatnonzero((groups >= 0) & (answers != 0).any(axis=1))
    if len(inside):
        _, group = np.unique(groups[inside], return_inverse=True)
        counts = np.zeros((2, int(group.max()) + 1, answers.shape[1]), np.int64)
        for place, sign in enumerate((1, -1)):
            np.add.at(counts[place], group, answers[inside] == sign)
        both = (counts[0] > 0) & (counts[1] > 0)
        differs[inside] = both[group] & (answers[inside] != 0)
    return differs
