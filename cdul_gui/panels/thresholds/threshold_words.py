"""Where a threshold comes from, and what is to be known of it, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cdul_gui.wording import QT_TRANSLATE_NOOP
from engine.project.thresholds import ThresholdSource
from engine.stages.thresholds.report import LabelThreshold, Note

_SOURCES = {
    ThresholdSource.BY_HAND: QT_TRANSLATE_NOOP("Thresholds", "set by hand"),
    ThresholdSource.FOR_ALL: QT_TRANSLATE_NOOP("Thresholds", "set for all labels"),
    ThresholdSource.FROM_REVIEW: QT_TRANSLATE_NOOP("Thresholds", "from reviewed photos"),
    ThresholdSource.FROM_SCORES: QT_TRANSLATE_NOOP("Thresholds", "from its scores"),
    ThresholdSource.DEFAULT: QT_TRANSLATE_NOOP("Thresholds", "as for every label before its scores tell"),
}
_IN_SHORT = {
    ThresholdSource.BY_HAND: QT_TRANSLATE_NOOP("Thresholds", "by hand"),
    ThresholdSource.FOR_ALL: QT_TRANSLATE_NOOP("Thresholds", "for all"),
    ThresholdSource.FROM_REVIEW: QT_TRANSLATE_NOOP("Thresholds", "reviewed photos"),
    ThresholdSource.FROM_SCORES: QT_TRANSLATE_NOOP("Thresholds", "its scores"),
    ThresholdSource.DEFAULT: QT_TRANSLATE_NOOP("Thresholds", "nothing better"),
}
_NOTES = {
    Note.NO_SCORES: QT_TRANSLATE_NOOP("Thresholds", "No photo has a score for it yet: label the photos again."),
    Note.EQUAL_SCORES: QT_TRANSLATE_NOOP("Thresholds", "All its scores are equal: they cannot tell yes from no."),
    Note.FEW_ANSWERS: QT_TRANSLATE_NOOP(
        "Thresholds", "Few photos are reviewed: from {fewest} on the threshold comes from them."
    ),
    Note.ONLY_NO: QT_TRANSLATE_NOOP("Thresholds", "No reviewed photo has it: review some that do."),
    Note.ONLY_YES: QT_TRANSLATE_NOOP("Thresholds", "All reviewed photos have it: review some with lower scores."),
    Note.FEW_POSITIVES: QT_TRANSLATE_NOOP(
        "Thresholds", "So few photos seem to have it that luck decides what was learnt."
    ),
    Note.PROMISED_LATER: QT_TRANSLATE_NOOP(
        "Thresholds", "This precision cannot be promised yet: about {missing} more answers are needed."
    ),
    Note.NOTHING_SUGGESTED: QT_TRANSLATE_NOOP("Thresholds", "No score is high enough to be likely."),
    Note.NONE: "",
}


def source_in_words(source: ThresholdSource) -> str:
    """Who says from which score on a label is likely."""
    return QCoreApplication.translate("Thresholds", _SOURCES[source])


def source_in_short(source: ThresholdSource) -> str:
    """The same in a word or two."""
    return QCoreApplication.translate("Thresholds", _IN_SHORT[source])


def note_in_words(one: LabelThreshold) -> str:
    """What a person should know of a label's threshold; mostly empty."""
    text = QCoreApplication.translate("Thresholds", _NOTES[one.note]) if one.note else ""
    return text.replace("{fewest}", str(one.fewest_answers)).replace("{missing}", f"{one.answers_missing or 0:,}")
