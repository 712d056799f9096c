"""Hidden competitors: which of COCO's things stand unseen beside the labels of a person."""

from __future__ import annotations

import pytest

from engine.project.labels import NewLabel, parse_label_set
from engine.resources import resource
from engine.stages.labelling.company import competitors, hidden_labels
from engine.stages.labelling.label_sets import built_in_label_set


def left_out(*names: str) -> set[str]:
    """The names of COCO's things that do not compete with labels of these names."""
    hidden = hidden_labels([NewLabel(name) for name in names])
    return {competitor.name for competitor in competitors() if list(competitor.texts) not in hidden}


@pytest.mark.parametrize(
    ("label", "thing"),
    [
        ("automobile", "car"),
        ("sofa", "couch"),
        ("rucksack", "backpack"),
        ("tv monitor", "tv"),
        ("glass of wine", "wine glass"),
    ],
)
def test_another_name_for_a_thing_is_not_beaten_by_it(label: str, thing: str) -> None:
    assert thing in left_out(label)


def test_a_parent_is_not_beaten_by_its_children() -> None:
    assert left_out("Animals") == {
        "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"
    }  # fmt: skip
    assert {"fork", "knife", "spoon", "cup", "bowl"} <= left_out("kitchenware")
    assert {"apple", "pizza", "cake"} <= left_out("food")


@pytest.mark.parametrize("child", ["puppy", "puppies", "kitten", "bride", "polar-bear", "pony", "sailboats"])
def test_a_kind_competes_with_its_thing_as_it_does_where_that_is_a_label(child: str) -> None:
    """Else all horses are ponies until somebody adds "horse"."""
    assert left_out(child) == set()


def test_a_kind_beside_the_whole_competes_with_its_thing_too() -> None:
    assert left_out("animal", "puppy") == left_out("animal") - {"dog"}
    assert "dog" in left_out("animal", "dog", "puppy")


def test_a_thing_with_more_said_of_it_is_not_beaten_by_the_thing() -> None:
    assert left_out("red sports car") == {"car"}


def test_siblings_compete() -> None:
    assert left_out("dog") == {"dog"}
    assert left_out("cat") == {"cat"}
    assert left_out("banana") == {"banana"}
    assert left_out("hot dog") == {"hot dog"}
    assert left_out("sunset") == set()


def test_the_order_of_the_labels_does_not_matter() -> None:
    names = ["animal", "beach", "automobile", "glass of wine"]
    assert hidden_labels([NewLabel(name) for name in names]) == hidden_labels([NewLabel(n) for n in reversed(names)])


def test_a_label_by_another_name_is_known_by_its_prompt() -> None:
    hidden = hidden_labels([NewLabel("Hund", prompts=("a photo of a dog",))])
    assert ["a photo of a dog"] not in hidden
    assert len(hidden) == 79


def test_cocos_own_label_set_has_no_hidden_competitors() -> None:
    assert hidden_labels(built_in_label_set("coco")) == []


def test_a_label_set_of_twenty_has_those_that_it_does_not_cover() -> None:
    hidden = hidden_labels(built_in_label_set("voc"))
    assert 54 <= len(hidden) <= 58
    assert ["a photo of a computer mouse"] in hidden
    assert ["a photo of a giraffe"] in hidden


def test_without_labels_all_compete() -> None:
    assert len(hidden_labels([])) == 80


@pytest.mark.parametrize("label_set", ["voc", "nus-wide", "everyday"])
def test_the_table_names_the_living_and_the_vehicles_of_every_label_set(label_set: str) -> None:
    """What the likeness of texts finds as well may change with a prompt; the table does not."""
    labels = parse_label_set(resource("label_sets", f"{label_set}.txt").read_text("utf-8"))
    hidden = hidden_labels([NewLabel(label.name, prompts=("something else entirely",)) for label in labels])
    for thing in ("person", "car", "airplane", "train", "boat", "bird", "cat", "dog", "horse", "cow"):
        assert [f"a photo of a {thing}"] not in hidden
