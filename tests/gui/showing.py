"""A gallery on a session, without the window around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from acting import wait_until
from making import make_photo
from pytestqt.qtbot import QtBot

from cdul_gui.gallery import GalleryView
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.session.session import Session
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

SIDE = 176
"""Of the thumbnails, in pixels: three photos in a line."""


def make_photos(folder: Path, count: int) -> Path:
    """A folder of as many small photos, named by number."""
    for number in range(count):
        make_photo(folder / f"{number:03}.jpg", number, size=(40, 30))
    return folder


def look_at_photos(session: Session, photos: Path, *, read_only: bool = False) -> None:
    """Look at a folder of photos as a project."""
    if not read_only:
        with Project.open(photos) as project:
            add_photos(project, Progress(), Cancellation())
    project = Project.open(photos, read_only=read_only)
    session.show_project(project, take_snapshot(project))


def show_gallery(
    qtbot: QtBot, session: Session, photos: Path, size: tuple[int, int] = (700, 500), *, read_only: bool = False
) -> GalleryView:
    """A gallery of a folder, shown; it stops with the test."""
    gallery = GalleryView(session)
    qtbot.addWidget(gallery, before_close_func=GalleryView.shut_down)
    gallery.resize(*size)
    gallery.thumbnail_side = SIDE
    look_at_photos(session, photos, read_only=read_only)
    with qtbot.waitExposed(gallery):
        gallery.show()
    return gallery


def wait_for_thumbnails(source: ThumbnailSource, rows: Sequence[int]) -> None:
    """Wait until each of these rows has its thumbnail, or a problem."""
    wait_until(lambda: all(source.thumbnail(row) is not None or source.problem(row) is not None for row in rows))


def rows(*numbers: int) -> np.ndarray:
    """Rows of the snapshot."""
    return np.array(numbers, np.int64)
