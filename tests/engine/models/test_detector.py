"""The second witness: what comes with the program finds the things in the sample photos, by torch as by OpenVINO."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch

from engine.method.fitting import boxes_in_photo
from engine.models.detector import THINGS, DetectedThing, Detector
from engine.models.detector.boxes import detected_things
from engine.models.detector.in_torch import evidence
from engine.models.detector.nanodet import ANSWERS, BINS, INPUT_SIZE, NOTHING, SHARPNESS, STRIDES, THING_COUNT
from engine.models.detector.weights import DIGEST, read_weights
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.openvino_package import openvino_or_none
from engine.photos.decode import DecodedPhoto, decode
from engine.photos.fitting import fit_into_square
from engine.resources import resource

CPU = "cpu"

THERE = {
    "animals/cows_in_meadow.jpg": ["cow"],
    "animals/dogs_at_window.jpg": ["dog"],
    "animals/giraffes_by_trees.jpg": ["giraffe"],
    "animals/kitten_with_wool.jpg": ["cat"],
    "animals/osprey_on_branch.jpg": ["bird"],
    "indoors/coffee_cup.png": ["cup"],
    "indoors/wine_and_drum.jpg": ["wine glass", "bottle"],
    "basilica_parked_cars.jpg": ["car"],
    "pool_umbrellas.jpg": ["umbrella", "person"],
    "tourist_with_camera.webp": ["person"],
}


def sample(name: str) -> DecodedPhoto:
    return decode(resource("sample_photos", name).read_bytes())


@pytest.fixture(scope="module")
def photos() -> npt.NDArray[np.uint8]:
    return np.stack([fit_into_square(sample(name).picture, INPUT_SIZE) for name in THERE])


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(CPU)


@pytest.fixture(scope="module")
def log_odds(detector: Detector, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    return detector.encode_snippets(photos)


def test_what_is_in_a_sample_photo_is_among_the_four_surest(log_odds: npt.NDArray[np.float32]) -> None:
    for (name, things), row in zip(THERE.items(), log_odds, strict=True):
        surest = [THINGS[place] for place in np.argsort(-row)[:4]]
        assert set(things) <= set(surest), (name, surest)


def test_it_is_surer_of_each_thing_where_it_is_than_nearly_everywhere_else(log_odds: npt.NDArray[np.float32]) -> None:
    for row, things in zip(log_odds, THERE.values(), strict=True):
        for thing in things:
            of_all = log_odds[:, THINGS.index(thing)]
            assert (of_all > row[THINGS.index(thing)]).sum() <= 2, thing


@pytest.mark.skipif(openvino_or_none() is None, reason="OpenVINO has no package for this machine")
def test_torch_answers_the_same_as_openvino(
    detector: Detector,
    photos: npt.NDArray[np.uint8],
    log_odds: npt.NDArray[np.float32],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # as where it is not installed
    in_torch = Detector(CPU)
    np.testing.assert_allclose(in_torch.encode_snippets(photos[:4]), log_odds[:4], atol=1e-3)
    assert in_torch.id == detector.id
    (surest, *_), (surest_in_torch, *_) = (each.find_things(photos[0]) for each in (detector, in_torch))
    assert surest.thing == surest_in_torch.thing
    np.testing.assert_allclose(surest.box, surest_in_torch.box, atol=1e-3)


def test_the_things_share_every_place() -> None:
    """Worked by hand: at the first place two things of odds 4 and 1, at the second one of odds 2, nothing else."""
    answers = np.full((1, ANSWERS, 1, 2), -20.0, np.float32)
    answers[0, 17, 0, 0], answers[0, 19, 0, 0] = np.log([4, 1]) / SHARPNESS
    answers[0, 19, 0, 1] = np.log(2) / SHARPNESS
    found = evidence([torch.from_numpy(answers)])[0]
    expected = np.log([4 / (NOTHING + 1), 2 / NOTHING])
    np.testing.assert_allclose(found[[17, 19]], expected, atol=1e-4)
    assert found[0] < -10


def test_a_photo_is_answered_alike_alone_and_among_others_and_as_float16(
    detector: Detector, photos: npt.NDArray[np.uint8], log_odds: npt.NDArray[np.float32]
) -> None:
    np.testing.assert_allclose(detector.encode_snippets(photos[3:4]), log_odds[3:4], atol=1e-4)
    np.testing.assert_allclose(log_odds.astype(np.float16), log_odds, atol=5e-3)
    assert detector.encode_snippets(photos[:0]).shape == (0, detector.dimension)


def test_a_box_lies_around_its_thing(detector: Detector) -> None:
    """The osprey sits left of the middle of its photo, as high as two thirds of it."""
    photo = sample("animals/osprey_on_branch.jpg").picture
    found = detector.find_things(fit_into_square(photo, INPUT_SIZE))
    bird = next(each for each in found if THINGS[each.thing] == "bird")
    box = boxes_in_photo(np.array(bird.box), photo.width, photo.height, INPUT_SIZE)
    np.testing.assert_allclose(box, [0.29, 0.21, 0.45, 0.84], atol=0.04)


def test_sides_are_as_far_as_their_distributions_say_and_one_box_of_each_thing_stays() -> None:
    answers = [np.full((ANSWERS, INPUT_SIZE // stride, INPUT_SIZE // stride), -9.0, np.float32) for stride in STRIDES]
    coarse = answers[2].reshape(ANSWERS, 13, 13)

    def put(row: int, column: int, thing: int, log_odds: float, strides: int) -> None:
        coarse[thing, row, column] = log_odds
        for side in range(4):
            coarse[THING_COUNT + side * BINS + strides, row, column] = 30.0

    put(6, 6, 16, 2.0, strides=3)
    put(6, 7, 16, 1.0, strides=3)  # nearly the same box again
    put(6, 5, 15, 0.5, strides=2)  # another thing there
    put(1, 1, 16, -2.0, strides=1)  # too doubtful
    middle, side = (6 + 0.5) * 32 / 416, 32 / 416
    first, second = detected_things(answers, least_log_odds=-1)
    assert (THINGS[first.thing], THINGS[second.thing]) == ("dog", "cat")
    np.testing.assert_allclose(first.box, np.array([-3, -3, 3, 3]) * side + middle, atol=1e-5)
    assert second == DetectedThing(15, 0.5, second.box)


def test_damaged_and_missing_weights_are_told(tmp_path: Path) -> None:
    whole = resource("detector", "nanodet_g.safetensors").read_bytes()
    assert hashlib.blake2b(whole, digest_size=16).hexdigest() == DIGEST
    damaged = tmp_path / "nanodet_g.safetensors"
    damaged.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(EncoderUnavailable, match=r"nanodet_g.safetensors are damaged: expected the digest"):
        read_weights(damaged)
    with pytest.raises(EncoderUnavailable, match=r"cannot be read from .* \(No such file"):
        read_weights(tmp_path / "nowhere.safetensors")


def test_other_shapes_are_refused(detector: Detector) -> None:
    with pytest.raises(
        ValueError, match=r"uint8 of shape n x 416 x 416 x 3, but got uint8 of shape \(1, 260, 260, 3\)"
    ):
        detector.encode_snippets(np.zeros((1, 260, 260, 3), np.uint8))
