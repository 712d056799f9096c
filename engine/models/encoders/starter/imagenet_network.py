"""EfficientNet-Lite2, trained on the 1,000 classes of ImageNet: `lite2` is the network, `in_openvino` and `in_torch`
compute it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engine.models.encoders.starter.in_openvino import OpenvinoNetwork
from engine.models.encoders.starter.lite2 import INPUT_SIZE
from engine.models.encoders.starter.lite2_weights import Layer
from engine.models.openvino_package import openvino_or_none
from engine.models.threads import thread_count


def id_of_network(digest: str, precision: str) -> str:
    """Names the weights, by their digest, and the precision, on both of which the features depend.

    It is the same for OpenVINO as for torch: in bfloat16 they differ by no more than torch's features do from
    float32's.
    """
    return f"efficientnet-lite2:{digest}:{precision}"


class ImageNetNetwork:
    """From pixels to features, of which the last layer of the weights makes ImageNet's classes."""

    def __init__(self, layers: Mapping[str, Layer], device: str, precision: str) -> None:
        """Open it.

        Args:
            layers: see `read_layers`.
            device: computes: cpu, cuda and so on.
            precision: float32, or bfloat16 or float16 for most of it.
        """
        openvino = openvino_or_none() if device == "cpu" else None
        if openvino is not None:
            self._features = OpenvinoNetwork(
                openvino, layers, bfloat16=precision == "bfloat16", threads=thread_count()
            ).features
        else:
            from engine.models.encoders.starter.in_torch import TorchNetwork  # takes long

            self._features = TorchNetwork(layers, device, precision).features

    def features(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x 260 x 260 x 3, RGB, 0 to 255, to n x 1280, from 0 to 6."""
        if snippets.dtype != np.uint8 or snippets.shape[1:] != (INPUT_SIZE, INPUT_SIZE, 3):
            raise ValueError(
                f"Expected argument `snippets` to be uint8 of shape n x {INPUT_SIZE} x {INPUT_SIZE} x 3, "
                f"but got {snippets.dtype} of shape {snippets.shape}."
            )
        return self._features(snippets)
