"""Which of open_clip's architectures the weights in a file are of, told by their shapes."""

from __future__ import annotations

from typing import Any

from engine.models.encoders.checkpoints.checkpoint import Checkpoint
from engine.models.encoders.checkpoints.network import fitted, outline
from engine.models.encoders.checkpoints.others_layouts import in_open_clips_names
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.open_clip_names import QUICK_GELU, networks


def architectures_of(checkpoint: Checkpoint) -> list[str]:
    """The names of all architectures that the weights fit as they are; of twins the plain one.

    The activation cannot be told by shapes, so no name ends with `-quickgelu`.
    """
    import open_clip

    found: dict[str, Any] = {}
    for name in networks():
        configuration = open_clip.get_model_config(name)
        if name.endswith(QUICK_GELU) or not _may_fit(checkpoint, configuration):
            continue
        try:
            fitted(checkpoint, outline(configuration), name, resize=False)
        except EncoderUnavailable:
            continue
        if configuration not in found.values():
            found[name] = configuration
    return list(found)


def _may_fit(checkpoint: Checkpoint, configuration: dict[str, Any]) -> bool:
    """Whether a few shapes agree; looked at first, since building even an empty network takes .1 s."""
    text, vision = configuration["text_cfg"], configuration["vision_cfg"]
    tensors = in_open_clips_names(checkpoint.tensors)
    if any(name.startswith("image_encoder.") for name in tensors):  # Apple's names, which only MobileCLIP has
        return "MobileCLIP" in str(vision) or "mci" in str(vision.get("timm_model_name"))
    if "hf_model_name" in text:
        return False
    words = tensors.get("token_embedding.weight") or tensors.get("text.token_embedding.weight")
    expected = (text.get("vocab_size", 49408), text.get("width", 512))
    if (
        words is None
        or words.shape != expected
        or ("multimodal_cfg" in configuration) != any(name.startswith("text_decoder.") for name in tensors)
    ):
        return False
    if "timm_model_name" in vision:
        return any(name.startswith("visual.trunk.") for name in tensors)
    first = tensors.get("visual.conv1.weight")
    if first is None:
        return False
    if isinstance(vision.get("layers", 12), list):
        return "visual.layer1.0.conv1.weight" in tensors
    return first.shape == (vision.get("width", 768), 3, *[vision.get("patch_size", 16)] * 2)
