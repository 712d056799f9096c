"""A project of three photos in a database on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Server

from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder


@pytest.fixture
def address(server: Server) -> str:
    """Of an empty database."""
    return server.address(server.empty_database())


@pytest.fixture
def project(photo_folder: Path, address: str) -> Iterator[Project]:
    """Three photos, and the label cat."""
    with Project.open(photo_folder, address) as opened:
        use_label_set(opened, [NewLabel("cat")])
        record_folder(opened, [FoundPhoto(f"{name}.jpg", 1, 1) for name in ("B", "a", "ä")])
        yield opened
