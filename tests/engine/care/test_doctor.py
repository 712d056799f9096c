"""`cdul doctor` says how an encoder is used, and notices when it does not say any more what it did."""

import json
from pathlib import Path

import numpy as np
import pytest
from commands import Cdul
from making import make_tiny_clip

from engine.models.encoders.reference import compare_output, picture, remember_output


def test_file_digest_activation_pixels_and_precision(cdul: Cdul, tiny_clip: Path) -> None:
    first = cdul("doctor", "--encoder", tiny_clip, "--json").json
    assert first["encoder output"] == "nothing to compare with yet; kept now, for the next time"
    facts = cdul("doctor", "--encoder", tiny_clip, "--json").json
    assert facts["encoder"] == str(tiny_clip)
    assert facts["encoder file"] == str(tiny_clip / "open_clip_model.safetensors")
    assert len(facts["encoder SHA-256"]) == 64
    assert facts["encoder activation"] == "GELU"
    assert facts["encoder pixels"] == "mean 0.3 0.5 0.6, deviation 0.4 0.2 0.3"
    assert facts["encoder use known"] == f"the configuration in {tiny_clip} says so"
    assert facts["encoder precision"].startswith("kept in float32, computed in ")
    assert facts["encoder output"].startswith("as it was (20")
    assert "encoder activation" in cdul("doctor", "--encoder", tiny_clip).out


def test_the_encoder_in_force_is_that_of_the_photos(cdul: Cdul, photo_folder: Path, tiny_clip: Path) -> None:
    cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog")
    facts = cdul("doctor", photo_folder, "--json").json
    assert facts["encoder"] == str(tiny_clip)
    assert facts["encoder output"].startswith("as it was (20")  # kept when it was opened to label


def test_an_encoder_that_cannot_be_opened_is_a_fact_among_others(cdul: Cdul) -> None:
    told = cdul("doctor", "--encoder", "ViT-B-32:openai", "--json")
    assert told.code == 1
    assert "not on this machine" in told.json["encoder problem"]
    assert "torch" in told.json


def test_a_change_of_the_output_is_noticed(
    cdul: Cdul, tiny_clip: Path, tiny_clip_encoder, tmp_path: Path, machine_of_its_own: Path
) -> None:
    cdul("doctor", "--encoder", tiny_clip)
    other = make_tiny_clip(tmp_path, seed=2)
    cdul("doctor", "--encoder", other)
    kept = {json.loads(file.read_text())["encoder"]: file for file in machine_of_its_own.glob("**/encoders/*.json")}
    swapped = json.loads(kept[str(other)].read_text()) | {"made": "2020-01-01"}
    kept[str(tiny_clip)].write_text(json.dumps(swapped))
    told = cdul("doctor", "--encoder", tiny_clip, "--json")
    assert told.code == 1
    assert told.json["encoder output"].startswith("CHANGED since 2020-01-01: difference ")
    assert "label in a new project" in told.json["encoder problem"]


def test_half_precision_is_no_change(tiny_clip: Path) -> None:
    from engine.models.encoders.clip_encoder import ClipEncoder
    from engine.models.encoders.reference import reference_of

    exact, half = (ClipEncoder.open(str(tiny_clip), device="cpu", precision=one) for one in ("float32", "bfloat16"))
    remember_output(half)
    first = compare_output(half)
    assert first is not None
    assert first.same
    assert first.difference < 1e-9
    a, b = (np.array(reference_of(one)["picture"]) for one in (exact, half))
    assert 1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b) < 1e-2


def test_the_starter_says_what_it_said_when_it_was_published(cdul: Cdul) -> None:
    facts = cdul("doctor", "--json").json
    assert facts["encoder"] == "starter"
    assert facts["encoder output"].startswith("as it was (as published with CDUL)")


@pytest.mark.parametrize("side", [32, 224, 448])
def test_the_picture_shows_a_sun_and_stripes(side: int) -> None:
    shown = picture(side)
    assert shown.shape == (side, side, 3)
    assert shown.dtype == np.uint8
    sun = shown[side * 90 // 256, side * 170 // 256]
    assert tuple(sun) == (230, 190, 40)
    assert len(np.unique(shown[-1].reshape(-1, 3), axis=0)) == 2
