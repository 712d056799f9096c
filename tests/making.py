"""Photos and a CLIP made on the spot, so that the tests need no files of anybody's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

TINY_CLIP: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
    },
    # Unlike OpenAI's, so that a test sees whether they are heeded.
    "preprocess_cfg": {"mean": [0.3, 0.5, 0.6], "std": [0.4, 0.2, 0.3]},
}


def make_tiny_clip(folder: Path, *, seed: int = 1) -> Path:
    """A small open_clip model with random weights, as the folder that open_clip itself opens."""
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = CLIP(**TINY_CLIP["model_cfg"])
    (folder / "open_clip_config.json").write_text(json.dumps(TINY_CLIP))
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder


def smooth_photo(seed: int, size: tuple[int, int]) -> Image.Image:
    """Smooth random colours, which every format keeps well."""
    pixels = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def make_photo(file: Path, seed: int = 0, *, size: tuple[int, int] = (48, 40), orientation: int | None = None) -> Path:
    """Save a photo; the suffix says in which format."""
    file.parent.mkdir(parents=True, exist_ok=True)
    more: dict[str, Any] = {}
    if orientation is not None:
        more["exif"] = Image.Exif()
        more["exif"][0x0112] = orientation
    smooth_photo(seed, size).save(file, **more)
    return file


TINY_NETWORK = "test_efficientnet"
"""timm's own tiny network for tests."""


def make_tiny_network(folder: Path, *, seed: int = 1) -> Path:
    """A file of random weights for `TINY_NETWORK`."""
    import timm
    import torch
    from safetensors.torch import save_file

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = timm.create_model(TINY_NETWORK, pretrained=False)
    save_file(network.state_dict(), folder / "weights.safetensors")
    return folder / "weights.safetensors"
