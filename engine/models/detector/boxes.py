"""From the detector's answers to boxes: what is where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.models.detector.nanodet import BINS, INPUT_SIZE, STRIDES, THING_COUNT

Floats = npt.NDArray[np.float32]

_MOST = 100
"""Boxes of a photo, of all things together, as COCO counts them."""
_MOST_OVERLAP = 0.6
"""Intersection by union, from 0 to 1; NanoDet's own."""


@dataclass(frozen=True)
class DetectedThing:
    """One thing in a photo.

    `thing`: its place in `THINGS`. `log_odds` of being there. `box`: left, top, right and bottom, from 0 to 1 of the
    square.
    """

    thing: int
    log_odds: float
    box: tuple[float, float, float, float]


def detected_things(answers: Sequence[Floats], least_log_odds: float) -> list[DetectedThing]:
    """The boxes in a photo, the surest first.

    A side is as far from its place as the mean of its distribution says (Li et al. 2020, arXiv 2006.04388). Of boxes of
    one thing that share more than `_MOST_OVERLAP` of what they cover together, the surest stays (non-maximum
    suppression).

    Args:
        answers: on each scale, 124 x height x width; see `nanodet.answers_of`.
        least_log_odds: of a box that is looked at.
    """
    log_odds, boxes = (np.concatenate(parts) for parts in zip(*map(_places, answers, STRIDES), strict=True))
    places, things = np.nonzero(log_odds >= least_log_odds)
    found: list[DetectedThing] = []
    for place, thing in sorted(zip(places, things, strict=True), key=lambda each: -log_odds[each]):
        same = [other.box for other in found if other.thing == thing]
        if same and _overlaps(boxes[place], np.array(same)).max() > _MOST_OVERLAP:
            continue
        left, top, right, bottom = boxes[place].tolist()
        found.append(DetectedThing(int(thing), float(log_odds[place, thing]), (left, top, right, bottom)))
        if len(found) == _MOST:
            break
    return found


def _places(answers: Floats, stride: int) -> tuple[Floats, Floats]:
    """Log odds, places x 80, and boxes, places x 4, of one scale."""
    _, height, width = answers.shape
    by_place = answers.reshape(len(answers), -1).T
    distributions = by_place[:, THING_COUNT:].reshape(-1, 4, BINS)
    chances = np.exp(distributions - distributions.max(axis=-1, keepdims=True))
    chances /= chances.sum(axis=-1, keepdims=True)
    distances = stride * (chances @ np.arange(BINS, dtype=np.float32))
    rows, columns = np.divmod(np.arange(height * width), width)
    middles = stride * (np.stack([columns, rows], axis=1) + 0.5)
    boxes = np.concatenate([middles - distances[:, :2], middles + distances[:, 2:]], axis=1)
    return by_place[:, :THING_COUNT], (boxes / INPUT_SIZE).clip(0, 1).astype(np.float32)


def _overlaps(box: Floats, others: Floats) -> Floats:
    """Intersection by union of one box with each of the others."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    common = sides.clip(0).prod(axis=1)
    areas = [np.prod(each[..., 2:] - each[..., :2], axis=-1) for each in (box, others)]
    return common / np.maximum(areas[0] + areas[1] - common, 1e-9)
