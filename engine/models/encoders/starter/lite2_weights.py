"""The weights of EfficientNet-Lite2, which come as a package: read without the library that wrote them."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.models.encoders.starter.lite2 import CLASS_COUNT, CONVOLUTIONS, FEATURE_COUNT
from engine.models.encoders.starter.weights import IMAGE, IMAGE_NAME, mapped_tensors, unusable, weights_file
from engine.wording import Sentence

Floats = npt.NDArray[np.float32]

_EPSILON = 1e-3
"""Of the batch norms, as TensorFlow has it."""
_NAME = "tf_efficientnet_lite2"
_NORM = ("weight", "bias", "running_mean", "running_var")


@dataclass(frozen=True)
class Layer:
    """A convolution with its batch norm folded in, which is the same function and a third faster on a processor.

    `weight`: output x input x side x side; `bias`: output. `scale` and `shift` are the norm's own, a value a channel.
    """

    weight: Floats
    bias: Floats
    scale: Floats
    shift: Floats


@dataclass(frozen=True)
class LastLayer:
    """From features to classes: `weights`: 1000 x 1280, `biases`: 1000; `digest`: names the weights."""

    weights: Floats
    biases: Floats
    digest: str


def read_layers(weights: Path | None = None) -> dict[str, Layer]:
    """Read and check what is below the last layer, by the names of `CONVOLUTIONS`.

    Args:
        weights: a file of tensors in the order of timm's; by default the installed one.

    Raises:
        EncoderUnavailable: the file is missing, damaged, or holds another network.
    """
    tensors, _ = read_tensors(weights)
    rows = list(tensors.values())
    # The last of six counts batches.
    return {each.name: _folded(*rows[6 * at : 6 * at + 5]) for at, each in enumerate(CONVOLUTIONS)}


def read_last_layer(weights: Path | None = None) -> LastLayer:
    """Read the last layer alone; see `read_layers`."""
    tensors, digest = read_tensors(weights)
    *_, of_classes, biases = tensors.values()
    return LastLayer(np.array(of_classes, np.float32, order="C"), np.array(biases, np.float32), digest)


def read_tensors(weights: Path | None = None) -> tuple[dict[str, npt.NDArray[Any]], str]:
    """All tensors by the file's own names, and what the weights are called in an `id`; see `read_layers`."""
    path = weights or weights_file(IMAGE)
    try:
        if path.suffix == ".safetensors":
            tensors, name = mapped_tensors(path), ""
        else:
            content = path.read_bytes()
            tensors, name = _tensors(content), hashlib.blake2b(content, digest_size=8).hexdigest()
    except (OSError, ValueError, RuntimeError, EOFError, LookupError, TypeError, pickle.UnpicklingError) as error:
        raise unusable(path, error) from error
    _check(path, tensors)
    return tensors, IMAGE_NAME if weights is None else name


def _folded(kernel: Floats, scale: Floats, shift: Floats, mean: Floats, variance: Floats) -> Layer:
    factor = scale / np.sqrt(variance + np.float32(_EPSILON))
    weight = np.multiply(kernel, factor[:, None, None, None], order="C")
    return Layer(weight, shift - mean * factor, scale.copy(), shift.copy())


def _check(path: Path, tensors: Mapping[str, npt.NDArray[Any]]) -> None:
    """Whether the tensors are this network's: under whatever names, but in this order."""
    expected: list[tuple[str, tuple[int, ...]]] = []
    for each in CONVOLUTIONS:
        expected.append((f"{each.name}.weight", each.shape))
        expected += [(f"{each.name}.norm.{part}", each.shape[:1]) for part in _NORM]
        expected.append((f"{each.name}.norm.num_batches_tracked", ()))
    expected += [("classifier.weight", (CLASS_COUNT, FEATURE_COUNT)), ("classifier.bias", (CLASS_COUNT,))]
    if len(tensors) != len(expected):
        raise unusable(
            path,
            Sentence("expected {wanted} tensors of {architecture}, but got {found}").format(
                wanted=len(expected), architecture=_NAME, found=len(tensors)
            ),
        )
    for (name, shape), (its_name, tensor) in zip(expected, tensors.items(), strict=True):
        if tensor.shape != shape:
            raise unusable(
                path,
                Sentence("expected {name} to be of shape {shape}, but got {found} of shape {its_shape}").format(
                    name=name, shape=shape, found=its_name, its_shape=tensor.shape
                ),
            )


_MAGIC = 0x1950A86A20F9469CFC6C
_KINDS = {"FloatStorage": "<f4", "LongStorage": "<i8"}


def _tensors(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """What `torch.save` wrote before PyTorch 1.6, as the package has it, is read here; a newer file by torch.

    It is a row of pickles (a number that names the kind, its version, the system, the tensors by name, the order in
    which their numbers follow), and then these: how many, and the numbers.
    """
    stream = io.BytesIO(content)
    if content[:2] != b"\x80\x02" or _Tensors(stream).load() != _MAGIC:
        import torch  # takes long

        stream.seek(0)
        loaded = torch.load(stream, map_location="cpu", weights_only=True)
        return {name: tensor.numpy() for name, tensor in loaded.items()}
    _Tensors(stream).load()
    _Tensors(stream).load()
    described: dict[str, _Described] = dict(_Tensors(stream).load())
    sizes = {each.key: np.dtype(each.kind).itemsize for each in described.values()}
    starts = {}
    for key in _Tensors(stream).load():
        count = int.from_bytes(stream.read(8), "little")
        starts[key] = stream.tell()
        stream.seek(count * sizes[key], io.SEEK_CUR)
    return {name: each.of(content, starts[each.key]) for name, each in described.items()}


@dataclass(frozen=True)
class _Described:
    """A tensor whose numbers come later."""

    key: str
    kind: str
    first: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]

    def of(self, content: bytes, start: int) -> npt.NDArray[Any]:
        """Itself, of the file's content and where its numbers start there; within the content, which NumPy checks."""
        size = np.dtype(self.kind).itemsize
        steps = tuple(size * step for step in self.steps)
        return np.ndarray(self.shape, self.kind, content, start + size * self.first, steps)


def _described(
    storage: tuple[str, str], first: int, shape: tuple[int, ...], steps: tuple[int, ...], *_: Any
) -> _Described:
    key, kind = storage
    return _Described(key, kind, first, tuple(shape), tuple(steps))


class _Tensors(pickle.Unpickler):
    """Makes of a pickle numbers, texts, containers and descriptions of tensors, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _described
        if module == "torch" and name in _KINDS:
            return _KINDS[name]
        raise pickle.UnpicklingError(f"it names {module}.{name}")

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        _, kind, key, *_ = pid
        return key, kind
