"""The short list says what is so, and the machine gets the CLIP that suits it."""

from __future__ import annotations

import dataclasses

import open_clip
import pytest

from engine.models.encoders import remembered
from engine.models.encoders.catalog import encoders
from engine.models.encoders.known import BY_NAME, KNOWN_ENCODERS, RESEARCH_ONLY, KnownEncoder
from engine.models.encoders.recommended import Machine, recommended

SMALL = Machine(cores=2, memory_gb=8, device="cpu", speeds={"starter": 132.0})


@pytest.mark.parametrize("known", KNOWN_ENCODERS, ids=lambda known: known.name)
def test_it_is_what_open_clip_publishes(known: KnownEncoder) -> None:
    model, _, tag = known.name.partition(":")
    assert open_clip.get_pretrained_cfg(model, tag)["hf_hub"] == f"{known.repository}/"
    of_text = open_clip.get_model_config(model)["text_cfg"]
    assert of_text.get("hf_tokenizer_name", "") == known.tokenizer
    assert "hf_model_name" not in of_text


def test_two_cores_get_what_they_can_do_and_a_card_gets_the_best() -> None:
    assert recommended(SMALL).name == "ViT-B-32-256:datacomp_s34b_b86k"
    slow = dataclasses.replace(SMALL, speeds={"starter": 40.0})
    assert recommended(slow).name == "ViT-B-32:datacomp_xl_s13b_b90k"
    many_cores = dataclasses.replace(SMALL, memory_gb=32, speeds={"starter": 400.0})
    assert recommended(many_cores).name == "PE-Core-B-16:meta"
    card = Machine(cores=8, memory_gb=32, device="cuda", card_gb=12)
    assert recommended(card).name == "PE-Core-L-14-336:meta"
    assert recommended(dataclasses.replace(card, card_gb=4)).name == "ViT-L-14:datacomp_xl_s13b_b90k"


def test_nothing_is_recommended_that_not_everybody_may_use_or_that_does_not_fit() -> None:
    for cores in (1, 2, 8, 64):
        for memory_gb in (1, 4, 16, 64):
            for device in (None, "cpu", "cuda", "mps"):
                found = recommended(Machine(cores, memory_gb, device, memory_gb))
                assert found.licence != RESEARCH_ONLY
                assert found.size_mb <= max(1000 * memory_gb, 350)


def test_photos_a_minute_are_guessed_from_the_starter_until_they_are_measured() -> None:
    known = BY_NAME["ViT-B-32:datacomp_xl_s13b_b90k"]
    # On the machine that both were measured on, B/32 did 234 photos a minute (docs/results/speed.md).
    guess = SMALL.photos_a_minute(known)
    assert guess == pytest.approx(234, rel=0.05)
    measured = dataclasses.replace(SMALL, speeds={**SMALL.speeds, known.name: 50.0})
    assert measured.photos_a_minute(known) == 300
    assert dataclasses.replace(SMALL, speeds={}).photos_a_minute(known) is None
    # On a card the starter waits for photos, and tells nothing.
    assert dataclasses.replace(SMALL, device="cuda").photos_a_minute(known) is None


def test_what_was_measured_is_remembered_for_this_machine_and_device() -> None:
    assert Machine.this().speeds == {}
    remembered.remember_speed("starter", "cpu", 132.0)
    remembered.remember_speed("ViT-B-32:openai", "cpu", 40.0)
    assert Machine.this().speeds == {"starter": 132.0, "ViT-B-32:openai": 40.0}
    told = {one.name: one for one in encoders()}
    assert (told["ViT-B-32:openai"].photos_a_minute, told["ViT-B-32:openai"].measured) == (240, True)
    assert not told["ViT-B-32:datacomp_xl_s13b_b90k"].measured
    remembered.remember_speed("starter", "cuda", 900.0, 16.0)
    assert Machine.this().speeds == {"starter": 900.0}
    assert Machine.this().card_gb == 16


def test_a_file_that_somebody_spoilt_is_as_none() -> None:
    remembered.remember_speed("starter", "cpu", 132.0)
    remembered._file().write_text("[")
    assert remembered.measured_speeds() == {}
    remembered._file().write_text('{"snippets_a_second": {"starter": "fast"}, "device": 7}')
    assert remembered.measured_speeds() == {}
    assert remembered.device_used() is None


def test_one_is_recommended_and_stands_behind_what_is_here() -> None:
    starter, best, *others = encoders()
    assert starter.name == "starter"
    assert best.recommended
    assert not any(one.recommended for one in others)
    assert all(one.size_mb and one.licence and one.imagenet and one.source for one in [best, *others])
