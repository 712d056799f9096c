"""Photos as points of a plane: what the encoder sees alike lies close together."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from engine.method.search import Floats, Sketch, Values

Places = npt.NDArray[np.float32]
"""photos x 2. The unit means nothing."""

_SAMPLE = 10_000
"""Photos that the axes are taken from, and that UMAP lays out: beyond them the time grows no faster than the photos."""

_AXES_FOR_UMAP = 50
"""UMAP looks at so many of the principal axes, as its authors advise for long vectors."""

_NEIGHBOURS = 15
"""UMAP's own default, the scale at which it keeps neighbours together."""

_NEAREST = 5
"""Photos of the sample that say where another photo is."""

_AT_ONCE = 4000
_SEED = 1


class Layout(StrEnum):
    """How photos are laid out."""

    PRINCIPAL = "pca"
    """By the two directions in which the embeddings differ most: fast, and never misleading about distances."""
    NEIGHBOURS = "umap"
    """Neighbours together, in islands; distances between islands mean little."""


def can_lay_out(layout: Layout) -> bool:
    """Whether what a layout needs is installed."""
    return layout != Layout.NEIGHBOURS or find_spec("umap") is not None


def photo_places(embeddings: Floats, layout: Layout = Layout.PRINCIPAL) -> Places:
    """Lay photos out, the same way each time.

    PCA is of the unit vectors; with more than 10,000 photos its axes are those of a sample spread evenly over them.
    UMAP (McInnes et al., 2018) lays that sample out, and every other photo lies amid the five of it that are nearest.

    Args:
        embeddings: photos x dimension of at least 2, of whole photos.

    Raises:
        ModuleNotFoundError: UMAP is asked for and not installed, see `can_lay_out`.
    """
    if embeddings.ndim != 2 or embeddings.shape[1] < 2:
        raise ValueError(f"Expected argument `embeddings` to be photos x (2 or more), but got {embeddings.shape}.")
    if len(embeddings) <= _NEAREST or layout == Layout.PRINCIPAL:
        return _on_principal_axes(embeddings, 2)
    return _amid_neighbours(_on_principal_axes(embeddings, min(_AXES_FOR_UMAP, embeddings.shape[1])))


def _on_principal_axes(embeddings: Floats, count: int) -> Values:
    """Coordinates on the first principal axes: photos x count."""
    places = np.zeros((len(embeddings), count), np.float32)
    if not len(embeddings):
        return places
    sketch = Sketch.of(_sample(embeddings), count)
    for start in range(0, len(embeddings), _AT_ONCE):
        places[start : start + _AT_ONCE] = sketch.short(embeddings[start : start + _AT_ONCE])
    # An axis has no direction of its own; what lies farthest out lies to the right, or above.
    farthest = places[np.abs(places).argmax(axis=0), np.arange(count)]
    return np.asarray(places * np.where(farthest < 0, -1, 1), np.float32)


def _amid_neighbours(vectors: Values) -> Places:
    import torch
    from umap import UMAP

    sample = torch.from_numpy(np.ascontiguousarray(_sample(vectors)))
    neighbours = min(_NEIGHBOURS, len(sample) - 1)
    umap = UMAP(n_neighbors=neighbours, init="pca", random_state=_SEED, n_jobs=1)
    laid_out = torch.from_numpy(np.asarray(umap.fit_transform(sample.numpy()), np.float32))
    if len(sample) == len(vectors):
        return laid_out.numpy()
    places = np.zeros((len(vectors), 2), np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        distances, nearest = torch.cdist(torch.from_numpy(vectors[start : start + _AT_ONCE]), sample).topk(
            _NEAREST, largest=False
        )
        weights = 1 / (distances + 1e-6)  # a photo of the sample lies where it was laid
        weights /= weights.sum(dim=1, keepdim=True)
        places[start : start + _AT_ONCE] = (laid_out[nearest] * weights[..., None]).sum(dim=1).numpy()
    return places


def _sample(vectors: Floats) -> Floats:
    return vectors[:: -(-len(vectors) // _SAMPLE) or 1]
