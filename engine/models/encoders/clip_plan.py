"""How a CLIP is going to be opened: its network, the weights that fit into it, their use, and from where that is known.

All of it is settled before any number is read and any memory is taken, from the names and shapes in the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.encoders.checkpoints.architectures import architectures_of
from engine.models.encoders.checkpoints.checkpoint import Checkpoint, open_checkpoint
from engine.models.encoders.checkpoints.configuration import (
    OPEN_CLIP_FILE,
    FolderConfiguration,
    read_configuration,
)
from engine.models.encoders.checkpoints.network import DoesNotFit, fitted, outline
from engine.models.encoders.checkpoints.published import Use
from engine.models.encoders.checkpoints.stored import StoredTensor
from engine.models.encoders.checkpoints.transformers_configuration import (
    read_transformers_configuration,
)
from engine.models.encoders.clip_use import use_of_source, use_said
from engine.models.encoders.clip_weights import ClipSource
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.open_clip_names import has_quick_gelu
from engine.wording import Sentence


@dataclass(frozen=True)
class Plan:
    """A CLIP that is known to be whole and to fit, but whose numbers are not read yet."""

    source: ClipSource
    model: str
    """open_clip's name of the architecture, or the folder whose own configuration it is."""
    checkpoint: Checkpoint
    configuration: dict[str, Any]
    """As open_clip writes it."""
    published: bool
    """Whether the configuration is one of open_clip's own."""
    tensors: dict[str, StoredTensor]
    use: Use
    made_quick_gelu: bool
    """Whether QuickGELU is taken although the configuration does not say so."""
    identity: str
    """Tells this use of the weights from every other one."""


def plan(source: ClipSource) -> Plan:
    """Settle how weights are opened.

    Raises:
        EncoderUnavailable: they are damaged, of another network, or it is not known how to use them; as it says.
    """
    checkpoint = open_checkpoint(source.weights)
    if source.folder is not None:
        return _of_folder(source, source.folder, checkpoint)
    model = source.model or _architecture(checkpoint)
    configuration = _configuration(model)
    try:
        tensors = fitted(checkpoint, _outlined(model, configuration), model)
    except DoesNotFit as error:
        if others := architectures_of(checkpoint):
            raise DoesNotFit(
                Sentence("{problem} It fits {others}: use {name} in its place.").format(
                    problem=error.sentence, others=", ".join(others), name=f"{others[0]}:{source.weights}"
                )
            ) from error
        raise
    use = use_of_source(source, model, checkpoint)
    made = use.quick_gelu and (not has_quick_gelu(model) or source.published)
    identity = json.dumps([model, made, list(use.mean), list(use.std)])
    return Plan(source, model, checkpoint, configuration, True, tensors, use, made, identity)


def _of_folder(source: ClipSource, folder: Path, checkpoint: Checkpoint) -> Plan:
    file = folder / OPEN_CLIP_FILE
    found: FolderConfiguration
    if file.is_file():
        found, architecture = read_configuration(folder), file.read_text("utf-8")
    else:
        found = read_transformers_configuration(folder)
        architecture = json.dumps(found.network, sort_keys=True)
    tensors = fitted(checkpoint, outline(found.network), str(folder))
    use = use_said(folder, found)
    identity = json.dumps([architecture, False, list(use.mean), list(use.std)])
    return Plan(source, str(folder), checkpoint, found.network, False, tensors, use, False, identity)


def _architecture(checkpoint: Checkpoint) -> str:
    """The architecture that weights are of, by their shapes."""
    fit = architectures_of(checkpoint)
    if len(fit) == 1:
        return fit[0]
    if fit:
        raise EncoderUnavailable(
            Sentence("The checkpoint {path} fits {models}. Write which is meant, e.g. {model}:{path}").format(
                path=checkpoint.file, models=", ".join(fit), model=fit[0]
            )
        )
    raise EncoderUnavailable(
        Sentence(
            "The checkpoint {path} does not say which architecture it is of, and it is none that open_clip knows. "
            "Write MODEL:{path}, e.g. ViT-B-32:{path}, or put its {file} beside it."
        ).format(path=checkpoint.file, file=OPEN_CLIP_FILE)
    )


def _configuration(model: str) -> dict[str, Any]:
    import open_clip

    configuration: dict[str, Any] = open_clip.get_model_config(model)
    return configuration


def _outlined(model: str, configuration: dict[str, Any]) -> Any:
    try:
        return outline(configuration)
    except EncoderUnavailable as error:
        if "hf_model_name" not in configuration["text_cfg"]:
            raise
        raise EncoderUnavailable(
            Sentence(
                "The text network of {model} is {text}, of the package transformers: that must be installed, and "
                "huggingface.co/{text} must be in its cache on this machine."
            ).format(model=model, text=configuration["text_cfg"]["hf_model_name"])
        ) from error
