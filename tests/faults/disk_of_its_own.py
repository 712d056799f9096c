"""Works on a small disk that is made here, in a space of its own; run by `test_disk_of_its_own`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from making import TINY_NETWORK, make_photo

from engine.errors import UserError
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import join_label_set
from engine.project.history.history import answer
from engine.project.take_snapshot import take_snapshot
from engine.stages.care.tidy import find_leftovers, tidy
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.training.refine import RefineSettings, refine


def main(trouble: str, disk: Path, clip: Path, network: Path) -> None:
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=24m", "none", str(disk))
    photos = disk / "photos"
    for seed in range(8):
        make_photo(photos / f"{seed}.jpg", seed)
    request = LabelRequest("cat,dog,boat", str(clip))
    settings = RefineSettings(TrainingSettings(epochs=2, batch=4, patience=0), TINY_NETWORK, network, "head")
    said: dict[str, str] = {}

    def attempt(name: str, work: Callable[[], object]) -> None:
        said[name] = ""
        try:
            work()
        except UserError as error:
            said[name] = str(error)

    project = Project.open(photos)
    label_photos(project, request)
    answer(project, "first", [Answer(1, 1, True)])
    make_photo(photos / "8.jpg", 8)
    if trouble == "read-only":
        # No system lets a disk become so while something on it is open to be written, unless the disk itself fails.
        project.close()
    begin(trouble, disk)
    if trouble == "read-only":
        attempt("open", lambda: Project.open(photos))
        project = Project.open(photos, read_only=True)
    attempt("answer", lambda: answer(project, "second", [Answer(2, 1, True)]))
    attempt("label", lambda: label_photos(project, request))
    attempt("refine", lambda: refine(project, settings))
    attempt("export", lambda: export(project, ExportRequest("coco"), disk / "labels.json"))
    attempt("add a label", lambda: join_label_set(project, "x" * 400))
    attempt("tidy", lambda: tidy(project, find_leftovers(project)))
    meanwhile = take_snapshot(project).decisions[:2, 0].tolist()
    if trouble == "read-only":
        project.close()
    end(trouble, disk)
    if trouble == "read-only":
        project = Project.open(photos)
    answer(project, "second", [Answer(2, 1, True)])
    labelled = label_photos(project, request).labelled
    afterwards = take_snapshot(project).decisions[:2, 0].tolist()
    project.close()
    print(json.dumps({"said": said, "read meanwhile": meanwhile, "afterwards": afterwards, "labelled": labelled}))  # noqa: T201


def begin(trouble: str, disk: Path) -> None:
    if trouble == "read-only":
        mount("-o", "remount,ro", str(disk))
        return
    # To the last byte, also the room that a file's last block leaves.
    for size in (1 << 20, 4096, 1):
        with suppress(OSError), (disk / "filled").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(size))


def end(trouble: str, disk: Path) -> None:
    if trouble == "read-only":
        mount("-o", "remount,rw", str(disk))
    else:
        os.unlink(disk / "filled")  # noqa: PTH108


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
