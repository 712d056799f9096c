"""Runs of the stages and the scores they made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, delete, func, select, update

from engine.errors import UserError
from engine.person import current_user
from engine.project.project import Project
from engine.project.storage.clock import now
from engine.project.storage.columns import Unsound
from engine.project.storage.rows import put_rows
from engine.project.storage.schema import Photo, Run, Score
from engine.wording import Sentence

GLOBAL, AGGREGATED, INITIAL, REFINED, CLASSIFIER = "global", "aggregated", "initial", "refined", "classifier"

SECOND = "second"
"""The scores of a second opinion, which never suggest."""

STAGES = (GLOBAL, AGGREGATED, INITIAL, REFINED, CLASSIFIER, SECOND)
"""What a photo is scored by, in the order in which it becomes known."""

OPINION = "opinion"
"""The stage of a run that is a second opinion, whatever gave it."""

Scores = npt.NDArray[np.float32]

_ROUNDING = 1e-3
_ALL = select(*Run.__table__.columns)


@dataclass(frozen=True)
class RunRow:
    """A run, with the labels of its vectors in their order."""

    id: int
    stage: str
    settings: dict[str, Any]
    label_ids: tuple[int, ...]
    basis: str | None
    started_at: datetime
    finished_at: datetime | None
    withdrawn_at: datetime | None
    by: str

    @property
    def columns(self) -> int:
        """What the photos were compared with: the labels, and beside them what competes or is asked of in secret."""
        beside: int = self.settings.get("hidden", 0) + self.settings.get("beside", 0)
        return len(self.label_ids) + beside


@dataclass(frozen=True)
class ScoreMatrix:
    """Scores of one stage of one run: photos x labels, float32, with the ids of both."""

    run_id: int
    stage: str
    photo_ids: npt.NDArray[np.int64]
    label_ids: tuple[int, ...]
    values: Scores


def begin_run(
    project: Project,
    stage: str,
    *,
    label_ids: Sequence[int],
    settings: dict[str, Any],
    basis: str | None = None,
) -> int:
    """Record the beginning of a run and return its id."""
    with project.session() as session:
        run = Run(
            stage=stage,
            settings=settings,
            label_ids=list(label_ids),
            basis=basis,
            started_at=now(),
            by=current_user(),
        )
        session.add(run)
        session.flush()
        return run.id


def finish_run(project: Project, run_id: int) -> None:
    """Record that a run has done all its work."""
    with project.writing() as connection:
        connection.execute(update(Run).where(Run.id == run_id).values(finished_at=now()))


def keep_run_settings(project: Project, run_id: int, more: dict[str, Any]) -> None:
    """Add to the settings of a run what it found out on the way."""
    with project.session() as session:
        run = session.get_one(Run, run_id)
        run.settings = {**run.settings, **more}


def forget_unfinished_runs(project: Project, stage: str) -> None:
    """Delete the runs of a stage that were cancelled or killed: the next one does their work again or goes on."""
    with project.writing() as connection:
        connection.execute(delete(Run).where(Run.stage == stage, Run.finished_at.is_(None)))


def forget_run(project: Project, run_id: int) -> None:
    """Delete a run with its scores, as if it had never been: another one did the same since, and more."""
    with project.writing() as connection:
        connection.execute(delete(Run).where(Run.id == run_id))


def runs(project: Project) -> list[RunRow]:
    """All runs, newest first."""
    with project.reading() as connection:
        return _sound(project, project.rows(connection, _ALL.order_by(Run.id.desc())))


def _sound(project: Project, rows: Sequence[Any]) -> list[RunRow]:
    """The runs whose settings are of as many labels as they have."""
    found = []
    for run in map(_row, rows):
        labels, settings = len(run.label_ids), run.settings
        columns = [
            column
            for name in ("thresholds", "likely", "maybe", "steepness")
            for column in settings.get(name, {}).values()
        ]
        means = settings.get("means", {}).values()
        if all(len(one) == labels for one in columns) and all(len(one) == run.columns for one in means):
            found.append(run)
        else:
            project.leave_out(Unsound(f"run.settings of {run.id}", f"those of {labels} labels", "others"))
    return found


def _row(row: Any) -> RunRow:
    return RunRow(
        row.id,
        row.stage,
        row.settings,
        tuple(row.label_ids),
        row.basis,
        row.started_at,
        row.finished_at,
        row.withdrawn_at,
        row.by,
    )


def store_scores(project: Project, run_id: int, stage: str, photo_ids: Sequence[int], scores: Scores) -> None:
    """Keep one stage's scores: photos x labels in the run's order; what was there of this run is replaced."""
    store_scores_of_stages(project, run_id, photo_ids, {stage: scores})


def store_scores_of_stages(
    project: Project,
    run_id: int,
    photo_ids: Sequence[int] | npt.NDArray[np.int64],
    by_stage: Mapping[str, Scores],
) -> None:
    """Keep the scores of several stages at once, each photos x labels."""
    ids = np.asarray(photo_ids, np.int64).tolist()
    rows: list[tuple[int, str, int, bytes]] = []
    for stage, scores in by_stage.items():
        width = 4 * scores.shape[1]
        kept = scores.astype(
            "<f4"
        ).tobytes()  # by rows, and cut up: ten times as fast as a row of NumPy's after another
        vectors = [kept[start : start + width] for start in range(0, width * len(scores), width)]
        rows += [(run_id, stage, photo, vector) for photo, vector in zip(ids, vectors, strict=True)]
    if rows:
        with project.writing() as connection:
            put_rows(connection, Score, ("run_id", "stage", "photo_id", "vector"), rows, replace=True)


def no_scores_yet(stage: str) -> UserError:
    """What is said where no photo has scores of a stage: what would make some."""
    how = (
        Sentence("Refine the labels first: that trains a classifier.")
        if stage in (REFINED, CLASSIFIER)
        else Sentence("Ask for a second opinion first.")
        if stage == SECOND
        else Sentence("Label the photos first.")
    )
    return UserError(Sentence("There are no {stage} scores yet. {how}").format(stage=stage, how=how))


def newest_run_with(project: Project, stage: str) -> RunRow | None:
    """The newest run that holds scores of this stage and was not withdrawn; it may be under way."""
    found = runs_with(project, stage)
    return found[0] if found else None


def newest_finished_run_with(project: Project, stage: str) -> RunRow | None:
    """Likewise, but not one that is under way or was left where another came to its end before."""
    found = runs_with(project, stage)
    return next((run for run in found if run.finished_at is not None), found[0] if found else None)


def runs_with(project: Project, stage: str) -> list[RunRow]:
    """The runs that hold scores of this stage and were not withdrawn, newest first."""
    with project.reading() as connection:
        rows = project.rows(
            connection,
            _ALL.where(
                Run.withdrawn_at.is_(None),
                select(Score.photo_id).where(Score.run_id == Run.id, Score.stage == stage).exists(),
            ).order_by(Run.id.desc()),
        )
        return _sound(project, rows)


def load_scores(project: Project, stage: str, run: RunRow | None = None) -> ScoreMatrix | None:
    """Scores of a stage, by default of its newest run; None if no run has them. Photos in order of their id."""
    run = run or newest_run_with(project, stage)
    if run is None:
        return None
    with project.reading() as connection:
        return _matrix(project, run, stage, project.rows(connection, _scores_of(run, stage)))


def scores_in_parts(project: Project, stage: str, run: RunRow, at_once: int) -> Iterator[ScoreMatrix]:
    """Scores of a stage of a run, of so many photos at a time, in order of their id.

    Each part is read anew: nothing is held open while work is done between them.
    """
    after = 0
    while True:
        with project.reading() as connection:
            rows = project.rows(connection, _scores_of(run, stage).where(Score.photo_id > after).limit(at_once))
        if not rows:
            return
        after = int(rows[-1][0])
        yield _matrix(project, run, stage, rows)


def _scores_of(run: RunRow, stage: str) -> Select[int, bytes]:
    found = select(Score.photo_id, Score.vector).where(Score.run_id == run.id, Score.stage == stage)
    return found.order_by(Score.photo_id)


def _matrix(project: Project, run: RunRow, stage: str, rows: Sequence[Any]) -> ScoreMatrix:
    """Rows of photo and vector as a matrix, without those that are not sound."""
    there = [row for row in rows if len(row[1]) == 4 * len(run.label_ids)]
    photo_ids = np.array([row[0] for row in there], dtype=np.int64)
    values = np.frombuffer(b"".join(row[1] for row in there), "<f4").reshape(len(there), len(run.label_ids))
    # nan is a score that nobody gave.
    sound = ~((values < -_ROUNDING) | (values > 1 + _ROUNDING)).any(axis=1)
    if len(there) < len(rows) or not sound.all():
        for photo in {int(row[0]) for row in rows} - set(photo_ids[sound].tolist()):
            expected = f"{len(run.label_ids)} numbers from 0 to 1"
            project.leave_out(Unsound(f"score.vector of run {run.id}, {stage}, photo {photo}", expected, "others"))
        photo_ids, values = photo_ids[sound], values[sound]
    return ScoreMatrix(run.id, stage, photo_ids, run.label_ids, values)


def count_scored(project: Project, run_id: int, stage: str) -> int:
    """How many photos that can be read have scores of a stage of a run."""
    with project.reading() as connection:
        return (
            connection.scalar(
                select(func.count())
                .select_from(Score)
                .join(Photo, Photo.id == Score.photo_id)
                .where(Score.run_id == run_id, Score.stage == stage, Photo.problem.is_(None))
            )
            or 0
        )


def is_scored(project: Project, run_id: int, stage: str, photo_id: int) -> bool:
    """Whether a photo has scores of a stage of a run."""
    known = select(Score.photo_id).where(Score.run_id == run_id, Score.stage == stage, Score.photo_id == photo_id)
    with project.reading() as connection:
        return connection.scalar(known) is not None


def forget_old_scores(project: Project, stage: str, *, keep_also: int | None = None) -> None:
    """Delete the scores of all but the last three runs of a stage, and the one named; the runs stay in the history."""
    old = select(Run.id).where(Run.stage == stage).order_by(Run.id.desc()).offset(3)
    with project.writing() as connection:
        connection.execute(delete(Score).where(Score.run_id.in_(old), Score.run_id != (keep_also or 0)))
