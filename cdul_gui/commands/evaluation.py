"""The commands of the comparison with a truth."""

from __future__ import annotations

from cdul_gui.commands.command import Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

EVALUATION_COMMANDS: tuple[Command | None, ...] = (
    Command(
        "evaluate",
        QT_TRANSLATE_NOOP("Actions", "Compare with a truth"),
        lambda d: d.show_or_close(d.evaluation_panel, d.evaluation_panel),
        ("Ctrl+Shift+U",),
        "fa6s.scale-balanced",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Show how well the scores agree with what somebody else knows of the photos"),
    ),
    Command(
        "import-truth",
        QT_TRANSLATE_NOOP("Actions", "Import a truth…"),
        lambda d: d.ask.import_truth(),
        (),
        "fa6s.file-circle-check",
        Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
        QT_TRANSLATE_NOOP("Actions", "Keep what is known of the photos, to compare with; nothing is trained on it"),
    ),
    Command(
        "write-report",
        QT_TRANSLATE_NOOP("Actions", "Write a report…"),
        lambda d: d.ask.write_report(),
        (),
        "fa6s.file-lines",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Write the comparison with its plots as one HTML file"),
    ),
)
