"""How well the scores agree with a truth: the truths of the open project, and one of them compared with a stage."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.file_manager import open_file
from cdul_gui.session.jobs import Failure, Job, Latest
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.session.session import Session
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.wording import photos_in_words, translated
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.truths import TruthRow, forget_truth, load_truth, map_category, truth_named, truths
from engine.stages.evaluation.compare import Comparison, Side, compare, sides
from engine.stages.evaluation.evaluate import IN_FORCE, evaluate
from engine.stages.evaluation.result import Evaluation

if TYPE_CHECKING:  # all formats come with it
    from engine.formats.known_labels import KnownLabels
    from engine.stages.importing.import_truth import ImportedTruth

MILLISECONDS_AFTER_ANSWERS = 1_000


class Evaluating(QObject):
    """Compares in a worker while somebody looks, and again whenever scores, thresholds or labels changed.

    What suggests labels now changes with answers as well; figures follow once they have come to rest.
    """

    truths_changed = Signal()
    """Other truths are kept."""
    changed = Signal()
    """The evaluation is another, or is being made."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._watched = False
        self.truths: list[TruthRow] = []
        self.stage = IN_FORCE
        self.beside: Side | None = None
        """Whose scores the stage's are compared with, on the same photos."""
        self.sides: list[Side] = []
        """Whose scores there are to compare with, newest first."""
        self.evaluation: Evaluation | None = None
        self.comparison: Comparison | None = None
        """Where `beside` is chosen; its second side is the evaluation."""
        self.problem = ""
        """Why there is no evaluation though there is a truth, a sentence."""
        self._truth: str | None = None
        self._comparing = Latest(self)
        self._cancellation = Cancellation()
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._look_up)
        self._at_rest = QTimer(self, singleShot=True, interval=MILLISECONDS_AFTER_ANSWERS)
        self._at_rest.timeout.connect(self._compare)
        session.suggestions_changed.connect(self._follow_answers)

    @property
    def busy(self) -> bool:
        """Whether a comparison is under way."""
        return self._comparing.busy

    @property
    def truth(self) -> TruthRow | None:
        """The truth that is compared with."""
        return next((row for row in self.truths if row.name == self._truth), None)

    def watch(self, watched: bool) -> None:
        """Somebody looks at the figures from now on, or no longer."""
        self._watched = watched
        if watched and self.evaluation is None and not self.busy:
            self._compare()

    def choose(self, *, truth: str | None = None, stage: str | None = None) -> None:
        """Compare another truth or stage."""
        self._truth, self.stage = truth or self._truth, stage or self.stage
        self._compare()

    def put_beside(self, side: Side | None) -> None:
        """Show how much the stage differs from other scores, or from none."""
        self.beside = side
        self._compare()

    def take_in(
        self, known: KnownLabels, file: Path, format_name: str, name: str, meaning: Mapping[str, str | None]
    ) -> None:
        """Keep a truth that was read from a file, and compare with it.

        Args:
            meaning: each label of the truth to the project's label that it means, None for none.
        """
        project = self._session.project
        if project is None:
            return

        def work(progress: Progress, cancellation: Cancellation) -> ImportedTruth:
            from engine.stages.importing.import_truth import import_truth

            return import_truth(
                project,
                known,
                progress,
                cancellation,
                source=file,
                format_name=format_name,
                name=name,
                synonyms=meaning,
            )

        def done(taken: ImportedTruth) -> None:
            self._truth = taken.truth.name
            self._session.noticed.emit(translated(taken.sentence))

        self._session.run_job(self.tr("Importing a truth"), work, done)

    def mend(self, meaning: Mapping[str, str | None]) -> Job | None:
        """Say anew which label of the project each label of the truth means."""
        truth, snapshot = self.truth, self._session.snapshot
        if truth is None or snapshot is None:
            return None
        labels = {label.name: label for label in snapshot.labels}

        def work(project: Project) -> None:
            kept = truth_named(project, truth.name)
            for category, name in meaning.items():
                kept = map_category(project, kept, category, labels.get(name or ""))

        return self._session.change(work)

    def forget_truth(self) -> Job | None:
        """Delete the truth that is compared with."""
        truth = self.truth
        if truth is None:
            return None
        return self._session.change(lambda project: forget_truth(project, truth))

    def show_photos(self, photo_ids: Rows, told: str) -> None:
        """Show the photos behind a number in the gallery; `told` says what they are, with `{photos}`."""
        snapshot = self._session.snapshot
        if snapshot is None:
            return
        if not len(photo_ids):
            self._session.said.emit(self.tr("There are no such photos."))
            return
        row_of = {int(photo): row for row, photo in enumerate(snapshot.photo_ids)}
        rows = np.array([row_of[photo] for photo in photo_ids.tolist() if photo in row_of], np.int64)
        self._session.show_rows(rows)
        self._session.go_to(int(rows[0]))
        self._session.said.emit(told.replace("{photos}", photos_in_words(len(rows))))

    def look_at(self, label: str) -> None:
        """Look at a label, so that its heatmap is shown."""
        snapshot = self._session.snapshot
        columns = [column for column, one in enumerate(snapshot.labels) if one.name == label] if snapshot else []
        if columns:
            self._session.look_at_label(columns[0])

    def write_report(self, file: Path) -> None:
        """Write the evaluation as one HTML file."""
        project, evaluation, comparison = self._session.project, self.evaluation, self.comparison
        if project is None or evaluation is None:
            return

        def work() -> None:
            from engine.stages.evaluation.report import write_report

            write_report(file, project, evaluation, comparison)

        job = self._session.workers.read(work)
        look = Choice(self.tr("Open it"), partial(open_file, file, self._session.said.emit))
        offer = Offer(self.tr("Report written to {file}").format(file=file), (look,))
        job.finished.connect(lambda _nothing: self._session.offered.emit(offer))
        job.failed.connect(self._session.failed)

    @Slot()
    def _forget(self) -> None:
        self._cancellation.cancel()
        self.truths, self.sides, self.stage, self.beside = [], [], IN_FORCE, None
        self.evaluation = self.comparison = None
        self._comparing.drop()
        self.problem, self._truth = "", None
        self.truths_changed.emit()
        self.changed.emit()

    @Slot()
    def _look_up(self) -> None:
        """Read which truths are kept; while a run brings scores, not each time that it does."""
        project, snapshot = self._session.project, self._session.snapshot
        if project is None or snapshot is None or self._session.job is not None:
            return

        def done(known: tuple[list[TruthRow], list[Side]]) -> None:
            if project is not self._session.project:
                return
            found, self.sides = known
            if self.beside not in self.sides:
                self.beside = None
            if found != self.truths:
                self.truths = found
                if self.truth is None:
                    self._truth = found[0].name if found else None
                self.truths_changed.emit()
            self._compare()

        job = self._session.workers.read(lambda: (truths(project), [side for side, _ in sides(project)]))
        job.finished.connect(done)
        job.failed.connect(self._session.failed)

    @Slot(object)
    def _follow_answers(self, _rows: object) -> None:
        if self._watched and self.stage == IN_FORCE:
            self._at_rest.start()

    @Slot()
    def _compare(self) -> None:
        self._at_rest.stop()
        project, truth, stage, beside = self._session.project, self.truth, self.stage, self.beside
        self._cancellation.cancel()
        self._comparing.drop()
        self.problem = ""
        if project is None or truth is None or not self._watched:
            self.evaluation = self.comparison = None
            self.changed.emit()
            return
        cancellation = self._cancellation = Cancellation()

        def work() -> tuple[Evaluation, Comparison | None]:
            table = load_truth(project, truth)
            if beside is None:
                return evaluate(project, table, stage=stage, check=cancellation.check), None
            comparison = compare(project, table, beside, Side(stage), check=cancellation.check)
            return comparison.second, comparison

        self._comparing.follow(self._session.workers.read(work), lambda found: self._arrive(*found), self._fail)
        self.changed.emit()

    def _arrive(self, evaluation: Evaluation | None, comparison: Comparison | None, problem: str = "") -> None:
        self.evaluation, self.comparison, self.problem = evaluation, comparison, problem
        self.changed.emit()

    def _fail(self, failure: Failure) -> None:
        self._arrive(None, None, failure.sentence)
        if failure.details:  # a defect, and not only a stage without scores
            self._session.failed.emit(failure)
