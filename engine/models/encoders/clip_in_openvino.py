"""A CLIP's network for photos computed by OpenVINO, on the processor.

The graph is read from torch's own network by OpenVINO's reader of such networks. Its converter, which does the same,
reports that it was used.
"""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from importlib import import_module
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from engine.models.encoders.encoder import FloatArray
from engine.models.threads import thread_count

AT_ONCE = 5
"""Snippets that a thread computes at a time."""


class OpenvinoClip:
    """Each thread computes snippets of its own: see the starter's `in_openvino`."""

    def __init__(self, network: Any, threads: int) -> None:
        """Compute a compiled network, which takes `AT_ONCE` snippets, in so many threads."""
        self._dimension = int(network.output(0).shape[1])
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(threads):
            self._idle.put(network.create_infer_request())
        self._pool = ThreadPoolExecutor(threads, "encode")

    def embeddings(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """n x side x side x 3 to n x dimension."""
        found = np.empty((len(snippets), self._dimension), np.float32)

        def compute(start: int) -> None:
            part = np.ascontiguousarray(snippets[start : start + AT_ONCE])
            count = len(part)
            if count < AT_ONCE:
                part = np.concatenate([part, np.zeros((AT_ONCE - count, *part.shape[1:]), np.uint8)])
            request = self._idle.get()
            try:
                request.infer([part], share_inputs=True)
                found[start : start + count] = request.get_output_tensor().data[:count]
            finally:
                self._idle.put(request)

        for _ in self._pool.map(compute, range(0, len(snippets), AT_ONCE)):
            pass  # an error in a thread comes up here
        return found


def compiled(openvino: Any, network: Any, *, bfloat16: bool) -> OpenvinoClip:
    """A network of OpenVINO's, ready to compute.

    Args:
        openvino: the package, see `engine.models.openvino_package`.
        network: see `as_openvino_reads_it`.
        bfloat16: compute in it; else in float32. What is in whole numbers stays in them.
    """
    threads = thread_count()
    settings = {
        "NUM_STREAMS": threads,
        "INFERENCE_NUM_THREADS": threads,
        "ENABLE_CPU_PINNING": False,
        "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32",
    }
    return OpenvinoClip(openvino.Core().compile_model(network, "CPU", settings), threads)


def as_openvino_reads_it(network: nn.Module, side: int) -> Any:
    """A network from bytes to embeddings, as one of OpenVINO's; what it raises for one it cannot read is its own.

    Args:
        side: of a snippet, pixels.
    """
    # Attention in one piece, as torch computes it where nothing is learnt, cannot be read.
    in_one_piece = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        # Its reader knows float32 best; what is rounded already loses nothing more.
        whole = network if next(network.parameters()).dtype == torch.float32 else deepcopy(network).float()
        return _read(whole, torch.zeros(AT_ONCE, side, side, 3, dtype=torch.uint8))
    finally:
        torch.backends.mha.set_fastpath_enabled(in_one_piece)


@torch.inference_mode(False)
@torch.no_grad()
def _read(network: nn.Module, example: torch.Tensor) -> Any:
    kind = import_module("openvino.frontend.pytorch.ts_decoder").TorchScriptPythonDecoder
    reader = import_module("openvino.frontend").FrontEndManager().load_by_framework("pytorch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not follow: shapes, which are these
        # Is not kept by what reads from it. That it computes the same is seen from what comes out, once.
        decoder = kind(network, example_input=example, trace_kwargs={"check_trace": False})
        model = reader.convert(reader.load(decoder))
    model.reshape(list(example.shape))
    return model
