"""The map of the photos: photos that look alike lie together; draw around some to choose them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.look.controls import OneLine, muted, text_button
from cdul_gui.panels.map.map_colours import ColourBy, colouring, dull_colour
from cdul_gui.panels.map.map_legend import MapLegend
from cdul_gui.panels.map.map_preview import THUMBNAIL, MapPreview
from cdul_gui.panels.map.map_thumbnails import MapThumbnails
from cdul_gui.session.finding import Finding
from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.settings import Settings
from cdul_gui.wording import photos_in_words
from engine.jobs import Cancellation
from engine.method.outline import points_within
from engine.method.photo_map import Layout, can_lay_out
from engine.stages.finding.photo_map import PhotoMap, map_photos


class PhotoMapPanel(QWidget):
    """Drawn in a worker when it is first visible, and again when photos came or were labelled anew.

    Built when it is first shown, so that the window opens no later for it.
    """

    def __init__(self, session: Session, finding: Finding, thumbnails: ThumbnailSource) -> None:
        super().__init__()
        self._session, self._finding, self._thumbnails = session, finding, thumbnails
        self._drawing = Latest(self)
        self._cancellation = Cancellation()
        self._map: PhotoMap | None = None
        self._old = True
        self._rows = self._chosen = self._selected = NO_ROWS
        """Of the photos that are drawn, of those that were drawn around, and of what was selected by that: as soon as
        something else is selected, what was drawn around is chosen no more."""
        self._built = False

    @property
    def for_the_keyboard(self) -> QWidget:
        """What takes the keyboard where the map is asked for."""
        self._build_once()
        return self.plot

    def _build_once(self) -> None:
        if not self._built:
            self._built = True
            self._build()

    def _build(self) -> None:
        from cdul_gui.panels.map.map_plot import MapPlot  # brings what draws plots

        session = self._session
        self.plot = MapPlot()
        # Room for the photo that is pointed at.
        self.plot.setMinimumHeight(THUMBNAIL.height() + 20)
        self.plot.setAccessibleName(self.tr("Map of the photos"))
        self.empty = muted(wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = OneLine(QPalette.ColorRole.PlaceholderText)
        self.colour_by = QComboBox()
        for by, name in (
            (ColourBy.STATE, self.tr("Colour by state")),
            (ColourBy.SCORE, self.tr("Colour by score")),
            (ColourBy.DOUBT, self.tr("Colour by doubt")),
            (ColourBy.FOLDER, self.tr("Colour by folder")),
        ):
            self.colour_by.addItem(name, by)
        self.colour_by.setCurrentIndex(max(0, self.colour_by.findData(Settings().map_colours)))
        self.colour_by.setAccessibleName(self.tr("What the colours of the map tell"))
        self.colour_by.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.legend = MapLegend()
        self.show_them = text_button(
            self.tr("Show these"), self.tr("Show only the photos that are drawn around"), self._show_chosen
        )
        self.whole = text_button(self.tr("Whole map"), self.tr("Zoom out to all photos"), self.plot.show_all)
        self.by_neighbours = QCheckBox(self.tr("Keep neighbours together"))
        self.by_neighbours.setToolTip(self.tr("By UMAP: clearer groups, but it takes a minute for many photos"))
        self.by_neighbours.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.photos = MapThumbnails(session, self.plot)
        self.preview = MapPreview(session, self._thumbnails, self.plot)
        self._lay_out()
        self.by_neighbours.setVisible(can_lay_out(Layout.NEIGHBOURS))  # without a parent it would be a window
        self.plot.pointed.connect(self._point)
        self.colour_by.activated.connect(self._choose_colours)
        self.plot.clicked.connect(self._go_to)
        self.plot.outlined.connect(self._choose)
        self.by_neighbours.toggled.connect(self._draw_again)
        session.opened.connect(self._forget)
        session.job_changed.connect(self._follow_stage)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.label_changed.connect(self._follow_label)
        session.answers_changed.connect(self._follow_label)
        session.suggestions_changed.connect(self._follow_label)
        session.selection_changed.connect(self._follow_selection)
        self._forget()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.colour_by)
        top.addWidget(self.legend)
        top.addWidget(self.told, 1)
        for widget in (self.by_neighbours, self.show_them, self.whole):
            top.addWidget(widget)
        self._pages = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addLayout(top)
        layout.addLayout(self._pages, 1)
        self._pages.addWidget(self.empty)  # the first is shown at once: without a parent it would be a window
        self._pages.addWidget(self.plot)

    @property
    def chosen(self) -> Rows:
        """The rows that are drawn around last."""
        return self._chosen

    def shut_down(self) -> None:
        """Make no more thumbnails, and wait until what was made is written."""
        if self._built:
            self.photos.shut_down()

    # Drawing the map

    @Slot()
    def _forget(self) -> None:
        self._drawing.drop()
        self._map, self._old = None, True
        self._rows = self._chosen = self._selected = NO_ROWS
        self.plot.show_points(np.zeros((0, 2), np.float32))
        self._point(-1)
        self._tell(self.tr("Drawing the map…"))
        self._draw_if_visible()

    @Slot()
    def _follow_stage(self) -> None:
        if self._session.job is None:
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
        self._cancellation.cancel()
        layout = Layout.NEIGHBOURS if self.by_neighbours.isChecked() else Layout.PRINCIPAL
        known, ids = self._map, snapshot.photo_ids
        cancellation = self._cancellation = Cancellation()
        job = self._session.workers.read(lambda: map_photos(project, ids, layout, cancellation, known=known))
        self._drawing.follow(job, self._show_map, self._fail)

    def _show_map(self, found: PhotoMap) -> None:
        if found is not self._map:
            self._chosen = NO_ROWS
        self._map = found
        self._place_photos()

    def _fail(self, failure: Failure) -> None:
        self._map = None
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
        rows = snapshot.rows_of(found.photo_ids[there])
        if not np.array_equal(rows, self._rows) or self.plot.points is not found.places:
            self._rows, self._chosen = rows, NO_ROWS
            self.plot.show_points(found.places if there.all() else found.places[there])
            self.photos.show_rows(rows)
        self._tell("")
        self._colour()
        self._mark_chosen()

    def _tell(self, sentence: str) -> None:
        """Say why there is no map; nothing where there is one."""
        self.empty.setText(sentence)
        self._pages.setCurrentWidget(self.empty if sentence else self.plot)
        for widget in (self.told, self.legend, self.colour_by, self.show_them, self.whole):
            widget.setEnabled(not sentence)
        self._count()

    def _count(self) -> None:
        self.show_them.setEnabled(bool(len(self._chosen)))
        if self._map is None:
            self.told.setText("")
        elif len(self._chosen):
            self.told.setText(
                self.tr("{chosen} of {photos} chosen").format(
                    chosen=f"{len(self._chosen):,}", photos=photos_in_words(len(self._rows))
                )
            )
        else:
            self.told.setText(
                self.tr("{photos}  ·  drag around some to choose them").format(photos=photos_in_words(len(self._rows)))
            )

    # Colours

    @Slot()
    def _choose_colours(self) -> None:
        Settings().map_colours = self.colour_by.currentData()
        self._colour()

    @Slot()
    def _follow_label(self) -> None:
        # Folders are the same for every label, and answers move no photo.
        if self.colour_by.currentData() != ColourBy.FOLDER:
            self._colour()

    def _colour(self) -> None:
        snapshot, palette = self._session.snapshot, self.palette()
        if self._map is None or snapshot is None:
            self.legend.clear()
            return
        found = colouring(snapshot, self._rows, self._session.label, ColourBy(self.colour_by.currentData()), palette)
        if found is None:
            self.plot.show_colours(np.zeros(len(self._rows), np.int8), [dull_colour(palette)])
            self.legend.setText(self.tr("Choose a label to see where it is"))
        else:
            self.plot.show_colours(found.groups, found.colours)
            self.legend.show_colouring(found)

    # Choosing

    @Slot(int)
    def _go_to(self, place: int) -> None:
        self._session.go_to(int(self._rows[place]))

    @Slot(object)
    def _choose(self, outline: np.ndarray) -> None:
        chosen = self._rows[points_within(self.plot.points, outline)]
        shown = self._session.shown[np.isin(self._session.shown, chosen)]
        if len(shown) and self._session.current not in shown:
            self._session.look_at(int(shown[0]))  # what is said then goes for the photos that are selected
        self._session.select(np.sort(shown))
        self._chosen, self._selected = chosen, np.sort(shown)
        self._mark_chosen()

    @Slot()
    def _follow_selection(self) -> None:
        if not np.array_equal(np.sort(self._session.selection), self._selected):
            self._chosen = NO_ROWS
        self._mark_chosen()

    def _mark_chosen(self) -> None:
        marked = self._chosen if len(self._chosen) else self._session.selection
        self.plot.show_chosen(np.flatnonzero(np.isin(self._rows, marked)))
        self._count()

    @Slot(int)
    def _point(self, place: int) -> None:
        self.preview.point(int(self._rows[place]) if place >= 0 else None, place)

    @Slot()
    def _show_chosen(self) -> None:
        self._finding.choose(self.tr("Chosen on the map"), np.sort(self._chosen))

    # Qt's events

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def showEvent(self, event: QShowEvent) -> None:
        self._build_once()
        super().showEvent(event)
        self._draw_if_visible()
        self.plot.view_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "legend"):
            self._colour()
