"""EfficientNet-Lite on the processor by OpenVINO, in half the time that torch takes.

OpenVINO computes a convolution, its activation and the sum behind it in one go, without a way through memory. The
graph is built here, module by module: OpenVINO's own converter would report that it was used.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

_NEVER_REACHED = 1e6


def openvino_or_none() -> Any:
    """OpenVINO, or None where it is not installed or does not run."""
    # Its tools for converting tell a server abroad on import that they were imported; None here keeps them out.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]  # as Python's reference says
    try:
        return import_module("openvino")
    except (ImportError, OSError):
        return None


class OpenvinoNetwork:
    """A network, batch norms folded, compiled for this processor.

    Each thread computes a snippet of its own: threads that share one wait for each other at every layer, and for very
    long where other programs keep the processor busy.
    """

    def __init__(
        self, openvino: Any, exact: nn.Module, rest: nn.Module, side: int, *, bfloat16: bool, threads: int
    ) -> None:
        """Compile.

        Args:
            openvino: the package, see `openvino_or_none`.
            exact: computes first, from pixels from -1 to 1, and in float32 always.
            rest: computes behind it, in bfloat16 if so wished; the means of its channels are the features.
            side: of a snippet, pixels.
            bfloat16: its biases then stay in float32.
            threads: to compute in.
        """
        ops = openvino.opset13
        bytes_of_snippet = ops.parameter([1, side, side, 3], np.uint8)
        colours_first = ops.transpose(ops.convert(bytes_of_snippet, "f32"), ops.constant([0, 3, 1, 2]))
        pixels = ops.subtract(ops.divide(colours_first, ops.constant(np.float32(127.5))), ops.constant(np.float32(1)))
        stem = openvino.Model([_Graph(ops).of(exact, pixels)], [bytes_of_snippet], "exact")
        between = ops.parameter(list(stem.output(0).shape), np.float32)
        maps = _Graph(ops, own_biases=bfloat16).of(rest, between)
        body = openvino.Model([ops.reduce_mean(maps, ops.constant([2, 3]), keep_dims=False)], [between], "rest")
        usual = {"NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False}
        core = openvino.Core()
        parts = [
            core.compile_model(model, "CPU", {**usual, "INFERENCE_PRECISION_HINT": precision})
            for model, precision in ((stem, "f32"), (body, "bf16" if bfloat16 else "f32"))
        ]
        self._feature_count = int(parts[-1].output(0).shape[-1])
        self._idle: SimpleQueue[Sequence[Any]] = SimpleQueue()
        for _ in range(threads):
            first, second = (part.create_infer_request() for part in parts)
            second.set_input_tensor(first.get_output_tensor())
            self._idle.put((first, second))
        self._pool = ThreadPoolExecutor(threads, "encode")

    def features(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x side x side x 3, RGB, 0 to 255, to n x features."""
        features = np.empty((len(snippets), self._feature_count), np.float32)
        snippets = np.ascontiguousarray(snippets)

        def compute(place: int) -> None:
            first, second = self._idle.get()
            try:
                first.infer([snippets[place : place + 1]], share_inputs=True)
                second.infer()
                features[place] = second.get_output_tensor().data[0]
            finally:
                self._idle.put((first, second))

        for _ in self._pool.map(compute, range(len(snippets))):
            pass  # an error in a thread comes up here
        return features


class _Graph:
    """Makes OpenVINO's operations of torch's modules, whose children are in the order in which they compute."""

    def __init__(self, ops: Any, *, own_biases: bool = False) -> None:
        self._ops, self._own_biases = ops, own_biases

    def of(self, module: nn.Module, values: Any) -> Any:
        if isinstance(module, nn.Conv2d):
            return self._convolution(module, values)
        if isinstance(module, nn.ReLU6):
            return self._ops.clamp(values, 0.0, 6.0)
        entered = values
        for child in module.children():
            values = self.of(child, values)
        return self._ops.add(values, entered) if getattr(module, "has_skip", False) else values

    def _convolution(self, module: nn.Conv2d, values: Any) -> Any:
        ops, weights = self._ops, module.weight.numpy()
        nothing, stride = [0, 0], list(module.stride)
        if module.groups == 1:
            values = ops.convolution(values, ops.constant(weights), stride, nothing, nothing, [1, 1], "same_upper")
        else:
            by_group = ops.constant(weights.reshape(module.groups, -1, *weights.shape[1:]))
            values = ops.group_convolution(values, by_group, stride, nothing, nothing, [1, 1], "same_upper")
        assert module.bias is not None, "batch norms are folded"
        if self._own_biases:
            # Added right away, it would become a part of the convolution and be rounded to bfloat16 as well.
            values = ops.clamp(values, -_NEVER_REACHED, _NEVER_REACHED)
        return ops.add(values, ops.constant(module.bias.numpy().reshape(1, -1, 1, 1)))
