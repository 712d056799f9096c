"""Which labels the detector knows, and how a photo is fitted into its square."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.method.fitting import boxes_in_photo, place_in_square
from engine.method.snippets import Box
from engine.models.detector import THINGS, says_no_more_than_a_thing, thing_of
from engine.photos.fitting import fit_into_square
from engine.project.labels import texts_of
from engine.stages.labelling.label_sets import built_in_label_set


def thing(*prompts: str) -> str | None:
    place = thing_of(prompts)
    return None if place is None else THINGS[place]


def test_each_label_of_coco_is_its_own_thing() -> None:
    labels = built_in_label_set("coco")
    assert [thing(*texts_of(label.name, label.prompts)) for label in labels] == list(THINGS)


def test_all_of_voc_are_things_some_by_other_names() -> None:
    found = {label.name: thing(*texts_of(label.name, label.prompts)) for label in built_in_label_set("voc")}
    renamed = {name: of for name, of in found.items() if name != of}
    assert renamed == {"aeroplane": "airplane", "motorbike": "motorcycle", "sofa": "couch", "tv monitor": "tv"}


@pytest.mark.parametrize("prompt", ["a photo of a sofa", "Couch", "some couch"])
def test_a_synonym_counts(prompt: str) -> None:
    assert thing(prompt) == "couch"


@pytest.mark.parametrize(
    ("written", "known"),
    [("a photo of a dogs", "dog"), ("Buses", "bus"), ("knives", "knife"), ("traffic_light", "traffic light"),
     ("wine-glasses", "wine glass"), ("persons", "person"), ("cars", "car")],
)  # fmt: skip
def test_a_plural_and_what_files_write_are_the_thing(written: str, known: str) -> None:
    assert thing(written) == known
    assert says_no_more_than_a_thing([written])


@pytest.mark.parametrize("prompt", ["glasses", "mice", "hot dog stands"])
def test_a_plural_of_something_else_is_not(prompt: str) -> None:
    assert thing(prompt) is None


@pytest.mark.parametrize(
    "prompt", ["a photo of an animal", "terrier", "wolf", "a photo of a mouse", "a photo of a dog on a sofa", "sunset"]
)
def test_a_parent_a_kind_and_what_says_more_do_not(prompt: str) -> None:
    assert thing(prompt) is None


def test_of_several_prompts_one_that_names_a_thing_is_enough_and_two_that_differ_are_none() -> None:
    assert thing("a photo of a dog", "a happy puppy at play") == "dog"
    assert thing("a photo of a dog", "a photo of a cat") is None


def test_a_photo_lies_in_the_middle_of_its_square() -> None:
    assert place_in_square(400, 200, 100) == Box(0, 25, 100, 75)
    assert place_in_square(200, 400, 100) == Box(25, 0, 75, 100)
    assert place_in_square(1, 5000, 100) == Box(49, 0, 50, 100)
    with pytest.raises(ValueError, match="from 1, but got width 0"):
        place_in_square(0, 5, 100)


def test_pixels_are_where_the_place_says() -> None:
    square = fit_into_square(Image.new("RGB", (400, 200), (250, 10, 10)), 100)
    assert square.shape == (100, 100, 3)
    assert (square[25:75] == (250, 10, 10)).all()
    assert not (square[:25] == (250, 10, 10)).any()


def test_boxes_come_back_to_the_photo() -> None:
    found = boxes_in_photo(np.array([[0.0, 0.25, 0.5, 0.5], [0.5, 0.0, 1.0, 1.0]]), 400, 200, 100)
    np.testing.assert_allclose(found, [[0, 0, 0.5, 0.5], [0.5, 0, 1, 1]])
