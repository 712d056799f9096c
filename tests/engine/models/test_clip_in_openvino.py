"""A CLIP through OpenVINO, which a processor that computes in float32 is given once that is worth it."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import open_clip
import pytest
import torch
from making import smooth_photo
from torch.nn import functional

from engine.models.encoders import photo_network
from engine.models.encoders.checkpoints.network import fused
from engine.models.encoders.photo_network import PhotoNetwork
from engine.models.openvino_package import openvino_or_none

SIDE = 64
MEAN, STD = open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD
VIT = {"image_size": SIDE, "layers": 3, "width": 128, "head_width": 32, "patch_size": 16}
NETWORKS = {
    "ViT": VIT,
    "ViT with quick GELU": VIT,
    "ViT that pools what it sees": VIT | {"pool_type": "avg"},
    "ViT with attention for a pool": VIT | {"attentional_pool": True, "attn_pooler_heads": 4},
    "ResNet": {"image_size": SIDE, "layers": [1, 1, 1, 1], "width": 16},
    "MobileCLIP": {
        "image_size": SIDE, "timm_model_name": "fastvit_mci0", "timm_model_pretrained": False, "timm_pool": "avg",
        "timm_proj": None,
    },
}  # fmt: skip
TEXT = {"context_length": 8, "vocab_size": 64, "width": 32, "heads": 2, "layers": 1}

needs_openvino = pytest.mark.skipif(openvino_or_none() is None, reason="OpenVINO has no package for this machine")


def visual(kind: str) -> torch.nn.Module:
    torch.manual_seed(0)
    network = open_clip.CLIP(32 if kind != "MobileCLIP" else 1024, NETWORKS[kind], TEXT, quick_gelu="quick" in kind)
    return fused(network.eval().requires_grad_(False)).visual


@pytest.fixture(scope="module")
def snippets() -> np.ndarray:
    return np.stack([np.asarray(smooth_photo(seed, (SIDE, SIDE))) for seed in range(7)])


@torch.inference_mode()
def by_open_clip(kind: str, snippets: np.ndarray) -> np.ndarray:
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (MEAN, STD))
    found = visual(kind)((torch.from_numpy(snippets).permute(0, 3, 1, 2) / 255 - mean) / std)
    found = found[0] if isinstance(found, tuple) else found
    return functional.normalize(found, dim=-1).numpy()


@pytest.mark.parametrize("kind", NETWORKS)
def test_embeddings_are_open_clips_before_and_after(
    kind: str, snippets: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = by_open_clip(kind, snippets)
    network = PhotoNetwork(visual(kind), mean=MEAN, std=STD)
    np.testing.assert_allclose(network.embeddings(snippets), expected, atol=2e-6)
    assert not network.settled
    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    network.embeddings(snippets)
    assert network.settled
    assert network.by_openvino is (openvino_or_none() is not None)
    np.testing.assert_allclose(network.embeddings(snippets), expected, atol=1e-5)
    np.testing.assert_allclose(network.embeddings(snippets[2:3]), expected[2:3], atol=1e-5)
    assert network.embeddings(snippets[:0]).shape == (0, expected.shape[1])


@needs_openvino
def test_several_threads_get_the_embeddings_of_their_own_snippets_while_it_changes(
    snippets: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = by_open_clip("ViT", snippets)
    network = PhotoNetwork(visual("ViT"), mean=MEAN, std=STD)
    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    with ThreadPoolExecutor(4) as pool:
        for place, found in enumerate(pool.map(lambda place: network.embeddings(snippets[[place]]), [0, 1, 2, 3] * 8)):
            np.testing.assert_allclose(found[0], expected[place % 4], atol=1e-5)
    assert network.by_openvino


class Untraceable(torch.nn.Module):
    """Has a trace in which what it finds is always the same."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.eye(3), requires_grad=False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return torch.tensor(pixels.mean((2, 3)).tolist()) @ self.weight


def test_what_comes_out_otherwise_by_openvino_stays_with_torch(
    snippets: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    network = PhotoNetwork(Untraceable(), mean=MEAN, std=STD)
    first = network.embeddings(snippets)
    assert network.settled
    assert not network.by_openvino
    np.testing.assert_array_equal(network.embeddings(snippets), first)


def test_nothing_of_openvino_that_reports_its_use_is_loaded(
    snippets: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    PhotoNetwork(visual("ViT"), mean=MEAN, std=STD).embeddings(snippets)
    assert not [name for name, loaded in sys.modules.items() if name.startswith("openvino_telemetry") and loaded]


@needs_openvino
@pytest.mark.parametrize("kind", NETWORKS)
def test_bfloat16_is_computed_by_openvino_as_well(
    kind: str, snippets: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = PhotoNetwork(visual(kind).bfloat16(), mean=MEAN, std=STD)
    by_torch = network.embeddings(snippets)
    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    network.embeddings(snippets)
    assert network.by_openvino
    exact, found = by_open_clip(kind, snippets), network.embeddings(snippets)
    assert (found * exact).sum(1).min() > 1 - 2 * (1 - (by_torch * exact).sum(1).min())
    np.testing.assert_allclose(found, exact, atol=1e-2)


def test_float16_stays_with_torch(snippets: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    network = PhotoNetwork(visual("ViT").half(), mean=MEAN, std=STD)
    network.embeddings(snippets)
    assert network.settled
    assert not network.by_openvino
