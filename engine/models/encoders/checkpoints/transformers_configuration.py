"""What transformers writes beside a CLIP, `config.json` and `preprocessor_config.json`, as open_clip would say it.

Defaults as in transformers' `CLIPTextConfig` and `CLIPVisionConfig`: what equals them need not be in the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.models.encoders.checkpoints.configuration import FolderConfiguration, checked_pixels, read_json
from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.encoder import EncoderUnavailable
from engine.wording import Sentence

CONFIG_FILE = "config.json"
_PIXELS_FILE = "preprocessor_config.json"

_TEXT: dict[str, Any] = {
    "vocab_size": 49408,
    "hidden_size": 512,
    "intermediate_size": 2048,
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "max_position_embeddings": 77,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
    "eos_token_id": 49407,
}
_VISION: dict[str, Any] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "num_channels": 3,
    "image_size": 224,
    "patch_size": 32,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
}
_LIMITS = {
    "vocab_size": 2_000_000,
    "num_hidden_layers": 128,
    "num_attention_heads": 256,
    "eos_token_id": 2_000_000,
    "image_size": 4096,
}
_OLD_EOS = 2
"""In files from before 2023 this stands for: the highest token ends the text."""


def is_of_transformers(folder: Path) -> bool:
    """Whether a folder holds a CLIP as transformers writes it."""
    if not (folder / CONFIG_FILE).is_file():
        return False
    try:
        return read_json(folder / CONFIG_FILE).get("model_type") == "clip"
    except EncoderUnavailable:
        return False


def read_transformers_configuration(folder: Path) -> FolderConfiguration:
    """The network that transformers' files describe.

    Raises:
        EncoderUnavailable: not readable, out of all bounds, or something that open_clip's network cannot do.
    """
    file = folder / CONFIG_FILE
    found = read_json(file)
    text = _tower(file, found, "text_config", _TEXT)
    vision = _tower(file, found, "vision_config", _VISION)
    dimension = found.get("projection_dim", 512)
    if type(dimension) is not int or not 0 < dimension <= 16384:
        raise _refused(file, "projection_dim", dimension)
    activations = {text["hidden_act"], vision["hidden_act"]}
    if activations not in ({"quick_gelu"}, {"gelu"}):
        raise _refused(file, "hidden_act", ", ".join(sorted(activations)))
    if vision["num_channels"] != 3:
        raise _refused(file, "num_channels", vision["num_channels"])
    if vision["hidden_size"] % vision["num_attention_heads"]:
        raise _refused(file, "num_attention_heads", vision["num_attention_heads"])
    network: dict[str, Any] = {
        "embed_dim": dimension,
        "quick_gelu": activations == {"quick_gelu"},
        "vision_cfg": {
            "image_size": vision["image_size"],
            "patch_size": vision["patch_size"],
            "layers": vision["num_hidden_layers"],
            "width": vision["hidden_size"],
            "head_width": vision["hidden_size"] // vision["num_attention_heads"],
            **_block(vision),
        },
        "text_cfg": {
            "context_length": text["max_position_embeddings"],
            "vocab_size": text["vocab_size"],
            "width": text["hidden_size"],
            "heads": text["num_attention_heads"],
            "layers": text["num_hidden_layers"],
            **_block(text),
        },
    }
    if text["eos_token_id"] not in (_OLD_EOS, text["vocab_size"] - 1):
        network["text_cfg"] |= {"pool_type": "eos", "eos_id": text["eos_token_id"]}
    if text["vocab_size"] != _TEXT["vocab_size"]:
        network["text_cfg"]["hf_tokenizer_name"] = "in the folder"
    mean = std = None
    if (folder / _PIXELS_FILE).is_file():
        pixels = read_json(folder / _PIXELS_FILE)
        mean, std = checked_pixels(folder / _PIXELS_FILE, pixels.get("image_mean"), pixels.get("image_std"))
    return FolderConfiguration(network, mean, std)


def _tower(file: Path, found: dict[str, Any], key: str, defaults: dict[str, Any]) -> dict[str, Any]:
    """One network's values; `…_config_dict` is how they were written at first, and wins in transformers."""
    given: dict[str, Any] = {}
    for one in (key, f"{key}_dict"):
        part = found.get(one) or {}
        if not isinstance(part, dict):
            raise _refused(file, one, part)
        given |= part
    values = {name: given.get(name, default) for name, default in defaults.items()}
    for name, value in values.items():
        if isinstance(defaults[name], str):
            right = isinstance(value, str)
        elif isinstance(defaults[name], float):
            right = type(value) in (int, float) and 1e-12 <= value <= 1e-2
        else:
            right = type(value) is int and 0 < value <= _LIMITS.get(name, 65536)
        if not right:
            raise _refused(file, f"{key}.{name}", value)
    return values


def _block(tower: dict[str, Any]) -> dict[str, Any]:
    # Half a value more, as open_clip cuts what comes after the point of width times ratio.
    block: dict[str, Any] = {"mlp_ratio": (tower["intermediate_size"] + 0.5) / tower["hidden_size"]}
    if tower["layer_norm_eps"] != 1e-5:
        block["norm_kwargs"] = {"eps": tower["layer_norm_eps"]}
    return block


def _refused(file: Path, key: str, value: object) -> EncoderUnavailable:
    return EncoderUnavailable(
        Sentence("{file} describes no CLIP that can be opened here: {key} is {value}.").format(
            file=file, key=key, value=shown(str(value))
        )
    )
