"""How the weights of a CLIP are used, and what is wrong with them that their file says before torch is loaded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from engine.models.encoders import fetch
from engine.models.encoders.checkpoints.checkpoint import Checkpoint, open_checkpoint
from engine.models.encoders.checkpoints.configuration import FolderConfiguration
from engine.models.encoders.checkpoints.published import OPENAIS_MEAN, OPENAIS_STD, Use, use_of_file, use_of_tag
from engine.models.encoders.checkpoints.transformers_configuration import (
    is_of_transformers,
    read_transformers_configuration,
)
from engine.models.encoders.checkpoints.transformers_layout import is_transformers_layout
from engine.models.encoders.clip_weights import ClipSource
from engine.models.encoders.hub_cache import cached_weights
from engine.models.encoders.open_clip_names import QUICK_GELU, published, tags_of
from engine.wording import Sentence


def check_source(source: ClipSource) -> None:
    """Refuse weights that are damaged, or that nobody knows how to use, in a second.

    Raises:
        EncoderUnavailable: as it says.
    """
    checkpoint = open_checkpoint(source.weights)
    if source.model is not None:
        use_of_source(source, source.model, checkpoint)


def use_of_source(source: ClipSource, model: str, checkpoint: Checkpoint) -> Use:
    """How weights without a configuration beside them are used; see `use_of_file`."""
    if source.tag is not None:
        return use_of_tag(model, source.tag)
    beside = source.weights.parent
    if is_transformers_layout(checkpoint.tensors) and is_of_transformers(beside):
        return use_said(beside, read_transformers_configuration(beside))
    return use_of_file(model, checkpoint, lambda: sha256(source.weights), _all_cached(model))


def use_said(folder: Path, found: FolderConfiguration) -> Use:
    """As a configuration in a folder says."""
    return Use(
        bool(found.network.get("quick_gelu")),
        found.mean or OPENAIS_MEAN,
        found.std or OPENAIS_STD,
        Sentence("the configuration in {folder} says so").format(folder=folder),
    )


def sha256(file: Path) -> str:
    """A file's SHA-256 in hexadecimal digits; the hub's cache has it ready as the name of the file."""
    file = file.resolve()
    if len(file.name) == 64 and all(digit in "0123456789abcdef" for digit in file.name):
        return file.name
    found = file.stat()
    return _read_through(file, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _read_through(file: Path, _size: int, _changed: int) -> str:
    return fetch.sha256(file)


def _all_cached(model: str) -> dict[str, Path]:
    names = [model, model.removesuffix(QUICK_GELU)]
    found = {tag: cached_weights(published(name, tag)) for name in names for tag in tags_of(name)}
    return {tag: file for tag, file in found.items() if file is not None}
