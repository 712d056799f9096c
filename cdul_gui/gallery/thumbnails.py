"""Thumbnails for the gallery: from memory at once, else from workers that read the cache or the photo."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np
from PySide6.QtCore import QLoggingCategory, QObject, QSize, Qt, QThreadPool, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from cdul_gui.gallery.decoding import fitted, thumbnail_of_file, thumbnail_of_jpeg, uncut, with_cut_corners
from cdul_gui.gallery.thumbnail_store import ThumbnailWriter, load_thumbnails
from cdul_gui.session.session import Session
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.session.stand_back import A_LITTLE, stand_back
from cdul_gui.wording import sentence_of, translated
from engine.photos.decode import PhotoProblem
from engine.project import Project
from engine.project.snapshot import Snapshot
from engine.project.storage.cache_schema import thumbnail_key

KEPT_SIDES = (256, 512)
"""Longest sides that are kept on disk: the second for large tiles and dense screens."""

MOST_BYTES = 128 * 2**20
"""Of thumbnails in memory."""

_THREADS = 2
_AT_ONCE = 8
"""Thumbnails that a worker takes on together: one look into the cache, and what scrolling away cannot take back."""

_MILLISECONDS_BETWEEN_ARRIVALS = 16


@dataclass(frozen=True, eq=False)
class _Request:
    """What is wanted now: these rows of the snapshot, in this order, to fit into a box of device pixels."""

    project: Project
    snapshot: Snapshot
    rows: Rows
    box: QSize
    ratio: float

    def is_like(self, other: _Request | None) -> bool:
        """Whether it is the same, so that nothing new has to be begun."""
        return (
            other is not None
            and self.snapshot is other.snapshot
            and self.box == other.box
            and self.ratio == other.ratio
            and np.array_equal(self.rows, other.rows)
        )

    @property
    def side(self) -> int:
        """The longest side to keep on disk."""
        longest = max(self.box.width(), self.box.height())
        return next((side for side in KEPT_SIDES if side >= longest), KEPT_SIDES[-1])


@dataclass(frozen=True)
class _Made:
    project: Project
    box: QSize
    key: bytes
    image: QImage | None
    problem: str = ""


class ThumbnailSource(QObject):
    """Answers with the thumbnail that is in memory; what is wanted and not there is made by workers, in order.

    What is wanted is said anew whenever something else is visible: the first wanted is the first made, and what is
    no longer wanted is not made. Thumbnails are kept in the project's cache.
    """

    arrived = Signal(object)
    """There are thumbnails, or problems, that were not there before: the set of their `key`s."""
    _made_some = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: OrderedDict[bytes, tuple[QImage, QSize]] = OrderedDict()
        self._kept_bytes = 0
        self._problems: dict[bytes, str] = {}
        self._lock = Lock()  # for the next four, which the workers share
        self._request: _Request | None = None
        self._looked_at = 0  # so many rows of the request
        self._under_way: set[tuple[bytes, int]] = set()  # keys and widths of boxes
        self._made: list[_Made] = []
        self._workers = QThreadPool(self)
        self._workers.setMaxThreadCount(_THREADS)
        self._writer = ThumbnailWriter()
        self._arrivals = QTimer(self, singleShot=True, interval=_MILLISECONDS_BETWEEN_ARRIVALS)
        self._arrivals.timeout.connect(self._receive)
        self._made_some.connect(self._arrivals.start, Qt.ConnectionType.QueuedConnection)
        session.opened.connect(self._forget)
        # What is wrong with a photo is said on its tile.
        QLoggingCategory.setFilterRules("qt.gui.imageio*=false\nqt.gui.icc*=false")

    def key(self, row: int) -> bytes:
        """Names the thumbnail of a row of the snapshot."""
        snapshot = self._session.snapshot
        assert snapshot is not None
        return _key(snapshot, row)

    def thumbnail(self, row: int) -> QImage | None:
        """The thumbnail of a row that is in memory, its corners cut; maybe of another size than is wanted now."""
        key = self.key(row)
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def whole(self, row: int) -> QImage | None:
        """The same with its corners."""
        image = self.thumbnail(row)
        return image and uncut(image)

    def problem(self, row: int) -> str | None:
        """Why a row's photo has no thumbnail, a sentence."""
        snapshot = self._session.snapshot
        assert snapshot is not None
        return translated(snapshot.problems[row] or "") or self._problems.get(self.key(row))

    def want(self, rows: Rows, size: QSize, ratio: float) -> None:
        """Make the thumbnails of these rows, the first ones first; this takes the place of what was wanted before.

        Args:
            size: what they are to fit into.
            ratio: device pixels by the pixels of `size`.
        """
        project, snapshot = self._session.project, self._session.snapshot
        if project is None or snapshot is None:
            return
        request = _Request(project, snapshot, rows, size * ratio, ratio)
        if request.is_like(self._request):
            return
        with self._lock:
            self._request, self._looked_at = request, 0
        # Those that have not begun would only find what these find.
        self._workers.clear()
        for _ in range(_THREADS):
            self._workers.start(self._work)

    def shut_down(self) -> None:
        """Make no more, and wait until what was made is written."""
        with self._lock:
            self._request = None
        self._workers.waitForDone()

    @Slot()
    def _forget(self) -> None:
        with self._lock:
            self._request = None
        self._kept.clear()
        self._kept_bytes = 0
        self._problems.clear()

    @Slot()
    def _receive(self) -> None:
        with self._lock:
            made, self._made = self._made, []
            for one in made:
                if one.project is self._session.project:
                    self._keep(one)
            self._under_way.difference_update((one.key, one.box.width()) for one in made)
        self.arrived.emit({one.key for one in made})

    def _keep(self, made: _Made) -> None:
        if made.image is None:
            self._problems[made.key] = made.problem
            return
        if made.key in self._kept and self._request is not None and made.box != self._request.box:
            return  # of a size that was wanted before
        before = self._kept.pop(made.key, None)
        self._kept[made.key] = (made.image, made.box)
        self._kept_bytes += made.image.sizeInBytes() - (before[0].sizeInBytes() if before else 0)
        while self._kept_bytes > MOST_BYTES:
            _, (oldest, _) = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.sizeInBytes()

    # In the workers' threads

    def _work(self) -> None:
        stand_back(A_LITTLE)
        while True:
            request, wanted = self._take()
            if request is None or not wanted:
                break
            jpegs = load_thumbnails(request.project, list(wanted), request.side)
            for key, path in wanted.items():
                self._make(request, key, path, jpegs.get(key))
        self._writer.flush()

    def _take(self) -> tuple[_Request | None, dict[bytes, str]]:
        """The next that are wanted and not there: keys and paths."""
        wanted: dict[bytes, str] = {}
        with self._lock:
            request = self._request
            while request is not None and self._looked_at < len(request.rows) and len(wanted) < _AT_ONCE:
                row = int(request.rows[self._looked_at])
                self._looked_at += 1
                key = _key(request.snapshot, row)
                _, box = self._kept.get(key, (None, None))
                known = box == request.box or key in self._problems or request.snapshot.problems[row] is not None
                if not known and (key, request.box.width()) not in self._under_way:
                    wanted[key] = request.snapshot.paths[row]
            self._under_way.update((key, request.box.width()) for key in wanted if request is not None)
        return request, wanted

    def _make(self, request: _Request, key: bytes, path: str, jpeg: bytes | None) -> None:
        kept = thumbnail_of_jpeg(jpeg, request.box) if jpeg is not None else None
        if kept is not None:
            self._deliver(_Made(request.project, request.box, key, with_cut_corners(kept, request.ratio)))
            return
        try:
            image = thumbnail_of_file(request.project.file_of(path), request.side)
        except PhotoProblem as problem:
            self._deliver(_Made(request.project, request.box, key, None, sentence_of(problem)))
        else:
            cut = with_cut_corners(fitted(image, request.box), request.ratio)
            self._deliver(_Made(request.project, request.box, key, cut))
            self._writer.add(request.project, key, request.side, image)

    def _deliver(self, made: _Made) -> None:
        with self._lock:
            self._made.append(made)
            first = len(self._made) == 1
        if first:
            self._made_some.emit()


def _key(snapshot: Snapshot, row: int) -> bytes:
    return _key_of(snapshot.paths[row], snapshot.file_sizes[row], snapshot.modified_ns[row])


@lru_cache(10_000)  # each is asked for several times a paint
def _key_of(path: str, file_size: np.int64, modified_ns: np.int64) -> bytes:
    return thumbnail_key(path, int(file_size), int(modified_ns))
