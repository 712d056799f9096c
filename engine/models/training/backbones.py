"""Image backbones for the classifier: pretrained networks of timm without their last layer, opened offline."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import timm
import torch
from safetensors import SafetensorError
from timm.data import resolve_model_data_config
from torch import Tensor, nn

from engine.errors import UserError
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.starter.in_timm import load_efficientnet
from engine.models.training.saved_classifier import Preprocessing
from engine.models.training.training_settings import PAPER_NETWORK
from engine.wording import Sentence

STARTER = "tf_efficientnet_lite2"
"""EfficientNet-Lite2, whose weights come with the program; the default."""

_TORCHVISION, _TAGS = "torchvision/", {"IMAGENET1K_V1": "tv_in1k", "IMAGENET1K_V2": "tv2_in1k"}
"""torchvision's names of weights, and what timm calls the same files: `resnet101.tv_in1k`."""


class BackboneUnavailable(UserError):
    """A backbone cannot be opened here; the message says what is missing and what to do."""


class Backbone(nn.Module):
    """From normalised pixels to features.

    Attributes:
        name: timm's name of the architecture.
        dimension: features a photo.
        preprocessing: what the weights were trained with.
    """

    def __init__(self, name: str, network: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.name, self.network, self.preprocessing = name, network, preprocessing
        self.dimension = int(network.head_hidden_size)  # type: ignore[arg-type]  # timm's word for it

    def take_input_of(self, size: int) -> None:
        """Take squares of so many pixels; BackboneUnavailable where the architecture is of one size alone."""
        config = getattr(self.network, "pretrained_cfg", {})
        if config.get("fixed_input_size") or size < config.get("min_input_size", (3, 1, 1))[-1]:
            raise BackboneUnavailable(
                Sentence(
                    "The network {name} takes no photos of {size} x {size} pixels. Choose another input size."
                ).format(name=self.name, size=size)
            )
        self.preprocessing = replace(self.preprocessing, input_size=size)

    @property
    def takes_published_size(self) -> bool:
        """Whether photos come at the size that the weights were trained with."""
        return self.preprocessing.input_size == _published_preprocessing(self.network).input_size

    def forward(self, pixels: Tensor) -> Tensor:
        """n x 3 x input_size x input_size, normalised, to n x dimension."""
        return self.network(pixels)


def open_backbone(name: str = STARTER, weights: Path | None = None, input_size: int = 0) -> Backbone:
    """Open a pretrained backbone. Nothing is fetched.

    Args:
        name: any name of timm with pretrained weights, with or without its tag, e.g. `resnet101.a1h_in1k`; or
            torchvision's name of weights that timm knows as well, `torchvision/resnet101.IMAGENET1K_V1`.
        weights: a safetensors file, or one that `torch.load` reads with weights_only; by default those that come
            with the program or lie in the cache of the hub or of torch.
        input_size: of the square that photos are squashed to, pixels; 0 for what the weights were trained with.

    Raises:
        BackboneUnavailable: no such architecture, no such weights, they do not fit, or a network of one size alone.
    """
    backbone = _opened(timms_name(name), weights)
    if input_size:
        backbone.take_input_of(input_size)
    return backbone


def timms_name(name: str) -> str:
    """What timm calls a network that is named as torchvision names its weights; others stay as they are."""
    architecture, _, weights = name.removeprefix(_TORCHVISION).partition(".")
    if not name.startswith(_TORCHVISION) or weights not in _TAGS:
        return name
    return f"{architecture}.{_TAGS[weights]}"


def _opened(name: str, weights: Path | None) -> Backbone:
    if weights is None and name == STARTER:
        return _starter()
    backbone = empty_backbone(name)
    file = weights or _cached_weights(name)
    if not file.is_file():
        raise BackboneUnavailable(
            Sentence("There are no weights at {file}. Name a safetensors or PyTorch file.").format(file=file)
        )
    try:
        # timm renames the tensors of published weights itself, and reads files with weights_only. The last layer is
        # left out only afterwards: without it, timm would let tensors be missing.
        overlay = {"file": str(file), "source": ""}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # asks whoever reads it to write to PyTorch
            network: Any = timm.create_model(name, pretrained=True, pretrained_cfg_overlay=overlay)
        network.reset_classifier(0)
    except (RuntimeError, KeyError, ValueError, TypeError, OSError, UnpicklingError, SafetensorError) as error:
        raise BackboneUnavailable(
            Sentence("The weights {file} cannot be read as those of {name} ({why}). Choose another file.").format(
                file=file, name=name, why=error
            )
        ) from error
    return Backbone(name, network, backbone.preprocessing)


def empty_backbone(name: str, preprocessing: Preprocessing | None = None) -> Backbone:
    """The architecture without pretrained weights, to be filled from elsewhere.

    Raises:
        BackboneUnavailable: timm does not know the name.
    """
    # Not only for the message: timm would also take the addresses of hubs and folders for a name.
    if not timm.is_model(name):
        raise BackboneUnavailable(
            Sentence(
                "There is no network {name!r}. Expected a name that timm knows, e.g. {starter} or resnet101, or "
                "{paper}."
            ).format(name=name, starter=STARTER, paper=PAPER_NETWORK)
        )
    network = timm.create_model(name, pretrained=False, num_classes=0)
    return Backbone(name, network, preprocessing or _published_preprocessing(network))


def _starter() -> Backbone:
    try:
        network = load_efficientnet()
    except EncoderUnavailable as error:
        raise BackboneUnavailable(error.sentence) from error
    network.reset_classifier(0)
    return Backbone(STARTER, network, _published_preprocessing(network))


def _published_preprocessing(network: nn.Module) -> Preprocessing:
    config: dict[str, Any] = resolve_model_data_config(network)
    return Preprocessing(config["input_size"][-1], tuple(config["mean"]), tuple(config["std"]))


def _cached_weights(name: str) -> Path:
    from huggingface_hub import try_to_load_from_cache

    published = timm.models.get_pretrained_cfg(name)
    if published is None or not published.has_weights:
        raise BackboneUnavailable(
            Sentence("No pretrained weights are published for {name}. Name a file of weights.").format(name=name)
        )
    for file in ("model.safetensors", "pytorch_model.bin"):
        found = try_to_load_from_cache(published.hf_hub_id, file) if published.hf_hub_id else None
        if isinstance(found, str):
            return Path(found)
    places = [f"https://huggingface.co/{published.hf_hub_id} (model.safetensors)"] if published.hf_hub_id else []
    if published.url:
        url = str(published.url)
        file_of_torch = Path(torch.hub.get_dir()) / "checkpoints" / url.rpartition("/")[2]
        if file_of_torch.is_file():
            return file_of_torch
        places.append(f"{url} ({file_of_torch})")
    raise BackboneUnavailable(
        Sentence(
            "The weights of {name} are not on this machine. On one with a network, get {places} and name the file; or "
            "use {starter}, which comes with the program."
        ).format(name=name, places=f" {Sentence('or')} ".join(places), starter=STARTER)
    )
