"""Photos that are labelled, for the tests of what may happen to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from killing import stop_server

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.stages.labelling.label_photos import LabelRequest, LabelResult, label_photos

Label = Callable[[Project], LabelResult]


@pytest.fixture(scope="package", autouse=True)
def no_process_stays() -> Iterator[None]:
    """What the tests here start is gone when they are done: it holds as much memory as all their work."""
    yield
    stop_server()


@pytest.fixture
def label(tiny_clip: Path) -> Label:
    """Labels the photos of a project, as `cdul label` does."""
    return lambda project: label_photos(
        project, LabelRequest("cat,dog,boat", str(tiny_clip)), Progress(), Cancellation()
    )
