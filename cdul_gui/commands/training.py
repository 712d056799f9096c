"""The commands of the training."""

from __future__ import annotations

from cdul_gui.commands.command import SEPARATOR, Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

REFINE = Command(
    "refine",
    QT_TRANSLATE_NOOP("Actions", "Learn from my corrections"),
    lambda d: d.training.learn(),
    ("Ctrl+R",),
    "fa6s.graduation-cap",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP(
        "Actions", "Train on labels and decisions, to refine the labels: helps with hundreds of photos, or corrections"
    ),
)

TRAINING_COMMANDS: tuple[Command | None, ...] = (
    REFINE,
    SEPARATOR,
    Command(
        "show-turned-on",
        QT_TRANSLATE_NOOP("Actions", "Show photos where training turned labels on"),
        lambda d: d.training.show_turned(on=True),
        (),
        "fa6s.toggle-on",
        Needs.PROJECT,
    ),
    Command(
        "show-turned-off",
        QT_TRANSLATE_NOOP("Actions", "Show photos where training turned labels off"),
        lambda d: d.training.show_turned(on=False),
        (),
        "fa6s.toggle-off",
        Needs.PROJECT,
    ),
)
