"""Where encoders are fetched from: a mirror of the hub, and a proxy on the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from cdul_gui.look.controls import muted
from cdul_gui.look.drops import Line
from cdul_gui.session.encoders import Encoders
from cdul_gui.wording import sentence_of
from engine.errors import UserError
from engine.models.encoders import remembered
from engine.models.encoders.proxy import chosen_proxy


class SourceDialog(QDialog):
    """Asks for both, and keeps them; what is no address is told, and nothing is kept."""

    def __init__(self, encoders: Encoders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._encoders = encoders
        self.setWindowTitle(self.tr("Where encoders are fetched from"))
        self.mirror = Line(remembered.mirror() or "")
        self.mirror.setPlaceholderText(encoders.source)
        self.proxy = Line(chosen_proxy() or "")
        self.proxy.setPlaceholderText(encoders.proxy or self.tr("the system's; it has none"))
        lead = muted(self.tr("With nothing written: the hub itself, and the system's proxy. What comes is checked."))
        lead.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("Mirror of huggingface.co"), self.mirror)
        form.addRow(self.tr("Proxy"), self.proxy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(lead)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)

    def accept(self) -> None:
        try:
            self._encoders.fetch_from(self.mirror.text(), self.proxy.text())
        except UserError as error:
            self.problem.setText(sentence_of(error))
            self.problem.show()
            self.adjustSize()
        else:
            super().accept()
