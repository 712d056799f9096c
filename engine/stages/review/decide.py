"""Saying of some photos which labels they have, and which not, by the labels' names: one edit of the history."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import WrongUsage
from engine.project import Project
from engine.project.history.history import Outcome, answer
from engine.project.snapshot import Snapshot
from engine.stages.matching import labels_called
from engine.stages.review.answers import Rows, answers_on, marks
from engine.wording import LabelWord, Sentence, n_photos, some_of


def decide(
    project: Project,
    snapshot: Snapshot,
    rows: Rows,
    *,
    confirm: Sequence[str] = (),
    reject: Sequence[str] = (),
    clear: Sequence[str] = (),
    reviewed: bool | None = None,
) -> Outcome | None:
    """Confirm labels on these photos, reject others, take back what was said of others, or mark the photos.

    Args:
        snapshot: of the project; a newer answer than it knows is heeded.
        reviewed: whether the photos are looked through from now on; None to leave that as it is.

    Returns:
        The edit, which can be undone as a whole; None where nothing changes.

    Raises:
        WrongUsage: a name is no label's, or nothing is said, or two things of one label.
    """
    names = [LabelWord(label.name) for label in snapshot.labels]
    said: dict[int, bool | None] = {}
    told: list[Sentence] = []
    for wanted, value, title in (
        (confirm, True, Sentence("{labels} confirmed")),
        (reject, False, Sentence("{labels} rejected")),
        (clear, None, Sentence("{labels} undecided")),
    ):
        columns = labels_called(wanted, snapshot.labels)
        for column in columns:
            if said.setdefault(column, value) != value:
                raise WrongUsage(
                    Sentence("Two different things are said of {label}. Say one.").format(label=names[column])
                )
        if columns:
            told.append(title.format(labels=some_of([names[column] for column in columns])))
    if reviewed is not None:
        told.append(Sentence("reviewed") if reviewed else Sentence("not reviewed"))
    if not told:
        raise WrongUsage(Sentence("Say what to set: labels to confirm, to reject or to clear, or whether reviewed."))
    answers = [one for column, value in said.items() for one in answers_on(snapshot, rows, column, value)]
    if reviewed is not None:
        answers += marks(snapshot, rows, reviewed=reviewed)
    what, *more = told
    for one in more:
        what = Sentence("{first}, {then}").format(first=what, then=one)
    photos = snapshot.paths[int(rows[0])].rpartition("/")[2] if len(rows) == 1 else n_photos(len(rows))
    return answer(project, Sentence("{what} on {photos}").format(what=what, photos=photos), answers)
