"""Photos split into parts so that every label has its share in each, and groups of photos stay together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def stratified_split(
    labels: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64], shares: Sequence[float], seed: int
) -> npt.NDArray[np.int64]:
    """Iterative stratification, with groups of photos in the place of single ones.

    The label with the fewest photos left goes first: each group that has it goes to the part that lacks most of that
    label, of several to the one that lacks most photos, and of several of those to any. A group counts with all its
    photos and labels; larger ones go before smaller ones, while there is still room to make up for them. Groups
    without labels fill up at last. From Sechidis, Tsoumakas and Vlahavas, "On the Stratification of Multi-Label
    Data", ECML PKDD 2011, algorithm 1, which has no groups.

    Args:
        labels: photos x labels, whether a photo has a label.
        groups: photos, the same number for those that must stay together.
        shares: of the parts, not negative, together more than 0.
        seed: decides among equals; the same seed gives the same split.

    Returns:
        photos: index of the part, int64.

    Raises:
        ValueError: the shares are none.
    """
    ratios = np.asarray(shares, float)
    if not len(ratios) or ratios.min() < 0 or ratios.sum() <= 0:
        raise ValueError(f"Expected argument `shares` to be not negative and together more than 0, but got {shares}.")
    ratios = ratios / ratios.sum()
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    counts = np.zeros((len(sizes), labels.shape[1]), np.int64)
    np.add.at(counts, group_of, labels)

    random = np.random.default_rng(seed)
    order = random.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    wanted_photos = ratios * len(labels)
    wanted_labels = np.outer(ratios, counts.sum(axis=0))
    left = counts.sum(axis=0)
    part_of = np.full(len(sizes), -1, np.int64)

    def assign(group: int, need: npt.NDArray[np.float64]) -> None:
        # Rounded, since sums that are equal on paper differ in the last bits. A part without a share gets nothing.
        lacks = np.where(ratios > 0, need.round(9), -np.inf)
        best = np.flatnonzero(lacks == lacks.max())
        if len(best) > 1:
            room = wanted_photos[best].round(9)
            best = best[room == room.max()]
        part = best[0] if len(best) == 1 else random.choice(best)
        part_of[group] = part
        wanted_photos[part] -= sizes[group]
        wanted_labels[part] -= counts[group]
        left[:] -= counts[group]

    while left.any():
        label = int(np.where(left > 0, left, np.iinfo(np.int64).max).argmin())
        for group in order[(counts[order, label] > 0) & (part_of[order] < 0)]:
            assign(group, wanted_labels[:, label])
    for group in order[part_of[order] < 0]:
        assign(group, wanted_photos)
    return part_of[group_of]
