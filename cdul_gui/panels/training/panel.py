"""The training dock: settings, live curves beside those of another training, and what the newest changed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QTabBar, QVBoxLayout, QWidget

from cdul_gui.look.controls import muted
from cdul_gui.panels.training.training_changes import TrainingChanges
from cdul_gui.panels.training.training_form import TrainingForm
from cdul_gui.session.session import Session
from cdul_gui.session.training import Training
from cdul_gui.session.training_choice import TrainingChoice
from engine.project.runs import RunRow
from engine.stages.training.curves import Curves

_MARGIN, _BETWEEN = 10, 14
_LIVE, _NONE = 0, -1
"""In place of a run's id: the one under way, and none."""


class TrainingPanel(QWidget):
    """Built when it is first shown, so that the window opens no later for it."""

    def __init__(self, session: Session, training: Training) -> None:
        super().__init__()
        self._session, self._training = session, training
        self._built = False

    def minimumSizeHint(self) -> QSize:
        # One part at a time is enough, and what stands behind a tab needs no room.
        if not self._built:
            return super().minimumSizeHint()
        parts = [part.minimumSizeHint() for part in self._parts]
        margins = self.contentsMargins().left() + self.contentsMargins().right() + 2 * _MARGIN
        return QSize(max(part.width() for part in parts) + margins, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._built:
            self._show_parts()

    @Slot()
    def _show_parts(self) -> None:
        """All of them beside each other where there is room, else the one whose tab is chosen."""
        trained = self.run.count() > 0
        there = [True, trained, trained]
        needed = sum(part.minimumSizeHint().width() + _BETWEEN for part in self._parts) + 2 * _MARGIN
        narrow = trained and self.width() < needed
        self.tabs.setVisible(narrow)
        for place, part in enumerate(self._parts):
            part.setVisible(there[place] and (not narrow or place == self.tabs.currentIndex()))
        self.nothing_yet.setVisible(not trained)

    def sizeHint(self) -> QSize:
        # All settings are seen, and most of the window is left to the photos.
        return QSize(900, 268)

    def showEvent(self, event: QShowEvent) -> None:
        if not self._built:
            self._built = True
            self._build()
        super().showEvent(event)

    def _build(self) -> None:
        from cdul_gui.panels.training.training_plots import TrainingPlots  # brings what draws plots

        session, training = self._session, self._training
        self.form = TrainingForm(TrainingChoice.kept())
        self.start = QPushButton(self.tr("Learn from my corrections"))
        self.start.setObjectName("primary")
        self.start.clicked.connect(lambda: training.learn(self.form.choice))
        self.run = QComboBox()
        self.run.setAccessibleName(self.tr("Training whose curves are shown"))
        self.beside = QComboBox()
        self.beside.setAccessibleName(self.tr("Training to compare with"))
        self.plots = TrainingPlots()
        self.changes = TrainingChanges(session, training)
        self.nothing_yet = muted(
            self.tr(
                "Nothing was trained yet. A training teaches a classifier what the labels and your corrections say of "
                "the photos, and moves doubtful labels to where the classifier sees them.\n\n"
                "Its curves appear here while it runs, and then what it changed, to be looked through or undone."
            ),
            wraps=True,
        )
        self.nothing_yet.setAlignment(Qt.AlignmentFlag.AlignCenter)

        self._settings = QWidget()
        left = QVBoxLayout(self._settings)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(6)
        left.addWidget(self.form, 1)
        left.addWidget(self.start)
        chosen = QHBoxLayout()
        chosen.setSpacing(6)
        for combo in (self.run, self.beside):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(6)
        for widget in (QLabel(self.tr("Training")), self.run, QLabel(self.tr("beside")), self.beside):
            chosen.addWidget(widget, int(isinstance(widget, QComboBox)))
        self._results = QWidget()
        middle = QVBoxLayout(self._results)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(6)
        middle.addLayout(chosen)
        middle.addWidget(self.plots, 1)
        self._parts = (self._settings, self._results, self.changes)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setAccessibleName(self.tr("Parts of the training dock"))
        for title in (self.tr("Settings"), self.tr("Curves"), self.tr("What changed")):
            self.tabs.addTab(title)
        beside = QHBoxLayout()
        beside.setSpacing(_BETWEEN)
        for part, share in zip((*self._parts, self.nothing_yet), (4, 8, 3, 11), strict=True):
            beside.addWidget(part, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        layout.setSpacing(6)
        layout.addWidget(self.tabs)
        layout.addLayout(beside, 1)

        self.tabs.currentChanged.connect(self._show_parts)
        self.form.changed.connect(self._enable)
        for signal in (session.job_changed, session.opened):
            signal.connect(self._enable)
        self.run.activated.connect(self._draw)
        self.beside.activated.connect(self._draw)
        training.runs_changed.connect(self._list_runs)
        training.curves_changed.connect(self._draw_live)
        self._enable()
        self._list_runs()

    @Slot()
    def _enable(self) -> None:
        self.start.setEnabled(self._session.writable and self._session.job is None and not self.form.problem)

    @Slot()
    def _list_runs(self) -> None:
        """Look at the newest training; the one that is compared with stays."""
        kept, runs = self.beside.currentData(), self._training.runs
        self.run.clear()
        self.beside.clear()
        self.beside.addItem(self.tr("none"), _NONE)
        if self._training.job is not None:
            self.run.addItem(self.tr("under way"), _LIVE)
        for run in runs:
            self.run.addItem(self._name(run), run.id)
            self.beside.addItem(self._name(run), run.id)
        self._show_parts()
        self.beside.setEnabled(bool(runs))
        self.beside.setCurrentIndex(max(0, self.beside.findData(kept)))
        self._draw()

    def _name(self, run: RunRow) -> str:
        settings = run.settings["training"]
        epochs = len(run.settings.get("reports", ()))
        return self.tr("{number}: {objective}, σ {sigma:g}, η {step:g}, {epochs} epochs").format(
            number=run.id,
            objective=settings["objective"],
            sigma=settings["sigma"],
            step=settings["step_size"],
            epochs=epochs,
        )

    @Slot()
    def _draw(self) -> None:
        self.plots.show_curves(self._curves(self.run.currentData()), self._curves(self.beside.currentData()))

    @Slot()
    def _draw_live(self) -> None:
        if self.run.currentData() == _LIVE:
            self._draw()

    def _curves(self, run: int | None) -> Curves | None:
        if run is None or run == _NONE:
            return None
        return self._training.live if run == _LIVE else self._training.curves_of(run)
