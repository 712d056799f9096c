"""Where in a photo the detector sees the labels that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from engine.method.fitting import boxes_in_photo
from engine.models.detector import Detector, thing_of
from engine.models.detector.nanodet import INPUT_SIZE
from engine.models.device import device_named
from engine.photos.decode import decode_file
from engine.photos.fitting import fit_into_square
from engine.project import Project
from engine.project.labels import LabelRow

LEAST_LOG_ODDS = -0.5
"""Of a box that is shown; the network's authors draw from about there."""


@dataclass(frozen=True)
class SeenThing:
    """A label that the detector sees: left, top, right, bottom from 0 to 1 of the photo, and how surely, 0 to 1."""

    label_id: int
    box: tuple[float, float, float, float]
    chance: float


class ThingFinder:
    """Holds the opened detector.

    Raises:
        EncoderUnavailable: its weights are missing or damaged.
    """

    def __init__(self) -> None:
        self._detector = Detector(device_named())

    def find(self, project: Project, path: str, labels: Sequence[LabelRow]) -> tuple[SeenThing, ...]:
        """What of these labels is where in a photo, the surest first.

        Raises:
            PhotoProblem: the photo cannot be read.
        """
        picture = decode_file(project.file_of(path), at_least=(INPUT_SIZE, INPUT_SIZE)).picture
        found = self._detector.find_things(fit_into_square(picture, INPUT_SIZE), LEAST_LOG_ODDS)
        boxes = boxes_in_photo(
            np.array([one.box for one in found]).reshape(-1, 4), picture.width, picture.height, INPUT_SIZE
        )
        things = {label.id: thing_of(label.texts) for label in labels}
        return tuple(
            SeenThing(label, (box[0], box[1], box[2], box[3]), 1 / (1 + exp(-one.log_odds)))
            for one, box in zip(found, boxes.tolist(), strict=True)
            for label, thing in things.items()
            if thing == one.thing
        )
