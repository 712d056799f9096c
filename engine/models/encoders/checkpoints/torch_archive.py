"""PyTorch's archives, `torch.save`'s and TorchScript's, which OpenAI published its CLIPs as: their tensors alone.

Both are a zip with `data.pkl`, a pickle that says what there is, and the numbers of each tensor in `data/0`, `data/1`
and so on. TorchScript adds code, which is not looked at. `torch.load(weights_only=True)` reads the first kind if it
holds nothing but tensors, and the second kind not at all.
"""

from __future__ import annotations

import functools
import io
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.models.encoders.checkpoints.inert_pickle import Elsewhere, Made, Name, NotPlainData, read_inert
from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.checkpoints.stored import CheckpointUnreadable, StoredTensor
from engine.wording import Sentence

if TYPE_CHECKING:
    import torch

_KINDS = {
    "DoubleStorage": ("float64", 8),
    "FloatStorage": ("float32", 4),
    "HalfStorage": ("float16", 2),
    "BFloat16Storage": ("bfloat16", 2),
    "LongStorage": ("int64", 8),
    "IntStorage": ("int32", 4),
    "ShortStorage": ("int16", 2),
    "CharStorage": ("int8", 1),
    "ByteStorage": ("uint8", 1),
    "BoolStorage": ("bool", 1),
}
"""What torch calls the numbers, and how many bytes one has."""
_MOST_PICKLED = 32 << 20
_MOST_LISTED = 16 << 20
"""Bytes of a zip's list of records, of which each takes a hundred and then ten times as much in memory."""
_LONGEST_NAME = 500
_MOST_DIMENSIONS = 8


def is_torch_archive(file: Path) -> bool:
    """Whether a file is a zip, as PyTorch writes since 1.6; before, it was a row of pickles."""
    return zipfile.is_zipfile(file)


def read_torch_archive(file: Path) -> dict[str, StoredTensor]:
    """The tensors in an archive by their dotted names; what else lies beside them is passed over.

    Raises:
        CheckpointUnreadable: damaged, compressed, or no archive of PyTorch's.
    """
    try:
        archive = _opened(file)
        records = {record.filename: record for record in archive.infolist()}
        root = next(name for name in records if name.count("/") == 1 and name.endswith("/data.pkl")).partition("/")[0]
        _check_records(file, records)
        order = records.get(f"{root}/byteorder")
        if order is not None and archive.read(order) != b"little":
            raise NotPlainData("was written on a machine of another byte order")
        if records[f"{root}/data.pkl"].file_size > _MOST_PICKLED:
            raise NotPlainData("says too much beside its weights")
        tree = read_inert(archive.read(f"{root}/data.pkl"))
    except StopIteration:
        raise CheckpointUnreadable(
            Sentence("{file} is a zip, but not one of PyTorch's: it holds no data.pkl.").format(file=file)
        ) from None
    except (zipfile.BadZipFile, NotPlainData, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise CheckpointUnreadable(
            Sentence("{file} cannot be read as PyTorch's weights: it is damaged, or {why}.").format(
                file=file, why=shown(str(error).rstrip("."), 200)
            )
        ) from error

    @functools.lru_cache(maxsize=1)  # of weights that were flattened into one, all lie in the same record
    def numbers(key: str) -> bytearray:
        return bytearray(archive.read(f"{root}/data/{key}"))

    return {
        name: tensor
        for name, value in flattened(tree)
        if (tensor := _tensor(value, root, records, numbers)) is not None
    }


def flattened(tree: Any) -> Iterator[tuple[str, Any]]:
    """Everything in nested dictionaries and objects by its dotted name; each of these once, so that rings end."""
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", tree)]
    while waiting:
        prefix, value = waiting.pop()
        if prefix:
            yield prefix, value
        inside = value.state if isinstance(value, Made) else value
        if not isinstance(inside, dict) or id(inside) in seen:
            continue
        seen.add(id(inside))
        for key, member in reversed(inside.items()):
            name = f"{prefix}.{key}" if prefix else str(key)
            if isinstance(key, str) and len(name) <= _LONGEST_NAME:
                waiting.append((name, member))


class _BoundedReads(io.BufferedReader):
    """A file that gives only so much at once while the list of its records is read."""

    most: int | None = _MOST_LISTED

    def read(self, size: int | None = -1, /) -> bytes:
        if self.most is not None and size is not None and size > self.most:
            raise NotPlainData("lists too many records")
        return super().read(size)


def _opened(file: Path) -> zipfile.ZipFile:
    stream = _BoundedReads(io.FileIO(file))
    archive = zipfile.ZipFile(stream)
    stream.most = None
    return archive


def _check_records(file: Path, records: dict[str, zipfile.ZipInfo]) -> None:
    """PyTorch compresses no numbers, so that what is read is never more than the file has."""
    numbers = [record for name, record in records.items() if "/data/" in name or name.endswith("/data.pkl")]
    if any(record.compress_type != zipfile.ZIP_STORED for record in numbers):
        raise NotPlainData("its numbers are compressed, which PyTorch never does")
    if sum(record.file_size for record in numbers) > file.stat().st_size:
        raise NotPlainData("claims to hold more than its size")


def _tensor(value: Any, root: str, records: dict[str, zipfile.ZipInfo], numbers: Any) -> StoredTensor | None:
    """The tensor that a pickle describes, None for everything else and for one that claims more than is there."""
    while isinstance(value, Made) and value.maker in (
        Name("torch._utils", "_rebuild_parameter"),
        Name("torch._utils", "_rebuild_parameter_with_state"),
    ):
        value = value.arguments[0] if value.arguments else None
    if not isinstance(value, Made) or value.maker not in (
        Name("torch._utils", "_rebuild_tensor_v2"),
        Name("torch._utils", "_rebuild_tensor"),
    ):
        return None
    match value.arguments:
        case (
            Elsewhere(id=("storage", Name(module="torch", name=kind), str(key), _, int(length))),
            int(offset),
            tuple(shape),
            tuple(strides),
            *_,
        ) if kind in _KINDS:
            numbers_are, size = _KINDS[kind]
        case _:
            return None
    if not all(type(size) is int and size >= 0 for size in (*shape, *strides)) or not (
        len(shape) == len(strides) <= _MOST_DIMENSIONS
    ):
        return None
    record = records.get(f"{root}/data/{key}")
    reaches = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True)) + 1
    if (
        record is None
        or offset < 0
        or math.prod(shape) > length  # nothing is spread out of fewer numbers
        or (math.prod(shape) and not 0 < reaches <= length)
        or length * size > record.file_size
    ):
        return None

    def read() -> torch.Tensor:
        import torch

        dtype = getattr(torch, numbers_are)
        if not math.prod(shape):
            return torch.empty(shape, dtype=dtype)
        flat = torch.frombuffer(numbers(key), dtype=dtype, count=length)
        return flat.as_strided(shape, strides, offset)

    return StoredTensor(tuple(shape), numbers_are, read)
