"""The line below a photo that says whose heatmap is drawn over it, and how."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from cdul_gui.look.controls import IconButton, OneLine
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.viewer.photo_canvas import PhotoCanvas
from cdul_gui.wording import shown_name

_ROOMY = 460
"""Pixels."""


class HeatmapStrip(QWidget):
    """Which label's heatmap is shown, on which grid, how strongly."""

    def __init__(self, session: Session, canvas: PhotoCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._label = OneLine()
        self._grid = QComboBox()
        self._grid.setAccessibleName(self.tr("Snippet grid"))
        self._grid.setToolTip(self.tr("The grid whose snippets are shown"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(self.tr("Opacity of the heatmap"))
        self.opacity.setToolTip(self.tr("Opacity of the heatmap"))
        self.opacity.setMinimumWidth(60)
        self.opacity.setMaximumWidth(140)
        drawn_over = canvas.drawn_over
        self.smooth = IconButton("fa6s.water", self.tr("Smooth heatmap"))
        self.smooth.clicked.connect(drawn_over.toggle_smooth)
        self.boxes = IconButton("fa6s.vector-square", self.tr("Boxes of the detector"))
        self.boxes.clicked.connect(drawn_over.toggle_boxes)
        for button in (self.smooth, self.boxes):
            button.setCheckable(True)
        drawn_over.changed.connect(self._check)
        self._check()
        self._opacity_name = QLabel(self.tr("Opacity"))
        self._opacity_name.setBuddy(self.opacity)

        controls = QHBoxLayout()
        controls.setSpacing(8)
        for widget in (self._grid, self.smooth, self.boxes, self._opacity_name, self.opacity):
            controls.addWidget(widget)
        controls.addStretch(1)
        self._lines = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._lines.setContentsMargins(8, 4, 8, 4)
        self._lines.addWidget(self._label)
        self._lines.addLayout(controls)
        self._stand_in_lines()

        self.opacity.valueChanged.connect(canvas.set_opacity)
        self.opacity.valueChanged.connect(self._remember)
        self.opacity.setValue(Settings().heatmap_opacity)
        self._grid.activated.connect(lambda _index: setattr(canvas, "grid", self._grid.currentData()))
        canvas.heatmap_shown.connect(self._show_state)
        session.job_changed.connect(self._show_state)
        self._show_state()

    @property
    def text(self) -> str:
        """What the strip says."""
        return self._label.text()

    @Slot()
    def _check(self) -> None:
        self.smooth.setChecked(self._canvas.drawn_over.smooth)
        self.boxes.setChecked(self._canvas.drawn_over.with_boxes)

    def _stand_in_lines(self) -> None:
        """Where it is narrow what is said has a line of its own: in what the controls leave it could not be read."""
        roomy = self.width() >= _ROOMY
        self._lines.setDirection(QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom)
        self._lines.setStretchFactor(self._label, int(roomy))
        self._lines.setSpacing(8 if roomy else 0)

    def _give_room(self) -> None:
        """Where it is narrow the slider tells what it is when it is pointed at."""
        self._opacity_name.setVisible(self.width() >= _ROOMY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stand_in_lines()
        self._give_room()

    @Slot(int)
    def _remember(self, percent: int) -> None:
        Settings().heatmap_opacity = percent

    @Slot()
    def _show_state(self) -> None:
        snapshot, column = self._session.snapshot, self._session.heatmap_label
        grids = self._canvas.grids()
        row = self._session.current
        if row is None or (snapshot is not None and snapshot.problems[row] is not None):
            text = ""
        elif not grids and snapshot is not None and not snapshot.has_scores(row):
            text = self.tr("Not labelled yet")
        elif not grids and snapshot is not None and snapshot.stage is not None:
            if self._canvas.reading:
                text = self.tr("Reading the heatmap…")
            elif self._session.job is not None:
                text = self.tr("Heatmap: when this work has ended")  # there is nothing to press
            else:
                text = self.tr("No heatmap: press Label to make it")
        elif not grids:
            text = self.tr("Not labelled yet")
        elif snapshot is None or column is None:
            text = self.tr("No label chosen")
        elif not self._canvas.with_heatmap:
            text = self.tr("Heatmap is off")
        else:
            text = self.tr("Heatmap: {label}")
            if self._canvas.says_nothing:
                text = self.tr("{label}: the heatmap hardly glows")
                if self._canvas.boxes:
                    text = self.tr("{label}: boxes, the heatmap is dim")
            text = text.replace("{label}", shown_name(snapshot.labels[column].name))
        self._label.setText(text)
        if not self._canvas.reading:
            self._show_controls(grids)

    def _show_controls(self, grids: list[int]) -> None:
        if [self._grid.itemData(index) for index in range(self._grid.count())] != grids:
            self._grid.clear()
            for grid in grids:
                self._grid.addItem(f"{grid} × {grid}", grid)
            self._grid.setCurrentIndex(self._grid.findData(self._canvas.grid or max(grids, default=0)))
        self._grid.setVisible(len(grids) > 1)
        # They stay where they are: controls that go and come lay out the whole window, twice a photo.
        # Boxes need no heatmap.
        for widget in (self.smooth, self._opacity_name, self.opacity):
            widget.setEnabled(bool(grids))
