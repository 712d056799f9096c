"""The starter's network computed by OpenVINO, on the processor, in half the time that torch takes.

OpenVINO computes a convolution, its activation and the sum behind it in one go, without a way through memory. The
graph is built here, layer by layer: OpenVINO's own converter would report that it was used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.models.encoders.starter.bias_correction import corrected
from engine.models.encoders.starter.lite2 import EXACT, FEATURE_COUNT, HIGHEST, INPUT_SIZE, REST, Convolution, through
from engine.models.encoders.starter.lite2_weights import Layer

_NEVER_REACHED = 1e6


class OpenvinoNetwork:
    """EfficientNet-Lite2, compiled for this processor.

    Each thread computes a snippet of its own: threads that share one wait for each other at every layer, and for very
    long where other programs keep the processor busy.
    """

    def __init__(self, openvino: Any, layers: Mapping[str, Layer], *, bfloat16: bool, threads: int) -> None:
        """Compile.

        Args:
            openvino: the package, see `engine.models.openvino_package`.
            bfloat16: compute all but `EXACT` in it; its biases then stay in float32.
            threads: to compute in.
        """
        ops = openvino.opset13
        bytes_of_snippet = ops.parameter([1, INPUT_SIZE, INPUT_SIZE, 3], np.uint8)
        colours_first = ops.transpose(ops.convert(bytes_of_snippet, "f32"), ops.constant([0, 3, 1, 2]))
        pixels = ops.subtract(ops.divide(colours_first, ops.constant(np.float32(127.5))), ops.constant(np.float32(1)))
        first = through(_Operations(ops, layers), EXACT, pixels)
        stem = openvino.Model([first], [bytes_of_snippet], "exact")
        between = ops.parameter(list(stem.output(0).shape), np.float32)
        if bfloat16:
            mean = layers[EXACT[-1].convolutions[-1].name].shift
            layers = corrected(layers, REST, mean)
        maps = through(_Operations(ops, layers, own_biases=bfloat16), REST, between)
        body = openvino.Model([ops.reduce_mean(maps, ops.constant([2, 3]), keep_dims=False)], [between], "rest")
        usual = {"NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False}
        core = openvino.Core()
        parts = [
            core.compile_model(model, "CPU", {**usual, "INFERENCE_PRECISION_HINT": precision})
            for model, precision in ((stem, "f32"), (body, "bf16" if bfloat16 else "f32"))
        ]
        self._idle: SimpleQueue[Sequence[Any]] = SimpleQueue()
        for _ in range(threads):
            before, behind = (part.create_infer_request() for part in parts)
            behind.set_input_tensor(before.get_output_tensor())
            self._idle.put((before, behind))
        self._pool = ThreadPoolExecutor(threads, "encode")

    def features(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x 260 x 260 x 3, RGB, 0 to 255, to n x 1280."""
        features = np.empty((len(snippets), FEATURE_COUNT), np.float32)
        snippets = np.ascontiguousarray(snippets)

        def compute(place: int) -> None:
            before, behind = self._idle.get()
            try:
                before.infer([snippets[place : place + 1]], share_inputs=True)
                behind.infer()
                features[place] = behind.get_output_tensor().data[0]
            finally:
                self._idle.put((before, behind))

        for _ in self._pool.map(compute, range(len(snippets))):
            pass  # an error in a thread comes up here
        return features


class _Operations:
    def __init__(self, ops: Any, layers: Mapping[str, Layer], *, own_biases: bool = False) -> None:
        self._ops, self._layers, self._own_biases = ops, layers, own_biases

    def convolve(self, values: Any, convolution: Convolution) -> Any:
        ops, layer = self._ops, self._layers[convolution.name]
        nothing, stride, weight = [0, 0], [convolution.stride] * 2, layer.weight
        if convolution.alone:
            weight = weight[:, None]
        convolve = ops.group_convolution if convolution.alone else ops.convolution
        values = convolve(values, ops.constant(weight), stride, nothing, nothing, [1, 1], "same_upper")
        if self._own_biases:
            # Added right away, it would become a part of the convolution and be rounded to bfloat16 as well.
            values = ops.clamp(values, -_NEVER_REACHED, _NEVER_REACHED)
        return ops.add(values, ops.constant(layer.bias.reshape(1, -1, 1, 1)))

    def activate(self, values: Any) -> Any:
        return self._ops.clamp(values, 0.0, HIGHEST)

    def add(self, one: Any, other: Any) -> Any:
        return self._ops.add(one, other)
