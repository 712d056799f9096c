"""The starter's image network as timm has it: to be trained, and to compare with."""

from __future__ import annotations

from typing import Any

import torch

from engine.models.encoders.starter.lite2_weights import read_tensors


def load_efficientnet() -> Any:
    """timm's network with the weights of the installed package.

    Raises:
        EncoderUnavailable: see `read_tensors`.
    """
    import timm  # brings torchvision, and seconds

    tensors, _ = read_tensors()
    # On "meta" nothing is computed and no random number drawn for weights that are replaced at once.
    with torch.device("meta"):
        network = timm.create_model("tf_efficientnet_lite2", pretrained=False)
    named = {
        name: torch.from_numpy(value.copy()) for name, value in zip(network.state_dict(), tensors.values(), strict=True)
    }
    network.load_state_dict(named, assign=True)
    return network.eval()
