"""Setting thresholds by hand, as edits of the history, and what these are called there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.project.history.changes import THRESHOLD, changes_to
from engine.project.history.history import Outcome, keep_edit
from engine.project.labels import labels_by_id
from engine.project.project import Project
from engine.project.snapshot import Snapshot
from engine.project.thresholds import FOR_ALL, PROBABILITY, ManualThreshold
from engine.wording import Decimal, LabelWord, Sentence, some_of


def set_thresholds(
    project: Project, thresholds: Iterable[ManualThreshold], *, by: str | None = None, title: Sentence | None = None
) -> Outcome | None:
    """Keep thresholds that a person set, or takes back (value None), as one edit. None if they change nothing.

    Args:
        by: who says so; by default the person at the machine.
        title: of the edit, by default what it sets.
    """
    # The last one for a label and stage counts.
    wanted = {(one.label_id, one.stage): one.value for one in thresholds}
    names = labels_by_id(project)
    of_labels: dict[str, float | None] = {
        names[label]: value for (label, _stage), value in wanted.items() if label is not None
    }
    if title is None:
        title = title_for_all(wanted[FOR_ALL]) if FOR_ALL in wanted and not of_labels else title_of(of_labels)
    with project.writing() as connection:
        changes = changes_to(connection, {(THRESHOLD, None, *key): value for key, value in wanted.items()})
        return keep_edit(connection, title, changes, by=by) if changes else None


def threshold_by_hand(snapshot: Snapshot, column: int, value: float | None) -> list[ManualThreshold]:
    """What to keep so that a label is likely from this value on, or (None) as if nobody had said so.

    A label that is taught has a threshold of its probabilities, any other one of its stage's scores. What was said of
    one does not hold for the other.
    """
    label = snapshot.labels[column].id
    if column in snapshot.taught and value is not None:
        return [ManualThreshold(label, PROBABILITY, value)]
    return [ManualThreshold(label, PROBABILITY, None), ManualThreshold(label, snapshot.stage_of(column), value)]


def title_of(thresholds: Mapping[str, float | None]) -> Sentence:
    """Of an edit that sets thresholds by hand, by the labels' names, or takes them back (None)."""
    if len(thresholds) == 1:
        ((name, value),) = thresholds.items()
        label = LabelWord(name)
        if value is None:
            return Sentence("threshold of {label} taken back").format(label=label)
        return Sentence("threshold of {label} set to {value}").format(label=label, value=_written(value))
    values = labels_with_values({name: value for name, value in thresholds.items() if value is not None})
    names = [LabelWord(name) for name, value in thresholds.items() if value is None]
    if not names:
        return Sentence("thresholds set: {values}").format(values=values)
    if not values:
        return Sentence("thresholds taken back: {names}").format(names=some_of(names))
    both = Sentence("thresholds set: {values}; taken back: {names}")
    return both.format(values=values, names=some_of(names))


def title_for_all(threshold: float | None) -> Sentence:
    """Of an edit that sets one threshold for all labels, or takes it back (None)."""
    if threshold is None:
        return Sentence("one threshold for all labels taken back")
    return Sentence("one threshold for all labels set to {value}").format(value=_written(threshold))


def labels_with_values(thresholds: Mapping[str, float]) -> str:
    """Some labels and their thresholds, to be filled into a sentence; empty for none."""
    one = Sentence("{label} {value}")
    return some_of([one.format(label=LabelWord(name), value=_written(value)) for name, value in thresholds.items()])


def _written(threshold: float) -> Decimal:
    return Decimal(f"{threshold:.3g}")
