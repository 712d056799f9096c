"""The whole job on the sample photos: photos in, COCO out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.stages.care.contact_sheet import write_contact_sheet
from engine.stages.care.samples import copy_sample_photos
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.labelling.label_photos import LabelRequest, LabelResult, label_photos
from engine.stages.labelling.label_sets import built_in_label_set
from engine.stages.review.photo_labels import marked_labels

LABELS = (
    "people",
    "dog",
    "cat",
    "horse",
    "cow",
    "giraffe",
    "bird",
    "chicken",
    "church",
    "monument",
    "car",
    "desert",
    "lake",
    "city skyline",
    "sailboat",
    "swimming pool",
    "flowers",
    "tree",
    "coffee",
    "wine",
    "kitchen",
    "concert",
    "camera",
    "night",
)
"""What can be seen in the sample photos, and a little of what cannot, by names of the everyday label set."""


@dataclass(frozen=True)
class Demo:
    """What the demonstration made: `found` tells for each photo its labels as `marked_labels` has them."""

    photos: Path
    annotations: Path
    contact_sheet: Path
    labelled: LabelResult
    found: list[tuple[str, list[str]]]


def demonstrate(into: Path, progress: Progress, cancellation: Cancellation) -> Demo:
    """Copy the sample photos into a folder, label them with labels that fit them and the starter, and export."""
    photos = copy_sample_photos(into / "photos")
    annotations, sheet = into / "annotations.json", into / "contact_sheet.png"
    with Project.open(photos) as project:
        result = label_photos(project, LabelRequest(labels=_labels()), progress, cancellation)
        export(project, ExportRequest("coco"), annotations, progress, cancellation)
        write_contact_sheet(project, sheet)
        snapshot = take_snapshot(project)
        found = [(path, marked_labels(snapshot, row)) for row, path in enumerate(snapshot.paths)]
    return Demo(photos, annotations, sheet, result, found)


def _labels() -> str:
    """As a label file has them, with their prompts."""
    everyday = {label.name: label for label in built_in_label_set("everyday")}
    rows = [(name, everyday[name].supercategory, *everyday[name].prompts) for name in LABELS]
    return "".join("\t".join(row) + "\n" for row in rows)
