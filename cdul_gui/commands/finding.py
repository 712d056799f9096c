"""The commands that find photos by what they show."""

from __future__ import annotations

from cdul_gui.commands.command import SEPARATOR, Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

FIND_LIKE = Command(
    "find-like",
    QT_TRANSLATE_NOOP("Actions", "More like this"),
    lambda d: d.finding.find_like_current(),
    ("Ctrl+J",),
    "fa6s.clone",
    Needs.CURRENT,
    QT_TRANSLATE_NOOP("Actions", "Show the photos that are like this one, the most alike first"),
)

FIND_COMMANDS: tuple[Command | None, ...] = (
    Command(
        "find-words",
        QT_TRANSLATE_NOOP("Actions", "By words"),
        lambda d: d.type_words(),
        ("F3",),
        "fa6s.magnifying-glass",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Say what photos show, in any words, and see those that fit best"),
    ),
    FIND_LIKE,
    Command(
        "find-part",
        QT_TRANSLATE_NOOP("Actions", "A part of this photo"),
        lambda d: d.choose_part(),
        ("Ctrl+Shift+J",),
        "fa6s.crop-simple",
        Needs.CURRENT,
        QT_TRANSLATE_NOOP("Actions", "Drag a rectangle over the large photo and see where something like it is"),
    ),
    Command(
        "find-near-duplicates",
        QT_TRANSLATE_NOOP("Actions", "Near-duplicates"),
        lambda d: d.finding.find_near_duplicates(),
        ("Ctrl+D",),
        "fa6s.layer-group",
        Needs.CURRENT | Needs.WRITABLE | Needs.IDLE,
        QT_TRANSLATE_NOOP("Actions", "Show photos that show the same, in groups, the best of each marked"),
    ),
    Command(
        "find-on-map",
        QT_TRANSLATE_NOOP("Actions", "On the map"),
        lambda d: d.show_or_close(d.photo_map, d.photo_map.for_the_keyboard),
        ("Ctrl+Shift+P",),
        "fa6s.map",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Photos that look alike lie together; draw around some to choose them"),
    ),
    SEPARATOR,
    Command(
        "find-leave",
        QT_TRANSLATE_NOOP("Actions", "Leave what was found"),
        lambda d: d.find_bar.close_bar(),
        ("Shift+Backspace",),
        "fa6s.right-from-bracket",
        Needs.PROJECT,
    ),
)
