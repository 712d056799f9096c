"""What everyday words tell of labels beside the things that the detector knows."""

from __future__ import annotations

import pytest

from engine.models.detector import THINGS
from engine.models.everyday.words import everyday_words
from engine.stages.labelling.words_and_things import RelatedThings, alone_on_photos, related_things


def names(places: tuple[int, ...]) -> set[str]:
    return {THINGS[place] for place in places}


def test_a_whole_has_its_kinds() -> None:
    assert names(related_things(["a photo of a fruit"]).kinds) == {"apple", "banana", "orange"}
    assert {"dog", "bird", "giraffe"} < names(related_things(["an animal", "a photo of an animal"]).kinds)


@pytest.mark.parametrize(
    ("prompt", "thing"), [("a photo of a child", "person"), ("puppy", "dog"), ("a photo of a sailboat", "boat")]
)
def test_a_kind_is_only_where_the_thing_is(prompt: str, thing: str) -> None:
    assert related_things([prompt]) == RelatedThings(implied=(THINGS.index(thing),))


def test_what_is_small_beside_it_need_not_be_seen() -> None:
    assert names(related_things(["a photo of tennis"]).implied) == {"person"}


def test_of_animals_mostly_one_kind_is_on_a_photo_but_not_of_food() -> None:
    assert {"giraffe", "dog"} < names(related_things(["a photo of a lion"]).others)
    assert related_things(["a photo of a soup"]) == RelatedThings()


@pytest.mark.parametrize(
    ("plural", "one"),
    [("animals", "animal"), ("Vehicles", "vehicle"), ("puppies", "puppy"), ("children", "child"), ("women", "woman"),
     ("polar-bears", "polar bear"), ("lions", "lion")],
)  # fmt: skip
def test_many_are_related_as_one_is(plural: str, one: str) -> None:
    assert related_things([f"a photo of a {plural}"]) == related_things([f"a photo of a {one}"]) != RelatedThings()


def test_parts_of_a_vehicle_are_on_photos_along_with_it() -> None:
    words = everyday_words()
    animals, vehicles = ({words[place].name for place in group} for group in alone_on_photos(words))
    assert {"animal", "giraffe", "lion"} < animals
    assert {"vehicle", "motorcycle", "ferry"} < vehicles
    assert not {"helmet", "wheel", "airplane wing", "traffic jam"} & vehicles


@pytest.mark.parametrize("prompts", [["my aunt's garden"], ["a photo of a lion", "a photo of a tiger"], []])
def test_what_is_no_everyday_word_is_related_to_nothing(prompts: list[str]) -> None:
    assert related_things(prompts) == RelatedThings()
