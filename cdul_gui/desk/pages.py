"""The middle of the window: the first page, the gallery, or one photo large."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from cdul_gui.gallery import GalleryView
from cdul_gui.look.keyboard import give_keyboard
from cdul_gui.panels.start import StartPage
from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.drawn_over import DrawnOver
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.viewer.photo_page import PhotoPage
from cdul_gui.wording import translated
from engine.project.filters import explain

_ZOOM_STEP = 1.25
_SIDE_STEP = 32


class Pages(QStackedWidget):
    """Shows one page at a time; `page_changed` says that it is another."""

    page_changed = Signal()

    def __init__(
        self,
        session: Session,
        photo: CurrentPhoto,
        drawn_over: DrawnOver,
        arrangement: Arrangement,
        keys: KeyNames,
    ) -> None:
        super().__init__()
        self._session, self._arrangement, self._keys = session, arrangement, keys
        self.start = StartPage()
        self.gallery = GalleryView(session)
        self.gallery.thumbnail_side = Settings().thumbnail_side
        self.photo = PhotoPage(session, photo, drawn_over, keys)
        for page in (self.start, self.gallery, self.photo):
            self.addWidget(page)
        self.gallery.opened.connect(self.show_photo)
        self.photo.closed.connect(self.show_gallery)
        session.opened.connect(self._show_first)
        session.snapshot_changed.connect(self._explain_emptiness)
        session.job_changed.connect(self._explain_emptiness)
        arrangement.changed.connect(self._follow_arrangement)
        keys.changed.connect(self._explain_emptiness)

    def minimumSizeHint(self) -> QSize:
        # Qt asks for the height of the highest page, shown or not: the first page is high once folders were opened, and
        # each bar beside the photos would then push the status bar below the edge of the screen.
        size, page = super().minimumSizeHint(), self.currentWidget()
        return size if page is None else QSize(size.width(), page.minimumSizeHint().height())

    @property
    def shows_photo(self) -> bool:
        """Whether one photo is shown large."""
        return self.currentWidget() is self.photo

    @property
    def shows_gallery(self) -> bool:
        """Whether all photos are shown."""
        return self.currentWidget() is self.gallery

    @Slot(int)
    def show_photo(self, row: int) -> None:
        """Show one photo large; what is said there is said of it alone."""
        self._session.go_to(row)
        self._show(self.photo)

    def show_current_photo(self) -> None:
        """Show the current photo large."""
        if self._session.current is not None:
            self.show_photo(self._session.current)

    @Slot()
    def show_gallery(self) -> None:
        """Back to all photos."""
        self._show(self.gallery)

    @Slot()
    def take_keyboard(self) -> None:
        """Put the keyboard on what is shown."""
        if (page := self.currentWidget()) is not None:
            give_keyboard(page)

    def enlarge(self, by: int) -> None:
        """Zoom the photo in (1) or out (-1), or make the thumbnails larger or smaller."""
        if self.shows_photo:
            self.photo.canvas.zoom_by(_ZOOM_STEP**by)
        else:
            self.gallery.thumbnail_side += by * _SIDE_STEP

    @Slot()
    def _show_first(self) -> None:
        if self._session.project is None:
            self.start.show_recent()
            self._show(self.start)
        else:
            self._show(self.gallery)

    @Slot()
    def _follow_arrangement(self) -> None:
        self.gallery.grouping = self._arrangement.grouping
        self._explain_emptiness()

    @Slot()
    def _explain_emptiness(self) -> None:
        if self._arrangement.error is not None:
            self.gallery.message = translated(self._arrangement.error.sentence)
        elif self._arrangement.filtered:
            photos = translated(explain(self._arrangement.shown_photos.condition))
            none = self.tr("There are no {photos}.").format(photos=photos)
            if self._arrangement.words:
                none += "\n" + self.tr("Enter looks for photos that show it.")
            way_out = self._keys.after(self.tr("Change the filter, or show all photos again"), "show-all")
            self.gallery.message = f"{none}\n{way_out}."
        elif self._session.job is not None:
            self.gallery.message = self.tr("Looking for photos…")
        else:
            none = self.tr("There are no photos in this folder or the folders below it.")
            way_out = self._keys.after(self.tr("Open another one"), "open")
            self.gallery.message = f"{none}\n{way_out}."

    def _show(self, page: QWidget) -> None:
        if page is not self.currentWidget():
            self.setCurrentWidget(page)
            self.page_changed.emit()
        give_keyboard(page)
