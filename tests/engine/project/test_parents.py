"""Labels stand below others: what follows from answers is shown, never kept, and goes with its cause."""

import numpy as np
import pytest
from aviary import ANIMAL, BIRD, CAT, PET, SPARROW, A, B, C, known_of, say

from engine.project import Project
from engine.project.answer import Answer
from engine.project.filters import parse
from engine.project.history.edit_labels import remove_label
from engine.project.history.edit_parents import move_below, put_below, set_other_names, take_from_below
from engine.project.history.history import history, redo, undo
from engine.project.label_state import IMPLIED, NO, RULED_OUT, UNDECIDED, YES, LabelState
from engine.project.labels import (
    LabelSetError,
    NewLabel,
    OtherName,
    label_set,
    parse_label_set,
    use_label_set,
)
from engine.project.parents import Parents
from engine.project.storage.schema import Label
from engine.project.take_snapshot import take_snapshot
from engine.stages.describing.adopting import adopt_words

pytestmark = pytest.mark.both_databases


def test_a_confirmed_label_confirms_all_above_and_takes_it_along_when_it_goes(aviary: Project) -> None:
    say(aviary, A, SPARROW, True)
    assert known_of(aviary, A) == [YES, IMPLIED, IMPLIED, UNDECIDED, UNDECIDED]
    say(aviary, A, CAT, True)
    say(aviary, A, SPARROW, None)
    assert known_of(aviary, A) == [UNDECIDED, UNDECIDED, IMPLIED, IMPLIED, YES]
    undo(aviary)
    assert known_of(aviary, A) == [YES, IMPLIED, IMPLIED, IMPLIED, YES]


def test_a_rejected_label_rejects_all_below_it(aviary: Project) -> None:
    say(aviary, A, ANIMAL, False)
    assert known_of(aviary, A) == [RULED_OUT, RULED_OUT, NO, UNDECIDED, RULED_OUT]
    say(aviary, A, ANIMAL, None)
    assert known_of(aviary, A) == [UNDECIDED] * 5


def test_what_a_person_says_of_a_label_itself_goes_first_and_what_was_seen_before_what_was_not(aviary: Project) -> None:
    say(aviary, A, ANIMAL, False)
    say(aviary, A, SPARROW, True)
    assert known_of(aviary, A) == [YES, IMPLIED, NO, UNDECIDED, RULED_OUT]


def test_the_window_sees_what_follows_from_an_answer_at_once(aviary: Project) -> None:
    snapshot = take_snapshot(aviary)
    snapshot.apply([Answer(B, SPARROW, True), Answer(C, ANIMAL, False)])
    states = snapshot.states()
    assert states[snapshot.row_of(B)].tolist()[:3] == [LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.IMPLIED]
    assert states[snapshot.row_of(C)].tolist()[:2] == [LabelState.RULED_OUT, LabelState.RULED_OUT]
    # The answers themselves are as they were given.
    assert np.count_nonzero(snapshot.decisions) == 2
    snapshot.apply([Answer(B, SPARROW, None), Answer(C, ANIMAL, None)])
    assert not snapshot.known.any()


def test_answers_that_follow_are_known_as_those_that_were_given(aviary: Project) -> None:
    say(aviary, A, SPARROW, True)
    say(aviary, A, None, True)  # type: ignore[arg-type]
    snapshot = take_snapshot(aviary)
    assert snapshot.answers()[snapshot.row_of(A)].tolist() == [YES, YES, YES, NO, NO]


def test_a_circle_is_refused_and_named(aviary: Project) -> None:
    with pytest.raises(LabelSetError, match=r"A label cannot stand below itself: (.* < )*sparrow < bird < animal"):
        put_below(aviary, [ANIMAL], [SPARROW])
    with pytest.raises(LabelSetError, match="cat < cat"):
        put_below(aviary, [CAT], [CAT])
    assert {label.name: len(label.parents) for label in label_set(aviary)}["animal"] == 0


def test_every_change_of_parents_is_an_edit_and_can_be_undone(aviary: Project) -> None:
    before = label_set(aviary)
    for edit, title in (
        (lambda: take_from_below(aviary, [CAT], [PET]), "cat no longer under pet"),
        (lambda: move_below(aviary, [BIRD, CAT], ANIMAL, PET), "bird, cat put under pet"),
        (lambda: move_below(aviary, [BIRD], ANIMAL, None), "bird taken out of animal"),
        (lambda: set_other_names(aviary, SPARROW, [OtherName("Spatz", "de")]), "other names of sparrow changed"),
    ):
        edit()
        after = label_set(aviary)
        assert after != before
        assert history(aviary)[0].title == title
        undo(aviary)
        assert label_set(aviary) == before
        redo(aviary)
        assert label_set(aviary) == after
        undo(aviary)


def test_an_edit_that_would_close_a_circle_is_not_undone(aviary: Project) -> None:
    taken = take_from_below(aviary, [SPARROW], [BIRD])
    put_below(aviary, [BIRD], [SPARROW])
    assert taken is not None
    outcome = undo(aviary, taken.edit_id)
    assert outcome is not None
    assert outcome.left == 1
    assert label_set(aviary)[0].parents == ()


def test_what_left_the_label_set_still_leads_on(aviary: Project) -> None:
    remove_label(aviary, BIRD)
    assert label_set(aviary)[0].parents == (ANIMAL,)
    say(aviary, A, SPARROW, True)
    assert known_of(aviary, A) == [YES, IMPLIED, UNDECIDED, UNDECIDED]
    undo(aviary, None)
    undo(aviary, None)
    assert label_set(aviary)[0].parents == (BIRD,)


def test_parents_of_a_forged_project_that_stand_in_a_circle_or_are_none_do_no_harm(aviary: Project) -> None:
    with aviary.session() as session:
        session.get_one(Label, ANIMAL).parents = [SPARROW, 999, ANIMAL]
    say(aviary, A, SPARROW, True)
    assert known_of(aviary, A)[0] == YES
    assert list(take_snapshot(aviary).parents.as_tree())


def test_a_tree_ten_thousand_labels_deep_is_no_trouble() -> None:
    deep = Parents(10_000, {place: [place + 1] for place in range(10_000)})
    said = np.zeros((1, 10_000), np.int8)
    said[0, 0] = YES
    assert (deep.known(said)[0, 1:] == IMPLIED).all()


# Filters


def test_filters_know_what_follows(aviary: Project) -> None:
    say(aviary, A, SPARROW, True)
    say(aviary, B, ANIMAL, True)
    say(aviary, C, ANIMAL, False)
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de")])
    snapshot = take_snapshot(aviary)
    found = {
        text: [snapshot.paths[row][0] for row in np.flatnonzero(parse(text).rows(snapshot))]
        for text in (
            "label:animal",
            "confirmed:bird",
            "rejected:cat",
            "implied:animal",
            "below:animal",
            "label:animal -below:animal",
            "label:Spatz",
            "spatz",
        )
    }
    assert found == {
        "label:animal": ["a", "b"],
        "confirmed:bird": ["a"],
        "rejected:cat": ["c"],
        "implied:animal": ["a"],
        "below:animal": ["a"],
        "label:animal -below:animal": ["b"],
        "label:Spatz": ["a"],
        "spatz": ["a"],
    }
    assert str(parse("below:animal")) == "below:animal"


def test_a_label_set_with_a_circle_or_an_unknown_parent_is_refused(project: Project) -> None:
    for text, why in (
        ("a\t\t< b\nb\t\t< a\n", "A label cannot stand below itself"),
        ("a\t\t< b\n", "b, which is no label"),
    ):
        with pytest.raises(LabelSetError, match=why):
            use_label_set(project, parse_label_set(text))
    assert label_set(project) == []


# Words that are adopted


def test_an_adopted_word_comes_to_stand_below_what_it_is_a_kind_of_and_above_what_is_a_kind_of_it(
    project: Project,
) -> None:
    def tree() -> dict[str, set[str]]:
        names = {label.id: label.name for label in label_set(project)}
        return {label.name: {names[one] for one in label.parents} for label in label_set(project)}

    use_label_set(project, [NewLabel("Dog"), NewLabel("sofa")])
    adopt_words(project, ["sparrow", "animal"])
    assert tree() == {"Dog": {"animal"}, "sofa": set(), "sparrow": {"animal"}, "animal": set()}
    adopt_words(project, ["bird"])
    assert tree()["bird"] == {"animal"}
    assert tree()["sparrow"] == {"animal", "bird"}
    undo(project)
    assert tree()["sparrow"] == {"animal"}
