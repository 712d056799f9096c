"""How much faster an encoder is than torch's plain float32 forward pass, and how close its embeddings are. Prints JSON.

    python benchmarks/encoder_forward.py --encoder starter

The encoder goes from bytes to embeddings, torch from ready tensors; both 40 snippets at once, turn by turn.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from encoders import ENCODERS, open_encoder, plain_network, random_snippets
from machine import print_report
from open_clip import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD

from engine.models.encoders.starter.starter_encoder import FEATURE_COUNT

SNIPPETS = 40


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@torch.inference_mode()
def measure(name: str, folder: Path, turns: int) -> dict[str, object]:
    encoder = open_encoder(name, folder)
    plain = plain_network(name, folder)
    snippets = random_snippets(SNIPPETS, encoder.input_size)
    pixels = torch.from_numpy(snippets).permute(0, 3, 1, 2).float().contiguous()
    mean, std = (255 * torch.tensor(each).view(3, 1, 1) for each in (OPENAI_DATASET_MEAN, OPENAI_DATASET_STD))
    pixels = pixels / 127.5 - 1 if name == "starter" else (pixels - mean) / std
    ours, torchs = [], []
    for _ in range(turns + 1):
        ours.append(seconds(lambda: encoder.encode_snippets(snippets)))
        torchs.append(seconds(lambda: plain(pixels)))
    exact = plain(pixels).numpy()
    found = encoder.encode_snippets(snippets)[:, : FEATURE_COUNT if name == "starter" else None]
    cosines = (exact * found).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(found, axis=1)
    # The first turn warms up. Of the others the least: what other programs take is only ever added.
    mine, plain_seconds = min(ours[1:]), min(torchs[1:])
    ratios = [theirs / own for own, theirs in zip(ours[1:], torchs[1:], strict=True)]
    return {
        "ratio": round(plain_seconds / mine, 2),
        "median_ratio_of_turns": round(statistics.median(ratios), 2),
        "encoder_ms_a_snippet": round(1000 * mine / SNIPPETS, 2),
        "torch_float32_contiguous_ms_a_snippet": round(1000 * plain_seconds / SNIPPETS, 2),
        "least_cosine_with_float32": round(float(cosines.min()), 4),
        "mean_cosine_with_float32": round(float(cosines.mean()), 4),
        "encoder_id": encoder.id,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", choices=ENCODERS, default="starter")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments.encoder, Path(folder), arguments.turns)
    print_report({"encoder": arguments.encoder, "threads": torch.get_num_threads(), **figures})


if __name__ == "__main__":
    main()
