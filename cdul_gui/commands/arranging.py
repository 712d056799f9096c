"""The commands that choose which photos the gallery shows, and in which order."""

from __future__ import annotations

from cdul_gui.commands.command import SEPARATOR, Command, Needs
from cdul_gui.desk.desk import Desk
from cdul_gui.session.order import Grouping
from cdul_gui.session.shown_photos import Sorting
from cdul_gui.wording import QT_TRANSLATE_NOOP


def _sort(sorting: Sorting, text: str, key: str, tip: str) -> Command:
    def is_sorted(desk: Desk) -> bool:
        return desk.arrangement.in_force and desk.arrangement.shown_photos.sorting == sorting

    return Command(
        f"sort-{sorting}",
        text,
        lambda d: d.arrangement.sort_by(sorting),
        (key,),
        "",
        Needs.PROJECT,
        tip,
        checked=is_sorted,
    )


def _group(grouping: Grouping, text: str, key: str, tip: str) -> Command:
    def is_grouped(desk: Desk) -> bool:
        return desk.arrangement.in_force and desk.arrangement.shown_photos.grouping == grouping

    return Command(
        f"group-{grouping}",
        text,
        lambda d: d.arrangement.group_by(grouping),
        (key,),
        "",
        Needs.PROJECT,
        tip,
        checked=is_grouped,
    )


FILTER_COMMANDS: tuple[Command | None, ...] = (
    Command(
        "filter",
        QT_TRANSLATE_NOOP("Actions", "Filter"),
        lambda d: d.type_filter(),
        ("Ctrl+F",),
        "fa6s.filter",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Say which photos to show"),
    ),
    Command(
        "show-all",
        QT_TRANSLATE_NOOP("Actions", "Show all photos"),
        lambda d: d.arrangement.filter_by(""),
        ("Ctrl+Shift+A",),
        "fa6s.filter-circle-xmark",
        Needs.PROJECT,
    ),
    Command(
        "apply-again",
        QT_TRANSLATE_NOOP("Actions", "Apply filter and order again"),
        lambda d: d.arrangement.apply(),
        ("Ctrl+F5",),
        "",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Photos stay where they are while you review; this puts them where they belong"),
    ),
    Command(
        "save-filter",
        QT_TRANSLATE_NOOP("Actions", "Save this filter…"),
        lambda d: d.ask.save_filter(),
        ("Ctrl+Shift+S",),
        "fa6s.bookmark",
        Needs.WRITABLE,
        QT_TRANSLATE_NOOP("Actions", "Keep the filter in force under a name"),
    ),
)

SORT_COMMANDS: tuple[Command | None, ...] = (
    _sort(
        Sorting.NAME,
        QT_TRANSLATE_NOOP("Actions", "Name"),
        "Shift+F1",
        QT_TRANSLATE_NOOP("Actions", "By folder and file name"),
    ),
    _sort(
        Sorting.TAKEN,
        QT_TRANSLATE_NOOP("Actions", "Date taken"),
        "Shift+F2",
        QT_TRANSLATE_NOOP("Actions", "By the date the camera wrote, photos without one last"),
    ),
    _sort(
        Sorting.SCORE,
        QT_TRANSLATE_NOOP("Actions", "Score of the chosen label"),
        "Shift+F3",
        QT_TRANSLATE_NOOP("Actions", "By how well the label chosen in the list fits"),
    ),
    _sort(
        Sorting.DOUBT,
        QT_TRANSLATE_NOOP("Actions", "Doubt"),
        "Shift+F4",
        QT_TRANSLATE_NOOP("Actions", "By how near an undecided label is to its threshold"),
    ),
    _sort(
        Sorting.DISAGREEMENT,
        QT_TRANSLATE_NOOP("Actions", "Disagreement of the stages"),
        "Shift+F5",
        QT_TRANSLATE_NOOP("Actions", "By how far two stages are apart over an undecided label"),
    ),
    _sort(
        Sorting.REVIEWED,
        QT_TRANSLATE_NOOP("Actions", "When reviewed"),
        "Shift+F6",
        QT_TRANSLATE_NOOP("Actions", "By when a photo was marked as reviewed, the others last"),
    ),
    SEPARATOR,
    Command(
        "sort-reversed",
        QT_TRANSLATE_NOOP("Actions", "In the other direction"),
        lambda d: d.arrangement.reverse(),
        ("Shift+F7",),
        "fa6s.arrow-down-up-across-line",
        Needs.PROJECT,
    ),
)

GROUP_COMMANDS: tuple[Command | None, ...] = (
    _group(
        Grouping.FOLDER,
        QT_TRANSLATE_NOOP("Actions", "Folder"),
        "Shift+F8",
        QT_TRANSLATE_NOOP("Actions", "The photos of a folder together; again: no longer"),
    ),
    _group(
        Grouping.DAY,
        QT_TRANSLATE_NOOP("Actions", "Day"),
        "Shift+F9",
        QT_TRANSLATE_NOOP("Actions", "The photos of a day together; again: no longer"),
    ),
)
