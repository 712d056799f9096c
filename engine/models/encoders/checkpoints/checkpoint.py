"""The weights of one CLIP in a file, whatever form the file has and however they are wrapped in it."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.checkpoints.stored import CheckpointUnreadable, StoredTensor, Tensors, in_memory
from engine.models.encoders.checkpoints.torch_archive import flattened, is_torch_archive, read_torch_archive
from engine.wording import Sentence, some_of

if TYPE_CHECKING:
    import torch

_SAFETENSORS_KINDS = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U8": "uint8",
    "BOOL": "bool",
}

ANCHOR = "logit_scale"
"""What every CLIP has and nothing else: what stands before it is how the weights are wrapped."""

_WRAPPERS = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
"""What torch.compile and friends write into the middle of names."""

_OPENAIS_OWN = frozenset({"input_resolution", "context_length", "vocab_size"})
"""Numbers that only OpenAI's own program keeps beside the weights."""


@dataclass(frozen=True)
class Checkpoint:
    """Weights by their names as the network has them, without what they were wrapped in."""

    file: Path
    tensors: Tensors
    openais_own: bool
    """Whether OpenAI's own program wrote it, or one that builds on that: it knows but QuickGELU."""

    @property
    def precision(self) -> str:
        """How exactly most of the numbers are kept: float16, bfloat16, float32 …"""
        of_kind: dict[str, int] = {}
        for tensor in self.tensors.values():
            of_kind[tensor.kind] = of_kind.get(tensor.kind, 0) + math.prod(tensor.shape)
        return max(of_kind, key=lambda kind: of_kind[kind])


def open_checkpoint(file: Path) -> Checkpoint:
    """The weights in a file; of their numbers nothing is read yet. Code in it is neither run nor looked for.

    Raises:
        CheckpointUnreadable: damaged, of a kind that is not read, or without the weights of a CLIP.
    """
    everything = {_unwrapped(name): tensor for name, tensor in _tensors(file).items()}
    prefix = _prefix(file, everything)
    tensors = {name.removeprefix(prefix): tensor for name, tensor in everything.items() if name.startswith(prefix)}
    return Checkpoint(
        file,
        {name: tensor for name, tensor in tensors.items() if name not in _OPENAIS_OWN},
        tensors.keys() >= _OPENAIS_OWN,
    )


def _tensors(file: Path) -> Tensors:
    if file.suffix == ".safetensors":
        return _read_safetensors(file)
    if file.suffix in (".npz", ".npy", ".h5", ".msgpack", ".onnx", ".gguf"):
        raise CheckpointUnreadable(
            Sentence("{file} is no file of PyTorch's. Expected .safetensors, or .pt, .pth, .bin or .ckpt.").format(
                file=file
            )
        )
    return read_torch_archive(file) if is_torch_archive(file) else _read_before_archives(file)


def _read_safetensors(file: Path) -> Tensors:
    from safetensors import SafetensorError, safe_open

    opened: Any

    @cache  # which loads torch
    def in_torch() -> Any:
        return safe_open(file, framework="pt", device="cpu")

    def read(name: str) -> torch.Tensor:
        tensor: torch.Tensor = in_torch().get_tensor(name)
        return tensor

    def stored(name: str) -> StoredTensor:
        lies = opened.get_slice(name)
        kind = lies.get_dtype()
        if kind not in _SAFETENSORS_KINDS:
            raise SafetensorError(f"holds numbers of the kind {kind}")
        return StoredTensor(tuple(lies.get_shape()), _SAFETENSORS_KINDS[kind], lambda: read(name))

    try:
        opened = safe_open(file, framework="np")
        return {name: stored(name) for name in opened.keys()}  # noqa: SIM118  it is no dictionary
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointUnreadable(
            Sentence("{file} is damaged, or no safetensors: {why}.").format(
                file=file, why=shown(str(error).rstrip("."), 200)
            )
        ) from error


def _read_before_archives(file: Path) -> Tensors:
    """What torch.save wrote before version 1.6: torch itself reads it, and nothing but tensors."""
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # asks whoever reads it to write to PyTorch
            tree = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # its message advises to let the file run its code
        raise CheckpointUnreadable(
            Sentence(
                "{file} is damaged, or no file of weights; an old one is read only if it holds nothing but tensors."
            ).format(file=file)
        ) from error
    return {
        name: in_memory(value)
        for name, value in flattened(tree)
        if isinstance(value, torch.Tensor) and value.layout == torch.strided
    }


def _unwrapped(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in _WRAPPERS)


def _prefix(file: Path, tensors: Tensors) -> str:
    """What stands before the names of one CLIP: `state_dict.module.`, or nothing."""
    found = [name.removesuffix(ANCHOR) for name in tensors if name.rpartition(".")[2] == ANCHOR]
    if len(found) > 1:
        # Beside the last weights, their mean over the training is kept: it is better, and what is published.
        averaged = [prefix for prefix in found if "ema" in prefix.replace(".", "_").split("_")]
        found = averaged or found
    if len(found) > 1:
        raise CheckpointUnreadable(
            Sentence(
                "{file} holds the weights of several models: {names}. Save the one that is meant by itself."
            ).format(file=file, names=some_of([prefix.rstrip(".") or ANCHOR for prefix in found]))
        )
    if not found:
        raise CheckpointUnreadable(
            Sentence("{file} holds no CLIP: none of its tensors is called {anchor}. It has {names}.").format(
                file=file, anchor=ANCHOR, names=some_of([shown(name) for name in tensors]) or Sentence("no tensors")
            )
        )
    return found[0]
