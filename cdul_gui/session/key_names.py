"""The keys of the commands as texts and tool tips name them: those in force, whatever a person chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence


class KeyNames(QObject):
    """The first key of each command, by the command's id, as this system writes it; empty where it has none."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: dict[str, str] = {}

    def set_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """These keys are in force from now on."""
        native = QKeySequence.SequenceFormat.NativeText
        self._names = {command: QKeySequence(of_it[0]).toString(native) for command, of_it in keys.items() if of_it}
        self.changed.emit()

    def __getitem__(self, command: str) -> str:
        return self._names.get(command, "")

    def after(self, text: str, command: str) -> str:
        """A text with the command's key behind it, in parentheses."""
        return f"{text} ({self[command]})" if self[command] else text

    def name_in(self, text: str, command: str, show: Callable[[str], None]) -> None:
        """Show a text, e.g. as a tool tip, with the command's key behind it, now and whenever it is another key."""

        def show_again() -> None:
            show(self.after(text, command))

        self.changed.connect(show_again)
        show_again()
