"""What is painted once and shown as a picture looks as if it were painted anew."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from cdul_gui.gallery.decoding import uncut, with_cut_corners
from cdul_gui.gallery.label_strips import LabelStrips


def photo(width: int, height: int) -> QImage:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 4), np.uint8)
    pixels[..., 3] = 255
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def colours(image: QImage) -> npt.NDArray[np.int64]:
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].astype(np.int64)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(("width", "height"), [(133, 100), (75, 100), (7, 4), (1, 1)])
def test_cut_corners_look_like_a_rounded_rectangle_and_come_back(
    qtbot: QtBot, width: int, height: int, ratio: float
) -> None:
    image = photo(width, height)
    painted = []
    for as_texture in (True, False):
        ground = QImage(160, 120, QImage.Format.Format_RGB32)
        ground.fill(QColor("#345"))
        painter = QPainter(ground)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing)
        if as_texture:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(image))
            painter.drawRoundedRect(QRectF(0, 0, width, height), 5 * ratio, 5 * ratio)
        else:
            painter.drawImage(QRectF(0, 0, width, height), with_cut_corners(image, ratio))
        painter.end()
        painted.append(colours(ground))
    if min(width, height) > 20:
        assert np.abs(painted[0] - painted[1]).max() <= 2
    np.testing.assert_array_equal(colours(uncut(with_cut_corners(image, ratio))), colours(image))


def test_what_is_below_a_photo_is_painted_again_only_where_it_changed(qtbot: QtBot) -> None:
    strips, painted, ground = LabelStrips(), [], QColor("white")
    screen = QImage(200, 100, QImage.Format.Format_RGB32)
    room = QRect(20, 30, 100, 40)

    def show(row: int, shows: str, onto: QColor = ground) -> None:
        def draw(painter: QPainter) -> None:
            painted.append((row, shows))
            painter.drawText(QRect(0, 0, 100, 40), Qt.AlignmentFlag.AlignLeft, shows)

        painter = QPainter(screen)
        strips.paint(painter, room, row, shows, onto, draw)
        painter.end()

    for row, shows in ((1, "cat"), (1, "cat"), (1, "cat"), (2, "cat"), (1, "dog"), (1, "dog"), (1, "dog")):
        show(row, shows)
    # Once as it is, once into the picture.
    assert painted == [(1, "cat"), (1, "cat"), (2, "cat"), (1, "dog"), (1, "dog")]
    show(1, "dog", QColor("black"))
    assert len(painted) == 6

    screen.fill(ground)
    painter = QPainter(screen)
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft, "dog")
    painter.end()
    expected = colours(screen)
    for _ in range(3):
        show(1, "dog")
        screen.fill(ground)
    show(1, "dog")
    np.testing.assert_array_equal(colours(screen), expected)
