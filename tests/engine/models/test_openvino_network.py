"""The starter through OpenVINO: the same features as torch's, from as many threads as one likes, and silently."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest
import torch
from making import smooth_photo

from engine.models.encoders.starter.bias_correction import clipped_mean, correct_biases
from engine.models.encoders.starter.imagenet_network import INPUT_SIZE, ImageNetNetwork, load_efficientnet
from engine.models.encoders.starter.openvino_network import openvino_or_none

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def snippets() -> npt.NDArray[np.uint8]:
    return np.stack([np.asarray(smooth_photo(seed, (INPUT_SIZE, INPUT_SIZE))) for seed in range(4)])


@pytest.fixture(scope="module")
def expected(snippets: npt.NDArray[np.uint8]) -> torch.Tensor:
    """Features by timm's own network."""
    network, _ = load_efficientnet()
    network.reset_classifier(0)
    with torch.inference_mode():
        return network(torch.from_numpy(snippets).permute(0, 3, 1, 2) / 127.5 - 1)


def without_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # as where it is not installed


def far(features: torch.Tensor, expected: torch.Tensor) -> float:
    return float((features - expected).norm() / expected.norm())


@pytest.mark.skipif(openvino_or_none() is None, reason="OpenVINO has no package for this machine")
def test_openvino_computes_the_same_features(snippets: npt.NDArray[np.uint8], expected: torch.Tensor) -> None:
    assert far(ImageNetNetwork(CPU, torch.float32).features(snippets), expected) < 1e-5
    assert far(ImageNetNetwork(CPU, torch.bfloat16).features(snippets), expected) < 0.03


def test_torch_does_it_where_openvino_is_missing(
    snippets: npt.NDArray[np.uint8], expected: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = ImageNetNetwork(CPU, torch.bfloat16)
    without_openvino(monkeypatch)
    assert far(ImageNetNetwork(CPU, torch.float32).features(snippets), expected) < 1e-5
    in_bfloat16 = ImageNetNetwork(CPU, torch.bfloat16)
    assert far(in_bfloat16.features(snippets), expected) < 0.06
    # So that a project's embeddings are as good on a machine with it as on one without.
    assert in_bfloat16.id == installed.id


def test_nothing_of_openvino_that_reports_its_use_is_loaded() -> None:
    ImageNetNetwork(CPU, torch.float32)
    assert not [name for name in sys.modules if name.startswith("openvino_telemetry")]


def test_several_threads_get_the_features_of_their_own_snippets(snippets: npt.NDArray[np.uint8]) -> None:
    network = ImageNetNetwork(CPU, torch.float32)
    alone = [network.features(snippet[None]) for snippet in snippets]
    with ThreadPoolExecutor(len(snippets)) as pool:
        together = list(pool.map(lambda snippet: network.features(snippet[None]), snippets))
    for own, found in zip(alone, together, strict=True):
        torch.testing.assert_close(found, own)
    torch.testing.assert_close(network.features(snippets[::-1]), torch.cat(alone[::-1]))


def test_the_mean_behind_relu6_is_that_of_many_values() -> None:
    means, deviations = torch.tensor([0.0, -2.0, 5.0, 3.0]), torch.tensor([1.0, 0.5, 3.0, -1.0])
    drawn = means + deviations * torch.randn(1_000_000, 4, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(clipped_mean(means, deviations), drawn.clamp(0, 6).mean(0), atol=5e-3, rtol=0)


@pytest.mark.parametrize("groups", [1, 8])
def test_corrected_biases_keep_the_mean(groups: int) -> None:
    generator = torch.Generator().manual_seed(2)
    convolution = torch.nn.Conv2d(8, 8, 3, groups=groups).requires_grad_(False)
    convolution.weight.copy_(torch.randn(convolution.weight.shape, generator=generator))
    means = torch.rand(8, generator=generator) * 5
    values = means[:, None, None] + torch.randn(64, 8, 9, 9, generator=generator)
    expected = convolution(values).mean((0, 2, 3))
    network = torch.nn.Sequential(convolution)
    rounded = torch.nn.Conv2d(8, 8, 3, groups=groups).requires_grad_(False)

    def error() -> float:
        rounded.weight.copy_(convolution.weight.bfloat16())
        rounded.bias.copy_(convolution.bias)
        return float((rounded(values).mean((0, 2, 3)) - expected).abs().max())

    uncorrected = error()
    correct_biases(network, {"0": means})
    assert error() < uncorrected / 10
