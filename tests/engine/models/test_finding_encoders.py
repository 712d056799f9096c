"""Which encoders there are here, and what is said of those that are not."""

import json
import shutil
from pathlib import Path

import open_clip
import pytest
from huggingface_hub import constants

from engine.models.encoders import open_clip_names
from engine.models.encoders.catalog import encoders, open_encoder
from engine.models.encoders.clip_weights import find_source, weights_digest
from engine.models.encoders.confirmed import confirm_encoder
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.failures import EncoderGone


def put_into_the_hub_cache(repository: str, name: str, content: bytes) -> Path:
    """A file in the hub's cache, laid out as the hub's client does."""
    folder = Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text("abc")
    (folder / "snapshots" / "abc").mkdir(parents=True)
    file = folder / "snapshots" / "abc" / name
    file.write_bytes(content)
    return file


def test_missing_weights_are_one_sentence_that_names_place_and_ways(machine_of_its_own: Path) -> None:
    with pytest.raises(EncoderUnavailable) as error:
        open_encoder("ViT-B-32:laion2b_s34b_b79k")
    message = str(error.value)
    for said in (
        "ViT-B-32:laion2b_s34b_b79k are not on this machine",
        "huggingface.co/laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        f"{machine_of_its_own / 'hub' / 'cache'}",
        "starter",
    ):
        assert said in message


def test_the_papers_own_model_is_known() -> None:
    with pytest.raises(EncoderUnavailable, match="RN50x64:openai are not on this machine"):
        open_encoder("RN50x64:openai")


@pytest.mark.parametrize("name", ["ViT-B-33:openai", "nonsense", "ViT-B-32"])
def test_an_unknown_encoder_is_told_what_is_expected(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match=r"There is no encoder .* Expected starter, MODEL:WEIGHTS"):
        open_encoder(name)


@pytest.mark.parametrize(
    "name",
    ["/nowhere/b.pt", "nothere.safetensors", "ViT-B-32:/nowhere/b.pt", "~nobody/here", "ViT-B-33:models/b.pt"],
)
def test_a_path_that_is_not_there_is_said_to_be_none(name: str) -> None:
    with pytest.raises(
        EncoderGone, match=r"There is no file or folder .*, from which the encoder was to be read\."
    ) as told:
        open_encoder(name)
    assert told.value.path.is_absolute()


def test_unknown_weights_are_told_which_are_published() -> None:
    with pytest.raises(EncoderUnavailable, match=r"no weights 'opnai' for ViT-B-32: .* published are openai, "):
        open_encoder("ViT-B-32:opnai")


def test_a_file_used_like_weights_that_nobody_published_is_told_which_are(tmp_path: Path) -> None:
    (tmp_path / "own.safetensors").write_bytes(b"")
    with pytest.raises(EncoderUnavailable, match=r"own.safetensors is to be used like the weights 'laion9'.*openai"):
        open_encoder(f"ViT-B-32:{tmp_path / 'own.safetensors'}@laion9")


def test_a_checkpoint_alone_is_told_to_name_its_architecture(tiny_clip: Path, tmp_path: Path) -> None:
    shutil.copy(tiny_clip / "open_clip_model.safetensors", tmp_path / "mine.safetensors")
    confirm_encoder(str(tmp_path / "mine.safetensors"))
    with pytest.raises(EncoderUnavailable, match=r"does not say which architecture .* Write MODEL:.*mine.safetensors"):
        open_encoder(str(tmp_path / "mine.safetensors"))


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    confirm_encoder(str(tmp_path))
    with pytest.raises(EncoderUnavailable, match=r"holds neither weights .* nor open_clip_config.json"):
        open_encoder(str(tmp_path))
    (tmp_path / "open_clip_config.json").write_text("{}")
    with pytest.raises(EncoderUnavailable, match=r"Expected one checkpoint .* but found 0"):
        open_encoder(str(tmp_path))


def test_a_checkpoint_of_another_architecture_is_refused(tiny_clip: Path) -> None:
    confirm_encoder(f"RN50:{tiny_clip / 'open_clip_model.safetensors'}")
    with pytest.raises(EncoderUnavailable, match=r"open_clip_model.safetensors does not fit RN50: it lacks visual"):
        open_encoder(f"RN50:{tiny_clip / 'open_clip_model.safetensors'}")


def test_a_path_is_understood_from_another_working_folder(tiny_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_clip.parent)
    assert find_source(tiny_clip.name).name == str(tiny_clip)
    assert find_source(f"RN50:{tiny_clip.name}/open_clip_model.safetensors").name.endswith(
        f":{tiny_clip / 'open_clip_model.safetensors'}"
    )


def test_weights_in_the_hubs_cache_are_found_the_safest_file_first() -> None:
    repository = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
    put_into_the_hub_cache(repository, "open_clip_model.safetensors", b"safe")
    source = find_source("ViT-B-32:laion2b_s34b_b79k")
    assert source.weights.read_bytes() == b"safe"
    assert (source.model, source.tag) == ("ViT-B-32", "laion2b_s34b_b79k")
    assert [one.name for one in encoders() if one.available] == ["starter", "ViT-B-32:laion2b_s34b_b79k"]


def test_the_hubs_own_digest_is_taken_where_there_is_one(tmp_path: Path) -> None:
    blob = tmp_path / ("0123456789abcdef" * 4)
    blob.write_bytes(b"weights")
    assert weights_digest(blob) == "0123456789abcdef"
    plain = tmp_path / "weights.bin"
    plain.write_bytes(b"weights")
    before = weights_digest(plain)
    plain.write_bytes(b"Weights")
    assert weights_digest(plain) != before


def test_the_list_says_what_is_here() -> None:
    starter, *others = encoders()
    assert starter.name == "starter"
    assert starter.available
    assert starter.licence == "Apache-2.0"
    assert "RN50x64:openai" in [one.name for one in others]
    assert not any(one.available for one in others)


def test_the_names_are_those_of_the_open_clip_that_is_installed() -> None:
    assert json.loads(open_clip_names._FILE.read_text()) == open_clip_names._read_off(), (
        "python -m engine.models.encoders.open_clip_names writes them anew"
    )


def test_another_open_clip_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_clip_names, "version", lambda package: "9.9")
    open_clip_names._names.cache_clear()
    try:
        assert open_clip_names.published("ViT-B-32", "OpenAI")["quick_gelu"]
        assert open_clip_names._names()["open_clip"] == "9.9"
    finally:
        open_clip_names._names.cache_clear()


def test_the_list_says_how_each_is_used() -> None:
    used = {one.name: (one.activation, one.pixels) for one in encoders()}
    assert used["ViT-B-32:openai"] == ("QuickGELU", "mean 0.4815 0.4578 0.4082, deviation 0.2686 0.2613 0.2758")
    assert used["ViT-B-16-SigLIP2:webli"] == ("GELU", "mean 0.5 0.5 0.5, deviation 0.5 0.5 0.5")
    assert used["MobileCLIP2-S0:dfndr2b"] == ("GELU", "mean 0 0 0, deviation 1 1 1")


def test_every_published_clip_is_in_the_long_list() -> None:
    published = {f"{model}:{tag}" for model, tag in open_clip.list_pretrained()}
    assert published == {one.name for one in encoders(every=True)} - {"starter"}
