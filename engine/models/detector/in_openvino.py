"""The detector computed by OpenVINO, on the processor; see the starter's `in_openvino` for why and how."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.models.detector.nanodet import (
    DEVIATIONS,
    INPUT_SIZE,
    LEAK,
    MEANS,
    NOTHING,
    SHARPNESS,
    STRIDES,
    THING_COUNT,
    answers_of,
)
from engine.models.detector.weights import Weights


class OpenvinoDetector:
    """NanoDet's answers by OpenVINO, in float32; each thread computes a photo of its own."""

    def __init__(self, openvino: Any, weights: Weights, threads: int) -> None:
        ops = openvino.opset13
        photo = ops.parameter([1, INPUT_SIZE, INPUT_SIZE, 3], np.uint8)
        colours_first = ops.transpose(ops.convert(photo, "f32"), ops.constant([0, 3, 1, 2]))
        means, deviations = (
            ops.constant(np.array(values, np.float32).reshape(1, 3, 1, 1)) for values in (MEANS, DEVIATIONS)
        )
        pixels = ops.divide(ops.subtract(colours_first, means), deviations)
        answers = answers_of(_OpenvinoOperations(ops, weights), pixels)
        model = openvino.Model([_evidence(ops, answers), *answers], [photo], "nanodet")
        settings = {
            "NUM_STREAMS": threads,
            "INFERENCE_NUM_THREADS": threads,
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_PRECISION_HINT": "f32",
        }
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(threads):
            self._idle.put(compiled.create_infer_request())
        self._pool = ThreadPoolExecutor(threads, "detect")

    def evidence(self, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x 416 x 416 x 3 to the evidence for each thing, see `in_torch.evidence`: n x 80."""
        found = np.empty((len(photos), THING_COUNT), np.float32)
        photos = np.ascontiguousarray(photos)

        def compute(place: int) -> None:
            with self._inferred(photos[place]) as request:
                found[place] = request.get_output_tensor(0).data[0]

        for _ in self._pool.map(compute, range(len(photos))):
            pass  # an error in a thread comes up here
        return found

    def answers(self, photo: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.float32]]:
        """416 x 416 x 3 to the answers on each scale: 124 x height x width."""
        with self._inferred(np.ascontiguousarray(photo)) as request:
            return [request.get_output_tensor(1 + scale).data[0].copy() for scale in range(len(STRIDES))]

    @contextmanager
    def _inferred(self, photo: npt.NDArray[np.uint8]) -> Iterator[Any]:
        request = self._idle.get()
        try:
            request.infer([photo[None]], share_inputs=True)
            yield request
        finally:
            self._idle.put(request)


def _evidence(ops: Any, answers: list[Any]) -> Any:
    """As `in_torch.evidence`: 1 x 80."""
    nothing, sharpness = (ops.constant(np.float32(value)) for value in (NOTHING, SHARPNESS))
    highest = []
    for values in answers:
        log_odds = ops.slice(values, *(ops.constant([value]) for value in (0, THING_COUNT, 1, 1)))
        odds = ops.exp(ops.multiply(log_odds, sharpness))
        others = ops.subtract(ops.reduce_sum(odds, ops.constant([1]), keep_dims=True), odds)
        highest.append(
            ops.reduce_max(ops.divide(odds, ops.add(others, nothing)), ops.constant([2, 3]), keep_dims=False)
        )
    return ops.log(ops.maximum(ops.maximum(highest[0], highest[1]), highest[2]))


class _OpenvinoOperations:
    def __init__(self, ops: Any, weights: Weights) -> None:
        self._ops, self._weights = ops, weights

    def convolve(self, values: Any, name: str, stride: int = 1) -> Any:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        around = [weight.shape[-1] // 2] * 2
        product = self._ops.convolution(values, self._ops.constant(weight), [stride] * 2, around, around, [1, 1])
        return self._ops.add(product, self._ops.constant(bias.reshape(1, -1, 1, 1)))

    def activate(self, values: Any) -> Any:
        return self._ops.prelu(values, self._ops.constant(np.array([LEAK], np.float32)))

    def pool(self, values: Any) -> Any:
        pooled = self._ops.max_pool(values, [2, 2], [1, 1], [1, 1], [1, 1], [3, 3])
        return pooled.output(0)  # the second says where the highest were

    def resize(self, values: Any, scale: float) -> Any:
        scales, axes = self._ops.constant(np.array([scale, scale], np.float32)), self._ops.constant([2, 3])
        return self._ops.interpolate(
            values, scales, "linear_onnx", "scales", axes=axes, coordinate_transformation_mode="half_pixel"
        )

    def add(self, one: Any, other: Any) -> Any:
        return self._ops.add(one, other)

    def join(self, one: Any, other: Any) -> Any:
        return self._ops.concat([one, other], 1)
