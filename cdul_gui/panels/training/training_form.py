"""The settings of a training: the paper's names, and what each does in plain words."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal, Slot
from PySide6.QtGui import QDoubleValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.controls import muted
from cdul_gui.look.drops import Line
from cdul_gui.session.training_choice import NETWORKS, WAYS, TrainingChoice
from cdul_gui.wording import sentence_of, translated
from engine.errors import WrongUsage
from engine.models.training.training_settings import PAPER_NETWORK, TrainingSettings
from engine.wording import Sentence

_FIELDS_IN_A_LINE = 2
_WIDE = {"preset": 3, "network": 3}
"""Cells of the grid, of which a label and a field have one each, for what is longer than a number."""


class TrainingForm(QWidget):
    """A preset, or every setting by hand; `choice` is what it says, and `changed` says that it is another."""

    changed = Signal()

    def __init__(self, choice: TrainingChoice) -> None:
        super().__init__()
        self._words = self._all_words()
        self._filling = False
        self.problem = ""
        """Why the settings cannot be used, a sentence; empty where they can."""
        self.preset = QComboBox()
        for text, preset in (
            (self.tr("Best on real photos"), "default"),
            (self.tr("As in the paper"), "paper"),
            (self.tr("My own settings"), None),
        ):
            self.preset.addItem(text, preset)
        self.train = QComboBox()
        for text, way in zip((self.tr("head"), self.tr("full")), WAYS, strict=True):
            self.train.addItem(text, way)
        self.network = QComboBox()
        self.network.setEditable(True)
        self.network.setLineEdit(Line())
        self.network.addItems(NETWORKS)
        self.editors: dict[str, QComboBox | QSpinBox | QLineEdit] = {
            each.name: _editor(each.default) for each in fields(TrainingSettings) if not each.metadata["published"]
        }
        for name, combo in (("objective", ("bce", "kl", "reverse-kl")), ("optimizer", ("adam", "sgd"))):
            editor = self.editors[name]
            assert isinstance(editor, QComboBox)
            editor.addItems(combo)
        self.explanation = muted(wraps=True)
        self.explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.explanation.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 2)
        self._lay_out()
        self.show_choice(choice)
        self._explain("preset")
        self.preset.activated.connect(self._use_preset)
        self.train.activated.connect(self._use_preset)
        self.network.editTextChanged.connect(self._edited)
        for one in self.editors.values():
            if isinstance(one, QComboBox):
                one.currentTextChanged.connect(self._made_own)
            elif isinstance(one, QSpinBox):
                one.valueChanged.connect(self._made_own)
            else:
                one.textEdited.connect(self._made_own)

    @property
    def choice(self) -> TrainingChoice:
        """What the form says. WrongUsage where a setting cannot be so; the sentence says which."""
        return TrainingChoice(self.preset.currentData(), self._settings(), self._network(), self.train.currentData())

    def show_choice(self, choice: TrainingChoice) -> None:
        """Fill the form."""
        self.preset.setCurrentIndex(self.preset.findData(choice.preset))
        self.train.setCurrentIndex(self.train.findData(choice.train))
        self.network.setEditText(choice.network)
        self._show_settings(choice.settings)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self._explain(watched.objectName())
        # Turning the wheel over a form scrolls it; it must not change a setting by the way.
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        names = self._names()
        widgets = {"preset": self.preset, "network": self.network, "train": self.train, **self.editors}
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        cell = 0
        height = max(widget.sizeHint().height() for widget in widgets.values())
        for name, widget in widgets.items():
            widget.setFixedHeight(height)
            widget.setObjectName(name)
            widget.setToolTip(self._words[name])
            widget.setAccessibleName(names[name])
            widget.setAccessibleDescription(self._words[name])
            widget.setMinimumWidth(60)
            if isinstance(widget, QComboBox):
                widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                widget.setMinimumContentsLength(6)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(self)
            label = QLabel(names[name])
            label.setToolTip(self._words[name])
            label.setBuddy(widget)
            line, column = divmod(cell, 2 * _FIELDS_IN_A_LINE)
            width = _WIDE.get(name, 1)
            grid.addWidget(label, line, column)
            grid.addWidget(widget, line, column + 1, 1, width)
            cell += 1 + width
        for column in range(_FIELDS_IN_A_LINE):
            grid.setColumnStretch(2 * column + 1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(self.tr("Settings"))
        scroll.setMinimumWidth(inside.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.explanation)

    def _names(self) -> dict[str, str]:
        return {
            "preset": self.tr("Preset"),
            "train": self.tr("Train"),
            "network": self.tr("Network"),
            "objective": self.tr("Objective"),
            "sigma": self.tr("Sigma σ"),
            "step_size": self.tr("Step size η"),
            "warm_up": self.tr("Warm-up"),
            "update_every": self.tr("Update every"),
            "optimizer": self.tr("Optimizer"),
            "learning_rate": self.tr("Learning rate"),
            "weight_decay": self.tr("Weight decay"),
            "epochs": self.tr("Epochs"),
            "batch": self.tr("Batch"),
            "patience": self.tr("Patience"),
            "seed": self.tr("Seed"),
        }

    def _all_words(self) -> dict[str, str]:
        return {
            "preset": self.tr("Settings that fit each other; change one and they are your own."),
            "train": self.tr(
                "What learns: the last layer (head), in seconds on any computer; or the whole network (full), which "
                "wants a graphics card and has not been found to be better."
            ),
            "network": self.tr("What looks at the photos: one of these, or any other that timm knows by name."),
            **{name: translated(words) for name, words in TrainingSettings.words().items()},
        }

    def _explain(self, name: str) -> None:
        if not self.problem:
            self.explanation.setText(self._words.get(name, ""))

    def _settings(self) -> TrainingSettings:
        return TrainingSettings(**{name: _value(editor) for name, editor in self.editors.items()})

    def _network(self) -> str:
        network = self.network.currentText().strip()
        if not network:
            raise WrongUsage(Sentence("Type the name of a network, resnet101 for example."))
        return network

    def _show_settings(self, settings: TrainingSettings) -> None:
        self._filling = True
        for name, value in settings.to_json().items():
            if name in self.editors:  # what only a comparison with the paper asks for is the command line's affair
                _show(self.editors[name], value)
        self._filling = False
        self._edited()

    @Slot()
    def _use_preset(self) -> None:
        if self.preset.currentData() is not None:
            choice = TrainingChoice(self.preset.currentData(), train=self.train.currentData())
            self._show_settings(choice.settings)
            # The paper names its network, where the whole of one is trained; what was typed otherwise stays.
            papers_own = (choice.preset, choice.train) == ("paper", "full")
            if papers_own or self.network.currentText() == PAPER_NETWORK:
                self.network.setEditText(PAPER_NETWORK if papers_own else choice.network)
        self._edited()

    @Slot()
    def _made_own(self) -> None:
        if not self._filling:
            self.preset.setCurrentIndex(self.preset.findData(None))
            self._edited()

    @Slot()
    def _edited(self) -> None:
        if self._filling:
            return
        try:
            _ = self.choice
        except WrongUsage as error:
            self.problem = sentence_of(error)
            self.explanation.setText(self.problem)
        else:
            if self.problem:
                self.problem = ""
                self._explain("preset")
        self.changed.emit()


def _editor(default: Any) -> QComboBox | QSpinBox | QLineEdit:
    """What a value of this kind is edited with."""
    if isinstance(default, str):
        return QComboBox()
    if isinstance(default, int):
        editor = QSpinBox()
        editor.setRange(0, 1_000_000)
        editor.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        return editor
    line = Line()
    validator = QDoubleValidator(0, 1000, 12, line)
    validator.setLocale(QLocale.c())
    line.setValidator(validator)
    return line


def _value(editor: QComboBox | QSpinBox | QLineEdit) -> Any:
    if isinstance(editor, QComboBox):
        return editor.currentText()
    if isinstance(editor, QSpinBox):
        return editor.value()
    return float(editor.text() or "nan")


def _show(editor: QComboBox | QSpinBox | QLineEdit, value: Any) -> None:
    if isinstance(editor, QComboBox):
        editor.setCurrentText(value)
    elif isinstance(editor, QSpinBox):
        editor.setValue(value)
    else:
        editor.setText(f"{value:g}")
