"""How often general words, as animal and furniture, are likely on photos of their kinds, and how often rightly. JSON.

    python benchmarks/general_words.py PHOTOS TRUTH.json [--no-detector]

PHOTOS are labelled anew with the names of COCO's supercategories that are words for things, and nothing else, in a
project of its own; a word is right on a photo where TRUTH, COCO's annotations, has a category of that supercategory.
The 95 % intervals are a bootstrap over photos.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import orjson
from machine import print_report

from engine.method.bootstrap import bootstrap_interval, draw_photos
from engine.models.encoders.catalog import open_encoder
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.labelling.label_sets import built_in_label_set

WORDS = {
    "animal": "animal", "vehicle": "vehicle", "food": "food", "furniture": "furniture", "appliance": "appliance",
    "kitchenware": "kitchen",
}  # fmt: skip
"""Each word, and COCO's supercategory of that meaning."""

RESAMPLES = 1000


def truth_of(file: Path) -> dict[str, set[str]]:
    """Names of the photos of each word."""
    given = orjson.loads(file.read_bytes())
    kinds = {label.name: label.supercategory for label in built_in_label_set("coco")}
    above = {category["id"]: kinds[category["name"]] for category in given["categories"]}
    photos = {image["id"]: image["file_name"] for image in given["images"]}
    return {
        word: {photos[each["image_id"]] for each in given["annotations"] if above[each["category_id"]] == meant}
        for word, meant in WORDS.items()
    }


def measure(photos: Path, truth: dict[str, set[str]], *, detector: bool) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, Project.open(photos, Path(folder)) as project:
        label_photos(project, LabelRequest(",".join(WORDS), detector=detector), open_encoder=open_encoder)
        snapshot = take_snapshot(project)
    likely = snapshot.states() == LabelState.LIKELY
    right = np.array([[path in truth[label.name] for label in snapshot.labels] for path in snapshot.paths])
    times = draw_photos(len(likely), RESAMPLES)

    def share(part: np.ndarray, of: np.ndarray) -> list[float]:
        parts, wholes = part.sum(axis=1), of.sum(axis=1)
        value = parts.sum() / max(1, wholes.sum())
        interval = bootstrap_interval(value, (parts @ times) / np.maximum(1, wholes @ times))
        return [round(100 * float(each), 1) for each in (value, *((interval.low, interval.high) if interval else ()))]

    return {
        "photos": len(likely),
        "precision, %": share(likely & right, likely),
        "recall, %": share(likely & right, right),
        "by word: likely, right, of": {
            label.name: [int(each[:, column].sum()) for each in (likely, likely & right, right)]
            for column, label in enumerate(snapshot.labels)
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--no-detector", action="store_true")
    given = parser.parse_args()
    print_report(measure(given.photos, truth_of(given.truth), detector=not given.no_detector))


if __name__ == "__main__":
    main()
