"""Makes safetensors of what `torch.save` wrote before PyTorch 1.6, without torch, and runs none of it."""

from __future__ import annotations

import io
import json
import pickle
from collections import OrderedDict
from typing import Any

import numpy as np

_KINDS = {"FloatStorage": "<f4", "LongStorage": "<i8"}
_IN_SAFETENSORS = {"<f4": "F32", "<i8": "I64"}


def to_safetensors(content: bytes) -> bytes:
    """The same tensors under the same names, which keep their order.

    Raises:
        pickle.UnpicklingError: the file names something that is no tensor.
    """
    stream = io.BytesIO(content)
    # What it is, its version, the system; then the tensors by name, and the storages in the order in which they follow.
    *_, described, keys = (_Tensors(stream).load() for _ in range(5))
    kinds = {key: kind for (key, kind), *_ in described.values()}
    storages = {}
    for key in keys:
        count = int.from_bytes(stream.read(8), "little")
        storages[key] = np.frombuffer(stream.read(count * np.dtype(kinds[key]).itemsize), kinds[key])
    tensors = {}
    for name, ((key, _), first, shape, steps) in described.items():
        storage = storages[key][first:]
        tensors[name] = np.lib.stride_tricks.as_strided(storage, shape, [storage.itemsize * each for each in steps])

    # Numbers of eight bytes come first: then all lie where their size wants them.
    places, at = {}, 0
    in_order = sorted(tensors, key=lambda name: -tensors[name].itemsize)
    for name in in_order:
        places[name] = [at, at + tensors[name].nbytes]
        at += tensors[name].nbytes
    header = {
        name: {"dtype": _IN_SAFETENSORS[each.dtype.str], "shape": each.shape, "data_offsets": places[name]}
        for name, each in tensors.items()
    }
    written = json.dumps(header, separators=(",", ":")).encode()
    written += b" " * (-len(written) % 8)
    return len(written).to_bytes(8, "little") + written + b"".join(tensors[name].tobytes() for name in in_order)


class _Tensors(pickle.Unpickler):
    """Makes of a pickle numbers, texts, containers and descriptions of tensors, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, first, shape, steps, *_: (storage, first, shape, steps)
        if module == "torch" and name in _KINDS:
            return _KINDS[name]
        raise pickle.UnpicklingError(f"Expected tensors, but the file names {module}.{name}.")

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        _, kind, key, *_ = pid
        return key, kind
