"""How many photos somebody takes to review, and how many of these as a second opinion."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

_AT_FIRST, _MOST, _SHARE = 200, 100_000, 10


class TakeDialog(QDialog):
    """Two numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Give me photos"))
        self.count = QSpinBox()
        self.count.setRange(1, _MOST)
        self.count.setValue(_AT_FIRST)
        self.share = QSpinBox()
        self.share.setRange(0, 100)
        self.share.setValue(_SHARE)
        self.share.setSuffix(self.tr(" %"))
        words = QLabel(
            self.tr(
                "Nobody else is given these photos while you answer; a day after your last answer they are anybody's "
                "again. Where you are the second to review you see what others said once "
                "you have called the photo reviewed."
            )
        )
        words.setWordWrap(True)
        form = QFormLayout()
        form.addRow(self.tr("Photos in hand:"), self.count)
        form.addRow(self.tr("Of these as the second reviewer:"), self.share)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(words)
        layout.addWidget(buttons)
