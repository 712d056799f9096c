"""Every change of a label or of the label set is an edit of the history: undone and done again as a whole, for ever."""

from collections.abc import Callable

import pytest

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import (
    choose_label_set,
    import_label_set,
    join_label_set,
    order_labels,
    remove_label,
    rename_label,
    set_colour,
    set_keys,
    set_prompts,
    set_supercategory,
)
from engine.project.history.history import Outcome, answer, history, redo, undo
from engine.project.history.merging import merge_labels
from engine.project.labels import LabelRow, LabelSetError, NewLabel, label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.take_snapshot import take_snapshot

pytestmark = pytest.mark.both_databases

CAT, DOG, BOAT, TREE = 1, 2, 3, 4


@pytest.fixture
def desk(project: Project) -> Project:
    """Cat, dog and boat; a tree that left the label set; one decision."""
    record_folder(project, [FoundPhoto("a.jpg", 1, 1)])
    use_label_set(project, [NewLabel(name) for name in ("cat", "dog", "boat", "tree")])
    use_label_set(project, [NewLabel("cat", "animal", ("a kitten",)), NewLabel("dog"), NewLabel("boat")])
    answer(project, "dog", [Answer(1, DOG, True)])
    return project


def names(project: Project) -> list[str]:
    return [label.name for label in label_set(project)]


def newest(project: Project) -> int:
    return history(project)[0].id


def undone(project: Project, edit: int | None = None) -> Outcome:
    outcome = undo(project, edit)
    assert outcome is not None
    return outcome


def import_file(project: Project) -> None:
    file = project.photos / "mine.txt"
    file.write_text("tree\tplant\ta tall tree\nhorse\nCat\n", "utf-8")
    import_label_set(project, file)


EDITS: dict[str, tuple[Callable[[Project], object], str]] = {
    "adding": (lambda p: join_label_set(p, "horse"), "horse added to the label set"),
    "adding again": (lambda p: join_label_set(p, "tree"), "tree added to the label set"),
    "renaming": (lambda p: rename_label(p, DOG, "hound"), "dog renamed to hound"),
    "capitals": (lambda p: rename_label(p, DOG, "Dog"), "dog renamed to Dog"),
    "prompts": (lambda p: set_prompts(p, CAT, ["a lion", "a tiger"]), "prompts of cat changed"),
    "no prompts": (lambda p: set_prompts(p, CAT, []), "prompts of cat changed"),
    "supercategory": (lambda p: set_supercategory(p, BOAT, "vehicle"), "kind of boat changed"),
    "colour": (lambda p: set_colour(p, BOAT, "#ff8800"), "colour of boat changed"),
    "one key": (lambda p: set_keys(p, {DOG: "d"}), "key of dog changed"),
    "keys": (lambda p: set_keys(p, {CAT: "1", DOG: "2"}), "keys of 2 labels changed"),
    "order": (lambda p: order_labels(p, [BOAT, CAT, DOG]), "order of labels changed"),
    "removing": (lambda p: remove_label(p, CAT), "cat removed from the label set"),
    "merging": (lambda p: merge_labels(p, label_set(p)[1], label_set(p)[0]), "dog merged into cat"),
    "choosing": (
        lambda p: choose_label_set(p, [NewLabel("horse"), NewLabel("Cat", "pet", ("a lion",))], "animals"),
        "label set changed to animals",
    ),
    "importing": (import_file, "label set imported from mine.txt"),
}


def test_the_first_label_set_is_no_edit_and_the_same_once_more_is_none(project: Project) -> None:
    for _ in range(2):
        choose_label_set(project, [NewLabel("cat"), NewLabel("dog")], "pets")
        assert names(project) == ["cat", "dog"]
    assert history(project) == []


def test_a_label_set_that_cannot_be_used_is_refused(desk: Project) -> None:
    with pytest.raises(LabelSetError, match="there twice"):
        choose_label_set(desk, [NewLabel("cow"), NewLabel("Cow")], "cows")
    assert names(desk) == ["cat", "dog", "boat"]


@pytest.mark.parametrize(("edit", "title"), EDITS.values(), ids=EDITS.keys())
def test_each_edit_is_undone_and_done_again_also_later(
    edit: Callable[[Project], object], title: str, desk: Project
) -> None:
    def all_of(project: Project) -> tuple[list[LabelRow], list[list[int]]]:
        return label_set(project), take_snapshot(project).decisions.tolist()

    before, edits = all_of(desk), len(history(desk))
    edit(desk)
    after = all_of(desk)
    assert after != before
    assert history(desk)[0].title == title
    assert len(history(desk)) == edits + 1
    outcome = undone(desk)
    assert (outcome.title, outcome.left, outcome.label_set_changed) == (title, 0, True)
    assert all_of(desk) == before
    desk.close()
    with Project.open(desk.photos, desk.place) as again:
        redo(again)
        assert all_of(again) == after
    with Project.open(desk.photos, desk.place) as again:
        undo(again)
        assert all_of(again) == before


def test_what_changes_nothing_is_no_edit(desk: Project) -> None:
    edits = history(desk)
    rename_label(desk, DOG, "dog")
    set_prompts(desk, CAT, ["a kitten"])
    set_supercategory(desk, CAT, "animal ")
    set_colour(desk, CAT, None)
    set_keys(desk, {CAT: None})
    order_labels(desk, [CAT, DOG, BOAT])
    assert history(desk) == edits


def test_scores_are_out_of_date_where_undo_brings_back_what_is_asked_for(desk: Project) -> None:
    def out_of_date(edit: Callable[[], object]) -> tuple[bool, bool]:
        edit()
        first, again = undone(desk), redo(desk)
        assert again is not None
        undo(desk)
        return first.texts_changed, again.texts_changed

    assert out_of_date(lambda: set_prompts(desk, CAT, ["a lion"])) == (True, True)
    assert out_of_date(lambda: rename_label(desk, DOG, "hound")) == (True, True)
    assert out_of_date(lambda: rename_label(desk, CAT, "lion")) == (False, False)  # it has prompts of its own
    assert out_of_date(lambda: remove_label(desk, DOG)) == (True, False)
    assert out_of_date(lambda: join_label_set(desk, "horse")) == (False, True)
    assert out_of_date(lambda: order_labels(desk, [DOG, CAT, BOAT])) == (False, False)
    assert out_of_date(lambda: set_colour(desk, CAT, "#123456")) == (False, False)


def test_undo_leaves_what_was_changed_again(desk: Project) -> None:
    set_prompts(desk, CAT, ["a lion"])
    first = newest(desk)
    set_prompts(desk, CAT, ["a tiger"])
    second = newest(desk)
    set_supercategory(desk, CAT, "beast")
    outcome = undone(desk, first)
    assert (outcome.left, outcome.label_set_changed) == (1, False)
    assert label_set(desk)[0].prompts == ("a tiger",)
    assert undone(desk, second).left == 0
    assert (label_set(desk)[0].prompts, label_set(desk)[0].supercategory) == (("a lion",), "beast")


def test_a_name_that_another_label_has_by_now_is_not_taken_back(desk: Project) -> None:
    rename_label(desk, DOG, "hound")
    first = newest(desk)
    rename_label(desk, BOAT, "Dog")
    assert undone(desk, first).left == 1
    assert names(desk) == ["cat", "hound", "Dog"]


def test_keys_that_another_label_has_by_now_are_not_taken_back(desk: Project) -> None:
    set_keys(desk, {CAT: "1", DOG: "2"})
    set_keys(desk, {CAT: "2", DOG: "1"})
    swapped = newest(desk)
    set_keys(desk, {CAT: None})
    set_keys(desk, {BOAT: "2"})
    # Dog cannot have the 2, and the cat's was changed again.
    assert undone(desk, swapped).left == 2
    assert [label.key for label in label_set(desk)] == [None, "1", "2"]


def test_a_label_that_comes_back_gives_up_a_key_that_another_one_has(desk: Project) -> None:
    set_keys(desk, {CAT: "C"})
    remove_label(desk, CAT)
    removed = newest(desk)
    set_keys(desk, {DOG: "C"})
    undo(desk, removed)
    assert [(label.name, label.key) for label in label_set(desk)] == [("cat", None), ("dog", "C"), ("boat", None)]


def test_an_order_is_undone_around_labels_that_joined_and_left_since(desk: Project) -> None:
    order_labels(desk, [BOAT, DOG, CAT])
    ordered = newest(desk)
    join_label_set(desk, "horse")
    remove_label(desk, DOG)
    assert undone(desk, ordered).left == 0
    assert names(desk) == ["cat", "boat", "horse"]


def test_an_order_that_was_changed_again_stays(desk: Project) -> None:
    order_labels(desk, [BOAT, CAT, DOG])
    ordered = newest(desk)
    order_labels(desk, [CAT, BOAT, DOG])
    assert undone(desk, ordered).left == 3
    assert names(desk) == ["cat", "boat", "dog"]


def test_places_have_no_gaps_and_are_no_two_alike(desk: Project) -> None:
    remove_label(desk, CAT)
    removed = newest(desk)
    join_label_set(desk, "horse")
    joined = newest(desk)
    order_labels(desk, [label.id for label in reversed(label_set(desk))])
    undo(desk, removed)
    undo(desk, joined)
    assert names(desk) == ["cat", "boat", "dog"]
    order_labels(desk, [DOG, CAT, BOAT])
    undo(desk)
    assert names(desk) == ["cat", "boat", "dog"]
