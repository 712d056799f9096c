"""Taking over labels of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Job
from cdul_gui.session.offers import Choice, Done
from cdul_gui.session.queues import Queues
from cdul_gui.session.session import Session
from cdul_gui.wording import labels_in_words, photos_in_words
from engine.jobs import Cancellation, Progress
from engine.stages.review.queues import OPINIONS

if TYPE_CHECKING:  # all formats come with it, which the window has no use for until something is taken over
    from engine.stages.importing.import_plan import ImportChoice, Imported, ImportPlan, Source


class Importing(QObject):
    """Brings what was read into the open project."""

    comparison_wanted = Signal()
    """The labels should be compared with the truth that was just brought in."""

    def __init__(self, session: Session, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._queues = session, queues

    def carry_out(self, source: Source, choice: ImportChoice) -> None:
        """Take over what a source says, after every edit made so far."""
        from engine.stages.importing.import_labels import carry_out

        session, project = self._session, self._session.project
        if project is None:
            return

        def work(progress: Progress, cancellation: Cancellation) -> Imported:
            return carry_out(project, source, choice, progress, cancellation)

        def begin() -> Job:
            return session.run_job(self.tr("Importing"), work, lambda done: self._tell(done, source))

        session.workers.write(lambda: None).finished.connect(begin)

    def _tell(self, done: Imported, source: Source) -> None:
        plan = done.plan
        counts = {
            "confirmed": labels_in_words(plan.confirmed),
            "rejected": f"{plan.rejected:,}",
            "suggested": labels_in_words(plan.suggested),
            "photos": photos_in_words(plan.photos),
        }
        sentence = self._sentence(plan).format(file=source.name, **counts)
        self._session.done.emit(Done(sentence, self._choices(plan), undoable=not plan.changes_nothing))

    def _choices(self, plan: ImportPlan) -> tuple[Choice, ...]:
        from engine.stages.importing.import_plan import TakeAs

        if plan.take_as == TakeAs.TRUTH:
            return (Choice(self.tr("Compare with it"), self.comparison_wanted.emit),)
        if plan.take_as != TakeAs.OPINION or plan.changes_nothing:
            return ()
        return (Choice(self.tr("Review where both differ"), lambda: self._queues.start(OPINIONS)),)

    def _sentence(self, plan: ImportPlan) -> str:
        from engine.stages.importing.import_plan import TakeAs

        if plan.changes_nothing:
            return self.tr("All of {file} was there already; nothing changed.")
        if plan.take_as == TakeAs.TRUTH:
            return self.tr("{file} is kept as a truth of {photos}.")
        if plan.take_as == TakeAs.OPINION:
            return self.tr("{file} is a second opinion on {photos}.")
        if plan.take_as == TakeAs.SUGGESTIONS:
            return self.tr("{suggested} suggested by {file}.")
        if not plan.rejected:
            return self.tr("{confirmed} confirmed by {file}; undo takes it back.")
        return self.tr("{confirmed} confirmed and {rejected} rejected by {file}; undo takes it back.")
