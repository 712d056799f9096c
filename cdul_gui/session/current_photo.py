"""What is known of the photo that is looked at: its pixels and where its labels come from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from cdul_gui.session.jobs import Failure, Job
from cdul_gui.session.session import Session
from engine.photos.decode import decode_file
from engine.remote import AnyFile
from engine.stages.labelling.explain import Heatmap, Heatmaps

MOST_KEPT_PIXELS = 24_000_000
"""Of decoded photos, some 100 MB: the current one sharp, its neighbours at the size of the screen."""

_MOST_HEATMAPS = 3
"""Known at once: of the current photo, the one before and the next one."""


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
        self._heatmaps: OrderedDict[int, Heatmap | None] = OrderedDict()
        """By the id of a photo: those that are known, until scores or thresholds are others."""
        self._reading: dict[int, Job] = {}
        self._source: Heatmaps | None = None
        """Where they come from, for as long as they are known."""
        session.opened.connect(self._forget_all)
        session.current_changed.connect(self._look)
        session.snapshot_changed.connect(self._read_heatmaps_anew)

    def sharpen(self) -> None:
        """Ask for every pixel of the current photo."""
        if self.path is not None and self.pixels is not None and not self.pixels.sharp:
            self._decode(self.path, sharp=True)

    @Slot()
    def _forget_all(self) -> None:
        self._drop_waiting(set())
        self._decoded.clear()
        self._forget_heatmaps()
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
        self._show_heatmap()
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
    def _read_heatmaps_anew(self) -> None:
        self._forget_heatmaps()
        self._show_heatmap()

    def _forget_heatmaps(self) -> None:
        self._heatmaps.clear()
        self._reading.clear()
        self._source = None

    def _show_heatmap(self) -> None:
        """Of the current photo, which is known where it was looked for ahead; then look for the next one's."""
        session, snapshot = self._session, self._session.snapshot
        row = session.current
        photo = int(snapshot.photo_ids[row]) if snapshot is not None and row is not None else None
        self.reading_heatmap = photo is not None and photo not in self._heatmaps
        if not self.reading_heatmap or self.heatmap is None:
            self.heatmap = None if photo is None else self._heatmaps.get(photo)
            self.heatmap_changed.emit()
        for wanted in (row, session.step(1)) if photo is not None else ():
            if wanted is not None and snapshot is not None:
                self._read_heatmap(int(snapshot.photo_ids[wanted]))

    def _read_heatmap(self, photo: int) -> None:
        project, session = self._session.project, self._session
        if project is None or photo in self._heatmaps or photo in self._reading:
            return
        source = self._source = self._source or Heatmaps(project)
        job = self._reading[photo] = session.workers.read(lambda: source.of(photo))

        def done(found: Heatmap | None) -> None:
            if self._reading.pop(photo, None) is not job:
                return
            self._heatmaps[photo] = found
            while len(self._heatmaps) > _MOST_HEATMAPS:
                self._heatmaps.popitem(last=False)
            if self._is_current(photo):
                self.heatmap, self.reading_heatmap = found, False
                self.heatmap_changed.emit()

        def failed(failure: Failure) -> None:
            if self._reading.get(photo) is job:
                # Looked for once more when the photo is come back to.
                del self._reading[photo]
                if self._is_current(photo):
                    self.reading_heatmap = False
                    self.heatmap_changed.emit()
            session.failed.emit(failure)

        job.finished.connect(done)
        job.failed.connect(failed)

    def _is_current(self, photo: int) -> bool:
        snapshot, row = self._session.snapshot, self._session.current
        return snapshot is not None and row is not None and int(snapshot.photo_ids[row]) == photo


def decoded_photo(file: AnyFile, at_least: tuple[int, int] | None = None) -> Pixels:
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
