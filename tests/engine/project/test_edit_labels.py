"""Editing the label set: what each edit does, and that no decision is lost by it."""

from pathlib import Path

import pytest

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import (
    LabelUse,
    join_label_set,
    order_labels,
    remove_label,
    rename_label,
    set_colour,
    set_keys,
    set_prompts,
    set_supercategory,
    use_of_label,
)
from engine.project.history.history import answer, history, redo, undo
from engine.project.history.merging import Merge, merge_labels, plan_merge
from engine.project.labels import (
    LabelRow,
    LabelSetError,
    NewLabel,
    label_set,
    label_set_text,
    read_label_set,
    use_label_set,
)
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot

pytestmark = pytest.mark.both_databases


@pytest.fixture
def labels(project: Project) -> list[LabelRow]:
    """Cat, car, automobile; five photos with decisions on the last two."""
    record_folder(project, [FoundPhoto(f"{name}.jpg", 1, 1) for name in "abcde"])
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("car"), NewLabel("automobile")])
    _, car, automobile = (label.id for label in labels)
    answer(project, "car", [Answer(2, car, True), Answer(3, car, False), Answer(5, car, True)])
    answer(project, "automobile", [Answer(photo, automobile, photo != 4) for photo in (1, 2, 3, 4)])
    return labels


def decisions(project: Project) -> dict[str, list[int]]:
    """Label to decisions on the five photos."""
    snapshot = take_snapshot(project)
    return {label.name: snapshot.decisions[:, column].tolist() for column, label in enumerate(snapshot.labels)}


def names(project: Project) -> list[str]:
    return [label.name for label in label_set(project)]


def test_a_renamed_label_keeps_its_decisions(project: Project, labels: list[LabelRow]) -> None:
    rename_label(project, labels[1].id, "vehicle")
    assert decisions(project)["vehicle"] == [0, 1, -1, 0, 1]
    rename_label(project, labels[1].id, "Vehicle")
    assert names(project) == ["cat", "Vehicle", "automobile"]


def test_a_label_is_not_named_like_another(project: Project, labels: list[LabelRow]) -> None:
    with pytest.raises(LabelSetError, match=r"There is a label 'car' already. Choose another name, or merge the two."):
        rename_label(project, labels[0].id, "Car")
    remove_label(project, labels[1].id)
    with pytest.raises(LabelSetError, match="or add it to the label set again"):
        rename_label(project, labels[0].id, "car")
    with pytest.raises(LabelSetError, match="printable text without spaces"):
        rename_label(project, labels[0].id, " ")
    assert names(project) == ["cat", "automobile"]


def test_a_removed_label_comes_back_with_its_decisions(project: Project, labels: list[LabelRow]) -> None:
    remove_label(project, labels[1].id)
    assert names(project) == ["cat", "automobile"]
    assert join_label_set(project, "CAR") == labels[1].id
    assert decisions(project)["car"] == [0, 1, -1, 0, 1]
    assert names(project) == ["cat", "automobile", "car"]
    with pytest.raises(LabelSetError, match="'car' is in the label set already"):
        join_label_set(project, "car")


def test_the_last_label_stays(project: Project) -> None:
    [cat] = use_label_set(project, [NewLabel("cat")])
    with pytest.raises(LabelSetError, match="last label"):
        remove_label(project, cat.id)
    assert names(project) == ["cat"]


def test_what_goes_with_a_label_is_counted(project: Project, labels: list[LabelRow]) -> None:
    run = begin_run(project, "initialise", label_ids=[labels[2].id], settings={})
    store_scores(project, run, INITIAL, [1, 4, 5], take_snapshot(project).thresholds[:1].repeat(3)[:, None] + 0.1)
    finish_run(project, run)
    # Suggested on photo 5 alone: the others are decided.
    assert use_of_label(take_snapshot(project), 2) == LabelUse(confirmed=3, rejected=1, suggested=1)
    assert use_of_label(take_snapshot(project), 0) == LabelUse(0, 0, 0)


def test_merging_moves_decisions_and_leaves_conflicts(project: Project, labels: list[LabelRow]) -> None:
    _, car, automobile = labels
    expected = Merge(moved=2, moved_no=1, agreed=1, conflicts=(3,))
    assert plan_merge(project, automobile.id, car.id) == expected
    assert merge_labels(project, automobile, car) == expected
    assert decisions(project) == {"cat": [0, 0, 0, 0, 0], "car": [1, 1, -1, -1, 1]}
    assert history(project)[0].title == "automobile merged into car"
    join_label_set(project, "automobile")
    assert decisions(project)["automobile"] == [0, 0, 1, 0, 0]


def test_a_merge_can_be_undone(project: Project, labels: list[LabelRow]) -> None:
    before = decisions(project)
    merge_labels(project, labels[2], labels[1])
    undo(project)
    assert decisions(project) == before


def test_an_undone_merge_brings_the_label_back_to_its_place(project: Project, labels: list[LabelRow]) -> None:
    merge_labels(project, labels[0], labels[2])
    assert [label.name for label in label_set(project)] == ["car", "automobile"]
    outcome = undo(project)
    assert outcome is not None
    assert outcome.label_set_changed
    assert label_set(project) == labels
    redo(project)
    assert [label.name for label in label_set(project)] == ["car", "automobile"]


def test_a_removed_label_comes_back_with_undo(project: Project, labels: list[LabelRow]) -> None:
    remove_label(project, labels[1].id)
    assert history(project)[0].title == "car removed from the label set"
    undo(project)
    assert label_set(project) == labels


def test_undo_leaves_a_label_where_somebody_brought_it_back(project: Project, labels: list[LabelRow]) -> None:
    remove_label(project, labels[0].id)
    removed = history(project)[0].id
    join_label_set(project, "cat")
    outcome = undo(project, removed)
    assert outcome is not None
    assert outcome.left == 1
    assert [label.name for label in label_set(project)] == ["car", "automobile", "cat"]


def test_a_label_is_not_merged_into_itself(project: Project, labels: list[LabelRow]) -> None:
    with pytest.raises(LabelSetError, match="into itself"):
        merge_labels(project, labels[1], labels[1])
    assert len(names(project)) == 3


def test_order(project: Project, labels: list[LabelRow]) -> None:
    cat, car, automobile = (label.id for label in labels)
    order_labels(project, [automobile, cat, car])
    assert names(project) == ["automobile", "cat", "car"]
    with pytest.raises(LabelSetError, match="each once"):
        order_labels(project, [cat, cat, car])
    assert names(project) == ["automobile", "cat", "car"]


def test_prompts_supercategory_and_colour(project: Project, labels: list[LabelRow]) -> None:
    cat = labels[0].id
    set_prompts(project, cat, [" a kitten ", "", "a tomcat", "a kitten"])
    set_supercategory(project, cat, " animal")
    set_colour(project, cat, "#ff8800")
    assert label_set(project)[0] == LabelRow(cat, "cat", "animal", ("a kitten", "a tomcat"), "#ff8800")
    set_prompts(project, cat, [])
    assert label_set(project)[0].texts == ("a photo of a cat",)
    for wrong in (
        lambda: set_prompts(project, cat, ["two\tcolumns"]),
        lambda: set_prompts(project, cat, map(str, range(101))),
        lambda: set_supercategory(project, cat, "line\nbreak"),
        lambda: set_colour(project, cat, "orange"),
    ):
        with pytest.raises(LabelSetError, match="Expected"):
            wrong()


def test_no_two_labels_have_one_key(project: Project, labels: list[LabelRow]) -> None:
    set_keys(project, {labels[0].id: "c"})
    with pytest.raises(LabelSetError, match="The key C belongs to the label 'cat'"):
        set_keys(project, {labels[1].id: "C"})
    with pytest.raises(LabelSetError, match="one letter or digit"):
        set_keys(project, {labels[1].id: "F1"})
    set_keys(project, {labels[0].id: None})
    set_keys(project, {labels[1].id: "C"})
    assert [label.key for label in label_set(project)] == [None, "C", None]


def test_several_labels_get_their_keys_at_once_or_none_does(project: Project, labels: list[LabelRow]) -> None:
    set_keys(project, {labels[0].id: "1", labels[1].id: "2"})
    set_keys(project, {labels[0].id: "2", labels[1].id: "1"})
    assert [label.key for label in label_set(project)] == ["2", "1", None]
    with pytest.raises(LabelSetError, match="The key 1 belongs to the label 'car'"):
        set_keys(project, {labels[0].id: "c", labels[2].id: "1"})
    assert [label.key for label in label_set(project)] == ["2", "1", None]


def test_a_label_set_written_is_the_label_set_read(project: Project, labels: list[LabelRow], tmp_path: Path) -> None:
    set_prompts(project, labels[0].id, ["a kitten", "a tomcat"])
    set_supercategory(project, labels[1].id, "vehicle")
    (tmp_path / "labels.txt").write_text(text := label_set_text(label_set(project)))
    assert text == "cat\t\ta kitten\ta tomcat\ncar\tvehicle\nautomobile\n"
    assert read_label_set(tmp_path / "labels.txt") == [
        NewLabel("cat", "", ("a kitten", "a tomcat")),
        NewLabel("car", "vehicle"),
        NewLabel("automobile"),
    ]
