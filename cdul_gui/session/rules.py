"""Rules of the open project: what they do is counted in workers; making one and taking it back are edits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.edit_rules import add_rule, remove_rules
from engine.project.rules import Rule
from engine.stages.rules.effect import RuleEffect, effects_of_rules, try_rule
from engine.wording import Sentence


class RuleEditing(QObject):
    """Tries, makes and takes back rules."""

    refused = Signal(str)
    """Something was not done: a sentence."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def look(self) -> Job | None:
        """Count what each rule does: a list of rules with their `RuleEffect`."""
        project = self._session.project
        if project is None:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> list[tuple[Rule, RuleEffect]]:
            return effects_of_rules(project, progress, cancellation)

        return self._session.workers.read_slowly(work)

    def try_rule(self, label: str, condition: str) -> Job | None:
        """Count what a rule would do: a `RuleEffect`, or the sentence of why it is none."""
        project = self._session.project
        if project is None:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> RuleEffect | Sentence:
            try:
                return try_rule(project, label, condition, progress, cancellation)
            except UserError as error:
                return error.sentence

        return self._session.workers.read_slowly(work)

    def add(self, label: str, condition: str) -> Job:
        """Make a rule."""
        return self._write(lambda project: add_rule(project, label, condition))

    def remove(self, rule: Rule) -> Job:
        """Take a rule back."""
        return self._write(lambda project: remove_rules(project, [rule]))

    def _write(self, work: Callable[[Project], object]) -> Job:
        return self._session.write(work, self.refused.emit)
