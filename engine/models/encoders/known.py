"""A short list of published CLIP models, as data: what each is good for, what it costs, and who says so."""

from __future__ import annotations

from dataclasses import dataclass

from engine.wording import Sentence

STARTER = "starter"
"""The encoder that comes with the program."""

OPEN_CLIP = "open_clip, docs/openclip_classification_results.csv"
META = "Meta, perception_models"
SIGLIP_2 = "arXiv 2502.14786, table 1"
MOBILE_CLIP_2 = "Apple, MobileCLIP2"

ENGLISH, MANY = Sentence("English"), Sentence("English and many other languages")

RESEARCH_ONLY = "Apple AMLR, research only"
"""A licence for research alone: whoever labels photos for anything else may not use these weights."""


@dataclass(frozen=True)
class KnownEncoder:
    """Published weights.

    `name` is open_clip's, `MODEL:TAG`; `repository` where the hub has them; `size_mb` what is fetched in all, from the
    number of parameters in float32 and the tokenizer's files; `gflop` what one snippet takes, in 10^9 floating point
    operations, as torch counts them; `imagenet` how many of ImageNet's photos are told right without any training on
    them, in per cent, by `source`.
    """

    name: str
    title: str
    repository: str
    good_for: Sentence
    size_mb: int
    gflop: float
    licence: str
    imagenet: float
    source: str = OPEN_CLIP
    languages: Sentence = ENGLISH
    tokenizer: str = ""
    """The repository whose tokenizer reads the texts, where open_clip does not bring it along."""

    @property
    def for_everybody(self) -> bool:
        """Whether the licence allows any use."""
        return self.licence != RESEARCH_ONLY


KNOWN_ENCODERS = (
    KnownEncoder(
        "ViT-B-32-256:datacomp_s34b_b86k",
        "CLIP B/32-256 (DataComp)",
        "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        Sentence("The best that a processor labels at a good pace."),
        605,
        11.5,
        "MIT",
        72.8,
    ),
    KnownEncoder(
        "ViT-B-32:datacomp_xl_s13b_b90k",
        "CLIP B/32 (DataComp)",
        "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K",
        Sentence("Fast on any processor, and far better than the starter."),
        605,
        8.8,
        "MIT",
        69.2,
    ),
    KnownEncoder(
        "ViT-B-16:datacomp_xl_s13b_b90k",
        "CLIP B/16 (DataComp)",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        Sentence("Sees smaller things than B/32, at four times the work."),
        598,
        35.1,
        "MIT",
        73.5,
    ),
    KnownEncoder(
        "ViT-L-14:datacomp_xl_s13b_b90k",
        "CLIP L/14 (DataComp)",
        "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
        Sentence("For a graphics card: clearly better, slow on a processor."),
        1710,
        162.0,
        "MIT",
        79.2,
    ),
    KnownEncoder(
        "PE-Core-S-16-384:meta",
        "Perception Encoder S",
        "timm/PE-Core-S-16-384",
        Sentence("A small download that looks at photos in a high resolution."),
        349,
        31.3,
        "Apache-2.0",
        72.7,
        META,
    ),
    KnownEncoder(
        "PE-Core-B-16:meta",
        "Perception Encoder B",
        "timm/PE-Core-B-16",
        Sentence("The best for its work; for many cores or a small graphics card."),
        1791,
        35.6,
        "Apache-2.0",
        78.4,
        META,
    ),
    KnownEncoder(
        "PE-Core-L-14-336:meta",
        "Perception Encoder L",
        "timm/PE-Core-L-14-336",
        Sentence("The best labels of this list; for a graphics card."),
        2685,
        384.4,
        "Apache-2.0",
        83.5,
        META,
    ),
    KnownEncoder(
        "ViT-B-16-SigLIP2:webli",
        "SigLIP 2 B/16",
        "timm/ViT-B-16-SigLIP2",
        Sentence("Understands labels in many languages."),
        1536,
        35.4,
        "Apache-2.0",
        78.2,
        SIGLIP_2,
        MANY,
        "timm/ViT-B-16-SigLIP2",
    ),
    KnownEncoder(
        "MobileCLIP2-S0:dfndr2b",
        "MobileCLIP2 S0",
        "timm/MobileCLIP2-S0-OpenCLIP",
        Sentence("The smallest. Its licence is for research only."),
        299,
        4.8,
        RESEARCH_ONLY,
        71.5,
        MOBILE_CLIP_2,
    ),
    KnownEncoder(
        "MobileCLIP2-S2:dfndr2b",
        "MobileCLIP2 S2",
        "timm/MobileCLIP2-S2-OpenCLIP",
        Sentence("Small and good. Its licence is for research only."),
        397,
        15.7,
        RESEARCH_ONLY,
        77.2,
        MOBILE_CLIP_2,
    ),
    KnownEncoder(
        "ViT-B-32:openai",
        "CLIP B/32 (OpenAI)",
        "timm/vit_base_patch32_clip_224.openai",
        Sentence("The first CLIP, to compare with what others have done."),
        605,
        8.8,
        "MIT",
        63.3,
    ),
    KnownEncoder(
        "RN50x64:openai",
        "CLIP RN50x64 (OpenAI)",
        "timm/resnet50x64_clip.openai",
        Sentence("The CDUL paper's own; for a graphics card."),
        2493,
        529.1,
        "MIT",
        73.9,
    ),
)

BY_NAME = {known.name: known for known in KNOWN_ENCODERS}
