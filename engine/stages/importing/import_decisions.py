"""Labels from elsewhere as decisions: one edit, which can be undone as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.formats.known_labels import ABSENT, PRESENT, KnownLabels
from engine.jobs import Cancellation
from engine.person import OF_A_FILE
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, keep_other_side
from engine.project.storage.schema import Decision, Label, Photo
from engine.stages.importing.import_plan import Conflict, ImportChoice, Imported, ImportPlan, OnConflict, TakeAs
from engine.stages.importing.matched_source import MatchedSource
from engine.stages.thresholds.calibrate import calibrate_labels
from engine.wording import Sentence, n_decisions, n_photos

_NOTHING = -2
"""Of a photo and label: nothing is said, or decided."""

Table = npt.NDArray[np.int8]


@dataclass(frozen=True)
class _Answers:
    """Two sides of the same photos and labels: photos x labels, PRESENT, ABSENT or something that is no answer."""

    photo_ids: list[int]
    labels: list[str]
    theirs: Table
    mine: Table
    reviewed: list[int]
    """Photos that they reviewed, and I did not."""

    @property
    def said(self) -> npt.NDArray[np.bool_]:
        return (self.theirs == PRESENT) | (self.theirs == ABSENT)

    @property
    def fresh(self) -> npt.NDArray[np.bool_]:
        return self.said & (self.mine == _NOTHING)

    @property
    def conflicting(self) -> npt.NDArray[np.bool_]:
        return self.said & (self.mine != _NOTHING) & (self.mine != self.theirs)


def plan_decisions(project: Project, found: MatchedSource, choice: ImportChoice) -> ImportPlan:
    """Count what taking the labels over as decisions would change."""
    return _plan(found, choice, _both_sides(project, found))


def take_decisions(
    project: Project, found: MatchedSource, choice: ImportChoice, cancellation: Cancellation
) -> Imported:
    """Take labels over as decisions, all or nothing; what is in conflict and not taken stays in the history."""
    both = _both_sides(project, found)
    plan = _plan(found, choice, both)
    replaces = choice.on_conflict == OnConflict.REPLACE
    taken = both.fresh | both.conflicting if replaces else both.fresh
    cancellation.check()
    ids = found.with_new_labels(project)
    name = found.source.name
    by = f"{OF_A_FILE}{name}"
    if not replaces:
        title = Sentence("{file} says otherwise on {photos}").format(
            file=name, photos=n_photos(int(both.conflicting.any(axis=1).sum()))
        )
        keep_other_side(project, title, _as_answers(both, both.conflicting, ids), by=by)
    answers = [*_as_answers(both, taken, ids), *(Answer(photo, None, True) for photo in both.reviewed)]
    title = Sentence("took over {decisions} on {photos} from {file}").format(
        decisions=n_decisions(int(taken.sum())), photos=n_photos(len({one.photo_id for one in answers})), file=name
    )
    joined = [ids[label] for label in found.new_labels]
    edit_labels = found.put_in_tree if found.parents else None
    outcome = answer(project, title, answers, by=by, edit_labels=edit_labels, joined=joined)
    if outcome is None:
        return Imported(plan)
    calibrate_labels(project)
    return Imported(plan, edit=outcome.edit_id)


def _plan(found: MatchedSource, choice: ImportChoice, both: _Answers) -> ImportPlan:
    rows, columns = np.nonzero(both.conflicting)
    only_suggested = sum(
        label not in answers
        for name, scores in _known(found).scores.items()
        if name in found.photos
        for answers in [_known(found).answers[name]]
        for label in scores
    )
    return found.plan(
        TakeAs.DECISIONS,
        confirmed=int((both.fresh & (both.theirs == PRESENT)).sum()),
        rejected=int((both.fresh & (both.theirs == ABSENT)).sum()),
        reviewed=len(both.reviewed),
        same=int((both.said & (both.mine == both.theirs)).sum()),
        conflicts=tuple(
            Conflict(
                found.paths[both.photo_ids[row]],
                both.labels[column],
                bool(both.mine[row, column]),
                bool(both.theirs[row, column]),
            )
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ),
        replaces=choice.on_conflict == OnConflict.REPLACE,
        suggested=only_suggested,
    )


def _both_sides(project: Project, found: MatchedSource) -> _Answers:
    known = _known(found)
    photo_ids = sorted(set(found.photos.values()), key=found.paths.__getitem__)
    labels = list(dict.fromkeys(found.labels.values()))
    rows = {photo: row for row, photo in enumerate(photo_ids)}
    columns = {label: column for column, label in enumerate(labels)}
    column_of = {theirs: columns[ours] for theirs, ours in found.labels.items()}
    theirs = np.full((len(rows), len(columns)), _NOTHING, np.int8)
    for name, photo in found.photos.items():
        of_photo = theirs[rows[photo]]
        implied = known.implied.get(name, ())
        for label, value in known.answers[name].items():
            column = column_of.get(label)
            if label in implied and found.follows(label, known.answers[name]):
                continue
            # Several names, or labels, may be the same here: any that is present decides.
            if column is not None and value > of_photo[column]:
                of_photo[column] = value
    mine = np.full_like(theirs, _NOTHING)
    by_id = {found.label_ids[label]: column for label, column in columns.items() if label in found.label_ids}
    coming = {label.casefold(): column for label, column in columns.items() if label not in found.label_ids}
    with project.reading() as connection:
        # A label that left the label set comes back with its decisions.
        for label_id, name in connection.execute(select(Label.id, Label.name).where(Label.position.is_(None))):
            if name.casefold() in coming:
                by_id[label_id] = coming[name.casefold()]
        for photo, label_id, value in connection.execute(select(Decision.photo_id, Decision.label_id, Decision.value)):
            if photo in rows and label_id in by_id:
                mine[rows[photo], by_id[label_id]] = PRESENT if value else ABSENT
        reviewed = set(connection.scalars(select(Photo.id).where(Photo.reviewed_at.is_not(None))))
    called_reviewed = {found.photos[name] for name in known.reviewed if name in found.photos}
    return _Answers(photo_ids, labels, theirs, mine, sorted(called_reviewed - reviewed))


def _as_answers(both: _Answers, which: npt.NDArray[np.bool_], ids: dict[str, int]) -> list[Answer]:
    rows, columns = np.nonzero(which)
    values = both.theirs[rows, columns] == PRESENT
    return [
        Answer(both.photo_ids[row], ids[both.labels[column]], bool(value))
        for row, column, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True)
    ]


def _known(found: MatchedSource) -> KnownLabels:
    known = found.source.known
    assert isinstance(known, KnownLabels)
    return known
