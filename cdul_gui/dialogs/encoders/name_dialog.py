"""A name among many, typed with completion: another model of open_clip, or what network a file is of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCompleter, QDialog, QDialogButtonBox, QWidget

from cdul_gui.look.controls import dialog_layout, muted
from cdul_gui.look.drops import Line


class NameDialog(QDialog):
    """Asks for one of these names; only such a one is accepted."""

    def __init__(
        self, title: str, asked: str, names: Sequence[str], accept_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._names = {name.lower(): name for name in names}
        self.line = Line()
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(names[0] if names else "")
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.line.setCompleter(completer)
        said = muted(asked, wraps=True)
        self.left = muted()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = buttons.addButton(accept_text, QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setObjectName("primary")
        self.take.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = dialog_layout(self, 10)
        layout.addWidget(said)
        layout.addWidget(self.line)
        layout.addWidget(self.left)
        layout.addWidget(buttons)
        self.setMinimumWidth(480)
        self.line.textChanged.connect(self._check)
        self._check()

    @property
    def name(self) -> str:
        """What was chosen; empty while it is none of the names."""
        return self._names.get(self.line.text().strip().lower(), "")

    @Slot()
    def _check(self) -> None:
        typed = self.line.text().strip().lower()
        fitting = sum(typed in name for name in self._names)
        self.take.setEnabled(bool(self.name))
        self.left.setText(self.tr("{count} names contain this").format(count=f"{fitting:,}") if not self.name else "")
