"""MobileCLIP's photo network with its branches made one, against open_clip's own: processor time and difference.

    python benchmarks/fused_clip.py [--turns 5]

Random weights, four snippets at once, one thread. The least of the turns, in milliseconds a snippet.
"""

from __future__ import annotations

import argparse
import copy
import time

import open_clip
import torch
from machine import print_report

from engine.models.encoders.checkpoints.network import fused

AT_ONCE = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=5)
    turns = parser.parse_args().turns
    torch.set_num_threads(1)
    results = {}
    for name in ("MobileCLIP2-S0", "MobileCLIP2-S2"):
        plain = open_clip.create_model(name).eval().requires_grad_(False)
        networks = [plain.visual, fused(copy.deepcopy(plain)).visual]
        pixels = torch.rand(AT_ONCE, 3, 256, 256).contiguous(memory_format=torch.channels_last)
        taken: list[list[float]] = [[], []]
        outputs = [torch.empty(0), torch.empty(0)]
        with torch.inference_mode():
            for _ in range(turns + 1):
                for at, network in enumerate(networks):
                    begun = time.process_time()
                    outputs[at] = network(pixels)
                    taken[at].append((time.process_time() - begun) * 1000 / AT_ONCE)
        before, after = (min(times[1:]) for times in taken)
        results[name] = {
            "open_clip_ms": round(before, 1),
            "fused_ms": round(after, 1),
            "ratio": round(before / after, 2),
            "largest_difference": float((outputs[0] - outputs[1]).abs().max()),
            "largest_value": float(outputs[0].abs().max()),
        }
    print_report(results)


if __name__ == "__main__":
    main()
