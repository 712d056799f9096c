"""open_clip's network of a configuration, filled with the weights of a file once these are known to fit."""

from __future__ import annotations

import math
import zipfile
from copy import deepcopy
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from engine.broken_package import broken_package
from engine.models.encoders.checkpoints.checkpoint import ANCHOR, Checkpoint
from engine.models.encoders.checkpoints.others_layouts import in_open_clips_names
from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.checkpoints.stored import (
    CheckpointUnreadable,
    StoredTensor,
    Tensors,
    in_memory,
    viewed,
    zeros,
)
from engine.models.encoders.encoder import EncoderUnavailable
from engine.wording import Sentence, some_of

_TEXT_TOWER = ("text_projection", "positional_embedding", "token_embedding", "transformer", "ln_final")
_OF_APPLE = (
    "image_encoder.model.patch_embed.0.rbr_conv.0.conv.weight",
    "image_encoder.model.patch_emb.0.block.conv.weight",
)
_RESIZED = {"visual.positional_embedding", "positional_embedding", "text.positional_embedding"}
_SIZE_OF_PLACES = 1 << 24
"""Positions times width of what is stretched to another size; more than any published model has."""
_LARGEST_SCALE = 9.0
"""Of the logarithm; published CLIPs have 4.6 to 4.8, and training keeps it below."""


class DoesNotFit(EncoderUnavailable):
    """The weights are those of another network; the message names what differs."""


class _WithoutRandomNumbers(TorchFunctionMode):
    """Leaves out to draw the numbers that a new network begins with: a third of the time that opening takes."""

    _DRAWING = frozenset({"normal_", "uniform_", "kaiming_uniform_", "xavier_uniform_"})

    def __torch_function__(self, function: Any, types: Any, arguments: Any = (), named: Any = None) -> Any:
        if getattr(function, "__name__", "") in self._DRAWING:
            return arguments[0] if arguments else named["tensor"]
        return function(*arguments, **(named or {}))


def build(configuration: dict[str, Any], *, quick_gelu: bool = False) -> Any:
    """The network that a configuration describes, to be filled with weights; nothing is fetched.

    As `open_clip.create_model` does it, which reads the configuration and the weights itself and believes both.

    Args:
        quick_gelu: take QuickGELU as the activation, also where the configuration does not say so.
    """
    from open_clip.coca_model import CoCa
    from open_clip.model import CLIP, CustomTextCLIP

    values = deepcopy(configuration)
    if quick_gelu:
        values["quick_gelu"] = True
    if "timm_model_name" in values["vision_cfg"]:
        values["vision_cfg"]["timm_model_pretrained"] = False
    if "hf_model_name" in values["text_cfg"]:
        values["text_cfg"]["hf_model_pretrained"] = False
    own_text = values.pop("custom_text", False) or "hf_model_name" in values["text_cfg"]
    kind = CoCa if "multimodal_cfg" in values else CustomTextCLIP if own_text else CLIP
    with _WithoutRandomNumbers():
        return kind(**values)


def outline(configuration: dict[str, Any]) -> Any:
    """The network without any numbers: its names and shapes, whatever size the configuration claims.

    Raises:
        EncoderUnavailable: no network can be built of this configuration.
        BrokenPackage: open_clip or timm cannot be loaded.
    """
    try:
        with torch.device("meta"):
            return build(configuration)
    except Exception as error:  # whatever open_clip's and timm's constructors raise for values that do not go together
        if (broken := broken_package(error)) is not None:
            raise broken from error
        raise EncoderUnavailable(
            Sentence("No network can be built of this configuration: {why}.").format(why=_first_line(error))
        ) from error


def fitted(checkpoint: Checkpoint, bare: Any, model: str, *, resize: bool = True) -> dict[str, StoredTensor]:
    """The weights of a file by the names of a network, once each is known to be there in its shape.

    Args:
        bare: the network without numbers, see `outline`.
        model: the network's name, for people.
        resize: whether the places of a network for photos or texts of another size are stretched, as open_clip does.

    Raises:
        DoesNotFit: as it says.
    """
    places = {name: tuple(place.shape) for name, place in bare.state_dict().items()}
    tensors = _renamed(checkpoint.tensors, bare, places)
    fits: dict[str, StoredTensor] = {}
    other_shapes: list[str] = []
    for name, shape in places.items():
        tensor = tensors.get(name)
        if tensor is None:
            continue
        if tensor.shape != shape:
            tensor = _reshaped(name, tensor, shape, bare, resize)
        if tensor is None:
            other_shapes.append(f"{shown(name)} ({_by(tensors[name].shape)}, not {_by(shape)})")
        else:
            fits[name] = tensor
    # How many batches a normalisation has seen does nothing once the training is over.
    missing = [name for name in places if name not in tensors and not name.endswith("num_batches_tracked")]
    # A mask over later words follows from the length; TorchScript keeps it with the weights.
    computed = {name for name, _buffer in bare.named_buffers()}
    unknown = [
        shown(name)
        for name in tensors
        if name not in places and name not in computed and name.rpartition(".")[2] != "attn_mask"
    ]
    parts = [
        sentence.format(names=some_of(names))
        for sentence, names in (
            (Sentence("it lacks {names}"), missing),
            (Sentence("it has no use for {names}"), unknown),
            (Sentence("of other shapes are {names}"), other_shapes),
        )
        if names
    ]
    if parts:
        together: Sentence | str = parts[0]
        for part in parts[1:]:
            together = Sentence("{first}; {more}").format(first=together, more=part)
        raise DoesNotFit(
            Sentence("{file} does not fit {model}: {what}.").format(file=checkpoint.file, model=model, what=together)
        )
    return fits


@torch.no_grad()
def fill(network: Any, tensors: Tensors, checkpoint: Checkpoint) -> None:
    """Read the numbers into a network.

    Raises:
        CheckpointUnreadable: the file is damaged, or some of the numbers are none.
    """
    for name, place in network.state_dict().items():
        if name not in tensors:
            continue
        try:
            numbers = tensors[name].read()
        except (OSError, EOFError, zipfile.BadZipFile, ValueError, RuntimeError) as error:
            raise CheckpointUnreadable(
                Sentence("{file} is damaged: {name} cannot be read.").format(file=checkpoint.file, name=name)
            ) from error
        if numbers.is_floating_point() and not bool(torch.isfinite(numbers).all()):
            raise CheckpointUnreadable(
                Sentence(
                    "{file} cannot be used: in {name} are values that are no numbers (NaN or infinite), as a training "
                    "leaves that went wrong."
                ).format(file=checkpoint.file, name=name)
            )
        place.copy_(numbers)
    scale = float(network.logit_scale.max())
    if not -_LARGEST_SCALE <= scale <= _LARGEST_SCALE:
        raise CheckpointUnreadable(
            Sentence(
                "{file} cannot be used: its {name} is {scale:.4g}, where CLIPs have about 4.6 (the logarithm of 100)."
            ).format(file=checkpoint.file, name=ANCHOR, scale=scale)
        )


def fused(network: Any) -> Any:
    """The same network with the branches of MobileCLIP's and FastViT's blocks made one: 1.3 times as fast.

    The branches are needed for training alone; what comes out differs by rounding, so embeddings that are kept stay
    valid. Other networks stay as they are.
    """
    from open_clip.timm_model import TimmModel
    from timm.utils.model import reparameterize_model

    if isinstance(network.visual, TimmModel):
        network.visual.trunk = reparameterize_model(network.visual.trunk, inplace=True)
    return network


def _renamed(tensors: Tensors, bare: Any, places: dict[str, tuple[int, ...]]) -> dict[str, StoredTensor]:
    """The weights under the names that open_clip's network has for them."""
    renamed = dict(in_open_clips_names(tensors))
    if any(name in renamed for name in _OF_APPLE):
        renamed = _of_apple(renamed, bare)
    if "text_projection" in renamed and "text.positional_embedding" in places:
        renamed = {f"text.{name}" if name.startswith(_TEXT_TOWER) else name: one for name, one in renamed.items()}
    if "logit_bias" in places and "logit_bias" not in renamed and ANCHOR in renamed:
        renamed["logit_bias"] = zeros(places["logit_bias"])
    unused = "text.transformer.embeddings.position_ids"  # in what transformers wrote before 4.31
    if unused not in places:
        renamed.pop(unused, None)
    return renamed


def _of_apple(tensors: dict[str, StoredTensor], bare: Any) -> dict[str, StoredTensor]:
    """MobileCLIP as Apple's own program keeps it; open_clip knows the names."""
    from open_clip.convert import convert_state_dict

    try:
        converted = convert_state_dict(bare, {name: tensor.read() for name, tensor in tensors.items()})
    except Exception:  # noqa: BLE001  another network's: what does not fit is said by name
        return tensors
    return {name: in_memory(one) for name, one in converted.items()}


def _reshaped(name: str, tensor: StoredTensor, shape: tuple[int, ...], bare: Any, resize: bool) -> StoredTensor | None:
    """A tensor in another shape where that means the same, None where it does not."""
    if name in (ANCHOR, "logit_bias") and math.prod(tensor.shape) == math.prod(shape) == 1:
        return viewed(tensor, shape)
    if (
        resize
        and name in _RESIZED
        and len(tensor.shape) == len(shape) == 2
        and tensor.shape[1] == shape[1]
        and tensor.shape[0] > 1
        and max(math.prod(tensor.shape), math.prod(shape)) <= _SIZE_OF_PLACES
        and (not name.startswith("visual.") or math.isqrt(tensor.shape[0] - 1) ** 2 == tensor.shape[0] - 1)
    ):
        from open_clip.model import resize_pos_embed, resize_text_pos_embed

        def resized() -> torch.Tensor:
            places = {name: tensor.read().float()}
            (resize_pos_embed if name.startswith("visual.") else resize_text_pos_embed)(places, bare)
            return places[name]

        return StoredTensor(shape, "float32", resized)
    return None


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) if shape else "1"


def _first_line(error: Exception) -> str:
    return shown((str(error).strip() or type(error).__name__).splitlines()[0].rstrip("."), 200)
