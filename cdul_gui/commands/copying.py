"""The commands that carry labels from photo to photo."""

from __future__ import annotations

from cdul_gui.commands.command import EDIT, Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

REPEAT = Command(
    "repeat",
    QT_TRANSLATE_NOOP("Actions", "Repeat the labels of the photo before"),
    lambda d: d.review.repeat(),
    ("R",),
    "fa6s.repeat",
    EDIT,
)
COPY_LABELS = Command(
    "copy-labels",
    QT_TRANSLATE_NOOP("Actions", "Copy labels"),
    lambda d: d.label_clipboard.copy(),
    ("Ctrl+C",),
    "fa6s.copy",
    Needs.CURRENT,
    QT_TRANSLATE_NOOP("Actions", "Copy what is confirmed on this photo, or what is likely where nothing is"),
)
PASTE_LABELS = Command(
    "paste-labels",
    QT_TRANSLATE_NOOP("Actions", "Paste labels"),
    lambda d: d.label_clipboard.paste(),
    ("Ctrl+V",),
    "fa6s.paste",
    EDIT,
    QT_TRANSLATE_NOOP("Actions", "Confirm the copied labels on all selected photos; what they have stays"),
)

COPY_COMMANDS = (REPEAT, COPY_LABELS, PASTE_LABELS)
