"""What an encoder's embeddings say of a photo, as rows that are compared by cosine (see `method.principal_axes`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

_CLASSES = 1000
"""Of ImageNet, as the starter's network has them: not asked of it, whose libraries take seconds to load."""


def describe(embeddings: Floats, features: int) -> list[npt.NDArray[np.float32]]:
    """What is seen in the whole photo and anywhere in its snippets; by the starter its classes as well.

    Args:
        embeddings: photos x (1 + snippets) x dimension, the whole photo first, as the cache keeps them.
        features: how many of an embedding's values, from the first, are compared by cosine. What follows them are
            the numbers of the most probable classes and as many probabilities, or nothing.

    Returns:
        photos x features of the whole; the highest of each feature over the snippets; and, where there are classes,
        likewise the square roots of their probabilities, photos x 1000. Without snippets only those of the whole.
    """
    if embeddings.ndim != 3 or not 0 < features <= embeddings.shape[2] or (embeddings.shape[2] - features) % 2:
        raise ValueError(
            "Expected argument `embeddings` to be photos x (1 + snippets) x dimension, with pairs of class and "
            f"probability after {features} features, but got shape {embeddings.shape}."
        )
    values, rest = embeddings[..., :features].astype(np.float32), embeddings[..., features:]
    parts = [slice(0, 1), slice(1, None)] if embeddings.shape[1] > 1 else [slice(0, 1)]
    found = [values[:, part].max(axis=1) for part in parts]
    if rest.shape[2]:
        found += [_roots(rest[:, part]) for part in parts]
    return found


def _roots(rest: Floats) -> npt.NDArray[np.float32]:
    """The square root of each class's highest probability over the snippets; 0 for a class that is in none.

    Of square roots the length is 1, and their cosine is the Bhattacharyya coefficient of two distributions.
    """
    kept = rest.shape[2] // 2
    classes, probabilities = rest[..., :kept].astype(np.intp), rest[..., kept:].astype(np.float32)
    highest = np.zeros((len(rest), _CLASSES), np.float32)
    rows = np.arange(len(rest))[:, None]
    for snippet in range(rest.shape[1]):  # no class is in a snippet twice
        places = rows, classes[:, snippet]
        highest[places] = np.maximum(highest[places], probabilities[:, snippet])
    return np.sqrt(highest)
