"""The configuration of a CLIP that lies in a folder: known keys of known kinds and sizes, and nothing else.

open_clip hands on whatever a configuration says: to constructors, to timm, to transformers, which may run code that
lies in the folder or fetch things by name. So what comes from a folder is checked here, key by key, before any of
these sees it. Meanings as in open_clip's `CLIPVisionCfg`, `CLIPTextCfg` and `PreprocessCfg`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.encoder import EncoderUnavailable
from engine.ordinary_file import read_ordinary
from engine.wording import Sentence

OPEN_CLIP_FILE = "open_clip_config.json"

_MOST_BYTES = 1 << 20
_LAYERS = 128

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class FolderConfiguration:
    """What a folder says of its network: open_clip's configuration of it, and the pixels that it was trained with."""

    network: dict[str, Any]
    mean: tuple[float, ...] | None
    std: tuple[float, ...] | None


def _whole(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _number(least: float, most: float) -> Check:
    return lambda value: type(value) in (int, float) and math.isfinite(value) and least <= value <= most


def _one_of(*choices: object) -> Check:
    return lambda value: any(type(value) is type(choice) and value == choice for choice in choices)


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def _all_of(count: int, check: Check) -> Check:
    return lambda value: isinstance(value, list) and len(value) == count and all(map(check, value))


def _only(checks: Mapping[str, Check]) -> Check:
    return lambda value: (
        isinstance(value, dict) and all(key in checks and checks[key](inside) for key, inside in value.items())
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) < 200


def _is_backbone(value: Any) -> bool:
    """A network that timm brings; a name such as `hf_hub:…` would fetch one."""
    import timm

    return _is_text(value) and timm.is_model(value)


_YES_OR_NO = _one_of(True, False)
_BLOCK: dict[str, Check] = {
    "mlp_ratio": _number(0.01, 32),
    "ls_init_value": _or_none(_number(0, 10)),
    "act_kwargs": _or_none(_only({"approximate": _one_of("none", "tanh")})),
    "norm_kwargs": _or_none(_only({"eps": _number(1e-12, 1e-2)})),
    "block_type": _one_of(None, "default", "custom"),
    "output_tokens": _YES_OR_NO,
    "final_ln_after_pool": _YES_OR_NO,
    **dict.fromkeys(
        ("qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"), _YES_OR_NO
    ),
}
_SIDE = _whole(1, 4096)
_VISION: dict[str, Check] = {
    **_BLOCK,
    "layers": _either(_whole(1, _LAYERS), _all_of(4, _whole(1, _LAYERS))),
    "width": _whole(1, 16384),
    "head_width": _whole(1, 16384),
    "patch_size": _or_none(_whole(1, 512)),
    "image_size": _either(_SIDE, _all_of(2, _SIDE)),
    "patch_dropout": _number(0, 1),
    "attentional_pool": _one_of(True, False, "parallel", "cascade"),
    "attn_pooler_queries": _whole(1, 4096),
    "attn_pooler_heads": _whole(1, 256),
    "no_ln_pre": _YES_OR_NO,
    "pos_embed_type": _one_of("learnable"),
    "pool_type": _one_of("tok", "avg", "none"),
    "timm_model_name": _or_none(_is_backbone),
    "timm_model_pretrained": _YES_OR_NO,
    "timm_pool": _one_of("", "avg", "map", "token", "tok", "abs_attn", "rot_attn"),
    "timm_proj": _one_of(None, "", "linear", "mlp", "none"),
    "timm_proj_bias": _YES_OR_NO,
    "timm_drop": _number(0, 1),
    "timm_drop_path": _or_none(_number(0, 1)),
}
_TEXT: dict[str, Check] = {
    **_BLOCK,
    "context_length": _whole(1, 4096),
    "vocab_size": _whole(1, 2_000_000),
    # Which tokenizer does not matter: it is the one that lies in the folder.
    "hf_tokenizer_name": _or_none(_is_text),
    "tokenizer_mode": _one_of(None, ""),
    "tokenizer_kwargs": _or_none(
        _only({"clean": _one_of("lower", "whitespace", "canonicalize"), "strip_sep_token": _YES_OR_NO})
    ),
    "width": _whole(1, 16384),
    "heads": _whole(1, 256),
    "layers": _whole(1, _LAYERS),
    "embed_cls": _YES_OR_NO,
    "pad_id": _whole(0, 2_000_000),
    "eos_id": _whole(0, 2_000_000),
    "no_causal_mask": _YES_OR_NO,
    "pool_type": _one_of("argmax", "eos", "first", "last", "none"),
    "proj_bias": _YES_OR_NO,
    "proj_type": _one_of("linear", "none"),
}
_NETWORK: dict[str, Check] = {
    "embed_dim": _whole(1, 16384),
    "vision_cfg": lambda value: isinstance(value, dict),
    "text_cfg": lambda value: isinstance(value, dict),
    "quick_gelu": _YES_OR_NO,
    "custom_text": _YES_OR_NO,
    "init_logit_scale": _number(-100, 100),
    "init_logit_bias": _or_none(_number(-1000, 1000)),
    "nonscalar_logit_scale": _YES_OR_NO,
}
_MEAN, _STD = _all_of(3, _number(-10, 10)), _all_of(3, _number(1e-4, 10))


def read_configuration(folder: Path) -> FolderConfiguration:
    """What `open_clip_config.json` in a folder says, as far as it is known what that means.

    Raises:
        EncoderUnavailable: not readable, too long, or something in it is not known here or out of all bounds.
    """
    file = folder / OPEN_CLIP_FILE
    found = read_json(file)
    network = found.get("model_cfg")
    if not isinstance(network, dict):
        raise EncoderUnavailable(Sentence("{file} describes no network: it has no model_cfg.").format(file=file))
    _check(file, "model_cfg", network, _NETWORK)
    for tower, checks in (("vision_cfg", _VISION), ("text_cfg", _TEXT)):
        _check(file, f"model_cfg.{tower}", network.get(tower, {}), checks)
    if missing := [key for key in ("embed_dim", "vision_cfg", "text_cfg") if key not in network]:
        raise EncoderUnavailable(
            Sentence("{file} describes no whole network: model_cfg lacks {missing}.").format(
                file=file, missing=", ".join(missing)
            )
        )
    pixels = found.get("preprocess_cfg") or {}
    mean, std = (
        checked_pixels(file, pixels.get("mean"), pixels.get("std")) if isinstance(pixels, dict) else (None, None)
    )
    return FolderConfiguration(network, mean, std)


def read_json(file: Path) -> dict[str, Any]:
    """An object in JSON; EncoderUnavailable if the file holds none, or is longer than any configuration."""
    try:
        found = json.loads(read_ordinary(file, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise EncoderUnavailable(
            Sentence("Expected {file} to be a configuration in JSON of at most 1 MB, but it is none.").format(file=file)
        )
    return found


def checked_pixels(file: Path, mean: Any, std: Any) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
    """Mean and deviation of the pixels as a file gives them, None where it does not.

    Raises:
        EncoderUnavailable: not three numbers each, or a deviation that is not above 0.
    """
    if (mean is not None and not _MEAN(mean)) or (std is not None and not _STD(std)):
        raise EncoderUnavailable(
            Sentence(
                "Expected {file} to give three numbers each as mean and std of the pixels, those of std above 0, but "
                "it has {mean} and {std}."
            ).format(file=file, mean=shown(str(mean)), std=shown(str(std)))
        )
    # As they are written: 0 stays 0, for embeddings are kept under a name that has these numbers in it.
    return (None if mean is None else tuple(mean)), (None if std is None else tuple(std))


def _check(file: Path, where: str, found: dict[str, Any], checks: Mapping[str, Check]) -> None:
    for key, value in found.items():
        if key in ("hf_model_name", "multimodal_cfg") and value:
            raise EncoderUnavailable(
                Sentence(
                    "{file} wants a text network of other programs ({key}), which a folder cannot bring along. If "
                    "`cdul encoders --all` has the model, name it and the file: MODEL:FILE."
                ).format(file=file, key=key)
            )
        if key.startswith("hf_") and key not in checks:
            continue  # says more about such a text network, of which there is none
        if key not in checks or not checks[key](value):
            raise EncoderUnavailable(
                Sentence(
                    "{file} cannot be used: it sets {key} to {value}, which is not known here, or too much. Only "
                    "numbers and choices that describe a network are read from a folder."
                ).format(file=file, key=shown(f"{where}.{key}"), value=shown(json.dumps(value)))
            )
