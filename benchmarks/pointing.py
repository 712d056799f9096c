"""Whether what is drawn over a photo points at the thing, and stays dark where there is none. Prints JSON.

    python benchmarks/pointing.py PHOTOS INSTANCES.json

The photos are labelled by the starter with COCO's labels, as the program does. The pointing game (Zhang et al. 2016,
Top-down neural attention by excitation backprop, arXiv 1608.00507): a label that is there is hit where the strongest
place lies in one of its boxes. Of the heatmap, of the smoothed one, and of the detector's surest box (its middle; where
it sees none the smoothed heatmap); beside the middle of the photo, which is where things tend to be. In %, with
intervals of 95 % by bootstrap over photos; crowds count as boxes.

Then how often anything glows (half of the full strength and more) on photos with and without the label, on a scale of
the photo's own as the program had it, and on the label's. The detector learnt from COCO's photos of another part.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from machine import print_report

from engine.method.bootstrap import draw_photos
from engine.method.heat import heat, smoothed
from engine.project import Project
from engine.project.labels import label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.explain import Heatmap, Heatmaps
from engine.stages.labelling.find_things import ThingFinder
from engine.stages.labelling.label_photos import LabelRequest, label_photos

Point = tuple[float, float]
"""Across and down, from 0 to 1 of the photo."""
Boxes = np.ndarray
"""n x 4: left, top, right, bottom, from 0 to 1 of the photo."""


def read_boxes(file: Path) -> dict[str, dict[str, Boxes]]:
    """By photo and label."""
    coco = json.loads(file.read_text())
    names = {one["id"]: one["name"] for one in coco["categories"]}
    images = {one["id"]: one for one in coco["images"]}
    found: dict[str, dict[str, list[list[float]]]] = {one["file_name"]: {} for one in images.values()}
    for one in coco["annotations"]:
        image = images[one["image_id"]]
        left, top, width, height = one["bbox"]
        box = [left / image["width"], top / image["height"]]
        box += [(left + width) / image["width"], (top + height) / image["height"]]
        found[image["file_name"]].setdefault(names[one["category_id"]], []).append(box)
    return {photo: {label: np.array(each) for label, each in boxes.items()} for photo, boxes in found.items()}


def strongest(values: np.ndarray) -> Point:
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return (float(column) + 0.5) / values.shape[1], (float(row) + 0.5) / values.shape[0]


def hits(point: Point, boxes: Boxes) -> bool:
    across, down = point
    inside = (boxes[:, 0] <= across) & (across <= boxes[:, 2]) & (boxes[:, 1] <= down) & (down <= boxes[:, 3])
    return bool(inside.any())


class Told:
    """What is counted, by photo."""

    def __init__(self, photos: int) -> None:
        self._right: dict[str, np.ndarray] = {}
        self._all: dict[str, np.ndarray] = {}
        self._photos = photos

    def add(self, name: str, photo: int, right: bool) -> None:
        for counts, value in ((self._right, right), (self._all, True)):
            counts.setdefault(name, np.zeros(self._photos))[photo] += value

    def figures(self) -> dict[str, Any]:
        counts = draw_photos(self._photos, 2000)
        report = {}
        for name, right in self._right.items():
            every = self._all[name]
            shares = 100 * (right @ counts) / np.maximum(every @ counts, 1)
            low, high = np.percentile(shares, [2.5, 97.5])
            share = 100 * right.sum() / every.sum()
            report[name] = {"of": int(every.sum()), "%": round(share, 1), "95 %": [round(low, 1), round(high, 1)]}
        return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    given = parser.parse_args()
    truth = read_boxes(given.truth)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "photos"
        folder.mkdir()
        for name in truth:
            (folder / name).symlink_to((given.photos / name).resolve())
        with Project.open(folder) as project:
            label_photos(project, LabelRequest(labels="coco"))
            print_report(play(project, truth))


def play(project: Project, truth: dict[str, dict[str, Boxes]]) -> dict[str, Any]:
    snapshot, labels, finder = take_snapshot(project), label_set(project), ThingFinder()
    heatmaps, told = Heatmaps(project), Told(len(snapshot))
    for row, path in enumerate(snapshot.paths):
        found = heatmaps.of(int(snapshot.photo_ids[row]))
        if found is None:
            continue
        seen = finder.find(project, path, labels)
        for column, label in enumerate(labels):
            values, boxes = found.of(label.id), truth[path].get(label.name)
            if values is None:
                continue
            _glow(told, row, values, found, label.id, there=boxes is not None)
            if boxes is None:
                continue
            points: dict[str, Point] = {
                "the photo's middle": (0.5, 0.5),
                "heatmap": strongest(values),
                "smoothed heatmap": strongest(smoothed(heat(values, found.may_be_from[label.id]))),
            }
            surest = next((one.box for one in seen if one.label_id == label.id), None)
            box_middle = surest and ((surest[0] + surest[2]) / 2, (surest[1] + surest[3]) / 2)
            points["detector's box"] = box_middle or points["smoothed heatmap"]
            suggested = snapshot.states([row])[0, column] > 0
            for name, point in points.items():
                told.add(f"{name}, all that are there", row, hits(point, boxes))
                if suggested:
                    told.add(f"{name}, suggested ones", row, hits(point, boxes))
                if surest is not None:
                    told.add(f"{name}, seen by the detector", row, hits(point, boxes))
    return {"photos": len(snapshot), **told.figures()}


def _glow(told: Told, row: int, values: np.ndarray, found: Heatmap, label: int, *, there: bool) -> None:
    of = "with" if there else "without"
    before = float(values.max()) / max(float(values.max()), found.suggested_from[label])
    told.add(f"glows {of} the label, scale of the photo", row, before >= 0.5)
    told.add(
        f"glows {of} the label, scale of the label", row, float(heat(values, found.may_be_from[label]).max()) >= 0.5
    )


if __name__ == "__main__":
    main()
