"""The project's rule: which of several people's opinions is in force."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from engine.project.history.opinions import Opinion
from engine.project.storage.kinds import is_settlement
from engine.project.storage.schema import Setting

NEWEST, MAJORITY, ADJUDICATOR = "newest", "majority", "adjudicator"

SETTLEMENTS = (NEWEST, MAJORITY, ADJUDICATOR)
"""What was said last, whoever said it; what most people say; where people differ, what one of them says."""

_SETTING: Final = "settlement"


class Settlement(NamedTuple):
    """`by`: the adjudicator's name."""

    name: str = NEWEST
    by: str | None = None

    def value(self, opinions: dict[str, Opinion], people: frozenset[str]) -> tuple[str, int | None]:
        """Whose opinion is in force, and which; where people differ and nothing decides between them, none.

        A tie of the majority, and a difference that the adjudicator has not heard, stay open: the last one to speak
        would else win, which is what such a rule is there to prevent.

        Args:
            opinions: by who says so, the newest last.
            people: those who are no files.
        """
        newest, opinion = list(opinions.items())[-1] if opinions else ("", Opinion(None, 0))
        votes = {who: one.value for who, one in opinions.items() if who in people and one.value is not None}
        if self.name == NEWEST or not votes:
            return newest, opinion.value
        if self.name == ADJUDICATOR and self.by in votes:
            return self.by, votes[self.by]
        yes, no = (sum(vote == value for vote in votes.values()) for value in (1, 0))
        if yes == no or (self.name == ADJUDICATOR and yes and no):
            return "", None
        value = int(yes > no)
        return [who for who, vote in votes.items() if vote == value][-1], value


def settlement_in_force(connection: Connection) -> Settlement:
    """The project's rule; what cannot be read is the default."""
    kept = connection.scalar(select(Setting.value).where(Setting.name == _SETTING))
    return Settlement(*kept) if kept is not None and is_settlement(kept) else Settlement()


def put_settlement(connection: Connection, kept: Any) -> None:
    """Put a rule into force, as the history keeps it: None for the default."""
    connection.execute(delete(Setting).where(Setting.name == _SETTING))
    if kept is not None:
        connection.execute(insert(Setting).values(name=_SETTING, value=kept))


def as_kept(rule: Settlement) -> list[str | None] | None:
    """As the history and the setting keep it."""
    return None if rule == Settlement() else list(rule)
