"""A folder's configuration: what describes a network is honoured, all else is refused before it does anything."""

import json
import resource
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import EncoderUnavailable


@pytest.fixture
def folder(tiny_clip: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_clip, tmp_path / "model"))


def change(folder: Path, tower: str | None, **values: Any) -> None:
    file = folder / "open_clip_config.json"
    found = json.loads(file.read_text())
    part = found["model_cfg"] if tower is None else found["model_cfg"].setdefault(tower, {})
    part |= values
    file.write_text(json.dumps(found))


def said(folder: Path) -> str:
    with pytest.raises(EncoderUnavailable) as error:
        ClipEncoder.open(str(folder), device="cpu")
    return str(error.value)


@pytest.mark.parametrize(
    ("tower", "values", "named"),
    [
        ("text_cfg", {"tokenizer_kwargs": {"trust_remote_code": True}}, "text_cfg.tokenizer_kwargs"),
        ("text_cfg", {"tokenizer_kwargs": {"clean": "os.system"}}, "text_cfg.tokenizer_kwargs"),
        ("text_cfg", {"tokenizer_mode": "clips"}, "text_cfg.tokenizer_mode"),
        ("text_cfg", {"layers": 10**6}, "text_cfg.layers to 1000000"),
        ("text_cfg", {"layers": True}, "text_cfg.layers"),
        ("text_cfg", {"act_kwargs": {"inplace": True}}, "text_cfg.act_kwargs"),
        ("vision_cfg", {"layers": 10**6}, "vision_cfg.layers"),
        ("vision_cfg", {"layers": [10**6, 1, 1, 1]}, "vision_cfg.layers"),
        ("vision_cfg", {"width": 10**9}, "vision_cfg.width"),
        ("vision_cfg", {"mlp_ratio": float("nan")}, "vision_cfg.mlp_ratio"),
        ("vision_cfg", {"image_size": 10**6}, "vision_cfg.image_size"),
        ("vision_cfg", {"timm_model_name": "hf_hub:stranger/model"}, "vision_cfg.timm_model_name"),
        ("vision_cfg", {"timm_model_name": "local-dir:/tmp"}, "vision_cfg.timm_model_name"),
        ("vision_cfg", {"nobody_knows": 1}, "vision_cfg.nobody_knows"),
        (None, {"cast_dtype": "x"}, "model_cfg.cast_dtype"),
        (None, {"embed_dim": "32"}, "model_cfg.embed_dim"),
        (None, {"vision_cfg": 3}, "model_cfg.vision_cfg"),
    ],
)
def test_what_is_not_known_or_too_much_is_named(
    tower: str | None, values: dict[str, Any], named: str, folder: Path
) -> None:
    change(folder, tower, **values)
    message = said(folder)
    assert "open_clip_config.json cannot be used: it sets" in message
    assert named in message


@pytest.mark.parametrize("key", ["hf_model_name", "multimodal_cfg"])
def test_a_text_network_of_other_programs_is_refused(key: str, folder: Path) -> None:
    change(folder, "text_cfg" if key.startswith("hf") else None, **{key: "stranger/model"})
    assert f"wants a text network of other programs ({key})" in said(folder)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"[" * 100_000, b'{"model_cfg": 1}', b"{}", b" " * (2 << 20), b'{"model_cfg": {}}']
)
def test_a_configuration_that_is_none_is_one_sentence(content: bytes, folder: Path) -> None:
    (folder / "open_clip_config.json").write_bytes(content)
    assert "open_clip_config.json" in said(folder)


@pytest.mark.parametrize("pixels", [{"mean": [0.5]}, {"std": [0, 0, 0]}, {"mean": ["a", "b", "c"]}, {"std": 1}])
def test_pixels_that_are_no_three_numbers_are_refused(pixels: dict[str, Any], folder: Path) -> None:
    file = folder / "open_clip_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"preprocess_cfg": pixels}))
    assert "three numbers each as mean and std" in said(folder)


@pytest.mark.parametrize(
    ("tower", "values"),
    [
        ("vision_cfg", {"timm_model_name": "eva_giant_patch14_224", "timm_pool": "avg"}),  # 4 GB
        ("vision_cfg", {"width": 16384, "layers": 128}),  # 1.6 TB
        ("text_cfg", {"width": 16384, "vocab_size": 2_000_000}),
        (None, {"embed_dim": 16384}),
    ],
)
def test_a_giant_takes_no_memory_before_it_is_known_not_to_fit(
    tower: str | None, values: dict[str, Any], folder: Path
) -> None:
    change(folder, tower, **values)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "does not fit" in said(folder)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kilobytes


@pytest.mark.parametrize(("tower", "values"), [("text_cfg", {"heads": 7}), ("vision_cfg", {"head_width": 1000})])
def test_values_that_do_not_go_together_are_one_sentence(tower: str, values: dict[str, Any], folder: Path) -> None:
    change(folder, tower, **values)
    assert "No network can be built of this configuration" in said(folder)


def test_a_tokenizer_in_the_folder_is_read_as_data(folder: Path, tmp_path: Path) -> None:
    marker = tmp_path / "code ran"
    change(folder, "text_cfg", hf_tokenizer_name="x")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "Evil", "auto_map": {"AutoTokenizer": ["tok.Evil", None]}})
    )
    (folder / "config.json").write_text(json.dumps({"model_type": "clip"}))
    (folder / "tok.py").write_text(f"open({str(marker)!r}, 'a').write('ran')\n")
    assert "The tokenizer of" in said(folder)
    assert "put the tokenizer.json that was published with it into" in said(folder)
    (folder / "tokenizer.json").write_text("{}")
    assert "The tokenizer" in said(folder)
    assert not marker.exists()
