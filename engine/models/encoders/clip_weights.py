"""Where the weights of CLIP models are: in the caches of this machine, or in a file or folder of the user's.

Looking never downloads; `engine.models.encoders.download` does, and only it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.failures import WeightsMissing
from engine.models.encoders.hub_cache import cached_file
from engine.wording import Sentence

FOLDER_CONFIG = "open_clip_config.json"

LOCAL = "local-dir:"
"""Before a folder, where open_clip expects the name of an architecture."""


@dataclass(frozen=True)
class ClipSource:
    """A CLIP model that can be opened here.

    `model` is open_clip's name of the architecture, or `local-dir:…` for a folder with its own configuration.
    """

    name: str
    model: str
    weights: Path
    tag: dict[str, Any]
    """What open_clip knows of published weights: their normalisation, their activation; empty for others."""

    @property
    def architecture(self) -> str:
        """What the weights are used in: the name, or all of the folder's own configuration."""
        if not self.model.startswith(LOCAL):
            return self.model
        return (Path(self.model.removeprefix(LOCAL)) / FOLDER_CONFIG).read_text("utf-8")


def find_source(name: str) -> ClipSource:
    """Find the model and weights that a person means.

    Args:
        name: `MODEL:TAG` as open_clip publishes them, `MODEL:FILE` for a checkpoint file, or a folder that holds
            `open_clip_config.json` and weights.

    Raises:
        EncoderUnavailable: says what is missing and where it would be put.
    """
    path = _local(name)
    if path.is_dir():
        return _folder_source(path)
    if path.is_file():
        if (path.parent / FOLDER_CONFIG).is_file():
            return ClipSource(str(path), f"{LOCAL}{path.parent}", path, {})
        raise EncoderUnavailable(
            Sentence(
                "The checkpoint {path} does not say which architecture it is of. Write MODEL:{path}, e.g. "
                "ViT-B-32:{path}, or put its {file} beside it."
            ).format(path=path, file=FOLDER_CONFIG)
        )
    model, separator, weights = name.partition(":")
    import open_clip

    if not separator or model not in open_clip.list_models():
        raise EncoderUnavailable(
            Sentence(
                "There is no encoder {name!r}. Expected starter, MODEL:WEIGHTS (e.g. ViT-B-32:laion2b_s34b_b79k), or "
                "the path of a checkpoint; `cdul encoders` lists what is there."
            ).format(name=name)
        )
    tag = open_clip.get_pretrained_cfg(model, weights)
    if tag:
        cached = cached_weights(tag)
        if cached is None:
            raise WeightsMissing(name, missing_weights(name, tag))
        return ClipSource(name, model, cached, tag)
    file = _local(weights)
    if file.is_file():
        return ClipSource(f"{model}:{file}", model, file, {})
    known = ", ".join(open_clip.list_pretrained_tags_by_model(model)) or "none are published"
    raise EncoderUnavailable(
        Sentence("There are no weights {weights!r} for {model}: no such file, and published are {known}.").format(
            weights=weights, model=model, known=known
        )
    )


def _folder_source(folder: Path) -> ClipSource:
    if not (folder / FOLDER_CONFIG).is_file():
        raise EncoderUnavailable(
            Sentence("The folder {folder} holds no {file}, so it is no open_clip model.").format(
                folder=folder, file=FOLDER_CONFIG
            )
        )
    weights = sorted(folder.glob("*.safetensors")) or sorted([*folder.glob("*.bin"), *folder.glob("*.pt*")])
    if len(weights) != 1:
        raise EncoderUnavailable(
            Sentence(
                "Expected one checkpoint (.safetensors, .bin or .pt) in {folder}, but found {count}. Name the file "
                "instead of the folder."
            ).format(folder=folder, count=len(weights))
        )
    return ClipSource(str(folder), f"{LOCAL}{folder}", weights[0], {})


def _local(path: str) -> Path:
    """A path as it will still be understood from another working folder."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:  # `~` of nobody here
        return Path(path).absolute()


def cached_weights(tag: dict[str, Any]) -> Path | None:
    """The file of published weights on this machine, in the hub's cache or open_clip's own; None if not there."""
    repository, candidates = hub_files(tag)
    for candidate in candidates:
        if (found := cached_file(repository, candidate)) is not None:
            return found
    if url := tag.get("url"):
        file = own_cache() / url.rpartition("/")[2]
        if file.is_file():
            return file
    return None


def weights_digest(weights: Path) -> str:
    """A digest of the weights' bytes; the hub's cache has it ready as the name of the file."""
    blob = weights.resolve().name
    if len(blob) == 64 and all(digit in "0123456789abcdef" for digit in blob):
        return blob[:16]
    with weights.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


def hub_files(tag: dict[str, Any]) -> tuple[str, list[str]]:
    """The hub's repository, and the files in it that may hold the weights, the safest first."""
    repository, _, file = tag.get("hf_hub", "").rpartition("/")
    if not repository:
        return "", []
    file = file or "open_clip_pytorch_model.bin"
    safe = ["open_clip_model.safetensors"] if file == "open_clip_pytorch_model.bin" else []
    return repository, [*safe, str(Path(file).with_suffix(".safetensors")), file]


def own_cache() -> Path:
    """Where open_clip itself, and OpenAI's package, put weights that do not come from the hub."""
    return Path.home() / ".cache" / "clip"


def missing_weights(name: str, tag: dict[str, Any]) -> Sentence:
    """Where published weights come from and would go to, and what to do without them."""
    from huggingface_hub import constants

    repository, _files = hub_files(tag)
    source, place = (
        (f"huggingface.co/{repository}", constants.HF_HUB_CACHE) if repository else (tag.get("url", ""), own_cache())
    )
    return Sentence(
        "The weights of {name} are not on this machine. They come from {source} and would be put into {place}. "
        "The starter encoder is always there; a file that was fetched elsewhere can be used as well."
    ).format(name=name, source=source, place=place)
