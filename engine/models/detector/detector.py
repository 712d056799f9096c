"""Photos in; out comes how surely each of 80 things is there, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.models.detector.boxes import DetectedThing, detected_things
from engine.models.detector.in_openvino import OpenvinoDetector
from engine.models.detector.nanodet import INPUT_SIZE, THING_COUNT
from engine.models.detector.weights import DIGEST, read_weights
from engine.models.openvino_package import openvino_or_none
from engine.models.threads import thread_count

if TYPE_CHECKING:
    from engine.models.detector.in_torch import TorchDetector


class Detector:
    """NanoDet-g with the weights that come with the program.

    It takes photos and is asked as an encoder is, so that its answers are made and kept in the same way: an
    "embedding" is the log odds of each of `THINGS`. They know nothing of the labels, so another label set needs no
    photo. They survive being stored as float16.
    """

    id = f"nanodet-g:{DIGEST[:16]}:1"
    """Names the weights, and how a photo comes to them; changes whenever the same photo would get other log odds."""
    input_size = INPUT_SIZE
    dimension = THING_COUNT

    def __init__(self, device: str) -> None:
        """Open it.

        Args:
            device: computes: cpu, cuda and so on.

        Raises:
            EncoderUnavailable: the weights are missing or damaged.
        """
        weights = read_weights()
        self.device = device
        openvino = openvino_or_none() if device == "cpu" else None
        self._computes: OpenvinoDetector | TorchDetector
        if openvino is not None:
            self._computes = OpenvinoDetector(openvino, weights, thread_count())
        else:
            from engine.models.detector.in_torch import TorchDetector  # takes long

            self._computes = TorchDetector(weights, device)

    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """How surely each thing is somewhere in each photo, in log odds; see `in_torch.evidence`.

        Args:
            snippets: whole photos, each fitted into a square in proportion (`engine.photos.fitting`: on VOC's animals
                this finds a tenth more than a photo stretched to the square): n x 416 x 416 x 3, RGB, 0 to 255.

        Returns:
            n x 80, in the order of `THINGS`.
        """
        _check(snippets)
        return self._computes.evidence(snippets)

    def find_things(self, photo: npt.NDArray[np.uint8], least_log_odds: float = -1.0) -> list[DetectedThing]:
        """What is where in one photo, 416 x 416 x 3 as above, the surest first.

        The boxes are in the square; `engine.method.fitting.boxes_in_photo` tells where they are in the photo.
        """
        _check(photo[None])
        return detected_things(self._computes.answers(photo), least_log_odds)


def _check(photos: npt.NDArray[np.uint8]) -> None:
    if photos.dtype != np.uint8 or photos.shape[1:] != (INPUT_SIZE, INPUT_SIZE, 3):
        raise ValueError(
            f"Expected argument `snippets` to be uint8 of shape n x {INPUT_SIZE} x {INPUT_SIZE} x 3, "
            f"but got {photos.dtype} of shape {photos.shape}."
        )
