"""What several files of tests of a project share."""

import pytest
from aviary import fill_aviary

from engine.project import Project


@pytest.fixture
def aviary(project: Project) -> Project:
    """A sparrow is a bird, a bird is an animal; a cat is an animal and a pet. Three photos."""
    fill_aviary(project)
    return project
