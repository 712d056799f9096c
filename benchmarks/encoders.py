"""The networks that the speed figures are taken with: as the program runs them, and as torch does by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import safetensors.torch
import torch

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import Encoder
from engine.models.encoders.starter.in_timm import load_efficientnet
from engine.models.encoders.starter.starter_encoder import StarterEncoder

ENCODERS = ("starter", "ViT-B-32")


def open_encoder(name: str, folder: Path, precision: str = "auto") -> Encoder:
    """`starter`, or a CLIP of this architecture with random weights, which are put into `folder`."""
    if name == "starter":
        return StarterEncoder.open()
    weights = folder / f"{name}.safetensors"
    if not weights.exists():
        torch.manual_seed(0)
        safetensors.torch.save_model(open_clip.create_model(name), str(weights))
    # As published ones are used: a file alone does not say it, and is refused. OpenAI's have another activation.
    like = next(tag for tag in open_clip.list_pretrained_tags_by_model(name) if tag.startswith(("laion2b", "dfndr")))
    return ClipEncoder.open(f"{name}:{weights}@{like}", precision=precision)


def bare_forward(encoder: Any, snippets: int) -> Callable[[], Any]:
    """The encoder's network alone, on tensors that are ready: of this number, its precision, layout and batch."""
    ready = random_snippets(snippets, encoder.input_size)
    if isinstance(encoder, StarterEncoder):
        return lambda: encoder._network.features(ready)
    return lambda: encoder.network.embeddings(ready)


def plain_network(name: str, folder: Path) -> torch.nn.Module:
    """The same weights as `open_encoder` put there, as torch runs them by itself: float32, contiguous."""
    if name == "starter":
        network = load_efficientnet()
        network.reset_classifier(0)
        return network.float().eval()
    network = open_clip.create_model(name)
    safetensors.torch.load_model(network, str(folder / f"{name}.safetensors"))
    return network.visual.eval()


def random_snippets(count: int, side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), np.uint8)
