"""The commands of the queues."""

from __future__ import annotations

from functools import partial

from cdul_gui.commands.command import EDIT, SEPARATOR, Command, Needs
from cdul_gui.desk.desk import Desk
from cdul_gui.wording import QT_TRANSLATE_NOOP
from engine.stages.review.queues import (
    AUDIT,
    DISAGREE,
    DOUBTFUL,
    MISTAKES,
    NEW,
    OPINIONS,
    PEOPLE_DISAGREE,
    TAKEN,
    UNSURE,
)


def _start(name: str, desk: Desk) -> None:
    desk.queues.start(name)


QUEUE_COMMANDS: tuple[Command | None, ...] = (
    Command(
        "queue-undecided",
        QT_TRANSLATE_NOOP("Actions", "Undecided"),
        partial(_start, UNSURE),
        ("Alt+0",),
        "fa6s.scale-balanced",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos with a score that is neither a clear yes nor a clear no"),
    ),
    Command(
        "queue-undecided-of-label",
        QT_TRANSLATE_NOOP("Actions", "Undecided of the chosen label"),
        lambda d: d.queues.start_undecided_of(d.session.label),
        ("Ctrl+U",),
        "",
        EDIT | Needs.CHOSEN_LABEL,
        QT_TRANSLATE_NOOP("Actions", "Photos on which this label is neither a clear yes nor a clear no"),
    ),
    Command(
        "queue-doubtful",
        QT_TRANSLATE_NOOP("Actions", "Most doubtful"),
        partial(_start, DOUBTFUL),
        ("Alt+1",),
        "fa6s.circle-question",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos with a score near its threshold, the nearest first"),
    ),
    Command(
        "queue-disagree",
        QT_TRANSLATE_NOOP("Actions", "Stages disagree"),
        partial(_start, DISAGREE),
        ("Alt+2",),
        "fa6s.code-compare",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos for which two stages suggest different labels"),
    ),
    Command(
        "queue-second",
        QT_TRANSLATE_NOOP("Actions", "The second opinion disagrees"),
        partial(_start, OPINIONS),
        ("Alt+6",),
        "fa6s.people-arrows",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos on which a second opinion and what suggests are of two minds"),
    ),
    Command(
        "queue-mistakes",
        QT_TRANSLATE_NOOP("Actions", "Suspected mistakes"),
        partial(_start, MISTAKES),
        ("Alt+3",),
        "fa6s.triangle-exclamation",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos with an answer that is likely a mistake, the likeliest first"),
    ),
    Command(
        "queue-audit",
        QT_TRANSLATE_NOOP("Actions", "Random audit"),
        partial(_start, AUDIT),
        ("Alt+4",),
        "fa6s.dice",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos by chance, so that the share of right suggestions holds for all"),
    ),
    Command(
        "queue-new",
        QT_TRANSLATE_NOOP("Actions", "New photos"),
        partial(_start, NEW),
        ("Alt+5",),
        "fa6s.clock",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos that are not reviewed, those added last first"),
    ),
    Command(
        "queue-disagreed",
        QT_TRANSLATE_NOOP("Actions", "People disagree"),
        partial(_start, PEOPLE_DISAGREE),
        ("Alt+7",),
        "fa6s.people-arrows",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos of which one person says yes and another no"),
    ),
    Command(
        "queue-taken",
        QT_TRANSLATE_NOOP("Actions", "Your photos"),
        partial(_start, TAKEN),
        ("Alt+8",),
        "fa6s.hand-holding",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Photos that you have taken to review and are not done with"),
    ),
    SEPARATOR,
    Command(
        "second-opinion",
        QT_TRANSLATE_NOOP("Actions", "Ask for a second opinion…"),
        lambda d: d.ask_encoders.ask_for_second_opinion(),
        (),
        "",
        EDIT | Needs.IDLE,
        QT_TRANSLATE_NOOP("Actions", "Have another encoder score the photos as well, and review where both differ"),
    ),
    Command(
        "queue-unlike",
        QT_TRANSLATE_NOOP("Actions", "Skip look-alikes"),
        lambda d: d.queues.toggle_unlike(),
        ("Alt+U",),
        "",
        Needs.PROJECT | Needs.WRITABLE,
        QT_TRANSLATE_NOOP("Actions", "Of the most urgent photos take those that are least like one another"),
        checked=lambda d: d.queues.unlike,
    ),
    Command(
        "queue-by-label",
        QT_TRANSLATE_NOOP("Actions", "Suggestions right by label"),
        lambda d: d.queue_bar.show_by_label(),
        ("Alt+S",),
        "fa6s.percent",
        Needs.QUEUE,
    ),
    Command(
        "queue-leave",
        QT_TRANSLATE_NOOP("Actions", "Leave the queue"),
        lambda d: d.queues.leave(),
        ("Shift+Esc",),
        "fa6s.right-from-bracket",
        Needs.QUEUE_OR_ASIDE,
    ),
)
