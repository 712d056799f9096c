"""Today's families of CLIP at small widths, under their real names, so that what is published applies to them."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import save_file

TEXT: dict[str, Any] = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1}
VIT: dict[str, Any] = {"layers": 2, "width": 64, "head_width": 32, "image_size": 32}


def _vit(patch: int, **more: Any) -> dict[str, Any]:
    return {"embed_dim": 32, "vision_cfg": VIT | {"patch_size": patch}, "text_cfg": TEXT, **more}


def _resnet(*layers: int) -> dict[str, Any]:
    vision = {"image_size": 64, "layers": layers, "width": 16, "head_width": 64, "patch_size": None}
    return {"embed_dim": 32, "vision_cfg": vision, "text_cfg": TEXT}


def _timm(name: str, side: int, dimension: int, text: dict[str, Any], **vision: Any) -> dict[str, Any]:
    vision = {"timm_model_name": name, "timm_model_pretrained": False, "image_size": side, **vision}
    return {"embed_dim": dimension, "vision_cfg": vision, "text_cfg": TEXT | text, "custom_text": True}


_MOBILE = {"timm_pool": "avg", "timm_proj": None, "timm_drop": 0.0, "timm_drop_path": 0.0}
_MAP = {"timm_pool": "map", "timm_proj": None}
_SIGLIP_TEXT = {
    "context_length": 16,
    "vocab_size": 300,
    "hf_tokenizer_name": "timm/ViT-B-16-SigLIP2",
    "tokenizer_kwargs": {"clean": "canonicalize"},
    "no_causal_mask": True,
    "proj_bias": True,
    "pool_type": "last",
    "norm_kwargs": {"eps": 1e-6},
    "act_kwargs": {"approximate": "tanh"},
}

FAMILIES: dict[str, tuple[str, dict[str, Any]]] = {
    "ViT-B-32": ("datacomp_xl_s13b_b90k", _vit(16)),
    "ViT-B-32-quickgelu": ("openai", _vit(16, quick_gelu=True)),
    "ViT-B-32-256": ("datacomp_s34b_b86k", _vit(8)),
    "ViT-B-16": ("dfn2b", _vit(16)),
    "ViT-L-14": ("laion2b_s32b_b82k", _vit(16)),
    "RN50": ("openai", _resnet(1, 1, 1, 1)),
    "RN50x64": ("openai", _resnet(1, 2, 1, 1)),
    "MobileCLIP2-S0": ("dfndr2b", _timm("fastvit_mci0", 64, 32, {"no_causal_mask": True}, **_MOBILE)),
    "MobileCLIP2-S2": ("dfndr2b", _timm("fastvit_t8", 64, 32, {"no_causal_mask": True}, **_MOBILE)),
    "PE-Core-S-16-384": ("meta", _timm("vit_pe_core_tiny_patch16_384", 384, 32, {"context_length": 32}, **_MAP)),
    "PE-Core-B-16": ("meta", _timm("test_vit", 160, 32, {"context_length": 32}, **_MAP)),
    "PE-Core-L-14-336": ("meta", _timm("test_vit", 160, 48, {"context_length": 32}, **_MAP)),
    "ViT-B-16-SigLIP2": (
        "webli",
        {"init_logit_bias": -10, **_timm("test_vit", 160, 64, _SIGLIP_TEXT, timm_pool="map", timm_proj="none")},
    ),
}
"""A published tag of each, and the family's configuration with fewer and narrower layers."""


@contextlib.contextmanager
def small_architectures(folder: Path) -> Iterator[None]:
    """open_clip with these configurations in place of its own of the same names."""
    for model, (_tag, configuration) in FAMILIES.items():
        (folder / f"{model}.json").write_text(json.dumps(configuration))
    from open_clip import factory

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factory, "_MODEL_CONFIGS", dict(factory._MODEL_CONFIGS))
        patch.setattr(factory, "_MODEL_CONFIG_PATHS", list(factory._MODEL_CONFIG_PATHS))
        open_clip.add_model_config(folder)
        yield


def random_weights(model: str, file: Path) -> Path:
    """Weights of an architecture, far enough from zero that activation and pixels matter."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = open_clip.create_model(model)
        weights = network.state_dict()
        for name, values in weights.items():
            if values.is_floating_point() and values.ndim and not name.endswith("positional_embedding"):
                if name.endswith("running_var"):
                    values.uniform_(0.5, 2)
                elif values.ndim == 1:
                    values.add_(torch.randn_like(values) * 0.1)
                elif values.std() < 0.5:
                    values.mul_(2)
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: values.contiguous() for name, values in weights.items()}, file)
    return file


def hub_file(repository: str, name: str) -> Path:
    """Where the hub's client looks for a file of a repository."""
    folder = Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text("abc")
    file = folder / "snapshots" / "abc" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def publish(model: str, tag: str, weights: Path) -> Path:
    """Put weights, and the tokenizer of those that have one, into the hub's cache as if they had been fetched."""
    repository = open_clip.get_pretrained_cfg(model, tag)["hf_hub"].rpartition("/")[0]
    file = hub_file(repository, "open_clip_model.safetensors")
    shutil.copy(weights, file)
    if tokenizer := open_clip.get_model_config(model)["text_cfg"].get("hf_tokenizer_name"):
        make_tokenizer(hub_file(tokenizer, "tokenizer.json").parent)
    return file


def folder_of(model: str, tag: str, weights: Path, folder: Path) -> Path:
    """The same as a folder, as people clone it from the hub."""
    folder.mkdir()
    shutil.copy(weights, folder / "open_clip_model.safetensors")
    published = open_clip.get_pretrained_cfg(model, tag)
    configuration = open_clip.get_model_config(model)
    if published.get("quick_gelu"):
        configuration["quick_gelu"] = True
    pixels = {key: published[key] for key in ("mean", "std", "interpolation", "resize_mode")}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": configuration, "preprocess_cfg": pixels}))
    if "hf_tokenizer_name" in configuration["text_cfg"]:
        make_tokenizer(folder)
    return folder


def make_tokenizer(folder: Path) -> None:
    """A small tokenizer as they are published: byte pairs, an end of the text, and what fills it up."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=120, special_tokens=["<pad>", "</s>", "<unk>"], show_progress=False)
    tokenizer.train_from_iterator(["a photo of a cat and two dogs on the beach", "a house by the sea"], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    said = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "eos_token": "</s>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(said))
    (folder / "config.json").write_text(json.dumps({"model_type": "siglip"}))


def pictures(side: int, count: int = 2) -> np.ndarray:
    """Snippets of random colours: count x side x side x 3."""
    return np.random.default_rng(side).integers(0, 256, (count, side, side, 3), dtype=np.uint8)
