"""What the engine says, and every number and state, in the window's language."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

from PySide6.QtCore import QCoreApplication, QLocale

from engine.errors import UserError
from engine.jobs import BYTES, ProgressReport, in_megabytes
from engine.method.intervals import Interval
from engine.project.label_names import display_name
from engine.project.labels import LabelRow
from engine.wording import (
    Decimal,
    LabelWord,
    LabelWords,
    Listed,
    Sentence,
    first_of,
    n_answers,
    n_decisions,
    n_files,
    n_labels,
    n_photos,
    n_suggestions,
)


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for Qt's translation tools, which know this name; it is translated where it is shown."""
    return text


def translated(text: str) -> str:
    """A text of the engine in the window's language; as it is where there is no translation."""
    if not isinstance(text, Sentence):
        return QCoreApplication.translate("Engine", text) if text else ""
    template = QCoreApplication.translate("Engine", text.template) if text.template else ""
    if not text.arguments:
        return template
    return template.format(**{name: _argument(value) for name, value in text.arguments.items()})


def sentence_of(error: BaseException) -> str:
    """What an error says, in the window's language."""
    return translated(error.args[0] if error.args and isinstance(error.args[0], Sentence) else str(error))


_labels_in_english = False
"""Whether a person wants labels by their English names, whatever the window's language."""


def show_labels_in_english(wanted: bool) -> None:
    """Show labels by their own, English names from now on, or in the window's language."""
    global _labels_in_english
    _labels_in_english = wanted


def language_of_window() -> str:
    """The language that the window's texts are in, such as "de": every translation says its own."""
    return QCoreApplication.translate("Language", "en")


def language_of_labels() -> str:
    """The language that labels are shown in, where it has names for them."""
    return "en" if _labels_in_english else language_of_window()


def shown_names(labels: Iterable[LabelRow]) -> list[str]:
    """What the window calls these labels; of thousands it asks only once in which language."""
    language = language_of_labels()
    return [display_name(label.name, language) for label in labels]


def shown_name(name: str) -> str:
    """What the window calls a label, by the name under which it is kept and exported."""
    return display_name(name, language_of_labels())


def photos_in_words(count: int) -> str:
    """How many photos, to be filled into a text; likewise the next ones."""
    return translated(n_photos(count))


def labels_in_words(count: int) -> str:
    return translated(n_labels(count))


def answers_in_words(count: int) -> str:
    return translated(n_answers(count))


def suggestions_in_words(count: int) -> str:
    return translated(n_suggestions(count))


def files_in_words(count: int) -> str:
    return translated(n_files(count))


def decisions_in_words(count: int) -> str:
    return translated(n_decisions(count))


def nobody_looked_at(unseen: int, labels: int) -> str:
    """How many of so many labels that are handed over are suggestions that no person has confirmed."""
    told = QCoreApplication.translate("ExportPreview", "Suggested, and looked at by nobody: {unseen} of {labels}")
    return told.format(unseen=f"{unseen:,}", labels=labels_in_words(labels))


_MOST_DIGITS = 7
"""Scores are kept with about as many."""


def as_score(value: float | None) -> str:
    """A score as it is written everywhere: two digits, no leading zero; nothing for none and nan."""
    return "" if value is None or isnan(value) else f"{value:.2f}".removeprefix("0")


def as_count(photos: int, sign: str = "") -> str:
    """A number of photos as it is written beside a label: nothing for none."""
    return f"{sign}{photos:,}" if photos else ""


def as_chance(value: float) -> str:
    """A chance in per cent, never a certainty; nothing for nan."""
    return "" if isnan(value) else f"{min(max(100 * value, 1), 99):.0f} %"


def as_threshold(value: float) -> str:
    """Two digits, and one more for the small scores of a softmax over many labels."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two scores that are compared, with as many digits as show which is higher: two, or more where these are equal."""
    digits = 2 if max(one, other) >= 0.1 else 3
    while one != other and digits < _MOST_DIGITS and f"{one:.{digits}f}" == f"{other:.{digits}f}":
        digits += 1
    return f"{one:.{digits}f}", f"{other:.{digits}f}"


def as_interval(share: Interval | None) -> str:
    """A share with its bounds, e.g. `.93 (.88–.96)`; empty where nothing is known."""
    if share is None:
        return ""
    return f"{as_score(share.value)} ({as_score(share.low)}–{as_score(share.high)})"


def described(report: ProgressReport) -> str:
    """A report in words: `7,862 of 12,480 · 41 photos/s · 1 min 52 s left`, or `212 of 605 MB · 8.3 MB/s · …`."""
    parts = []
    in_bytes = report.unit == BYTES
    report = in_megabytes(report)
    if report.total:
        parts.append(
            QCoreApplication.translate("ProgressPanel", "{done} of {total}").format(
                done=f"{report.done:,}", total=f"{report.total:,} MB" if in_bytes else f"{report.total:,}"
            )
        )
    elif report.done:
        parts.append(f"{report.done:,}")
    if report.rate and report.unit:
        rate = f"{report.rate:.0f}" if report.rate >= 10 else f"{report.rate:.1f}"
        parts.append(
            QCoreApplication.translate("ProgressPanel", "{rate} {unit}/s").format(
                rate=rate, unit=translated(report.unit)
            )
        )
    if report.seconds_left is not None:
        parts.append(
            QCoreApplication.translate("ProgressPanel", "{time} left").format(time=_duration(report.seconds_left))
        )
    return "  ·  ".join(parts)


def _argument(value: object) -> object:
    if isinstance(value, Sentence):
        return translated(value)
    if isinstance(value, LabelWord):
        return shown_name(value)
    if isinstance(value, LabelWords):
        return first_of([shown_name(name) for name in value.names])
    if isinstance(value, Listed):
        return ", ".join(str(_argument(one)) for one in value.parts)
    if isinstance(value, Decimal):
        return value.replace(".", QLocale(language_of_window()).decimalPoint())
    return sentence_of(value) if isinstance(value, UserError) else value


def percent_interval(interval: Interval | None) -> str:
    """An interval of shares, as `57.0 to 65.1`; a dash where it cannot be told."""
    if interval is None:
        return "–"
    told = QCoreApplication.translate("EvaluationPanel", "{low} to {high}")
    return told.format(low=f"{100 * interval.low:.1f}", high=f"{100 * interval.high:.1f}")


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return QCoreApplication.translate("ProgressPanel", "{hours} h {minutes} min").format(
            hours=hours, minutes=minutes
        )
    if minutes:
        return QCoreApplication.translate("ProgressPanel", "{minutes} min {seconds} s").format(
            minutes=minutes, seconds=whole % 60
        )
    return QCoreApplication.translate("ProgressPanel", "{seconds} s").format(seconds=whole)
