"""What is wanted last is made first, and what scrolled away is not made."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import wait_until
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot
from showing import look_at_photos, make_photos, show_gallery, wait_for_thumbnails

import cdul_gui.gallery.thumbnails as thumbnails
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.session.session import Session

BOX = QSize(150, 112)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return make_photos(tmp_path / "photos", 120)


@pytest.fixture
def source(session: Session, photos: Path) -> Iterator[ThumbnailSource]:
    """Thumbnails of 120 photos, none of them wanted yet."""
    look_at_photos(session, photos)
    source = ThumbnailSource(session)
    yield source
    source.shut_down()


def test_what_is_no_longer_wanted_is_not_made(source: ThumbnailSource) -> None:
    source.want(np.arange(60), BOX, 1.0)
    source.want(np.arange(60, 120), BOX, 1.0)
    wait_for_thumbnails(source, range(60, 120))
    made_in_vain = sum(source.thumbnail(row) is not None for row in range(60))
    assert made_in_vain <= 2 * 8, "only what two workers had taken on may be finished"


def test_the_visible_ones_come_before_those_ahead(
    qtbot: QtBot, session: Session, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real = thumbnails.thumbnail_of_file

    def noted(file: Path, side: int) -> object:
        order.append(file.name)
        return real(file, side)

    monkeypatch.setattr(thumbnails, "thumbnail_of_file", noted)
    monkeypatch.setattr(thumbnails, "_THREADS", 1)
    gallery = show_gallery(qtbot, session, photos)
    visible = gallery.visible_places()
    wait_until(lambda: len(order) == 120)
    assert order[: len(visible)] == [f"{number:03}.jpg" for number in visible]


def test_memory_is_bounded_in_bytes(source: ThumbnailSource, monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_of_one = 40 * 30 * 4
    monkeypatch.setattr(thumbnails, "MOST_BYTES", 10 * bytes_of_one)
    arrived: set[bytes] = set()
    source.arrived.connect(arrived.update)
    source.want(np.arange(120), BOX, 1.0)
    wait_until(lambda: {source.key(row) for row in range(120)} <= arrived)
    assert sum(source.thumbnail(row) is not None for row in range(120)) == 10
    assert source.thumbnail(119) is not None, "the newest is kept"
