"""A backbone as something that makes features of photos, for the cache."""

from __future__ import annotations

import copy
import hashlib

import numpy as np
import numpy.typing as npt
import torch

from engine.models.device import bfloat16_is_fast, device_for
from engine.models.training.backbones import Backbone


class BackboneFeatures:
    """Runs a backbone as fast as the device allows: photos as bytes in, features out.

    Attributes:
        id: names backbone, weights, precision and the size of photos, on all of which the features depend.
        input_size: side of the square a photo is squashed to, pixels.
        dimension: features a photo.
    """

    def __init__(self, backbone: Backbone, device: str = "auto") -> None:
        where = device_for(device)
        self.input_size = backbone.preprocessing.input_size
        self.dimension = backbone.dimension
        precision = torch.bfloat16 if bfloat16_is_fast(where) else torch.float32
        self.id = f"features:{backbone.name}:{_digest(backbone)}:{str(precision).removeprefix('torch.')}"
        if not backbone.takes_published_size:
            self.id += f":{self.input_size}"
        self._device, self._precision = where, precision
        # A copy: the backbone itself stays in full precision, for the classifier that is made of it.
        self._network = copy.deepcopy(backbone).eval().to(where, precision).to(memory_format=torch.channels_last)
        self._mean, self._std = (
            torch.tensor(values, device=where).view(1, 3, 1, 1) * 255
            for values in (backbone.preprocessing.mean, backbone.preprocessing.std)
        )

    @torch.inference_mode()
    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x input_size x input_size x 3, RGB, 0 to 255, to n x dimension, float32."""
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        pixels = torch.tensor(snippets, device=self._device).permute(0, 3, 1, 2)
        return self._network(((pixels - self._mean) / self._std).to(self._precision)).float().cpu().numpy()


def _digest(backbone: Backbone) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name, tensor in sorted(backbone.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
