"""A project that was made for work that was refused goes again; one that says anything, or was there before, stays."""

from pathlib import Path

import pytest
from making import make_photo

from engine.project import Project
from engine.project.failures import ProjectInUse
from engine.project.labels import NewLabel, use_label_set
from engine.stages.labelling.add_photos import add_photos


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return make_photo(tmp_path / "photo.jpg").parent


def names(photos: Path) -> list[str]:
    return sorted(file.name for file in photos.iterdir())


def test_one_that_was_just_made_goes(photos: Path) -> None:
    with Project.open(photos) as project:
        add_photos(project)
        project.leave_nothing()
        with pytest.raises(ProjectInUse):  # nobody takes it over before
            Project.open(photos)
    assert names(photos) == ["photo.jpg"]
    with Project.open(photos) as project:
        assert add_photos(project).total == 1


def test_one_with_labels_stays(photos: Path) -> None:
    with Project.open(photos) as project:
        use_label_set(project, [NewLabel("cat")])
        project.leave_nothing()
    assert (photos / ".cdul" / "project.sqlite").is_file()


def test_one_that_was_there_before_stays(photos: Path) -> None:
    Project.open(photos).close()
    with Project.open(photos) as project:
        project.leave_nothing()
    assert (photos / ".cdul" / "project.sqlite").is_file()


def test_a_folder_that_was_there_before_stays_as_does_what_others_put_into_a_new_one(photos: Path) -> None:
    (photos / "mine").mkdir()
    for place in ("mine", "new"):
        with Project.open(photos, photos / place) as project:
            (photos / place / "notes.txt").touch()
            project.leave_nothing()
        assert (photos / place / "notes.txt").is_file()
    assert (photos / "mine" / "project.sqlite").is_file()
    assert names(photos / "new") == ["notes.txt"]
