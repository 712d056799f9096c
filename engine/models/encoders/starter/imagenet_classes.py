"""What the 1,000 ImageNet classes are, as MiniLM embeds their descriptions.

Embedding a thousand descriptions takes a slow machine half a minute, and the result is always the same, so it lies
beside this module. `python -m engine.models.encoders.starter.imagenet_classes` makes it again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from engine.models.encoders.encoder import FloatArray

_EMBEDDINGS = Path(__file__).with_name("imagenet_classes.npy")

_KINDS = {
    "fish": [(0, 6), (389, 397)],
    "bird": [(7, 24), (80, 100), (127, 146)],
    "amphibian": [(25, 32)],
    "turtle, reptile": [(33, 37)],
    "lizard, reptile": [(38, 51)],
    "snake, reptile": [(52, 68)],
    "spider, arthropod": [(69, 79)],
    "animal": [(333, 338), (341, 342)],
    "wild animal": [(101, 106), (269, 280), (286, 293), (298, 299), (343, 344), (351, 388)],
    "sea animal, shellfish": [(107, 126), (327, 329)],
    "whale, sea mammal": [(147, 150)],
    "dog": [(151, 268)],
    "cat": [(281, 285)],
    "bear": [(294, 297)],
    "insect": [(300, 326)],
    "rabbit": [(330, 332)],
    "horse": [(339, 339)],
    "zebra": [(340, 340)],
    "cattle, cow": [(345, 347)],
    "sheep": [(348, 350)],
    "person": [(981, 983)],
}
"""What living thing the classes are kinds of, from the first to the last: ImageNet has its animals in WordNet's order.

Their names and definitions often leave it out: a papillon is a "small slender toy spaniel with erect ears and a
black-spotted brown to white coat". Saying it of things as well, that a trailer truck is a truck, gained nothing more.
"""

_WORN = (
    399, 400, 411, 433, 439, 445, 451, 452, 457, 459, 461, 474, 490, 501, 502, 514, 515, 518, 524, 529, 560, 568,
    570, 578, 601, 608, 610, 614, 615, 617, 630, 638, 639, 652, 655, 658, 667, 678, 679, 689, 691, 697, 715, 735,
    770, 774, 775, 793, 796, 806, 808, 824, 834, 836, 837, 841, 842, 869, 887, 903, 906,
)  # fmt: skip
"""Clothes, shoes, hats and the like: mostly somebody is in them, and only three classes are people."""


def describe_classes() -> list[str]:
    """The classes in the order of the classifier, like "a photo of a fish, goldfish, Carassius auratus: small …"."""
    from timm.data import ImageNetInfo

    info = ImageNetInfo()
    descriptions = [info.index_to_description(index, detailed=True) for index in range(info.num_classes())]
    for kind, spans in _KINDS.items():
        for first, last in spans:
            descriptions[first : last + 1] = [f"{kind}, {each}" for each in descriptions[first : last + 1]]
    for worn in _WORN:
        descriptions[worn] += "; worn by a person"
    return [f"a photo of a {description}" for description in descriptions]


def class_embeddings() -> FloatArray:
    """MiniLM's embeddings of `describe_classes()`: 1000 x 384, of unit length."""
    return np.load(_EMBEDDINGS, allow_pickle=False).astype(np.float32)


def digest_of_classes() -> str:
    """Another one whenever a class would be compared otherwise."""
    return hashlib.blake2b(_EMBEDDINGS.read_bytes(), digest_size=8).hexdigest()


if __name__ == "__main__":
    from engine.models.encoders.starter.sentences import SentenceEncoder

    np.save(_EMBEDDINGS, SentenceEncoder().encode(describe_classes()).astype(np.float16))
