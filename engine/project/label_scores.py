"""What suggests one label, photo by photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.project.thresholds import (
    ThresholdSource,
)


@dataclass(frozen=True)
class LabelScores:
    """What suggests one label. `scores`: photos, nan where there is none; the rest as in `Snapshot`."""

    scores: npt.NDArray[np.float32]
    threshold: float
    maybe_from: float
    source: ThresholdSource


@dataclass(frozen=True)
class TaughtScores:
    """What the answers of a label taught: the scores are how probable it is on each photo.

    `reach`: how far the answers reach, a value of `engine.method.taught_label.Reach`. `expected`: how many photos have
    the label, the answered ones counted by their answers. `precision`: of the likely ones the share that is right, with
    its deviation; nan where none is likely. `answered`, `said`, `unseen`: rows of the answered photos, whether the
    answer was yes, and how probable the label would be there had they not been answered.
    """

    probable: LabelScores
    reach: str
    expected: float
    precision: tuple[float, float]
    answered: npt.NDArray[np.int64]
    said: npt.NDArray[np.bool_]
    unseen: npt.NDArray[np.floating]
