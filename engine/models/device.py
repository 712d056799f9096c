"""Where networks run, and how exactly."""

from __future__ import annotations

import torch

from engine.errors import WrongUsage
from engine.wording import Sentence


def device_for(name: str = "auto") -> torch.device:
    """The device to compute on.

    Args:
        name: auto (CUDA if there is one, else MPS, else the processor), cpu, mps, cuda, or cuda:1 and so on.

    Raises:
        WrongUsage: the name is unknown or the device is not in this machine.
    """
    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available = ["cuda", *(f"cuda:{index}" for index in range(torch.cuda.device_count())), *available]
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise WrongUsage(
            Sentence("Expected the device to be auto or one in this machine ({available}), but got {name!r}.").format(
                available=", ".join(available), name=name
            )
        )
    return torch.device(name)


def bfloat16_is_fast(device: torch.device) -> bool:
    """Whether a network in bfloat16 runs faster there than in float32.

    Every processor computes in bfloat16, but one without instructions for it does so several times slower than in
    float32.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
