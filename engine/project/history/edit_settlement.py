"""Changing the project's rule: an edit of the history, which says before how many decisions it changes."""

from __future__ import annotations

from engine.errors import WrongUsage
from engine.person import checked_name
from engine.project.history.changes import SETTLEMENT, ChangeRow
from engine.project.history.history import Outcome, keep_edit
from engine.project.history.settlement import (
    ADJUDICATOR,
    MAJORITY,
    SETTLEMENTS,
    Settlement,
    as_kept,
    put_settlement,
    settlement_in_force,
)
from engine.project.history.settling import following, shared_keys
from engine.project.project import Project
from engine.wording import Sentence

_TITLES = {
    MAJORITY: Sentence("in force is what most people say"),
    ADJUDICATOR: Sentence("in force is, where people differ, what {name} says"),
}


def settlement_of(project: Project) -> Settlement:
    """The rule in force."""
    with project.reading() as connection:
        return settlement_in_force(connection)


def checked_settlement(name: str, by: str | None = None) -> Settlement:
    """A rule, as it is asked for.

    Raises:
        WrongUsage: there is no such rule, or an adjudicator is missing, or named for nothing.
    """
    if name not in SETTLEMENTS:
        raise WrongUsage(
            Sentence("Expected a rule named {rules}, but got {name!r}.").format(rules=", ".join(SETTLEMENTS), name=name)
        )
    if (name == ADJUDICATOR) != (by is not None):
        raise WrongUsage(Sentence("The rule of an adjudicator needs a name, and no other rule has one."))
    return Settlement(name, None if by is None else checked_name(by))


def decisions_changed_by(project: Project, rule: Settlement) -> int:
    """How many decisions in force another rule would change."""
    with project.reading() as connection:
        return sum(map(len, following(connection, shared_keys(connection), rule).values()))


def set_settlement(project: Project, rule: Settlement) -> Outcome | None:
    """Have another rule be heeded, of what was answered as well as of what will be. None if it is in force."""
    with project.writing() as connection:
        before = settlement_in_force(connection)
        if rule == before:
            return None
        put_settlement(connection, as_kept(rule))
        title = _TITLES.get(rule.name, Sentence("in force is what was said last")).format(name=rule.by)
        change = ChangeRow(SETTLEMENT, None, None, None, as_kept(before), as_kept(rule))
        return keep_edit(connection, title, [change], by=None)
