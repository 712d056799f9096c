"""A backbone as something that makes features of photos, for the cache."""

from __future__ import annotations

import copy
import hashlib

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from engine.models.device import device_for, name_of_precision, precision_named
from engine.models.memory import fitting
from engine.models.training.backbones import Backbone


class BackboneFeatures:
    """Runs a backbone as fast as the device allows: photos as bytes in, features out.

    Attributes:
        id: names backbone, weights, precision and the size of photos, on all of which the features depend.
        device: where it computes.
        input_size: side of the square a photo is squashed to, pixels.
        dimension: features a photo.
    """

    def __init__(self, backbone: Backbone, device: str = "auto", precision: str = "auto") -> None:
        """Make a copy of the backbone ready.

        Args:
            device: see `engine.models.device.device_for`.
            precision: float32, bfloat16, float16, or auto for what is fast on the device.
        """
        where = device_for(device)
        self.input_size = backbone.preprocessing.input_size
        self.dimension = backbone.dimension
        numbers = precision_named(precision, where)
        # A copy: the backbone itself stays in full precision, for the classifier that is made of it.
        self._network = fitting(lambda: copy.deepcopy(backbone).eval().to(where).to(memory_format=torch.channels_last))
        has_exact_parts = numbers != torch.float32 and _round(self._network, numbers)
        exact = ":statistics32" if has_exact_parts else ""
        self.id = f"features:{backbone.name}:{_digest(backbone)}:{name_of_precision(numbers)}{exact}"
        if not backbone.takes_published_size:
            self.id += f":{self.input_size}"
        self.device, self._precision = where, numbers
        self._mean, self._std = (
            torch.tensor(values, device=where).view(1, 3, 1, 1) * 255
            for values in (backbone.preprocessing.mean, backbone.preprocessing.std)
        )

    @torch.inference_mode()
    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x input_size x input_size x 3, RGB, 0 to 255, to n x dimension, float32."""
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        pixels = torch.from_numpy(snippets).to(self.device, non_blocking=True).permute(0, 3, 1, 2)
        return self._network(((pixels - self._mean) / self._std).to(self._precision)).float().cpu().numpy()


def _round(network: nn.Module, precision: torch.dtype) -> bool:
    """Let a network compute in half precision, all but its batch norms; returns whether there are any.

    Rounded, their statistics would make another network of one that was trained in full precision: where a channel
    hardly varies a thousandth of its mean is much.
    """
    exact = [module for module in network.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    kept = [{name: values.clone() for name, values in module.state_dict().items()} for module in exact]
    network.to(precision)
    for module, values in zip(exact, kept, strict=True):
        module.float().load_state_dict(values)
        # Not every device computes a norm whose input is of another precision than itself.
        module.register_forward_pre_hook(lambda _, inputs: (inputs[0].float(),))
        module.register_forward_hook(lambda _module, _inputs, output: output.to(precision))
    return bool(exact)


def _digest(backbone: Backbone) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name, tensor in sorted(backbone.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
