"""How many of the likely words are right that the detector does not know, as judged by eye.

    python benchmarks/words_by_eye.py --collection coco_dev PHOTOS TRUTH.json PROJECT --collection …

`words_by_eye.tsv` holds the verdicts: every word of the everyday and of NUS-WIDE's label set that is none of COCO's
things and was likely on a photo from a lift of 250 on, or for what the detector saw, with yes, no or doubtful. PROJECT
is labelled if it is not; TRUTH names the photos. What is likely in PROJECT itself is told as well.

Prints JSON: for each collection and several lifts from which words are likely, how many are, how many of these are
right or doubtful, and the share that is right, %, with Wilson's interval of 95 %.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from first_sight import suggest
from looked_at import LookedAt, look_at
from machine import print_report

from engine.method.strengths import count_lifted, strengths_by_lift
from engine.models.detector import thing_of
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.labels import texts_of
from engine.stages.labelling.company import hidden_labels
from engine.stages.labelling.label_sets import built_in_label_set
from engine.stages.teaching.teaching import snapshot_in_force

VERDICTS = Path(__file__).with_suffix(".tsv")
LIFTS = (250, 500, 1000, 2000, 4000)


def read_verdicts(collection: str) -> dict[tuple[str, str], str]:
    """By photo and word: yes, no or doubtful."""
    rows = [line.split("\t") for line in VERDICTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {(photo, word): verdict for of, photo, word, verdict in rows if of == collection}


def measure(photos: LookedAt, verdicts: dict[tuple[str, str], str], label_set: str) -> dict[str, Any]:
    labels = built_in_label_set(label_set)
    texts = [texts_of(label.name, label.prompts) for label in labels]
    others = np.array([thing_of(each) is None for each in texts])
    similarities = photos.starter.similarities(
        photos.embeddings, photos.starter.encode_labels([*texts, *hidden_labels(labels)])
    )
    scores, lifts = suggest(similarities, len(labels))
    report: dict[str, Any] = {"photos": len(photos.names), "words": int(others.sum())}
    for lift in LIFTS:
        taken = (scores >= strengths_by_lift(scores, count_lifted(lifts, lift)).likely) & others
        pairs = [(photos.names[row], labels[column].name) for row, column in np.argwhere(taken)]
        report[f"without the detector, from {lift}"] = judged(pairs, verdicts)
    return report


def likely_in(photos: Path, folder: Path) -> list[tuple[str, str]]:
    """Photo and word, of the words that are none of the things."""
    with Project.open(photos, folder, read_only=True) as project:
        snapshot = snapshot_in_force(project)
    others = [column for column, label in enumerate(snapshot.labels) if thing_of(label.texts) is None]
    likely = np.argwhere(snapshot.states(columns=others) == LabelState.LIKELY)
    return [(snapshot.paths[row], snapshot.labels[others[place]].name) for row, place in likely]


def judged(pairs: Sequence[tuple[str, str]], verdicts: dict[tuple[str, str], str]) -> dict[str, Any]:
    said = [verdicts.get(pair, "not judged") for pair in pairs]
    right, known = said.count("yes"), len(said) - said.count("not judged")
    return {
        "likely": len(said),
        **{verdict: said.count(verdict) for verdict in ("yes", "doubtful", "no", "not judged")},
        "right of those judged": round(100 * right / max(1, known)),
        "95 %": wilson(right, known),
        "photos with a wrong one": len(
            {photo for (photo, _), verdict in zip(pairs, said, strict=True) if verdict in ("no", "doubtful")}
        ),
    }


def wilson(right: int, of: int) -> list[int] | None:
    """In %: where the share would lie with other photos."""
    if not of:
        return None
    z = 1.96
    middle = (right + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(right * (of - right) / of + z * z / 4)
    return [round(100 * (middle - half)), round(100 * (middle + half))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ("NAME", "PHOTOS", "TRUTH", "PROJECT")
    parser.add_argument("--collection", nargs=4, action="append", required=True, metavar=names)
    parser.add_argument("--labels", default="everyday", choices=("everyday", "nus-wide"))
    given = parser.parse_args()
    report: dict[str, Any] = {}
    with torch.inference_mode():
        for name, *paths in given.collection:
            photos, truth, folder = map(Path, paths)
            verdicts = read_verdicts(name)
            report[name] = measure(look_at(photos, truth, folder), verdicts, given.labels)
            report[name]["in the project"] = judged(likely_in(photos, folder), verdicts)
    print_report(report)


if __name__ == "__main__":
    main()
