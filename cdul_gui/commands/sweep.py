"""The commands of the sweep over one label's scores, and the history."""

from __future__ import annotations

from cdul_gui.commands.command import EDIT, SEPARATOR, Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

_LABEL = Needs.PROJECT | Needs.CHOSEN_LABEL

SWEEP = Command(
    "sweep",
    QT_TRANSLATE_NOOP("Actions", "Sweep the label"),
    lambda d: d.sweep_label(),
    ("Ctrl+T",),
    "fa6s.chart-simple",
    _LABEL,
    QT_TRANSLATE_NOOP("Actions", "Show the photos by the label's score, highest first, and its threshold"),
)

SWEEP_COMMANDS: tuple[Command | None, ...] = (
    SWEEP,
    Command(
        "move-threshold",
        QT_TRANSLATE_NOOP("Actions", "Move the threshold"),
        lambda d: d.move_threshold(),
        ("Ctrl+M",),
        "fa6s.sliders",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "Put the keyboard on the line: the left and right arrow move it"),
    ),
    Command(
        "thresholds",
        QT_TRANSLATE_NOOP("Actions", "All thresholds"),
        lambda d: d.show_or_close(d.thresholds_panel, d.thresholds_panel.view),
        ("Ctrl+Shift+M",),
        "fa6s.table-list",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP("Actions", "Where the threshold of every label lies and why, and how reliable chances are"),
    ),
    Command(
        "what-answers-changed",
        QT_TRANSLATE_NOOP("Actions", "What answers changed"),
        lambda d: d.show_what_answers_changed(),
        ("Ctrl+G",),
        "fa6s.lightbulb",
        Needs.PROJECT,
        QT_TRANSLATE_NOOP(
            "Actions", "Show the photos on which a label became likely, or no longer is, by answers since you looked"
        ),
    ),
    SEPARATOR,
    Command(
        "select-suggested",
        QT_TRANSLATE_NOOP("Actions", "Select what is likely"),
        lambda d: d.sweep.select_accepted(),
        ("Ctrl+Shift+T",),
        "",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "Select the photos on which the label is likely"),
    ),
    Command(
        "accept-label",
        QT_TRANSLATE_NOOP("Actions", "Confirm the label"),
        lambda d: d.review.confirm_label(),
        ("Ctrl+Return",),
        "fa6s.check-double",
        EDIT | Needs.CHOSEN_LABEL,
        QT_TRANSLATE_NOOP("Actions", "Confirm the label on all selected photos"),
    ),
    Command(
        "accept-label-others-no",
        QT_TRANSLATE_NOOP("Actions", "Accept, and the others above are no"),
        lambda d: d.sweep.accept_and_reject_passed_over(),
        ("Ctrl+Shift+Return",),
        "",
        EDIT | Needs.CHOSEN_LABEL,
        QT_TRANSLATE_NOOP(
            "Actions", "Confirm the label on the selected photos, reject it on those above that are not selected"
        ),
    ),
    Command(
        "reject-label",
        QT_TRANSLATE_NOOP("Actions", "Reject the label"),
        lambda d: d.review.reject_label(),
        ("Ctrl+Backspace",),
        "fa6s.ban",
        EDIT | Needs.CHOSEN_LABEL,
        QT_TRANSLATE_NOOP("Actions", "Reject the label on all selected photos"),
    ),
)

HISTORY = Command(
    "history",
    QT_TRANSLATE_NOOP("Actions", "History"),
    lambda d: d.show_or_close(d.history, d.history.view),
    ("Ctrl+H",),
    "fa6s.clock-rotate-left",
    Needs.PROJECT,
    QT_TRANSLATE_NOOP("Actions", "Runs and edits, each of which can be taken back as a whole"),
)
