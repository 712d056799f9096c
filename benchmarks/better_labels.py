"""What else than CDUL's initial pseudo labels could be made of the same similarities, losers included.

    python benchmarks/better_labels.py [--photos PHOTOS TRUTH.json] [--similarities FILE.npz] [--parts]

`--photos` is compared by the starter (3 x 3 snippets); TRUTH is in COCO's format. `--similarities` holds CLIP's:
global_similarity, snippet_max_similarity, snippet_min_similarity and labels (1, 0, -1 for difficult), photos x labels.
Both may be repeated. The ideas are in `label_ideas.py` and `second_look_ideas.py`; other prompts, snippets and networks
of the starter are compared by `starter_views.py`.

Prints a table in Markdown: all-point mAP in % over the labels that occur, the same over those with at least five
positives (the rest jump by points when one photo changes its rank), CF1 and OF1 at the thresholds of the scores' shape.
With `--parts` prints as well what the second look gains on random parts of the photos and of the labels.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import label_ideas
import numpy as np
import second_look_ideas
from label_collections import Scores, read_photos, read_similarities
from label_parts import print_parts
from thresholds import f1

from engine.method import mean_average_precision
from engine.method.thresholds import shape_thresholds

FEWEST_POSITIVES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", nargs=2, type=Path, action="append", default=[], metavar=("PHOTOS", "TRUTH"))
    parser.add_argument("--similarities", type=Path, action="append", default=[], metavar="NPZ")
    parser.add_argument("--parts", action="store_true", help="parts of the photos and of the labels")
    given = parser.parse_args()
    collections = [
        *(read_similarities(file) for file in given.similarities),
        *(read_photos(*each) for each in given.photos),
    ]
    print_row("mAP of all / frequent labels · CF1 / OF1", [photos.name for photos in collections], head=True)
    for name, idea in (label_ideas.IDEAS | second_look_ideas.IDEAS).items():
        print_row(name, [figures(idea(photos), photos.truth) for photos in collections])
    if given.parts:
        print_parts(collections)


def print_row(name: str, values: list[str], *, head: bool = False) -> None:
    print("|", " | ".join([name, *values]), "|", flush=True)
    if head:
        print("|---" * (len(values) + 1) + "|")


def figures(scores: Scores | None, truth: Scores) -> str:
    if scores is None:
        return "–"
    scores = scores.astype(np.float32)
    often = (truth > 0).sum(axis=0) >= FEWEST_POSITIVES
    of_all, of_often = (100 * mean_average_precision(scores[:, c], truth[:, c]).value for c in (slice(None), often))
    at = f1(scores, truth, shape_thresholds(scores))
    return f"{of_all:.2f} / {of_often:.2f} · {at['cf1']:.1f} / {at['of1']:.1f}"


if __name__ == "__main__":
    main()
