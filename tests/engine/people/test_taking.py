"""Photos shared out among people: nobody is given what another has in hand, and second opinions are blind."""

from datetime import timedelta

import pytest

from engine import person
from engine.errors import UserError
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history import claims
from engine.project.history.history import Outcome, answer, undo
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.people import taking
from engine.stages.people.several import see_as_reviewer
from engine.stages.people.taking import give_back, in_hand, photos_in_hand, take

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(project: Project) -> Project:
    """Twenty photos (ids 1 to 20), one label (id 1)."""
    use_label_set(project, [NewLabel("cat")])
    record_folder(project, [FoundPhoto(f"{at:02}.jpg", 1, 1) for at in range(20)])
    return project


def taken(project: Project, who: str, count: int, overlap: float = 0.0) -> list[int]:
    person.be(who)
    return list(take(project, take_snapshot(project), count, overlap).photo_ids)


def review(project: Project, who: str, photo: int, value: bool | None = None) -> Outcome | None:
    person.be(who)
    said = [Answer(photo, 1, value)] if value is not None else []
    return answer(project, "said", [*said, Answer(photo, None, True)])


def seen(project: Project, who: str) -> Snapshot:
    person.be(who)
    snapshot = take_snapshot(project)
    see_as_reviewer(project, snapshot)
    return snapshot


def test_nobody_is_given_what_another_has_in_hand_or_reviewed(desk: Project) -> None:
    assert taken(desk, "Ada", 5) == [1, 2, 3, 4, 5]
    assert taken(desk, "Ben", 5) == [6, 7, 8, 9, 10]
    assert taken(desk, "Ada", 5) == [1, 2, 3, 4, 5]  # so many are to be in hand
    review(desk, "Ada", 1, True)
    assert photos_in_hand(desk) == [2, 3, 4, 5]
    assert taken(desk, "Ada", 5) == [2, 3, 4, 5, 11]
    assert [(one.person, one.done, one.left) for one in in_hand(desk)] == [("Ada", 1, 5), ("Ben", 0, 5)]
    assert give_back(desk) == 5
    assert taken(desk, "Cyd", 5) == [2, 3, 4, 5, 11]


def test_a_share_are_second_opinions_on_what_one_other_has_reviewed_or_will(desk: Project) -> None:
    taken(desk, "Ada", 10)
    review(desk, "Ada", 1, True)
    mine = taken(desk, "Ben", 10, 0.4)
    assert len(mine) == 10
    assert len([photo for photo in mine if photo <= 10]) == 4
    third = taken(desk, "Cyd", 20, 1.0)
    assert not set(third) & set(mine) & set(range(1, 11))  # two a photo are enough
    with pytest.raises(UserError, match="no photo"):
        taken(desk, "Dan", 5)


def test_what_is_not_answered_for_a_day_is_anybodys_again(desk: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    start = taking.now()
    monkeypatch.setattr(taking, "now", lambda: start)
    assert taken(desk, "Ada", 2) == [1, 2]
    monkeypatch.setattr(taking, "now", lambda: start + timedelta(hours=23))
    assert taken(desk, "Ben", 2) == [3, 4]
    with desk.writing() as connection:
        claims.renew(connection, "Ada", start + timedelta(hours=23))  # as an answer does
    monkeypatch.setattr(taking, "now", lambda: start + timedelta(hours=46))
    assert taken(desk, "Cyd", 2) == [5, 6]
    monkeypatch.setattr(taking, "now", lambda: start + timedelta(hours=48))
    assert taken(desk, "Cyd", 4) == [1, 2, 5, 6]


def test_an_answer_renews_what_is_in_hand(desk: Project) -> None:
    taken(desk, "Ada", 3)
    with desk.writing() as connection:
        [before, *_] = claims.claims(connection, taking.now())
    review(desk, "Ada", 2, True)
    with desk.reading() as connection:
        after = claims.claims(connection, taking.now())
    assert all(one.until > before.until for one in after)


def test_of_a_second_opinion_others_answers_are_shown_once_it_is_given(desk: Project) -> None:
    taken(desk, "Ada", 1)
    review(desk, "Ada", 1, True)
    assert taken(desk, "Ben", 1, 1.0) == [1]
    blind = seen(desk, "Ben")
    assert (blind.decisions[0, 0], blind.known[0, 0], blind.reviewed[0]) == (UNDECIDED, UNDECIDED, False)
    assert blind.opinions is None or not blind.opinions.of_others("Ben", 0, 0)
    said = answer(desk, "said", [Answer(1, 1, False)])
    assert said is not None
    blind.apply(said.answers)
    assert blind.decisions[0, 0] == NO
    assert seen(desk, "Ben").decisions[0, 0] == NO
    done = review(desk, "Ben", 1)
    assert done is not None
    open_now = seen(desk, "Ben")
    assert open_now.opinions is not None
    assert open_now.opinions.of_others("Ben", 0, 0) == {"Ada": YES}
    assert open_now.opinions.disagreed.tolist()[0] == [True]
    undo(desk)
    assert not seen(desk, "Ben").reviewed[0]
    assert seen(desk, "Ada").decisions[0, 0] == NO  # the newest
