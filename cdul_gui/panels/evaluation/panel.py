"""The evaluation dock: a truth and a stage, the figures of each label, and the photos behind every number."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.controls import IconButton, OneLine
from cdul_gui.look.tips import plain_tip
from cdul_gui.panels.evaluation.confusions import ConfusionList
from cdul_gui.panels.evaluation.evaluation_table import EvaluationTable
from cdul_gui.session.evaluating import Evaluating
from cdul_gui.session.session import Session
from cdul_gui.wording import labels_in_words, percent_interval, photos_in_words, shown_name, translated
from engine.project.runs import STAGES
from engine.stages.evaluation.evaluate import IN_FORCE
from engine.stages.evaluation.result import Evaluation, Outcome, percent

_WIDE = 860
"""Pixels from which on there is room for the curve of a label."""


class EvaluationPanel(QWidget):
    """Built when it is first shown, so that the window opens no later for it; compares while it is visible."""

    import_wanted = Signal()
    mend_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, session: Session, evaluating: Evaluating) -> None:
        super().__init__()
        self._session, self._evaluating = session, evaluating
        self._built = False

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def showEvent(self, event: QShowEvent) -> None:
        if not self._built:
            self._built = True
            self._build()
        super().showEvent(event)
        self._evaluating.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._evaluating.watch(False)

    def _build(self) -> None:
        from cdul_gui.panels.evaluation.evaluation_label import LabelFigures  # brings what draws plots

        evaluating = self._evaluating
        self.truth = QComboBox()
        self.truth.setAccessibleName(self.tr("Truth to compare with"))
        self.stage = QComboBox()
        self.stage.setAccessibleName(self.tr("Stage whose scores are compared"))
        self.stage.addItem(self.tr("what suggests now"), IN_FORCE)
        for stage in STAGES:
            self.stage.addItem(stage, stage)
        self.beside = QComboBox()
        self.beside.setAccessibleName(self.tr("Scores to compare the stage with"))
        for combo in (self.truth, self.stage, self.beside):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(9)
        # Shown in full where there is room.
        self.stage.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.mend = IconButton("fa6s.link", self.tr("Say which label each label of the truth means"))
        self.report = IconButton("fa6s.file-lines", self.tr("Write a report as one HTML file"))
        self.forget = IconButton("fa6s.trash-can", self.tr("Forget this truth; labels and decisions stay"))
        self.add = IconButton("fa6s.file-import", self.tr("Import a truth"))
        self.summary = OneLine()
        self.notes = OneLine(QPalette.ColorRole.PlaceholderText)
        self.table = EvaluationTable()
        self.figures = LabelFigures()
        self.confusions = ConfusionList()

        chosen = QHBoxLayout()
        chosen.setSpacing(6)
        for text, combo in (
            (self.tr("Truth"), self.truth),
            (self.tr("Stage"), self.stage),
            (self.tr("beside"), self.beside),
        ):
            chosen.addWidget(QLabel(text))
            chosen.addWidget(combo)
        chosen.addStretch(1)
        for button in (self.mend, self.report, self.forget, self.add):
            chosen.addWidget(button)
        parts = QHBoxLayout()
        parts.setSpacing(14)
        parts.addWidget(self.table, 13)
        parts.addWidget(self.figures, 8)
        parts.addWidget(self.confusions, 6)
        there = QWidget()
        column = QVBoxLayout(there)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(chosen)
        column.addWidget(self.summary)
        column.addWidget(self.notes)
        column.addLayout(parts, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(there)
        self.pages.addWidget(self._empty_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)

        self.truth.activated.connect(lambda _place: evaluating.choose(truth=self.truth.currentText()))
        self.stage.activated.connect(lambda _place: evaluating.choose(stage=self.stage.currentData()))
        self.beside.activated.connect(lambda _place: evaluating.put_beside(self.beside.currentData()))
        for button, signal in (
            (self.mend, self.mend_wanted),
            (self.report, self.report_wanted),
            (self.add, self.import_wanted),
        ):
            button.clicked.connect(signal)
        self.forget.clicked.connect(self._ask_to_forget)
        self.table.chosen.connect(self._show_label)
        self.figures.wanted.connect(self._show_photos)
        self.confusions.wanted.connect(self._show_confusion)
        evaluating.truths_changed.connect(self._list_truths)
        evaluating.changed.connect(self._show)
        self._session.job_changed.connect(self._enable)
        self._list_truths()
        self._show()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._built:
            self._fit()

    def _fit(self) -> None:
        """Where there is little room the figures of all labels need it more than the curve of one."""
        self.figures.plot.setVisible(self.width() >= _WIDE)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        words = QLabel(
            self.tr(
                "There is no truth to compare with yet. Import one, as COCO, VOC, CSV or folders: "
                "it says which photos really have which labels, and nothing is ever trained on it."
            )
        )
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.first = QPushButton(self.tr("Import a truth…"))
        self.first.setObjectName("primary")
        self.first.clicked.connect(self.import_wanted)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(40, 20, 40, 20)
        layout.setSpacing(14)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addWidget(self.first, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return page

    @Slot()
    def _list_truths(self) -> None:
        self.truth.clear()
        self.truth.addItems([row.name for row in self._evaluating.truths])
        self._show()

    @Slot()
    def _ask_to_forget(self) -> None:
        """No undo brings a truth back; it can be imported again."""
        truth = self._evaluating.truth
        if truth is None:
            return
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Forget a truth"), "", parent=self.window())
        box.setText(self.tr("Forget {truth}?").replace("{truth}", truth.name))
        told = self.tr("Labels and decisions stay. To compare with it again it has to be imported again, from {source}")
        box.setInformativeText(told.replace("{source}", truth.source))
        box.setTextFormat(Qt.TextFormat.PlainText)
        button = box.addButton(self.tr("Forget it"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        button.clicked.connect(self._evaluating.forget_truth)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _list_sides(self) -> None:
        self.beside.clear()
        self.beside.addItem(self.tr("none"), None)
        for side in self._evaluating.sides:
            self.beside.addItem(str(side), side)
        self.beside.setCurrentText(str(self._evaluating.beside) if self._evaluating.beside else self.tr("none"))

    @Slot()
    def _enable(self) -> None:
        may_write = self._session.writable and self._session.job is None
        for button in (self.mend, self.forget, self.add, self.first):
            button.setEnabled(may_write)
        self.report.setEnabled(self._evaluating.evaluation is not None)

    @Slot()
    def _show(self) -> None:
        evaluating, evaluation = self._evaluating, self._evaluating.evaluation
        self.pages.setCurrentIndex(0 if evaluating.truths else 1)
        self._enable()
        if evaluating.truth is not None:
            self.truth.setCurrentText(evaluating.truth.name)
        self.stage.setCurrentIndex(self.stage.findData(evaluating.stage))
        self._list_sides()
        if evaluating.busy:
            self.summary.setText(self.tr("Comparing…"))
            return
        comparison = evaluating.comparison
        self.table.show_labels(evaluation.labels if evaluation else (), comparison.labels if comparison else ())
        self.confusions.show_confusions(evaluation.confusions if evaluation else ())
        self.figures.setVisible(evaluation is not None)
        self.summary.setText(self._summary(evaluation) if evaluation else evaluating.problem)
        notes = [translated(note) for note in evaluation.notes] if evaluation else []
        self.notes.setText("  ".join(notes))
        self.notes.setToolTip(plain_tip("\n".join(notes)))
        self.notes.setVisible(bool(notes))
        if evaluation is not None and self.table.label is not None:
            self.figures.show_label(evaluation, self.table.label)

    @Slot(str)
    def _show_label(self, label: str) -> None:
        if self._evaluating.evaluation is not None:
            self.figures.show_label(self._evaluating.evaluation, label)

    @Slot(str, Outcome)
    def _show_photos(self, label: str, outcome: Outcome) -> None:
        if self._evaluating.evaluation is None:
            return
        told = {
            Outcome.HIT: self.tr("{photos} where {label} is suggested rightly"),
            Outcome.FALSE_ALARM: self.tr("{photos} where {label} is suggested wrongly"),
            Outcome.MISS: self.tr("{photos} where {label} is missed"),
            Outcome.REJECTION: self.tr("{photos} where {label} is rightly not suggested"),
        }[outcome]
        photos = self._evaluating.evaluation.behind(label, outcome)
        self._evaluating.show_photos(photos, told.replace("{label}", shown_name(label)))
        self._evaluating.look_at(label)

    @Slot(str, str)
    def _show_confusion(self, missed: str, suggested: str) -> None:
        if self._evaluating.evaluation is not None:
            told = self.tr("{photos} where {missed} is missed and {suggested} is suggested wrongly")
            told = told.replace("{missed}", shown_name(missed)).replace("{suggested}", shown_name(suggested))
            photos = self._evaluating.evaluation.behind_confusion(missed, suggested)
            self._evaluating.show_photos(photos, told)
            self._evaluating.look_at(suggested)

    def _summary(self, evaluation: Evaluation) -> str:
        figures = self.tr(
            "mAP {map} ({interval}), {labels}, {photos}  ·  "
            "likely: CF1 {cf1}, OF1 {of1}  ·  with maybe: CF1 {maybe_cf1}, OF1 {maybe_of1}  ·  "
            "top 3: CF1 {top_cf1}, OF1 {top_of1}"
        ).format(
            map=percent(evaluation.map),
            interval=percent_interval(evaluation.map_interval),
            labels=labels_in_words(evaluation.labels_counted),
            photos=photos_in_words(evaluation.photos),
            cf1=percent(evaluation.at_thresholds.cf1),
            of1=percent(evaluation.at_thresholds.of1),
            maybe_cf1=percent(evaluation.at_maybe.cf1),
            maybe_of1=percent(evaluation.at_maybe.of1),
            top_cf1=percent(evaluation.at_top_3.cf1),
            top_of1=percent(evaluation.at_top_3.of1),
        )
        comparison = self._evaluating.comparison
        if comparison is None:
            return figures
        difference = self.tr("{difference:+.1f} ({interval}) beside {side}").format(
            difference=100 * comparison.map.difference,
            interval=percent_interval(comparison.map.interval),
            side=self._evaluating.beside,
        )
        return f"{difference}  ·  {figures}"
