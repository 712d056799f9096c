"""A line below a field for labels: it says which of them are no English that the encoders know, and what to ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cdul_gui.look.controls import NarrowButton, warning
from cdul_gui.wording import language_of_window

_MOST = 3
"""Of several doubtful labels so many are named."""


class DoubtLine(QWidget):
    """Hidden until there is a doubt."""

    replaced = Signal(object)
    """The English names are wanted in the place of those that were typed: from each to each."""

    def __init__(self) -> None:
        super().__init__()
        self._instead: dict[str, str] = {}
        self.text = warning()
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.take = NarrowButton()
        self.take.setAutoDefault(False)
        self.take.clicked.connect(self._take)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.take)
        self.hide()

    def sizeHint(self) -> QSize:
        # Qt tells how high it is where each line has one word, and a form takes that.
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def ask_about(self, names: Sequence[str]) -> bool:
        """Say what is doubtful about these labels; whether anything is."""
        from engine.stages.labelling.typed_labels import doubtful_labels

        doubts = doubtful_labels(names, language_of_window())
        self._instead = {doubt.name: doubt.instead for doubt in doubts if doubt.instead is not None}
        unknown = [doubt.name for doubt in doubts if doubt.instead is None]
        told = []
        if self._instead:
            told.append(
                self.tr("Not English, so that the starter does not know it: {labels}.").format(
                    labels=self._some(self._instead)
                )
            )
        if unknown:
            told.append(
                self.tr(
                    "No English word that is known: {labels}. Check the spelling, or give it a prompt in English."
                ).format(labels=self._some(unknown))
            )
        self.text.setText(" ".join(told))
        self.take.setText(
            self.tr("Ask for {labels}").format(labels=self._some(self._instead.values()).replace("&", "&&"))
        )
        self.take.setVisible(bool(self._instead))
        self.setVisible(bool(doubts))
        return bool(doubts)

    def _some(self, names: Collection[str]) -> str:
        words = [self.tr("“{label}”").format(label=name) for name in names]
        return ", ".join(words[:_MOST]) + (", …" if len(words) > _MOST else "")

    @Slot()
    def _take(self) -> None:
        self.hide()
        self.replaced.emit(dict(self._instead))


def with_replaced(names: Sequence[str], instead: Mapping[str, str]) -> list[str]:
    """These names with the English ones in their places, each once."""
    return list(dict.fromkeys(instead.get(name, name) for name in names))
