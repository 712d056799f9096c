"""The command that takes over labels of other programs."""

from __future__ import annotations

from cdul_gui.commands.command import Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

IMPORT = Command(
    "import",
    QT_TRANSLATE_NOOP("Actions", "Import…"),
    lambda d: d.ask.import_labels(),
    ("Ctrl+I",),
    "fa6s.file-import",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Take over labels of other programs, as decisions, suggestions or a truth"),
)
