"""The photo whose dot is pointed at, small, beside the dot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel

from cdul_gui.gallery.decoding import thumbnail_of_file, thumbnail_of_jpeg
from cdul_gui.gallery.thumbnail_store import load_thumbnails
from cdul_gui.gallery.thumbnails import KEPT_SIDES, ThumbnailSource
from cdul_gui.session.jobs import Latest
from cdul_gui.session.session import Session

if TYPE_CHECKING:
    from cdul_gui.panels.map.map_plot import MapPlot

THUMBNAIL = QSize(160, 120)
_MILLISECONDS_OF_POINTING = 120


class MapPreview(QLabel):
    """Lies on the plot, and shows itself a moment after a dot was pointed at."""

    def __init__(self, session: Session, thumbnails: ThumbnailSource, plot: MapPlot) -> None:
        super().__init__(plot)
        self._session, self._thumbnails, self._plot = session, thumbnails, plot
        self._looking = Latest(self)
        self._row: int | None = None
        self._place = -1
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        self.setMargin(3)
        self.hide()
        self._pointing = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_POINTING)
        self._pointing.timeout.connect(self._look)

    def point(self, row: int | None, place: int) -> None:
        """A photo's dot is pointed at: a row of the snapshot, and the point of the plot; or none."""
        if place != self._place:
            self._row, self._place = row, place
            self._looking.drop()
            self.hide()
            self._pointing.start()

    @Slot()
    def _look(self) -> None:
        project, snapshot, row = self._session.project, self._session.snapshot, self._row
        if project is None or snapshot is None or row is None or row >= len(snapshot):
            return
        if (known := self._thumbnails.whole(row)) is not None:
            self._show(known)
            return
        key, file = self._thumbnails.key(row), project.file_of(snapshot.paths[row])

        def work() -> QImage:
            kept = load_thumbnails(project, [key], KEPT_SIDES[0]).get(key)
            image = thumbnail_of_jpeg(kept, THUMBNAIL) if kept is not None else None
            return image if image is not None else thumbnail_of_file(file, THUMBNAIL.width())

        # One that cannot be read is not shown.
        self._looking.follow(self._session.workers.read(work), self._show, lambda _failure: None)

    def _show(self, image: QImage) -> None:
        self.setPixmap(
            QPixmap.fromImage(image).scaled(
                THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
        self.adjustSize()
        beside = self._plot.mapFromScene(self._plot.place_of(self._place)) + QPoint(12, 12)
        room = self._plot.rect().adjusted(0, 0, -self.width(), -self.height())
        self.move(max(0, min(beside.x(), room.right())), max(0, min(beside.y(), room.bottom())))
        self.show()
