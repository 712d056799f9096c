"""The map of the photos: photos that look alike lie together; draw around some to choose them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from cdul_gui.controls import muted
from cdul_gui.finding import Finding
from cdul_gui.gallery.decoding import thumbnail_of_file, thumbnail_of_jpeg
from cdul_gui.gallery.thumbnail_store import load_thumbnails
from cdul_gui.gallery.thumbnails import KEPT_SIDES, ThumbnailSource
from cdul_gui.jobs import Failure, Job
from cdul_gui.panels.map_plot import NO_POINTS, MapPlot, state_colour
from cdul_gui.queues import rows_of
from cdul_gui.session import NO_ROWS, Rows, Session
from engine.jobs import Control
from engine.method.outline import points_within
from engine.method.photo_map import Layout, can_lay_out
from engine.project.snapshot import LabelState
from engine.stages.photo_map import PhotoMap, map_photos

_THUMBNAIL = QSize(160, 120)
_MILLISECONDS_OF_POINTING = 120


class PhotoMapPanel(QWidget):
    """Drawn in a worker when it is first visible, and again when photos came or were labelled anew."""

    def __init__(
        self, session: Session, finding: Finding, thumbnails: ThumbnailSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._finding, self._thumbnails = session, finding, thumbnails
        self._drawing: Job | None = None
        self._control = Control()
        self._looking: Job | None = None
        self._map: PhotoMap | None = None
        self._old = True
        self._rows = NO_ROWS
        self._pointed = -1
        self.plot = MapPlot()
        # Room for the photo that is pointed at.
        self.plot.setMinimumHeight(_THUMBNAIL.height() + 20)
        self.plot.setAccessibleName(self.tr("Map of the photos"))
        self.empty = muted()
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = muted()
        self.legend = QLabel()
        self.show_them = self._button(
            self.tr("Show these"), self.tr("Show only the photos that are drawn around"), self._show_chosen
        )
        self.whole = self._button(self.tr("Whole map"), self.tr("Zoom out to all photos"), self.plot.show_all)
        self.by_neighbours = QCheckBox(self.tr("Keep neighbours together"))
        self.by_neighbours.setToolTip(self.tr("By UMAP: clearer groups, but it takes a minute for many photos"))
        self.by_neighbours.setVisible(can_lay_out(Layout.NEIGHBOURS))
        self.by_neighbours.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.preview = QLabel(self.plot)
        self.preview.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.preview.setAutoFillBackground(True)
        self.preview.setMargin(3)
        self.preview.hide()
        self._lay_out()
        self._pointing = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_POINTING)
        self._pointing.timeout.connect(self._look)
        self.plot.pointed.connect(self._point)
        self.plot.clicked.connect(self._go_to)
        self.plot.outlined.connect(self._choose)
        self.by_neighbours.toggled.connect(self._draw_again)
        session.opened.connect(self._forget)
        session.stage_changed.connect(self._follow_stage)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.label_changed.connect(self._colour)
        session.answers_changed.connect(self._colour)
        session.selection_changed.connect(self._follow_selection)
        self._forget()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.told)
        top.addWidget(self.legend)
        top.addStretch(1)
        for widget in (self.by_neighbours, self.show_them, self.whole):
            top.addWidget(widget)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.plot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addLayout(top)
        layout.addLayout(self._pages, 1)

    def _button(self, text: str, tip: str, run: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(run)
        return button

    @property
    def chosen(self) -> Rows:
        """The rows that are drawn around last."""
        return self._chosen

    # Drawing the map

    @Slot()
    def _forget(self) -> None:
        self._map, self._drawing, self._old = None, None, True
        self._rows = self._chosen = NO_ROWS
        self.plot.show_points(NO_POINTS)
        self._point(-1)
        self._tell(self.tr("Drawing the map…"))
        self._draw_if_visible()

    @Slot()
    def _follow_stage(self) -> None:
        if self._session.stage is None:
            self._draw_again()

    @Slot()
    def _draw_again(self) -> None:
        self._old = True
        self._draw_if_visible()

    def _draw_if_visible(self) -> None:
        project, snapshot = self._session.project, self._session.snapshot
        if not (self._old and self.isVisible()) or project is None or snapshot is None:
            return
        self._old = False
        self._control.cancel()
        layout = Layout.NEIGHBOURS if self.by_neighbours.isChecked() else Layout.PRINCIPAL
        known, ids = self._map, snapshot.photo_ids
        control = self._control = Control()
        job = self._drawing = self._session.workers.read(lambda: map_photos(project, ids, layout, control, known=known))
        job.finished.connect(lambda found: self._show_map(found) if job is self._drawing else None)
        job.failed.connect(lambda failure: self._fail(failure) if job is self._drawing else None)

    def _show_map(self, found: PhotoMap) -> None:
        if found is not self._map:
            self._chosen = NO_ROWS
        self._map, self._drawing = found, None
        self._place_photos()

    def _fail(self, failure: Failure) -> None:
        self._map, self._drawing = None, None
        self._tell(failure.sentence)

    @Slot()
    def _follow_snapshot(self) -> None:
        if self._map is not None:
            self._place_photos()

    def _place_photos(self) -> None:
        found, snapshot = self._map, self._session.snapshot
        assert found is not None
        if snapshot is None:
            return
        there = np.isin(found.photo_ids, snapshot.photo_ids)
        rows = rows_of(snapshot, found.photo_ids[there])
        if not np.array_equal(rows, self._rows) or self.plot.points is not found.places:
            self._rows = rows
            self.plot.show_points(found.places if there.all() else found.places[there])
        self._tell("")
        self._colour()
        self._follow_selection()

    def _tell(self, sentence: str) -> None:
        """Say why there is no map; nothing where there is one."""
        self.empty.setText(sentence)
        self._pages.setCurrentWidget(self.empty if sentence else self.plot)
        for widget in (self.told, self.legend, self.show_them, self.whole):
            widget.setEnabled(not sentence)
        self._count()

    def _count(self) -> None:
        self.show_them.setEnabled(bool(len(self._chosen)))
        if self._map is None:
            self.told.clear()
        elif len(self._chosen):
            self.told.setText(
                self.tr("{chosen} of {total} photos chosen").format(
                    chosen=f"{len(self._chosen):,}", total=f"{len(self._rows):,}"
                )
            )
        else:
            self.told.setText(
                self.tr("{total} photos  ·  drag around some to choose them").format(total=f"{len(self._rows):,}")
            )

    @Slot()
    def _colour(self) -> None:
        snapshot, column = self._session.snapshot, self._session.label
        if self._map is None or snapshot is None:
            self.legend.clear()
            return
        if column is None:
            self.plot.show_states(None)
            self.legend.setText(self.tr("Choose a label to see where it is"))
            return
        self.plot.show_states(snapshot.states(self._rows)[:, column])
        names = {
            LabelState.CONFIRMED: self.tr("confirmed"),
            LabelState.SUGGESTED: self.tr("suggested"),
            LabelState.REJECTED: self.tr("rejected"),
        }
        dots = (
            f"<span style='color:{state_colour(state, self.palette()).name()}'>●</span> {name}"
            for state, name in names.items()
        )
        self.legend.setText("&nbsp;&nbsp;".join(dots))

    # Choosing

    @Slot(int)
    def _go_to(self, place: int) -> None:
        self._session.go_to(int(self._rows[place]))

    @Slot(object)
    def _choose(self, outline: np.ndarray) -> None:
        self._chosen = self._rows[points_within(self.plot.points, outline)]
        self._session.select(np.intersect1d(self._chosen, self._session.shown))
        self.plot.show_chosen(np.flatnonzero(np.isin(self._rows, self._chosen)))
        self._count()

    @Slot()
    def _follow_selection(self) -> None:
        self.plot.show_chosen(np.flatnonzero(np.isin(self._rows, self._session.selection)))

    @Slot()
    def _show_chosen(self) -> None:
        self._finding.choose(self.tr("Chosen on the map"), np.sort(self._chosen))

    # The photo that is pointed at

    @Slot(int)
    def _point(self, place: int) -> None:
        if place != self._pointed:
            self._pointed = place
            self._looking = None
            self.preview.hide()
            self._pointing.start()

    @Slot()
    def _look(self) -> None:
        project, snapshot, place = self._session.project, self._session.snapshot, self._pointed
        if project is None or snapshot is None or not 0 <= place < len(self._rows):
            return
        row = int(self._rows[place])
        if (known := self._thumbnails.thumbnail(row)) is not None:
            self._show_preview(known)
            return
        key, file = self._thumbnails.key(row), project.file_of(snapshot.paths[row])

        def work() -> QImage:
            kept = load_thumbnails(project, [key], KEPT_SIDES[0]).get(key)
            image = thumbnail_of_jpeg(kept, _THUMBNAIL) if kept is not None else None
            return image if image is not None else thumbnail_of_file(file, _THUMBNAIL.width())

        job = self._looking = self._session.workers.read(work)
        job.finished.connect(lambda image: self._show_preview(image) if job is self._looking else None)

    def _show_preview(self, image: QImage) -> None:
        pixmap = QPixmap.fromImage(image).scaled(
            _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self.preview.setPixmap(pixmap)
        self.preview.adjustSize()
        beside = self.plot.mapFromScene(self.plot.place_of(self._pointed)) + QPoint(12, 12)
        room = self.plot.rect().adjusted(0, 0, -self.preview.width(), -self.preview.height())
        self.preview.move(max(0, min(beside.x(), room.right())), max(0, min(beside.y(), room.bottom())))
        self.preview.show()

    # Qt's events

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_if_visible()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_pointing"):
            self._colour()
