"""What is known of the photo that is looked at: its pixels and where its labels come from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from cdul_gui.session.jobs import Failure, Job
from cdul_gui.session.session import Session
from engine.photos.decode import decode_file
from engine.stages.labelling.explain import Heatmap, heatmap

MOST_KEPT_PIXELS = 60_000_000
"""Of decoded photos: the current one sharp, its neighbours at the size of the screen."""


@dataclass(frozen=True)
class Pixels:
    """A decoded photo, upright. `width` and `height` are the photo's own, `image` may be smaller."""

    image: QImage
    width: int
    height: int

    @property
    def sharp(self) -> bool:
        """Whether every pixel of the photo is there."""
        return self.image.width() >= self.width


class CurrentPhoto(QObject):
    """Decodes the photo that is looked at and, ahead, those before and after it; reads its heatmap.

    Photos are decoded at the size of the screen, and in full once somebody zooms in.
    """

    pixels_changed = Signal()
    """`pixels` or `problem` is another."""
    heatmap_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._decoded: OrderedDict[tuple[str, bool], Pixels] = OrderedDict()
        self._decoding: dict[tuple[str, bool], Job] = {}
        self.path: str | None = None
        self.pixels: Pixels | None = None
        self.problem: str | None = None
        """Why the photo cannot be shown, a sentence."""
        self.heatmap: Heatmap | None = None
        self.reading_heatmap = False
        """Whether it is still to be known if there is one."""
        session.opened.connect(self._forget_all)
        session.current_changed.connect(self._look)
        session.snapshot_changed.connect(self._read_heatmap)

    def sharpen(self) -> None:
        """Ask for every pixel of the current photo."""
        if self.path is not None and self.pixels is not None and not self.pixels.sharp:
            self._decode(self.path, sharp=True)

    @Slot()
    def _forget_all(self) -> None:
        self._drop_waiting(set())
        self._decoded.clear()
        self.path = None

    @Slot()
    def _look(self) -> None:
        session = self._session
        path = self._path_of(session.current)
        if path == self.path and path is not None:
            return
        self.path = path
        self.heatmap = None
        self.problem = None
        self.pixels = self._known(path)
        self.pixels_changed.emit()
        self._read_heatmap()
        ahead = [self._path_of(session.step(by)) for by in (1, -1)]
        self._drop_waiting({(one, False) for one in (path, *ahead) if one is not None})
        for one in (path, *ahead):
            if one is not None and self._known(one) is None:
                self._decode(one, sharp=False)

    def _path_of(self, row: int | None) -> str | None:
        snapshot = self._session.snapshot
        return snapshot.paths[row] if snapshot is not None and row is not None else None

    def _known(self, path: str | None) -> Pixels | None:
        for sharp in (True, False):
            if path is not None and (path, sharp) in self._decoded:
                self._decoded.move_to_end((path, sharp))
                return self._decoded[path, sharp]
        return None

    def _drop_waiting(self, wanted: set[tuple[str, bool]]) -> None:
        for key in [key for key in self._decoding if key not in wanted]:
            self._decoding.pop(key).cancellation.cancel()

    def _decode(self, path: str, *, sharp: bool) -> None:
        project, key = self._session.project, (path, sharp)
        if project is None or key in self._decoding:
            return
        enough = None if sharp else _screen_pixels()
        job = self._session.workers.decode(
            lambda: decoded_photo(project.file_of(path), enough), urgent=path == self.path
        )
        self._decoding[key] = job

        def done(pixels: Pixels) -> None:
            if project is self._session.project:
                self._keep(key, pixels)

        def failed(failure: Failure) -> None:
            if path == self.path:
                self.problem = failure.sentence
                self.pixels_changed.emit()

        def ended() -> None:
            if self._decoding.get(key) is job:
                del self._decoding[key]

        job.finished.connect(done)
        job.failed.connect(failed)
        job.ended.connect(ended)

    def _keep(self, key: tuple[str, bool], pixels: Pixels) -> None:
        self._decoded[key] = pixels
        while len(self._decoded) > 1 and _area(self._decoded.values()) > MOST_KEPT_PIXELS:
            self._decoded.popitem(last=False)
        if key[0] == self.path:
            self.pixels = pixels
            self.pixels_changed.emit()

    @Slot()
    def _read_heatmap(self) -> None:
        project, snapshot, row = self._session.project, self._session.snapshot, self._session.current
        if project is None or snapshot is None or row is None:
            self.heatmap, self.reading_heatmap = None, False
            self.heatmap_changed.emit()
            return
        photo = int(snapshot.photo_ids[row])
        path = snapshot.paths[row]

        def done(found: Heatmap | None) -> None:
            if project is self._session.project and path == self.path:
                self.heatmap, self.reading_heatmap = found, False
                self.heatmap_changed.emit()

        self.reading_heatmap = True
        job = self._session.workers.read(lambda: heatmap(project, photo))
        job.finished.connect(done)
        job.failed.connect(self._session.failed)


def decoded_photo(file: Path, at_least: tuple[int, int] | None = None) -> Pixels:
    """A photo file's pixels, upright: all of them, or at least so many by so many. For worker threads.

    Raises:
        PhotoProblem: gone, damaged, not a photo, gigantic.
    """
    photo = decode_file(file, at_least=at_least)
    turned = photo.orientation >= 5
    width, height = (photo.height, photo.width) if turned else (photo.width, photo.height)
    picture = photo.picture
    if at_least is not None:
        # Halved here, out of the window's thread, so that drawing it is quick and smooth.
        spare = min(picture.width // at_least[0], picture.height // at_least[1])
        if spare > 1:
            picture = picture.reduce(spare)
    return Pixels(_as_image(np.ascontiguousarray(picture)), width, height)


def _as_image(rgb: npt.NDArray[np.uint8]) -> QImage:
    height, width, _ = rgb.shape
    view = QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def _screen_pixels() -> tuple[int, int]:
    # A square of the shorter side: enough for photos of either orientation.
    screen = QGuiApplication.primaryScreen()
    side = ceil(min(screen.size().toTuple()) * screen.devicePixelRatio())
    return side, side


def _area(photos: Iterable[Pixels]) -> int:
    return sum(one.image.width() * one.image.height() for one in photos)
