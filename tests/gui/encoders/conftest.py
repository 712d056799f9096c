"""A hub that publishes a small random model under the name of the one that is recommended, and the window beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import open_clip.factory
import pytest
from hub import Hub, open_hub, publish_tiny_clip
from making import TINY_CLIP

NAME = "ViT-B-32:datacomp_xl_s13b_b90k"


@pytest.fixture
def hub(tiny_clip: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for network in ("ViT-B-32", "ViT-B-32-256", "ViT-B-16", "PE-Core-B-16"):
        monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, network, TINY_CLIP["model_cfg"])
    with open_hub() as hub:
        publish_tiny_clip(hub, tiny_clip, NAME)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub
