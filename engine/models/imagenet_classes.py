"""What the 1,000 ImageNet classes are, as MiniLM embeds their descriptions.

Embedding a thousand descriptions takes a slow machine half a minute, and the result is always the same, so it lies
beside this module. `python -m engine.models.imagenet_classes` makes it again.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.models.encoder import FloatArray

_EMBEDDINGS = Path(__file__).with_name("imagenet_classes.npy")


def describe_classes() -> list[str]:
    """The classes in the order of the classifier, like "a photo of a goldfish, Carassius auratus: small golden …"."""
    from timm.data import ImageNetInfo

    info = ImageNetInfo()
    return [f"a photo of a {info.index_to_description(index, detailed=True)}" for index in range(info.num_classes())]


def class_embeddings() -> FloatArray:
    """MiniLM's embeddings of `describe_classes()`: 1000 x 384, of unit length."""
    return np.load(_EMBEDDINGS, allow_pickle=False).astype(np.float32)


if __name__ == "__main__":
    import torch

    from engine.models.sentences import SentenceEncoder

    np.save(_EMBEDDINGS, SentenceEncoder(torch.device("cpu")).encode(describe_classes()).astype(np.float16))
