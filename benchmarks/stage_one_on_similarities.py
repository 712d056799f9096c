"""CDUL's stage 1 on real CLIP similarities, with `engine.method` alone.

    python benchmarks/stage_one_on_similarities.py SIMILARITIES.npz

The file holds `global_similarity`, `snippet_max_similarity` (photos x labels) and `labels` (1, 0, -1 for difficult).
Prints JSON; mAP in %, all-point, difficult objects ignored. Since the file has the best snippet only, the aggregator
is the plain maximum (zeta 0).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from machine import print_report

from engine.method import (
    aggregate_min_max,
    centre_by_label,
    class_probabilities,
    initial_pseudo_labels,
    mean_average_precision,
)

TEMPERATURES = (0.01, 0.02, 0.03, 0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    data = np.load(parser.parse_args().file, allow_pickle=False)
    whole, best, truth = (data[name] for name in ("global_similarity", "snippet_max_similarity", "labels"))
    rows = []
    for centred in (False, True):
        centre = centre_by_label if centred else np.asarray
        for temperature in TEMPERATURES:
            of_whole = class_probabilities(centre(whole), temperature)
            of_best = aggregate_min_max(class_probabilities(centre(best), temperature)[:, None], 0)
            scores = {"global": of_whole, "initial": initial_pseudo_labels(of_whole, of_best)}
            figures = {name: round(100 * mean_average_precision(each, truth).value, 2) for name, each in scores.items()}
            rows.append({"centred": centred, "temperature": temperature, **figures})
    print_report({"photos": len(truth), "labels": truth.shape[1], "map": rows})


if __name__ == "__main__":
    main()
