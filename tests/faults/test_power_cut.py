"""What was said to be written is there after a power cut, and at every moment before it there is the old or the new."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
import torch
from losing_power import watch
from making import TINY_NETWORK
from torch import nn

from engine.models.training.backbones import empty_backbone
from engine.models.training.classifier import Classifier
from engine.models.training.loop import TrainingState
from engine.models.training.saved_classifier import ClassifierDescription, ClassifierUnreadable
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.storage import migration
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="What is synced is told by /proc.")
OLD = Path(__file__).parent.parent / "project_files" / "0001.sqlite"


def test_a_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "training" / "run-1.safetensors"
    place.parent.mkdir()
    TrainingState({"a": torch.ones(3)}, {"epoch": 1}).save(place)
    disk = watch(place.parent, monkeypatch)
    TrainingState({"a": torch.zeros(3)}, {"epoch": 2}).save(place)
    epochs = [
        TrainingState.load(found / place.name).document["epoch"]
        for found in disk.after_each_power_cut(tmp_path / "cut")
    ]
    assert sorted(epochs) == epochs
    assert {*epochs} == {1, 2}
    assert disk.synced == disk.names


def test_a_classifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    project.mkdir()
    backbone = empty_backbone(TINY_NETWORK)
    described = ClassifierDescription(("cat", "dog"), "bce", (0.5, 0.5))
    disk = watch(project, monkeypatch)
    Classifier(backbone, nn.Linear(backbone.dimension, 2), described).save(project / "classifiers" / "run-1")
    found = []
    for after in disk.after_each_power_cut(tmp_path / "cut"):
        with suppress(ClassifierUnreadable):
            found.append(Classifier.load(after / "classifiers" / "run-1").description.labels)
            continue
        # Where it cannot be opened, it says of itself that it is none.
        assert not (after / "classifiers" / "run-1" / "classifier.json").exists()
    assert found
    assert set(found) == {("cat", "dog")}
    assert {Path(name).name for name in disk.synced} == {"model.safetensors", "README.md", "classifier.json"}
    assert disk.synced == disk.names


@pytest.mark.parametrize("format_name", ["coco", "voc"])
def test_an_export(format_name: str, labelled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(labelled, "confirmed", [Answer(1, 1, True)])
    out = tmp_path / "handed over"
    out.mkdir()
    request = ExportRequest(format_name, photos="copy" if format_name == "voc" else "leave")
    disk = watch(out, monkeypatch)
    export(labelled, request, out / "labels")
    monkeypatch.undo()
    whole = {name: data for name, data in disk.names.items() if "/labels" in name}
    assert whole
    for after in disk.after_each_power_cut(tmp_path / "cut"):
        there = {file.relative_to(after): file.read_bytes() for file in after.rglob("*") if file.is_file()}
        of_it = {out / name: data for name, data in there.items() if name.parts[0] == "labels"}
        assert not of_it or {str(name): data for name, data in of_it.items()} == whole
    assert {name: data for name, data in disk.synced.items() if "/labels" in name} == whole
    if format_name == "coco":
        assert json.loads((out / "labels").read_text())


def test_the_backup_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "photos" / ".cdul"
    folder.mkdir(parents=True)
    shutil.copy(OLD, folder / "project.sqlite")
    disk = watch(folder, monkeypatch)
    Project.open(folder.parent).close()
    backup = f"project-before-{migration.NEWEST}-from-0001.sqlite"
    assert str(folder / backup) in disk.synced
    for after in disk.after_each_power_cut(tmp_path / "cut"):
        if (after / backup).exists():
            with closing(sqlite3.connect(after / backup)) as connection:
                assert connection.execute("SELECT count(*) FROM decision").fetchone() == (1,)


def test_decisions_are_left_to_sqlite_which_syncs_each_commit(labelled: Project) -> None:
    with labelled.writing() as connection:
        asked = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("synchronous", "journal_mode")]
        assert asked == [2, "wal"]
        assert connection.exec_driver_sql("PRAGMA fullfsync").scalar_one() == 1


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Files and folders that were synced."""
    found: set[Path] = set()
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        fsync(descriptor)
        found.add(Path(os.path.realpath(f"/proc/self/fd/{descriptor}")))

    monkeypatch.setattr(os, "fsync", watched)
    return found


@pytest.mark.parametrize("format_name", ["coco", "voc"])
def test_the_names_of_folders_that_an_export_makes(
    format_name: str, labelled: Project, tmp_path: Path, synced: set[Path]
) -> None:
    out = tmp_path / "new" / "newer" / "newest" / "labels"
    export(labelled, ExportRequest(format_name), out)
    assert {tmp_path, tmp_path / "new", tmp_path / "new" / "newer", out.parent} <= synced


def test_the_name_of_a_new_projects_folder(photo_folder: Path, synced: set[Path]) -> None:
    Project.open(photo_folder).close()
    assert photo_folder in synced
