"""How weights want to be used: the activation and the pixels that they were trained with.

Neither is in the weights, and with the wrong ones a CLIP still gives numbers, only worse ones. So a file is compared
with what open_clip knows to be published; where that does not tell, a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.models.encoders.failures import EncoderUnavailable
from engine.models.encoders.open_clip_names import has_quick_gelu, published, tags_of
from engine.wording import Sentence

if TYPE_CHECKING:
    from engine.models.encoders.checkpoints.checkpoint import Checkpoint

OPENAIS_MEAN = (0.48145466, 0.4578275, 0.40821073)
OPENAIS_STD = (0.26862954, 0.26130258, 0.27577711)
"""Of the pixels of the first CLIP, and of whatever says nothing else."""

_HEXADECIMAL = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Use:
    """How weights are used. Pixels from 0 to 1 become (pixel - mean) / std, each of three numbers for red to blue."""

    quick_gelu: bool
    """Whether QuickGELU is the activation."""
    mean: tuple[float, ...]
    std: tuple[float, ...]
    known_from: Sentence
    """How that is known, for people."""

    @property
    def activation(self) -> str:
        """Its name."""
        return "QuickGELU" if self.quick_gelu else "GELU"

    @property
    def pixels(self) -> str:
        """Mean and deviation, for people."""
        return f"mean {_in_short(self.mean)}, deviation {_in_short(self.std)}"


def use_of_tag(model: str, tag: str, known_from: Sentence | None = None) -> Use:
    """How published weights are used."""
    said = published(model, tag)
    return Use(
        bool(said.get("quick_gelu")) or has_quick_gelu(model),
        tuple(said.get("mean") or OPENAIS_MEAN),
        tuple(said.get("std") or OPENAIS_STD),
        known_from or Sentence("published as {model}:{tag}").format(model=model, tag=tag),
    )


def use_of_file(model: str, checkpoint: Checkpoint, digest: Callable[[], str], cached: dict[str, Path]) -> Use:
    """How the weights in a file are used: as those published weights that they are, or as all published ones are.

    Args:
        model: open_clip's name of the architecture.
        digest: the file's SHA-256; asked for only where a published one is known.
        cached: files of published weights that are on this machine, by tag.

    Raises:
        EncoderUnavailable: nothing tells; the message says what to write.
    """
    tags = {tag: published(model, tag) for tag in tags_of(model)}
    file = checkpoint.file
    if (tag := _by_folder(file, tags)) is not None:
        return use_of_tag(model, tag, Sentence("it lies where {name} is kept").format(name=f"{model}:{tag}"))
    if (tag := _by_digest(digest, tags, cached)) is not None:
        return use_of_tag(model, tag, Sentence("its checksum is that of {name}").format(name=f"{model}:{tag}"))
    if checkpoint.openais_own:
        return Use(
            True,
            OPENAIS_MEAN,
            OPENAIS_STD,
            Sentence("OpenAI's own program wrote it"),
        )
    if (tag := _by_name(file, tags)) is not None:
        return use_of_tag(model, tag, Sentence("it is called like {name}").format(name=f"{model}:{tag}"))
    ways = published_ways(model)
    if len(ways) == 1:
        (tag,) = ways
        return use_of_tag(model, tag, Sentence("all published weights of {model} are used so").format(model=model))
    if not ways:
        return use_of_tag(model, "", Sentence("open_clip uses {model} so").format(model=model))
    raise EncoderUnavailable(
        Sentence(
            "{file} does not say how {model} is to be used with it, and published weights differ in that: {ways}. "
            "Write the name of those it comes from behind it: {model}:{file}@{example}"
        ).format(file=file, model=model, ways=_listed(model, ways), example=ways[0])
    )


def published_ways(model: str) -> list[str]:
    """The ways in which published weights of an architecture are used, each by the first tag that is used so."""
    ways: dict[tuple[Any, ...], str] = {}
    for tag in tags_of(model):
        use = use_of_tag(model, tag)
        ways.setdefault((use.quick_gelu, use.mean, use.std), tag)
    return list(ways.values())


def _listed(model: str, tags: list[str]) -> Sentence | str:
    """One published name for each way, with what is special in it."""
    listed: Sentence | str = ""
    for tag in tags:
        use = use_of_tag(model, tag)
        way = Sentence("@{tag} (activation {activation}, mean {mean})").format(
            tag=tag,
            activation=use.activation,
            mean=" ".join(f"{value:.3g}" for value in use.mean),
        )
        listed = Sentence("{some}, {more}").format(some=listed, more=way) if listed else way
    return listed


def _by_folder(file: Path, tags: dict[str, Any]) -> str | None:
    """Published weights whose repository has the name of a folder that the file lies in, as the hub's cache does it."""
    folders = {part.lower() for part in (*file.parts[:-1], file.stem)}
    for tag, said in tags.items():
        repository = said.get("hf_hub", "").rpartition("/")[0].lower()
        if repository and {f"models--{repository.replace('/', '--')}", repository.rpartition("/")[2]} & folders:
            return tag
    return None


def _by_digest(digest: Callable[[], str], tags: dict[str, Any], cached: dict[str, Path]) -> str | None:
    """Published weights of the same SHA-256: in the address, at the end of the name, or as the name in the cache."""
    known: list[tuple[str, str]] = []
    for tag, said in tags.items():
        address = said.get("url", "")
        if "openaipublic" in address:
            known.append((tag, address.split("/")[-2]))
        elif "mlfoundations" in address:
            known.append((tag, address.rpartition(".")[0].rpartition("-")[2]))
        if tag in cached and _HEXADECIMAL.fullmatch(cached[tag].resolve().name):
            known.append((tag, cached[tag].resolve().name))
    own = digest() if known else ""
    return next((tag for tag, digits in known if len(digits) >= 8 and own.startswith(digits)), None)


def _by_name(file: Path, tags: dict[str, Any]) -> str | None:
    """Published weights that the file is called like: by their address, or with their tag in its name."""
    for tag, said in tags.items():
        address = said.get("url", "")
        if address and "openaipublic" not in address and address.rpartition("/")[2] == file.name:
            return tag
    plain = _plain(file.stem)
    named = [tag for tag in tags if len(tag) > 3 and f"_{_plain(tag)}_" in f"_{plain}_"]
    return max(named, key=len, default=None)


def _in_short(numbers: tuple[float, ...]) -> str:
    return " ".join(f"{number:.4g}" for number in numbers)


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")
