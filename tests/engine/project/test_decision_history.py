"""Decisions are kept with their history; every edit can be undone, for ever."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from sqlalchemy import event, select

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import EditRow, answer, can_undo_redo, history, redo, undo
from engine.project.history.merging import merge_labels
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.storage.schema import Decision
from engine.project.take_snapshot import take_snapshot

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(project: Project) -> Project:
    """Three photos (ids 1 to 3), two labels (ids 1 and 2)."""
    use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto(f"{at}.jpg", 1, 1) for at in range(3)])
    return project


def decisions(project: Project) -> list[list[int]]:
    return take_snapshot(project).decisions.tolist()


def say(project: Project, title: str, *answers: tuple[int, int | None, bool | None]) -> int:
    outcome = answer(project, title, [Answer(*one) for one in answers])
    assert outcome is not None
    return outcome.edit_id


def test_yes_no_and_undecided(desk: Project) -> None:
    say(desk, "first", (1, 1, True), (2, 1, False), (3, 2, True))
    assert decisions(desk) == [[YES, 0], [NO, 0], [0, YES]]
    say(desk, "second", (1, 1, False), (3, 2, None))
    assert decisions(desk) == [[NO, 0], [NO, 0], [UNDECIDED, 0]]


def test_who_decided_and_when_is_kept(desk: Project) -> None:
    answer(desk, "imported", [Answer(1, 1, True)], by="Ada")
    [edit] = history(desk)
    assert (edit.by, edit.title, edit.kind, edit.undone) == ("Ada", "imported", "edit", False)


def test_what_undo_and_redo_bring_back_was_decided_when_it_was(desk: Project) -> None:
    def decided() -> list[tuple[int, datetime, str]]:
        with desk.reading() as connection:
            rows = connection.execute(select(Decision.label_id, Decision.decided_at, Decision.decided_by))
            return sorted((label, at, by) for label, at, by in rows)

    answer(desk, "cat", [Answer(1, 1, True)], by="Ada")
    before = decided()
    cat, dog = label_set(desk)
    merge_labels(desk, cat, dog)
    after = decided()
    assert [label for label, _at, _by in after] == [dog.id]
    assert after != before
    undo(desk)
    assert decided() == before
    redo(desk)
    assert decided() == after


def test_an_answer_that_changes_nothing_is_no_edit(desk: Project) -> None:
    say(desk, "yes", (1, 1, True))
    assert answer(desk, "again", [Answer(1, 1, True)]) is None
    assert answer(desk, "nothing", []) is None
    assert answer(desk, "withdraw what was never said", [Answer(2, 2, None)]) is None
    assert len(history(desk)) == 1


def test_the_last_of_several_answers_counts(desk: Project) -> None:
    say(desk, "wavering", (1, 1, True), (1, 1, False))
    assert decisions(desk)[0] == [NO, 0]


def test_undo_and_redo(desk: Project) -> None:
    say(desk, "one", (1, 1, True))
    say(desk, "two", (1, 1, False), (2, 1, True))
    undone = undo(desk)
    assert undone is not None
    assert (undone.title, undone.left) == ("two", 0)
    assert set(undone.answers) == {Answer(1, 1, True), Answer(2, 1, None)}
    assert decisions(desk) == [[YES, 0], [0, 0], [0, 0]]
    assert can_undo_redo(desk) == ("one", "two")
    undo(desk)
    assert decisions(desk) == [[0, 0]] * 3
    assert undo(desk) is None
    redo(desk)
    redo(desk)
    assert decisions(desk) == [[NO, 0], [YES, 0], [0, 0]]
    assert redo(desk) is None


def test_a_new_edit_ends_what_could_be_redone(desk: Project) -> None:
    say(desk, "one", (1, 1, True))
    undo(desk)
    say(desk, "other", (2, 2, True))
    assert redo(desk) is None
    assert can_undo_redo(desk) == ("other", None)


def test_an_older_edit_can_be_undone_and_redone(desk: Project) -> None:
    first = say(desk, "first", (1, 1, True))
    say(desk, "second", (2, 2, True))
    assert undo(desk, first) is not None
    assert decisions(desk) == [[0, 0], [0, YES], [0, 0]]
    assert undo(desk, first) is None
    assert redo(desk, first) is not None
    assert decisions(desk) == [[YES, 0], [0, YES], [0, 0]]


def test_undo_leaves_what_a_later_edit_changed(desk: Project) -> None:
    first = say(desk, "first", (1, 1, True), (2, 1, True), (3, 1, True))
    say(desk, "second", (2, 1, False))
    outcome = undo(desk, first)
    assert outcome is not None
    assert outcome.left == 1
    assert decisions(desk) == [[0, 0], [NO, 0], [0, 0]]


def test_undo_brings_nothing_back_that_was_said_by_an_edit_undone_since(desk: Project) -> None:
    """A bulk, an answer against it, the bulk undone by itself, and then the answer."""
    bulk = say(desk, "all cats", (1, 1, True), (2, 1, True), (3, 1, True))
    against = say(desk, "no cat", (1, 1, False))
    undo(desk, bulk)
    assert decisions(desk) == [[NO, 0], [0, 0], [0, 0]]
    undo(desk, against)
    assert decisions(desk) == [[0, 0], [0, 0], [0, 0]]
    redo(desk)
    assert decisions(desk) == [[NO, 0], [0, 0], [0, 0]]
    undo(desk, against)
    redo(desk, bulk)
    assert decisions(desk) == [[YES, 0], [YES, 0], [YES, 0]]


def test_undo_goes_back_to_the_last_edit_that_is_in_force(desk: Project) -> None:
    first = say(desk, "a cat", (1, 1, True))
    second = say(desk, "no cat", (1, 1, False))
    third = say(desk, "nobody knows", (1, 1, None))
    undo(desk, second)
    undo(desk, third)
    assert decisions(desk)[0][0] == YES
    redo(desk, second)
    redo(desk, third)
    undo(desk, first)
    undo(desk, third)
    assert decisions(desk)[0][0] == NO


def test_reviewed_is_part_of_the_edit(desk: Project) -> None:
    say(desk, "accepted and reviewed", (1, 1, True), (1, None, True))
    assert take_snapshot(desk).reviewed.tolist() == [True, False, False]
    undo(desk)
    assert take_snapshot(desk).reviewed.tolist() == [False] * 3
    redo(desk)
    assert take_snapshot(desk).reviewed.tolist() == [True, False, False]
    assert answer(desk, "again", [Answer(1, None, True)]) is None


def test_the_order_outlives_a_restart(desk: Project) -> None:
    say(desk, "one", (1, 1, True))
    say(desk, "two", (2, 1, True))
    say(desk, "three", (3, 1, True))
    undo(desk)
    undo(desk)
    desk.close()
    with Project.open(desk.photos, desk.place) as again:
        assert can_undo_redo(again) == ("one", "two")
        redo(again)
        assert decisions(again) == [[YES, 0], [YES, 0], [0, 0]]
        shown = [(edit.kind, edit.title, edit.undone) for edit in history(again)]
        assert shown == [
            ("redo", "two", False),
            ("undo", "two", False),
            ("undo", "three", False),
            ("edit", "three", True),
            ("edit", "two", False),
            ("edit", "one", False),
        ]


def test_every_row_of_the_history_can_be_shown(desk: Project) -> None:
    for at in range(5):
        say(desk, f"edit {at}", (1, 1, at % 2 == 0))
    assert [edit.title for edit in history(desk, limit=2)] == ["edit 4", "edit 3"]
    assert all(isinstance(edit, EditRow) for edit in history(desk))


@pytest.fixture
def statements(desk: Project) -> Callable[[], int]:
    """How many statements the project's database was given since."""
    count = [0]

    @event.listens_for(desk._database.engine, "before_cursor_execute")
    def _count(*_arguments: object) -> None:
        count[0] += 1

    return lambda: count[0]


def test_five_thousand_photos_are_one_edit_of_few_statements(desk: Project, statements: Callable[[], int]) -> None:
    record_folder(desk, [FoundPhoto(f"{at:05}.jpg", 1, 1) for at in range(5000)])
    photo_ids = take_snapshot(desk).photo_ids.tolist()
    before = statements()
    outcome = answer(desk, "rejected cat on 5,000 photos", [Answer(photo, 1, False) for photo in photo_ids])
    assert outcome is not None
    assert len(outcome.answers) == len(photo_ids) >= 5000
    assert statements() - before < 20
    assert len(history(desk)) == 1
    undo(desk)
    assert not np.any(take_snapshot(desk).decisions)


def test_an_edit_is_kept_whole_or_not_at_all(desk: Project) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        answer(desk, "with a photo that is not there", [Answer(1, 1, True), Answer(999, 1, True)])
    assert decisions(desk) == [[0, 0]] * 3
    assert history(desk) == []


def test_a_snapshot_that_is_told_of_the_answers_equals_a_new_one(desk: Project) -> None:
    snapshot = take_snapshot(desk)
    first = answer(desk, "some", [Answer(1, 1, True), Answer(2, 2, False), Answer(3, None, True)])
    assert first is not None
    assert snapshot.apply(first.answers) == [0, 1, 2]
    second = undo(desk)
    assert second is not None
    third = answer(desk, "more", [Answer(2, 1, True)])
    assert third is not None
    snapshot.apply([*second.answers, *third.answers])
    fresh = take_snapshot(desk)
    np.testing.assert_array_equal(snapshot.decisions, fresh.decisions)
    np.testing.assert_array_equal(snapshot.reviewed, fresh.reviewed)
