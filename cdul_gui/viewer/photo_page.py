"""The page that shows one photo large, with a strip to choose what is drawn over it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cdul_gui.look.controls import IconButton, plain
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.drawn_over import DrawnOver
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.session import Session
from cdul_gui.viewer.heatmap_strip import HeatmapStrip
from cdul_gui.viewer.photo_canvas import PhotoCanvas


class PhotoPage(QWidget):
    """One photo large; `closed` asks to go back to the gallery."""

    closed = Signal()

    def __init__(self, session: Session, photo: CurrentPhoto, drawn_over: DrawnOver, keys: KeyNames) -> None:
        super().__init__()
        self._session, self._photo = session, photo
        self.canvas = PhotoCanvas(session, photo, drawn_over)
        self.strip = HeatmapStrip(session, self.canvas)
        self._name = plain()
        back = IconButton("fa6s.arrow-left", self.tr("Back to the gallery"))
        back.clicked.connect(self.closed)
        before = IconButton("fa6s.chevron-left", self.tr("Previous photo"))
        before.clicked.connect(lambda: self.canvas.stepped.emit(-1))
        after = IconButton("fa6s.chevron-right", self.tr("Next photo"))
        after.clicked.connect(lambda: self.canvas.stepped.emit(1))

        for button, command in ((back, "show-gallery"), (before, "previous"), (after, "next")):
            keys.name_in(button.toolTip(), command, button.setToolTip)

        top = QHBoxLayout()
        top.setContentsMargins(8, 6, 8, 6)
        for widget in (back, before, after):
            top.addWidget(widget)
        top.addSpacing(6)
        top.addWidget(self._name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.strip)

        self.canvas.double_clicked.connect(self.closed)
        photo.pixels_changed.connect(self._show_name)
        session.shown_changed.connect(self._show_name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No proxy of Qt's: Tab would come to it twice, here and at the photo.
        self.canvas.setFocus(event.reason())

    @Slot()
    def _show_name(self) -> None:
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            self._name.clear()
            return
        shown = self._session.shown
        place = int((shown == row).argmax()) + 1 if len(shown) else 0
        text = self.tr("{path}  ·  {place} of {total}").format(path=snapshot.paths[row], place=place, total=len(shown))
        pixels = self._photo.pixels
        if pixels is not None:
            text += f"  ·  {pixels.width} × {pixels.height}"
        self._name.setText(text)
