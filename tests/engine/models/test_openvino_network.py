"""The starter through OpenVINO: the same features as torch's, from as many threads as one likes, and silently."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest
import torch
from making import smooth_photo

from engine.models.encoders.starter.bias_correction import clipped_mean, mean_error, to_bfloat16
from engine.models.encoders.starter.imagenet_network import INPUT_SIZE, ImageNetNetwork
from engine.models.encoders.starter.in_timm import load_efficientnet
from engine.models.encoders.starter.lite2_weights import Layer, read_layers
from engine.models.openvino_package import openvino_or_none

Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def snippets() -> npt.NDArray[np.uint8]:
    return np.stack([np.asarray(smooth_photo(seed, (INPUT_SIZE, INPUT_SIZE))) for seed in range(4)])


@pytest.fixture(scope="module")
def layers() -> dict[str, Layer]:
    return read_layers()


@pytest.fixture(scope="module")
def expected(snippets: npt.NDArray[np.uint8]) -> Floats:
    """Features by timm's own network."""
    network = load_efficientnet()
    network.reset_classifier(0)
    with torch.inference_mode():
        return network(torch.from_numpy(snippets).permute(0, 3, 1, 2) / 127.5 - 1).numpy()


def without_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # as where it is not installed


def far(features: Floats, expected: Floats) -> float:
    return float(np.linalg.norm(features - expected) / np.linalg.norm(expected))


@pytest.mark.skipif(openvino_or_none() is None, reason="OpenVINO has no package for this machine")
def test_openvino_computes_the_same_features(
    layers: dict[str, Layer], snippets: npt.NDArray[np.uint8], expected: Floats
) -> None:
    assert far(ImageNetNetwork(layers, "cpu", "float32").features(snippets), expected) < 1e-5
    assert far(ImageNetNetwork(layers, "cpu", "bfloat16").features(snippets), expected) < 0.03


def test_torch_does_it_where_openvino_is_missing(
    layers: dict[str, Layer], snippets: npt.NDArray[np.uint8], expected: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_openvino(monkeypatch)
    assert far(ImageNetNetwork(layers, "cpu", "float32").features(snippets), expected) < 1e-5
    assert far(ImageNetNetwork(layers, "cpu", "bfloat16").features(snippets), expected) < 0.06


def test_nothing_of_openvino_that_reports_its_use_is_loaded(layers: dict[str, Layer]) -> None:
    ImageNetNetwork(layers, "cpu", "float32")
    # None is what keeps it out.
    loaded = {name for name, module in sys.modules.items() if module is not None}
    assert not [name for name in loaded if name.startswith("openvino_telemetry")]


def test_several_threads_get_the_features_of_their_own_snippets(
    layers: dict[str, Layer], snippets: npt.NDArray[np.uint8]
) -> None:
    network = ImageNetNetwork(layers, "cpu", "float32")
    alone = [network.features(snippet[None]) for snippet in snippets]
    with ThreadPoolExecutor(len(snippets)) as pool:
        together = list(pool.map(lambda snippet: network.features(snippet[None]), snippets))
    for own, found in zip(alone, together, strict=True):
        np.testing.assert_allclose(found, own, atol=1e-5)
    np.testing.assert_allclose(network.features(snippets[::-1]), np.concatenate(alone[::-1]), atol=1e-5)


def test_the_mean_behind_relu6_is_that_of_many_values() -> None:
    means, deviations = np.array([0.0, -2.0, 5.0, 3.0]), np.array([1.0, 0.5, 3.0, -1.0])
    drawn = means + deviations * np.random.default_rng(1).standard_normal((1_000_000, 4))
    np.testing.assert_allclose(clipped_mean(means, deviations), drawn.clip(0, 6).mean(axis=0), atol=5e-3)


def test_numbers_are_rounded_to_bfloat16_as_torch_does_it() -> None:
    values = np.random.default_rng(4).standard_normal(10_000).astype(np.float32)
    middles = np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-8, 0.0], np.float32)
    for numbers in (values, middles):
        np.testing.assert_array_equal(to_bfloat16(numbers), torch.from_numpy(numbers).bfloat16().float().numpy())


@pytest.mark.parametrize("groups", [1, 8])
def test_what_rounded_weights_miss_on_average_is_known(groups: int) -> None:
    random = np.random.default_rng(2)
    weight = random.standard_normal((8, 8 // groups, 3, 3)).astype(np.float32)
    means = (5 * random.random(8)).astype(np.float32)
    values = torch.from_numpy(means[:, None, None] + random.standard_normal((64, 8, 9, 9)).astype(np.float32))

    def mean(weight: Floats) -> Floats:
        return torch.nn.functional.conv2d(values, torch.from_numpy(weight), groups=groups).mean((0, 2, 3)).numpy()

    missing = mean(weight) - mean(to_bfloat16(weight))
    told = mean_error(weight, means, alone=groups > 1)
    assert np.abs(missing - told).max() < np.abs(missing).max() / 10
