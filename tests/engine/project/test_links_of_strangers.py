"""A link in a project's folder does not lead a stranger's hand to files elsewhere."""

import os
import shutil
from pathlib import Path

import pytest

from engine.project import Project, ProjectError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="On Windows not everybody may make links")


@pytest.fixture
def folder(labelled: Project) -> Path:
    """The folder of a labelled project that nobody has open."""
    labelled.close()
    (labelled.folder / "classifiers" / "run-7").mkdir(parents=True)
    return labelled.folder


@pytest.mark.parametrize(
    "name",
    [
        *("writer.lock", "project.sqlite", "project.sqlite-wal", "cache.sqlite", "cache.sqlite-shm"),
        *("similarities-1.f32", "training", "classifiers", "classifiers/run-2", "classifiers/run-7/model.safetensors"),
    ],
)
def test_a_project_with_a_link_that_leads_out_is_not_written(name: str, folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    before = {file: file.read_bytes() for file in elsewhere.rglob("*") if file.is_file()}
    link = folder / name
    shutil.rmtree(link) if link.is_dir() else link.unlink(missing_ok=True)
    link.symlink_to(elsewhere / name)
    with pytest.raises(ProjectError, match=rf"{name} is a link that leads out of the project"):
        Project.open(folder.parent)
    assert {file: file.read_bytes() for file in elsewhere.rglob("*") if file.is_file()} == before


def test_the_folder_as_a_whole_may_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "on another disk")
    folder.symlink_to(tmp_path / "on another disk")
    Project.open(folder.parent).close()
