"""What became of a project since it was read: answers one by one, or that there is more to read."""

import pytest

from engine import person
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import rename_label
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, undo
from engine.project.history.news import mark, news_since
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold
from engine.stages.people.taking import take

pytestmark = pytest.mark.both_databases


def test_answers_are_told_as_they_are_in_force_now(desk: Project) -> None:
    before = mark(desk)
    assert news_since(desk, before) == (before, (), False)
    answer(desk, "first", [Answer(1, 1, True), Answer(2, 1, False), Answer(3, None, True)])
    answer(desk, "second", [Answer(1, 1, False)])
    found = news_since(desk, before)
    assert set(found.answers) == {Answer(1, 1, False), Answer(2, 1, False), Answer(3, None, True)}
    assert not found.more
    undo(desk)
    assert news_since(desk, found.mark).answers == (Answer(1, 1, True),)


@pytest.mark.parametrize(
    "do",
    [
        lambda project: rename_label(project, 1, "kitten"),
        lambda project: set_thresholds(project, [ManualThreshold(1, INITIAL, 0.3)]),
        lambda project: record_folder(project, [FoundPhoto(f"{at}.jpg", 1, 1) for at in range(4)]),
        lambda project: finish_run(project, begin_run(project, "initialise", label_ids=[1], settings={})),
    ],
    ids=["label", "threshold", "photo", "run"],
)
def test_whatever_is_no_answer_is_more_to_read(do, desk: Project) -> None:
    before = mark(desk)
    do(desk)
    found = news_since(desk, before)
    assert found.more
    assert not news_since(desk, found.mark).more


def test_what_a_second_opinion_is_not_to_see_is_no_news(desk: Project) -> None:
    person.be("Ada")
    answer(desk, "reviewed", [Answer(photo, None, True) for photo in (1, 2, 3)])
    person.be("Ben")
    assert take(desk, take_snapshot(desk), 1, 1.0).photo_ids
    [hidden] = take(desk, take_snapshot(desk), 1, 1.0).photo_ids
    before = mark(desk)
    person.be("Ada")
    answer(desk, "more", [Answer(photo, 1, True) for photo in (1, 2, 3)])
    person.be("Ben")
    assert {one.photo_id for one in news_since(desk, before).answers} == {1, 2, 3} - {hidden}
