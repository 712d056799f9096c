"""A person's own file or folder of weights: the names it can be opened by, where it does not say what it is."""

from __future__ import annotations

from pathlib import Path

from engine.models.encoders.checkpoints.architectures import architectures_of
from engine.models.encoders.checkpoints.checkpoint import open_checkpoint
from engine.models.encoders.clip_plan import plan
from engine.models.encoders.clip_weights import find_source
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.open_clip_names import tags_of
from engine.wording import Sentence


def names_of_own(path: Path) -> list[str]:
    """The encoder's name, as `open_encoder` takes it; where a person must say which published weights it comes
    from, one name with each of these.

    Nothing but names and shapes is read.

    Raises:
        EncoderUnavailable: it is damaged, or no CLIP.
    """
    source = find_source(str(path))
    if source.folder is not None:
        plan(source)
        return [source.name]
    models = architectures_of(open_checkpoint(source.weights))
    if not models:
        raise EncoderUnavailable(
            Sentence(
                "The weights in {path} are of no network that open_clip knows. A folder with them and the "
                "configuration of their network can be used."
            ).format(path=path)
        )
    names: list[str] = []
    for model in models:
        name = f"{model}:{source.weights}"
        try:
            plan(find_source(name))
        except EncoderUnavailable:
            names += [f"{name}@{tag}" for tag in tags_of(model)]
        else:
            names.append(name)
    return names
