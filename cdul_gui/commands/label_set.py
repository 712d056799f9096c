"""The commands of the label set and of the keys."""

from __future__ import annotations

from cdul_gui.commands.command import Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

LABEL_SET = Command(
    "label-set",
    QT_TRANSLATE_NOOP("Actions", "Label set…"),
    lambda d: d.ask.edit_label_set(),
    ("Ctrl+Shift+E",),
    "fa6s.list",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Add, rename, merge and order labels, and change what they are asked for with"),
)
WORDS = Command(
    "words",
    QT_TRANSLATE_NOOP("Actions", "What is in these photos?"),
    lambda d: d.ask.describe_photos(),
    ("Ctrl+Shift+W",),
    "fa6s.lightbulb",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Everyday words that tell these photos apart, to make labels of"),
)
RULES = Command(
    "rules",
    QT_TRANSLATE_NOOP("Actions", "Rules…"),
    lambda d: d.ask.edit_rules(),
    (),
    "",
    Needs.PROJECT | Needs.WRITABLE,
    QT_TRANSLATE_NOOP("Actions", "Suggest labels by folders, names, dates, cameras and places"),
)
GIVE_KEYS = Command(
    "give-keys",
    QT_TRANSLATE_NOOP("Actions", "Give keys to the labels in use"),
    lambda d: d.label_set.give_keys(),
    ("Ctrl+Shift+K",),
    "fa6s.key",
    Needs.PROJECT | Needs.WRITABLE,
    QT_TRANSLATE_NOOP("Actions", "Letters of their names; digits are for the labels of the photo that is looked at"),
)
CHANGE_KEYS = Command("change-keys", QT_TRANSLATE_NOOP("Actions", "Change keys…"), lambda d: d.keys_wanted.emit())
