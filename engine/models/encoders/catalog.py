"""Which encoders there are, and opening one by its name."""

from __future__ import annotations

from dataclasses import dataclass

from engine.models.encoders.encoder import Encoder
from engine.wording import Sentence

STARTER = "starter"

# (name, parameters of image and text network in millions, licence), a choice over size and quality; the paper's
# own is RN50x64:openai. Licences are those that the publishers state with the weights.
_RECOMMENDED = (
    ("ViT-B-32:laion2b_s34b_b79k", 151, "MIT"),
    ("ViT-B-32:openai", 151, "MIT"),
    ("ViT-B-16:laion2b_s34b_b88k", 150, "MIT"),
    ("RN50:openai", 102, "MIT"),
    ("RN50x64:openai", 623, "MIT"),
    ("ViT-L-14:openai", 428, "MIT"),
    ("ViT-L-14:laion2b_s32b_b82k", 428, "MIT"),
    ("ViT-L-14:datacomp_xl_s13b_b90k", 428, "MIT"),
    ("ViT-H-14:laion2b_s32b_b79k", 986, "MIT"),
)


@dataclass(frozen=True)
class EncoderInfo:
    """An encoder that could be used. `size_mb` of its weights on disk; `licence` of the weights, None if unknown."""

    name: str
    description: Sentence
    size_mb: int | None
    licence: str | None
    available: bool
    """Whether the weights are on this machine."""


def encoders(*, every: bool = False) -> list[EncoderInfo]:
    """The starter, then a choice of CLIP models, or every one that open_clip knows; none is opened.

    What is on this machine comes first.
    """
    import open_clip

    from engine.models.encoders.clip_weights import cached_weights

    known = {name: (parameters, licence) for name, parameters, licence in _RECOMMENDED}
    names = [f"{model}:{tag}" for model, tag in open_clip.list_pretrained()] if every else list(known)
    found = [
        EncoderInfo(
            STARTER,
            Sentence("EfficientNet-Lite2 and MiniLM: comes with the program, for any machine"),
            107,
            "Apache-2.0",
            available=True,
        )
    ]
    for name in names:
        weights = cached_weights(open_clip.get_pretrained_cfg(*name.split(":", 1)))
        parameters, licence = known.get(name, (None, None))
        size = weights.stat().st_size >> 20 if weights else parameters and parameters * 4
        described = Sentence("the paper's own") if name == "RN50x64:openai" else Sentence("CLIP")
        found.append(EncoderInfo(name, described, size, licence, available=weights is not None))
    return sorted(found, key=lambda encoder: not encoder.available)


def open_encoder(name: str = STARTER, *, device: str = "auto") -> Encoder:
    """Open an encoder: `starter`, `MODEL:TAG`, `MODEL:FILE`, `MODEL:FILE@TAG`, or a path. Takes seconds.

    Raises:
        EncoderNotConfirmed: it is a file or folder that no person has named on this computer.
        EncoderUnavailable: says what is missing and what to do.
    """
    if name == STARTER:
        from engine.models.encoders.starter.starter_encoder import StarterEncoder

        return StarterEncoder.open(device=device)
    from engine.models.encoders.clip_encoder import ClipEncoder
    from engine.models.encoders.confirmed import check_confirmed
    from engine.models.encoders.reference import remember_output

    check_confirmed(name)
    encoder = ClipEncoder.open(name, device=device)
    remember_output(encoder)
    return encoder
