"""Texts are read no further than they go, and are what open_clip says they are."""

from typing import Any

import open_clip
import pytest
import torch
from open_clip.transformer import TextTransformer
from torch.nn import functional

from engine.models.encoders.text_network import TextNetwork

VISION = {"layers": 1, "width": 64, "head_width": 32, "image_size": 32, "patch_size": 16}
TEXT = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2}
TEXTS = ["a", "a photo of a cat", "", "many words " * 60, "a photo of two dogs, on the beach!"] * 20


def network(custom: bool, **text: Any) -> Any:
    torch.manual_seed(0)
    kind = open_clip.CustomTextCLIP if custom else open_clip.CLIP
    return kind(embed_dim=32, vision_cfg=VISION, text_cfg=TEXT | text).eval()


def tokens(texts: list[str]) -> torch.Tensor:
    return open_clip.SimpleTokenizer()(texts)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens were read of each batch of texts."""
    lengths: list[int] = []
    forward = open_clip.transformer.Transformer.forward

    def counted(self: Any, states: torch.Tensor, *more: Any, **named: Any) -> torch.Tensor:
        lengths.append(states.shape[1])
        return forward(self, states, *more, **named)

    monkeypatch.setattr(open_clip.transformer.Transformer, "forward", counted)
    return lengths


@pytest.mark.parametrize("custom", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_from_left_to_right(custom: bool, bias: bool, read: list[int]) -> None:
    model = network(custom, proj_bias=bias)
    assert isinstance(model.text, TextTransformer) if custom else not hasattr(model, "text")
    found = TextNetwork(model).embeddings(tokens(TEXTS))
    assert (min(read), sorted(read)[len(read) // 2], max(read)) == (2, 7, 77)  # a fifth goes on and on
    with torch.inference_mode():
        wanted = functional.normalize(model.encode_text(tokens(TEXTS)), dim=-1)
    assert torch.allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize("text", [{"no_causal_mask": True}, {"pool_type": "last"}, {"embed_cls": True, "pad_id": 0}])
def test_others_are_read_as_open_clip_does(text: dict[str, Any], read: list[int]) -> None:
    model = network(True, **text)
    found = TextNetwork(model).embeddings(tokens(TEXTS))
    assert min(read) >= 77
    with torch.inference_mode():
        wanted = functional.normalize(model.encode_text(tokens(TEXTS)), dim=-1)
    assert torch.allclose(found, wanted, atol=1e-6)
