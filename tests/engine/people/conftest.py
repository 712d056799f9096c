import pytest

from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder


@pytest.fixture
def desk(project: Project) -> Project:
    """Three photos (ids 1 to 3), one label (id 1)."""
    use_label_set(project, [NewLabel("cat")])
    record_folder(project, [FoundPhoto(f"{at}.jpg", 1, 1) for at in range(3)])
    return project
