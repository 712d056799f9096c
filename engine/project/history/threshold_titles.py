"""What edits of thresholds are called in the history: which labels', and to what."""

from __future__ import annotations

from collections.abc import Mapping

from engine.wording import Sentence, some_of


def title_of(thresholds: Mapping[str, float | None]) -> Sentence:
    """Of an edit that sets thresholds by hand, by the labels' names, or takes them back (None)."""
    if len(thresholds) == 1:
        ((name, value),) = thresholds.items()
        if value is None:
            return Sentence("threshold of {label} taken back").format(label=name)
        return Sentence("threshold of {label} set to {value}").format(label=name, value=f"{value:.3g}")
    values = [f"{name} {value:.3g}" for name, value in thresholds.items() if value is not None]
    names = [name for name, value in thresholds.items() if value is None]
    if not names:
        return Sentence("thresholds set: {values}").format(values=some_of(values))
    if not values:
        return Sentence("thresholds taken back: {names}").format(names=some_of(names))
    both = Sentence("thresholds set: {values}; taken back: {names}")
    return both.format(values=some_of(values), names=some_of(names))


def title_for_all(threshold: float | None) -> Sentence:
    """Of an edit that sets one threshold for all labels, or takes it back (None)."""
    if threshold is None:
        return Sentence("one threshold for all labels taken back")
    return Sentence("one threshold for all labels set to {value}").format(value=f"{threshold:.3g}")
