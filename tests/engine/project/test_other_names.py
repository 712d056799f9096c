"""Labels have other names; two become one that keeps both, and one becomes two."""

from pathlib import Path

import pytest
from aviary import ANIMAL, BIRD, CAT, PET, SPARROW, A, B, C, say

from engine.project import Project
from engine.project.history.edit_labels import choose_label_set, join_label_set, rename_label
from engine.project.history.edit_parents import set_other_names
from engine.project.history.history import undo
from engine.project.history.merging import merge_labels, split_label
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.labels import (
    LabelSetError,
    NewLabel,
    OtherName,
    label_set,
    label_set_text,
    parse_label_set,
    use_label_set,
)
from engine.project.take_snapshot import take_snapshot
from engine.stages.matching import labels_called

pytestmark = pytest.mark.both_databases


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
