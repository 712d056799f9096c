"""How long it takes to import a COCO file, and to write and read XMP sidecars, and how much memory an import needs.

    python benchmarks/importing.py [--photos 10000] [--labels 80] [--each 3] [--sidecars 2000]

The photos are links to one tiny JPEG, so that the folder is listed as any other; nothing decodes them. The file holds
`--each` boxes a photo, of which some may be of one label. Prints JSON: seconds, of which of this process's processor,
and the peak memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import orjson
from machine import peak_memory_mb, print_report
from PIL import Image

from engine.formats.xmp import SidecarName, read_sidecars
from engine.jobs import Cancellation, Progress
from engine.photos.find import find_photos
from engine.project import Project
from engine.project.photos import FoundPhoto, ReadPhoto, readable_photos, record_folder, record_read
from engine.stages.exporting.beside_files import write_beside
from engine.stages.exporting.export_beside import PhotoKeywords, sidecars_of
from engine.stages.importing.import_labels import carry_out, plan
from engine.stages.importing.import_plan import ImportChoice, read_source
from engine.wording import Sentence

Result = TypeVar("Result")


def make_photos(folder: Path, photos: int) -> None:
    """In subfolders of a thousand; a file has no more than some thousand names on some disks."""
    for number in range(photos):
        photo = folder / f"{number // 1000:03}" / f"{number:06}.jpg"
        if number % 1000 == 0:
            photo.parent.mkdir(parents=True)
            Image.new("RGB", (2, 2)).save(first := photo)
        else:
            photo.hardlink_to(first)


def make_project(folder: Path) -> Project:
    """A project that has read its photos, each with a content of its own."""
    project = Project.open(folder)
    record_folder(project, [FoundPhoto(*file) for file in find_photos(folder)])
    ids = [photo.id for photo in readable_photos(project)]
    record_read(project, [ReadPhoto(photo, photo.to_bytes(16, "big"), 640, 480) for photo in ids])
    return project


def make_coco(file: Path, project: Project, labels: int, each: int) -> None:
    photos = readable_photos(project)
    chosen = np.random.default_rng(0).integers(1, labels + 1, (len(photos), each)).tolist()
    boxes = [(photo.id, label) for photo, of_photo in zip(photos, chosen, strict=True) for label in of_photo]
    content = {
        "images": [{"id": one.id, "file_name": one.path, "width": 640, "height": 480} for one in photos],
        "categories": [{"id": at + 1, "name": f"label {at}"} for at in range(labels)],
        "annotations": [
            {
                "id": at,
                "image_id": photo,
                "category_id": label,
                "bbox": [10.25, 20.5, 100.75, 80.0],
                "area": 8060.0,
                "iscrowd": 0,
                "segmentation": [[10.25, 20.5, 111.0, 20.5, 111.0, 100.5, 10.25, 100.5]],
            }
            for at, (photo, label) in enumerate(boxes)
        ],
    }
    file.write_bytes(orjson.dumps(content))


def timed(run: Callable[[], Result]) -> tuple[Result, dict[str, float]]:
    began, busy = time.perf_counter(), time.process_time()
    result = run()
    return result, {
        "seconds": round(time.perf_counter() - began, 2),
        "of_processor": round(time.process_time() - busy, 2),
    }


def measure_import(project: Project, file: Path) -> dict[str, object]:
    choice, found = ImportChoice(), {}
    before = peak_memory_mb()
    source, found["read"] = timed(lambda: read_source(file))
    _, found["tell what will happen"] = timed(lambda: plan(project, source, choice, Progress(), Cancellation()))
    done, found["take over"] = timed(lambda: carry_out(project, source, choice, Progress(), Cancellation()))
    again, found["take over again"] = timed(lambda: carry_out(project, source, choice, Progress(), Cancellation()))
    assert done.edit is not None
    assert again.edit is None
    return {
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "decisions": done.plan.confirmed,
        **found,
        "peak_memory_mb": peak_memory_mb(),
        "of_which_before_reading": before,
    }


def measure_sidecars(project: Project, count: int) -> dict[str, object]:
    """Each new one is flushed to the disk."""
    photos = [
        PhotoKeywords(photo.id, photo.path, [("dog", "animal"), ("beach", ""), ("red bus", "vehicle")])
        for photo in readable_photos(project)[:count]
    ]
    folder, found = project.photos, {}

    def write() -> object:
        files = list(sidecars_of(project, photos, SidecarName.FULL))
        return write_beside(project, files, Sentence("measured"), Progress(), Cancellation())

    for name, run in (("new", write), ("unchanged", write), ("read", lambda: read_sidecars(folder))):
        _, took = timed(run)
        found[name] = {**took, "a_second": round(count / max(took["seconds"], 0.01))}
    return {"sidecars": count, **found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--labels", type=int, default=80)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--sidecars", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, file = Path(scratch, "photos"), Path(scratch, "instances.json")
        make_photos(folder, given.photos)
        with make_project(folder) as project:
            make_coco(file, project, given.labels, given.each)
            report = {"photos": given.photos, "import": measure_import(project, file)}
            report["xmp"] = measure_sidecars(project, given.sidecars)
    print_report(report)


if __name__ == "__main__":
    main()
