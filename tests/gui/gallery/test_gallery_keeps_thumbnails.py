"""Thumbnails are kept in the project's cache and shown from there."""

import shutil
from pathlib import Path

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot
from showing import show_gallery, wait_for_thumbnails
from sqlalchemy import func, select

from cdul_gui.session.session import Session
from engine.project import Project
from engine.project.storage.cache_schema import thumbnail


def kept(project: Project) -> int:
    with project.reading_cache() as connection:
        return connection.execute(select(func.count()).select_from(thumbnail)).scalar_one()


def test_they_are_shown_from_the_cache_when_the_photos_are_out_of_reach(
    qtbot: QtBot, session: Session, photo_folder: Path
) -> None:
    gallery = show_gallery(qtbot, session, photo_folder)
    wait_for_thumbnails(gallery.thumbnails, range(8))
    gallery.shut_down()
    assert session.project is not None
    assert kept(session.project) == 8
    for photo in photo_folder.iterdir():
        if photo.name != ".cdul":
            shutil.rmtree(photo) if photo.is_dir() else photo.unlink()
    # Another size, so that what is in memory does not do.
    gallery.thumbnail_side = 120
    wait_for_thumbnails(gallery.thumbnails, range(8))
    box = QSize(gallery.tile_rect(0).size())
    assert all(gallery.thumbnails.problem(row) is None for row in range(8))
    assert all((found := gallery.thumbnails.thumbnail(row)) and found.width() <= box.width() for row in range(8))


def test_a_changed_photo_gets_another_thumbnail(qtbot: QtBot, session: Session, photo_folder: Path) -> None:
    gallery = show_gallery(qtbot, session, photo_folder)
    wait_for_thumbnails(gallery.thumbnails, range(8))
    before = gallery.thumbnails.key(0)
    snapshot = session.snapshot
    assert snapshot is not None
    snapshot.modified_ns[0] += 1
    assert gallery.thumbnails.key(0) != before
    assert gallery.thumbnails.thumbnail(0) is None


def test_a_project_to_look_at_shows_thumbnails_and_is_left_as_it_is(
    qtbot: QtBot, session: Session, scored_photos: Path
) -> None:
    gallery = show_gallery(qtbot, session, scored_photos, read_only=True)
    wait_for_thumbnails(gallery.thumbnails, range(8))
    gallery.shut_down()
    assert session.project is not None
    assert gallery.thumbnails.thumbnail(0) is not None
    assert kept(session.project) == 0
