"""Where the weights of CLIP models are: in the caches of this machine, or in a file or folder of the user's.

Looking never downloads; `engine.models.encoders.download` does, and only it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.encoders.checkpoints.configuration import OPEN_CLIP_FILE
from engine.models.encoders.checkpoints.transformers_configuration import is_of_transformers
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.failures import EncoderGone, WeightsMissing
from engine.models.encoders.fast_names import exact_name
from engine.models.encoders.hub_cache import cached_weights, hub_files, own_cache
from engine.models.encoders.open_clip_names import networks, published, tags_of
from engine.wording import Sentence

_TRANSFORMERS_WEIGHTS = {"model.safetensors", "pytorch_model.bin"}
"""What transformers calls weights; many repositories hold the same weights in open_clip's layout beside them."""

_SUFFIXES = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")


@dataclass(frozen=True)
class ClipSource:
    """Weights of a CLIP that are on this machine, and what the person who named them said of them."""

    name: str
    model: str | None
    """open_clip's name of the architecture; None where nobody said it."""
    weights: Path
    tag: str | None = None
    """Published weights that these are, or are used like; None where nobody said it."""
    published: bool = False
    """Whether these are the published weights themselves."""
    folder: Path | None = None
    """Where the configuration of the network lies; None for an architecture of open_clip's own."""


def find_source(name: str) -> ClipSource:
    """Find the weights that a person means. Nothing of them is read.

    Args:
        name: `MODEL:TAG` as open_clip publishes them, `MODEL:FILE` or `MODEL:FILE@TAG` for a file of weights that are
            used like those published as TAG, a file by itself, or a folder with weights and a configuration.

    Raises:
        EncoderUnavailable: says what is missing and where it would be put.
    """
    model, separator, weights = name.partition(":")
    if said := published(model, weights):
        cached = cached_weights(said)
        if cached is None:
            raise WeightsMissing(name, missing_weights(name, said))
        return ClipSource(name, model, cached, weights, published=True)
    path = local_part(name)
    if not separator or model not in networks():
        if path is not None and path.is_dir():
            return _folder_source(path)
        if path is not None and path.is_file():
            return ClipSource(str(path), None, path, folder=_configured(path.parent))
        if path is not None and _is_written_as_path(name):
            raise EncoderGone(path)
        raise EncoderUnavailable(
            Sentence(
                "There is no encoder {name!r}. Expected starter, MODEL:WEIGHTS (e.g. ViT-B-32:laion2b_s34b_b79k), or "
                "the path of a checkpoint; `cdul encoders` lists what is there."
            ).format(name=name)
        )
    if path is None or not path.is_file():
        known = ", ".join(tags_of(model)) or "none are published"
        file, _, like_what = weights.rpartition("@")
        if file and (there := local(file)) is not None and there.is_file():
            raise EncoderUnavailable(
                Sentence(
                    "{file} is to be used like the weights {tag!r}, which {model} does not have; published are {known}."
                ).format(file=there, tag=like_what, model=model, known=known)
            )
        if path is not None and _is_written_as_path(weights):
            raise EncoderGone(path)
        raise EncoderUnavailable(
            Sentence("There are no weights {weights!r} for {model}: no such file, and published are {known}.").format(
                weights=weights, model=model, known=known
            )
        )
    like = _like(model, weights)
    return ClipSource(f"{model}:{path}" + (f"@{like}" if like else ""), model, path, like)


def local_part(name: str) -> Path | None:
    """The file or folder in an encoder's name, whether it is there or not; None for the starter and published weights,
    and for no name at all.

    Nothing is looked for, so this may be asked of a name that comes from others.
    """
    name = exact_name(name)
    model, separator, weights = name.partition(":")
    if not name.strip() or name == "starter" or published(model, weights):
        return None
    if not separator or model not in networks():
        return local(name)
    like = _like(model, weights)
    return local(weights.removesuffix(f"@{like}") if like else weights)


def _like(model: str, weights: str) -> str | None:
    """The published weights behind the last @, None where there are none of that name."""
    like = weights.rpartition("@")[2] if "@" in weights else ""
    return like if published(model, like) else None


def _is_written_as_path(text: str) -> bool:
    """Whether a person who wrote this meant a place, and no name."""
    return bool({"/", "\\"} & set(text)) or text.startswith("~") or Path(text).suffix in _SUFFIXES


def _folder_source(folder: Path) -> ClipSource:
    configured = _configured(folder)
    found = sorted(folder.glob("*.safetensors")) or sorted([*folder.glob("*.bin"), *folder.glob("*.pt*")])
    if (folder / OPEN_CLIP_FILE).is_file() and len(found) > 1:
        found = [file for file in found if file.name not in _TRANSFORMERS_WEIGHTS] or found
    if configured is None and not found:
        raise EncoderUnavailable(
            Sentence(
                "The folder {folder} holds neither weights (.safetensors, .bin or .pt) nor {file}, so it is no model."
            ).format(folder=folder, file=OPEN_CLIP_FILE)
        )
    if len(found) != 1:
        raise EncoderUnavailable(
            Sentence(
                "Expected one checkpoint (.safetensors, .bin or .pt) in {folder}, but found {count}. Name the file "
                "instead of the folder."
            ).format(folder=folder, count=len(found))
        )
    # Without a configuration that is read, its shapes tell what network the weights are of.
    return ClipSource(str(folder), None, found[0], folder=configured)


def _configured(folder: Path) -> Path | None:
    """The folder, if it says what network its weights are of."""
    return folder if (folder / OPEN_CLIP_FILE).is_file() or is_of_transformers(folder) else None


def local(path: str) -> Path:
    """A path as it will still be understood from another working folder."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:  # `~` of nobody here
        return Path(path).absolute()


def weights_digest(weights: Path) -> str:
    """A digest of the weights' bytes; the hub's cache has it ready as the name of the file."""
    blob = weights.resolve().name
    if len(blob) == 64 and all(digit in "0123456789abcdef" for digit in blob):
        return blob[:16]
    with weights.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


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
