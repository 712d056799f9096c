"""The half of a CLIP that looks at photos: bytes to unit vectors, by torch, or by OpenVINO where that is worth it.

OpenVINO serves on a processor, in float32 and, where that is fast, in bfloat16; a card has torch. Putting a network
together for it takes seconds, so that is done once torch has computed for about as long: who asks for ten photos never
waits for it, and who asks for a thousand hardly notices.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.encoders.clip_in_openvino import OpenvinoClip, as_openvino_reads_it, compiled
from engine.models.encoders.encoder import FloatArray
from engine.models.memory import if_it_fits
from engine.models.openvino_package import openvino_or_none

_WORTH_IT = 8.0
"""Seconds of torch, about what OpenVINO needs to begin."""
_MOST_WEIGHTS = 150_000_000
"""For a moment there are three copies of them; those of the ViT-B and MobileCLIPs are 10 to 90 million."""
_SAME = {torch.float32: 1e-4, torch.bfloat16: 1e-2}
"""By how much values of a unit vector may differ from torch's in numbers of this kind; rounding changes a hundredth of
that in float32, and a fifth in bfloat16."""


class PhotoNetwork:
    """From snippets to embeddings of unit length, from any number of threads."""

    def __init__(self, visual: nn.Module, *, mean: Sequence[float], std: Sequence[float]) -> None:
        """Take over a network of open_clip's.

        Args:
            visual: on its device and in its numbers already.
            mean, std: of each colour, from 0 to 1.
        """
        parameter = next(visual.parameters())
        self.device, self.numbers = parameter.device, parameter.dtype
        self._in_torch: _FromBytes | None = _FromBytes(_last_block_for_one_place(visual), mean, std).to(self.device)
        self._in_openvino: OpenvinoClip | None = None
        weights = sum(one.numel() for one in visual.parameters())
        self._may_change = self.device.type == "cpu" and self.numbers in _SAME and weights <= _MOST_WEIGHTS
        self._changing = Lock()
        self._computed = 0.0

    @property
    def visual(self) -> nn.Module:
        """open_clip's network, as long as torch computes."""
        assert self._in_torch is not None
        return self._in_torch.visual

    @property
    def settled(self) -> bool:
        """Whether nothing else is going to compute."""
        return not self._may_change and not self._changing.locked()

    @property
    def by_openvino(self) -> bool:
        """Whether OpenVINO computes by now."""
        return self._in_openvino is not None

    @torch.inference_mode()
    def embeddings(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed n x side x side x 3: n x dimension."""
        in_torch = self._in_torch
        if (in_openvino := self._in_openvino) is not None:
            return in_openvino.embeddings(snippets)
        assert in_torch is not None
        began = time.perf_counter()
        made: FloatArray = in_torch(torch.from_numpy(snippets).to(self.device, non_blocking=True)).cpu().numpy()
        self._computed += time.perf_counter() - began
        if self._may_change and self._computed >= _WORTH_IT and len(snippets):
            self._change(in_torch, snippets, made)
        return made

    def for_openvino(self, side: int) -> Any:
        """The network as OpenVINO reads it, while torch computes; what it raises for one it cannot read is its own."""
        assert self._in_torch is not None
        return as_openvino_reads_it(self._in_torch, side)

    def compute_by(self, network: OpenvinoClip) -> None:
        """Have this network compute from now on."""
        self._may_change = False
        self._in_openvino, self._in_torch = network, None

    def _compiled(self, openvino: Any, in_torch: _FromBytes, side: int) -> OpenvinoClip | None:
        try:
            return compiled(openvino, as_openvino_reads_it(in_torch, side), bfloat16=self.numbers == torch.bfloat16)
        except Exception:  # noqa: BLE001 (no memory, or a part of it that OpenVINO does not know: torch goes on)
            return None

    def _change(self, in_torch: _FromBytes, snippets: npt.NDArray[np.uint8], expected: FloatArray) -> None:
        """Have OpenVINO compute from now on, if it finds what torch found; another thread goes on with torch."""
        if not self._changing.acquire(blocking=False):
            return
        try:
            if not self._may_change:
                return
            self._may_change = False
            openvino = openvino_or_none()
            made = None if openvino is None else self._compiled(openvino, in_torch, snippets.shape[1])
            found = None if made is None else if_it_fits(made.embeddings, snippets[:1])
            if found is not None and np.abs(found[0] - expected[:1]).max(initial=0) < _SAME[self.numbers]:
                self._in_openvino, self._in_torch = made, None
        finally:
            self._changing.release()


class _FromBytes(nn.Module):
    """A network with what comes before and behind it."""

    mean: Tensor
    std: Tensor

    def __init__(self, visual: nn.Module, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.visual = visual
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1) * 255)

    def forward(self, snippets: Tensor) -> Tensor:
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        numbers = next(self.visual.parameters()).dtype  # of a copy for OpenVINO others than of the network itself
        pixels = ((snippets.permute(0, 3, 1, 2) - self.mean) / self.std).to(numbers)
        embeddings: Any = self.visual(pixels)
        if isinstance(embeddings, tuple):
            embeddings = embeddings[0]
        return functional.normalize(embeddings.float(), dim=-1)


def _last_block_for_one_place(visual: nn.Module) -> nn.Module:
    """The same network, whose last block computes the one place that is read; a fifteenth of a ViT-B is saved."""
    from open_clip.transformer import ResidualAttentionBlock, VisionTransformer

    if type(visual) is not VisionTransformer or visual.attn_pool is not None or visual.pool_type != "tok":
        return visual
    blocks = visual.transformer.resblocks
    if type(blocks[-1]) is ResidualAttentionBlock and visual.transformer.batch_first:
        blocks[-1] = _OfFirstPlace(blocks[-1])
    return visual


class _OfFirstPlace(nn.Module):
    """A block of a transformer for the first place alone, which still looks at all of them: n x places to n x 1."""

    def __init__(self, block: Any) -> None:
        super().__init__()
        self.block = block

    def forward(self, values: Tensor, attn_mask: None = None) -> Tensor:
        block, first = self.block, values[:, :1]
        seen = block.ln_1(values)
        first = first + block.ls_1(block.attention(q_x=seen[:, :1], k_x=seen, v_x=seen, attn_mask=attn_mask))
        after: Tensor = first + block.ls_2(block.mlp(block.ln_2(first)))
        return after
