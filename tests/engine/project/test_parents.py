"""Labels stand below others: what follows from answers is shown, never kept, and goes with its cause."""

from pathlib import Path

import numpy as np
import pytest

from engine.project import Project
from engine.project.answer import Answer
from engine.project.filters import parse
from engine.project.history.edit_labels import choose_label_set, join_label_set, remove_label, rename_label
from engine.project.history.edit_parents import move_below, put_below, set_other_names, take_from_below
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, history, redo, undo
from engine.project.history.merging import merge_labels, split_label
from engine.project.label_state import IMPLIED, NO, RULED_OUT, UNDECIDED, YES, LabelState
from engine.project.labels import (
    LabelSetError,
    NewLabel,
    OtherName,
    label_set,
    label_set_text,
    parse_label_set,
    use_label_set,
)
from engine.project.parents import Parents, Suggesting
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.snapshot import Snapshot
from engine.project.storage.schema import Label
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold
from engine.stages.describing.adopting import adopt_words
from engine.stages.matching import labels_called
from engine.stages.review.photo_labels import list_photos, marked_labels

pytestmark = pytest.mark.both_databases

SPARROW, BIRD, ANIMAL, PET, CAT = range(1, 6)
A, B, C = range(1, 4)


@pytest.fixture
def aviary(project: Project) -> Project:
    """A sparrow is a bird, a bird is an animal; a cat is an animal and a pet. Three photos."""
    record_folder(project, [FoundPhoto(f"{name}.jpg", 1, place) for place, name in enumerate("abc")])
    use_label_set(project, [NewLabel(name) for name in ("sparrow", "bird", "animal", "pet", "cat")])
    put_below(project, [SPARROW], [BIRD])
    put_below(project, [BIRD], [ANIMAL])
    put_below(project, [CAT], [ANIMAL, PET])
    return project


def say(project: Project, photo: int, label: int, value: bool | None) -> None:
    answer(project, "said", [Answer(photo, label, value)])


def known_of(project: Project, photo: int) -> list[int]:
    snapshot = take_snapshot(project)
    return snapshot.known[snapshot.row_of(photo)].tolist()


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


# Scores


def suggesting(*thresholds: float, probabilities: bool = False) -> Suggesting:
    values = np.array(thresholds, np.float32)
    return Suggesting(values, values / 2, np.full(len(values), probabilities))


def test_a_label_is_at_least_as_sure_as_each_below_it() -> None:
    birds = Parents(3, {0: [1], 1: [2]})
    scores = np.array([[0.9, 0.1, np.nan], [0.05, 0.3, 0.2], [np.nan, np.nan, np.nan], [0.5, 0.5, 0.01]], np.float32)
    by = suggesting(0.6, 0.2, 0.02)
    lifted = birds.lifted(scores, scores, by)
    found = np.stack([scores[:, 0], lifted[1], lifted[2]], axis=1)
    for child, parent in ((0, 1), (1, 2)):
        likely = found[:, child] >= by.thresholds[child]
        assert (found[likely, parent] >= by.thresholds[parent]).all()
        maybe = found[:, child] >= by.maybe_from[child]
        assert (found[maybe, parent] >= by.maybe_from[parent]).all()
    assert found[1, 1] == np.float32(0.3)
    assert np.isnan(found[2]).all()
    # .5 is not likely where .6 is asked for: nothing above it becomes likely by that.
    assert np.nanmax(birds.lifted(scores[3:, :] * [1, 0, 0], scores[3:] * [1, 0, 0], by)[1]) < 0.2


def test_a_label_of_which_nothing_is_likely_is_maybe_on_no_more_photos_by_what_stands_below_it() -> None:
    scores = np.array([[0.001, 0.01], [0.2, 0.01], [0.9, 0.01]], np.float32)
    by = Suggesting(np.array([0.4, 1], np.float32), np.array([0.1, 0.2], np.float32), np.array([True, True]))
    lifted = Parents(2, {0: [1]}).lifted(scores, scores, by)[1]
    assert lifted[0] < 0.02
    assert 0.2 <= lifted[1] < 1
    assert lifted[2] == 1


def test_probabilities_are_lifted_as_they_are() -> None:
    lifted = Parents(2, {0: [1]}).lifted(
        one := np.array([[0.5, 0.1]], np.float32), one, suggesting(0.6, 0.9, probabilities=True)
    )
    assert lifted[1].tolist() == [np.float32(max(0.5, lifted[1][0]))]


def test_only_what_stands_above_a_changed_label_is_lifted_anew() -> None:
    tree = Parents(4, {0: [1], 2: [3]})
    scores = np.full((1, 4), 0.5, np.float32)
    assert tree.lifted(scores, scores, suggesting(0.2, 0.2, 0.2, 0.2), [0]).keys() == {1}


def test_a_general_label_without_scores_is_suggested_by_what_is_below_it(aviary: Project) -> None:
    snapshot = take_snapshot(aviary)
    own = np.full(snapshot.scores.shape, np.nan, np.float32)
    own[0, SPARROW - 1] = 0.7
    seen: Snapshot = snapshot.suggested_by(own, snapshot.thresholds, snapshot.maybe_from)
    assert seen.states()[0].tolist()[:3] == [LabelState.LIKELY] * 3
    assert np.isnan(seen.scores_of(BIRD - 1).scores).all()


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


# Names


def test_a_label_is_found_by_its_other_names(aviary: Project) -> None:
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de"), OtherName("Passer domesticus")])
    assert labels_called(["spatz", "passer domesticus"], label_set(aviary)) == [0, 0]


def test_another_name_is_that_of_one_label_alone(aviary: Project) -> None:
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de")])
    for name in ("Bird", "spatz"):
        with pytest.raises(LabelSetError, match=r"is the label (bird|sparrow) already"):
            set_other_names(aviary, CAT, [OtherName(name)])


def test_a_name_that_a_label_has_beside_its_own_is_given_to_no_other_label(aviary: Project) -> None:
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de")])
    for give in (lambda: join_label_set(aviary, "spatz"), lambda: rename_label(aviary, CAT, "spatz")):
        with pytest.raises(LabelSetError, match="'spatz' is another name of the label sparrow"):
            give()
    rename_label(aviary, SPARROW, "Spatz")
    assert label_set(aviary)[0].name == "Spatz"


def test_a_merged_label_that_comes_back_has_its_name_for_itself(aviary: Project) -> None:
    before = label_set(aviary)
    merge_labels(aviary, before[0], before[4])
    join_label_set(aviary, before[0].name)
    assert [label.other_names for label in label_set(aviary)] == [()] * len(before)
    undo(aviary)
    assert [one.name for label in label_set(aviary) for one in label.other_names] == [before[0].name]


def test_other_names_can_be_taken_back_where_one_became_the_name_of_a_label(aviary: Project) -> None:
    # A label set that is chosen may name what was another name until then.
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de"), OtherName("house sparrow")])
    choose_label_set(aviary, [*(NewLabel(label.name) for label in label_set(aviary)), NewLabel("Spatz")], "mine")
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de")])
    assert label_set(aviary)[0].other_names == (OtherName("Spatz", "de"),)


def test_a_label_set_holds_parents_and_names_and_reads_them_back(aviary: Project, tmp_path: Path) -> None:
    set_other_names(aviary, SPARROW, [OtherName("Spatz", "de"), OtherName("house sparrow")])
    text = label_set_text(label_set(aviary))
    assert text.splitlines()[0] == "sparrow\t\t< bird\t= de:Spatz\t= house sparrow"
    (tmp_path / "elsewhere").mkdir()
    with Project.open(tmp_path / "elsewhere") as other:
        use_label_set(other, parse_label_set(text))
        assert label_set_text(label_set(other)) == text


def test_a_label_set_with_a_circle_or_an_unknown_parent_is_refused(project: Project) -> None:
    for text, why in (
        ("a\t\t< b\nb\t\t< a\n", "A label cannot stand below itself"),
        ("a\t\t< b\n", "b, which is no label"),
    ):
        with pytest.raises(LabelSetError, match=why):
            use_label_set(project, parse_label_set(text))
    assert label_set(project) == []


# Two become one, and one two


def test_merged_labels_keep_both_names_and_all_answers_and_part_again(aviary: Project) -> None:
    say(aviary, A, SPARROW, True)
    say(aviary, B, CAT, True)
    say(aviary, C, SPARROW, False)
    before, said = label_set(aviary), take_snapshot(aviary).decisions.tolist()
    merge_labels(aviary, before[0], before[4])
    cat = next(label for label in label_set(aviary) if label.name == "cat")
    assert [one.name for one in cat.other_names] == ["sparrow"]
    assert cat.parents == (ANIMAL, PET, BIRD)
    assert take_snapshot(aviary).decisions[:, 3].tolist() == [YES, YES, NO]
    say(aviary, C, PET, True)

    split_label(aviary, cat, "sparrow")
    assert [(label.name, label.other_names) for label in label_set(aviary)][-1] == ("sparrow", ())
    snapshot = take_snapshot(aviary)
    column = {label.name: place for place, label in enumerate(snapshot.labels)}
    assert snapshot.decisions[:, column["sparrow"]].tolist() == [YES, UNDECIDED, NO]
    assert snapshot.decisions[:, column["cat"]].tolist() == [UNDECIDED, YES, UNDECIDED]
    for _ in range(3):
        undo(aviary)
    assert label_set(aviary) == before
    assert take_snapshot(aviary).decisions.tolist() == said


def test_what_stands_below_a_merged_label_stands_below_the_other_one(aviary: Project) -> None:
    labels = label_set(aviary)
    merge_labels(aviary, labels[BIRD - 1], labels[PET - 1])
    assert label_set(aviary)[0].parents == (PET,)
    with pytest.raises(LabelSetError, match="cannot stand below itself"):
        merge_labels(aviary, *(one for one in label_set(aviary) if one.name in ("sparrow", "animal")))


def test_one_label_becomes_two_on_the_photos_that_are_chosen(aviary: Project) -> None:
    for photo, value in ((A, True), (B, True), (C, False)):
        say(aviary, photo, BIRD, value)
    split_label(aviary, label_set(aviary)[BIRD - 1], "owl", {B, C})
    snapshot = take_snapshot(aviary)
    assert snapshot.decisions[:, [BIRD - 1, 5]].tolist() == [[YES, UNDECIDED], [UNDECIDED, YES], [NO, NO]]
    assert snapshot.labels[5].parents == (ANIMAL,)
    with pytest.raises(LabelSetError, match="There is a label 'owl' already"):
        split_label(aviary, snapshot.labels[0], "owl")


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


def test_numbers_that_stand_side_by_side_have_no_label_surer_than_what_it_stands_below(aviary: Project) -> None:
    """Though thresholds are far apart: a sparrow at .4 is less than likely, an animal at .3 would be."""
    scores = np.array([[0.4, 0.01, 0.02, 0.3, 0.01], [0.7, 0.1, 0.1, 0.1, 0.6], [0.1] * 5], np.float32)
    run = begin_run(aviary, "initialise", label_ids=[1, 2, 3, 4, 5], settings={})
    store_scores(aviary, run, INITIAL, [A, B, C], scores)
    finish_run(aviary, run)
    levels = zip((SPARROW, BIRD, ANIMAL, PET, CAT), (0.5, 0.3, 0.25, 0.25, 0.5), strict=True)
    set_thresholds(aviary, [ManualThreshold(label, INITIAL, level) for label, level in levels])
    snapshot = take_snapshot(aviary)
    assert snapshot.scores[0, 2] < 0.25
    shown = snapshot.shown_scores()
    for column, above in snapshot.parents.right_above.items():
        for parent in above:
            assert not (shown[:, column] > shown[:, parent]).any()
            np.testing.assert_array_equal(snapshot.shown_scores_of(parent), shown[:, parent])
    listed = {one.label: one.score for one in next(list_photos(snapshot, [0])).labels}
    assert listed["sparrow"] == pytest.approx(0.4)
    assert marked_labels(snapshot, 0)[:3] == ["pet 0.30", "sparrow 0.40?", "bird 0.40?"]
    assert parse("score(animal)>=0.35").rows(snapshot).tolist() == [True, True, False]
    assert parse("likely:animal").rows(snapshot).tolist() == [False, True, False]
