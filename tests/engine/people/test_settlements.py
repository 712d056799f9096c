"""Which of several people's answers is in force: what the project's rule says, from an answer on and in retrospect."""

import pytest

from engine import person
from engine.errors import WrongUsage
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_settlement import (
    checked_settlement,
    decisions_changed_by,
    set_settlement,
    settlement_of,
)
from engine.project.history.history import Outcome, answer, redo, undo
from engine.project.history.settlement import ADJUDICATOR, MAJORITY, NEWEST, Settlement
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.take_snapshot import take_snapshot

pytestmark = pytest.mark.both_databases


def say(project: Project, who: str, *answers: tuple[int, bool | None]) -> Outcome | None:
    person.be(who)
    return answer(project, f"{who} said", [Answer(photo, 1, value) for photo, value in answers])


def in_force(project: Project) -> list[int]:
    return take_snapshot(project).decisions[:, 0].tolist()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Settlement(NEWEST), [YES, NO, YES]),
        (Settlement(MAJORITY), [YES, UNDECIDED, YES]),  # a tie is open
        (Settlement(ADJUDICATOR, "Ada"), [YES, YES, NO]),
        (Settlement(ADJUDICATOR, "Cyd"), [YES, UNDECIDED, YES]),  # of the second she said nothing
    ],
    ids=lambda value: "-".join(filter(None, value)) if isinstance(value, Settlement) else "",
)
def test_what_was_said_before_is_settled_by_the_new_rule(desk: Project, rule: Settlement, expected: list[int]) -> None:
    say(desk, "Ada", (1, True), (2, True), (3, False))
    say(desk, "Ben", (1, True), (2, False), (3, True))
    say(desk, "Cyd", (3, True))
    before = in_force(desk)
    assert before == [YES, NO, YES]
    told = decisions_changed_by(desk, rule)
    assert told == sum(one != other for one, other in zip(before, expected, strict=True))
    snapshot = take_snapshot(desk)
    done = set_settlement(desk, rule)
    if rule == Settlement():
        assert done is None
        return
    assert done is not None
    assert in_force(desk) == expected
    snapshot.apply(done.answers)
    assert snapshot.decisions[:, 0].tolist() == expected
    undo(desk)
    assert (settlement_of(desk), in_force(desk)) == (Settlement(), before)
    redo(desk)
    assert (settlement_of(desk), in_force(desk)) == (rule, expected)


def test_each_answer_is_settled_as_it_comes_and_undone_with_what_followed(desk: Project) -> None:
    say(desk, "Ada", (1, True))
    set_settlement(desk, Settlement(MAJORITY))
    assert in_force(desk)[0] == YES
    tie = say(desk, "Ben", (1, False))
    assert tie is not None
    assert in_force(desk)[0] == UNDECIDED
    assert tie.answers[-1] == Answer(1, 1, None)  # what the screen is to show
    say(desk, "Cyd", (1, False))
    assert in_force(desk)[0] == NO
    assert say(desk, "Ada", (1, True)) is None  # said already
    assert say(desk, "Dan", (1, None)) is None  # takes back nothing of others
    person.be("Cyd")
    undo(desk)
    assert in_force(desk)[0] == UNDECIDED
    person.be("Ben")
    undo(desk)
    assert in_force(desk)[0] == YES


def test_an_answer_to_what_a_file_says_is_no_tie(desk: Project) -> None:
    person.be("Ada")
    answer(desk, "taken over", [Answer(1, 1, True)], by="import: a.csv")
    say(desk, "Ben", (2, True))
    set_settlement(desk, Settlement(MAJORITY))
    say(desk, "Ada", (1, False))
    assert in_force(desk)[0] == NO


def test_a_rule_that_makes_no_sense_is_refused() -> None:
    for wrong in (("loudest", None), (ADJUDICATOR, None), (MAJORITY, "Ada"), (ADJUDICATOR, " ")):
        with pytest.raises(WrongUsage):
            checked_settlement(*wrong)
