"""Several people in one project: everybody's opinion is kept, and undo is one's own."""

from collections.abc import Callable

import numpy as np
import pytest

from engine import person
from engine.errors import UserError, WrongUsage
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import Outcome, answer, can_undo_redo, history, redo, undo
from engine.project.history.opinions import opinions
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.take_snapshot import take_snapshot
from engine.stages.people.agreement import agreement

pytestmark = pytest.mark.both_databases

Say = Callable[..., Outcome | None]


@pytest.fixture
def desk(project: Project) -> Project:
    """Three photos (ids 1 to 3), two labels (ids 1 and 2)."""
    use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto(f"{at}.jpg", 1, 1) for at in range(3)])
    return project


@pytest.fixture
def say(desk: Project) -> Say:
    """Somebody says something of a photo and a label, or calls a photo reviewed (label None)."""

    def say(who: str, *answers: tuple[int, int | None, bool | None]) -> Outcome | None:
        person.be(who)
        return answer(desk, f"{who} said", [Answer(*one) for one in answers])

    return say


def as_said(project: Project) -> dict[str, list[list[int]]]:
    found = opinions(project, take_snapshot(project))
    return dict(zip(found.people, found.decisions.tolist(), strict=True))


def in_force(project: Project) -> list[list[int]]:
    return take_snapshot(project).decisions.tolist()


def test_who_says_the_same_as_another_has_said_it_as_well(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True), (2, 1, False))
    outcome = say("Ben", (1, 1, True), (2, 1, True))
    assert outcome is not None
    assert as_said(desk) == {"Ada": [[YES, 0], [NO, 0], [0, 0]], "Ben": [[YES, 0], [YES, 0], [0, 0]]}
    assert in_force(desk) == [[YES, 0], [YES, 0], [0, 0]]  # the newest
    assert say("Ben", (1, 1, True)) is None  # once is enough


def test_an_opinion_is_the_newest_that_is_in_force(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True))
    say("Ada", (1, 1, False))
    say("Ben", (1, 1, True))
    assert as_said(desk)["Ada"][0][0] == NO
    person.be("Ada")
    undo(desk)
    assert as_said(desk) == {"Ada": [[YES, 0], [0, 0], [0, 0]], "Ben": [[YES, 0], [0, 0], [0, 0]]}
    redo(desk)
    assert as_said(desk)["Ada"][0][0] == NO
    say("Ada", (1, 1, None))
    assert as_said(desk)["Ada"][0][0] == UNDECIDED


def test_undo_takes_back_what_is_ones_own(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True))
    say("Ben", (2, 2, True))
    assert can_undo_redo(desk) == ("Ben said", None)
    person.be("Ada")
    assert can_undo_redo(desk) == ("Ada said", None)
    undo(desk)
    assert undo(desk) is None
    assert in_force(desk) == [[0, 0], [0, YES], [0, 0]]
    say("Ben", (3, 2, True))  # ends nothing of Ada's
    person.be("Ada")
    assert can_undo_redo(desk) == (None, "Ada said")
    assert redo(desk) is not None
    assert in_force(desk) == [[YES, 0], [0, YES], [0, YES]]


def test_anothers_edit_is_undone_where_it_is_named(desk: Project, say: Say) -> None:
    said = say("Ada", (1, 1, True))
    assert said is not None
    person.be("Ben")
    assert undo(desk) is None
    assert undo(desk, said.edit_id) is not None
    assert in_force(desk)[0] == [0, 0]
    assert can_undo_redo(desk) == (None, "Ada said")  # Ben undid it
    person.be("Ada")
    assert can_undo_redo(desk) == (None, None)


@pytest.mark.parametrize("first", ["Ada", "Ben"])
def test_what_one_takes_back_the_other_still_says(desk: Project, say: Say, first: str) -> None:
    say("Ada", (1, 1, True), (1, None, True))
    say("Ben", (1, 1, True), (1, None, True))
    person.be(first)
    undone = undo(desk)
    assert undone is not None
    assert undone.left == 0
    snapshot = take_snapshot(desk)
    assert (snapshot.decisions[0, 0], snapshot.reviewed[0]) == (YES, True)
    person.be("Ben" if first == "Ada" else "Ada")
    undo(desk)
    snapshot = take_snapshot(desk)
    assert (snapshot.decisions[0, 0], snapshot.reviewed[0]) == (UNDECIDED, False)
    redo(desk)
    assert take_snapshot(desk).decisions[0, 0] == YES


def test_the_screen_follows_what_undo_leaves_in_force(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True))
    say("Ben", (1, 1, True))
    snapshot = take_snapshot(desk)
    person.be("Ada")
    undone = undo(desk)
    assert undone is not None
    snapshot.apply(undone.answers)
    assert np.array_equal(snapshot.decisions, take_snapshot(desk).decisions)


def test_undo_says_what_another_has_answered_since(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True), (2, 1, True))
    say("Ben", (1, 1, False))
    person.be("Ada")
    undone = undo(desk)
    assert undone is not None
    assert undone.left == 1
    assert in_force(desk) == [[NO, 0], [0, 0], [0, 0]]
    person.be("Ben")
    undo(desk)
    assert in_force(desk) == [[0, 0], [0, 0], [0, 0]]  # nobody says anything any more


def test_what_a_file_says_is_undone_by_whoever_took_it_over_and_is_nobodys_opinion(desk: Project, say: Say) -> None:
    person.be("Ada")
    answer(desk, "taken over", [Answer(1, 1, True)], by="import: a.csv")
    say("Ben", (1, 1, True))
    assert [(edit.by, edit.done_by) for edit in history(desk)][-1] == ("import: a.csv", "Ada")
    assert can_undo_redo(desk)[0] is None  # to Ben the file says so already
    assert "import: a.csv" not in as_said(desk)
    person.be("Ada")
    assert can_undo_redo(desk)[0] == "taken over"


def test_one_person_alone_makes_no_edit_of_what_is_so_already(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True))
    assert say("Ada", (1, 1, True)) is None
    answer(desk, "taken over", [Answer(2, 1, True)], by="import: a.csv")
    assert say("Ada", (2, 1, True)) is None


def test_agreement_counts_what_was_left_alone_on_a_reviewed_photo_as_no(desk: Project, say: Say) -> None:
    say("Ada", (1, 1, True), (2, 1, True), (1, None, True), (2, None, True), (3, None, True))
    with pytest.raises(UserError, match="two people"):
        agreement(desk, take_snapshot(desk))
    say("Ben", (1, 1, True), (1, None, True), (2, None, True), (3, 1, False))
    found = agreement(desk, take_snapshot(desk))
    assert found.people == (("Ada", 3), ("Ben", 3))
    assert found.pairs == (("Ada", "Ben"),)
    cat, dog = found.labels
    # Cat: yes yes, yes no, no no. By chance 4/9 + ..., of 3 photos: agreed 2/3, chance (2*1 + 1*2)/9.
    assert (cat.label, cat.alpha.answered, cat.alpha.differ) == ("cat", 3, 1)
    assert cat.kappas[0].figure == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert (dog.alpha.answered, dog.alpha.differ, dog.alpha.figure) == (2, 0, None)  # nobody saw a dog
    assert found.overall.kappas[0].figure == cat.kappas[0].figure
    assert found.said.disagreed.tolist() == [[False, False], [True, False], [False, False]]


def test_who_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    of_the_system = person.current_user()
    person.keep_name("Ada Lovelace")
    person.be(None)
    assert person.current_user() == "Ada Lovelace"
    monkeypatch.setenv("CDUL_USER", " Ben ")
    assert person.current_user() == "Ben"
    person.be("Cyd")
    assert person.current_user() == "Cyd"
    for wrong in ("", "  ", "a\nb", "import: a.csv", "x" * 61):
        with pytest.raises(WrongUsage, match="name"):
            person.be(wrong)
    person.be(None)
    monkeypatch.delenv("CDUL_USER")
    person.keep_name(None)
    person.be(None)
    assert person.current_user() == of_the_system
