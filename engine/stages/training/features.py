"""Features of whole photos from a backbone, made once and kept in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch

from engine.jobs import Cancellation, Progress
from engine.models.encoders.encoder import SnippetEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.training.backbones import STARTER, Backbone, open_backbone
from engine.models.training.classifier_features import BackboneFeatures
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings, load_embeddings
from engine.project.photos import ReadablePhoto
from engine.stages.labelling.encoding import encode_photos

Features = npt.NDArray[np.float32]

_PHOTOS_AT_ONCE = 500


def photo_features(
    project: Project,
    backbone: Backbone,
    photos: Sequence[ReadablePhoto],
    progress: Progress,
    cancellation: Cancellation,
    *,
    precision: str = "auto",
) -> Iterator[tuple[list[int], Features]]:
    """Features of the photos that can be read, part by part, in the given order.

    What is not in the cache is made first, before the first part is given out.

    Args:
        precision: float32 for a backbone that was trained in it and is to be itself; auto for what is fast here.

    Yields:
        The photos' ids, and photos x dimension of the backbone.
    """
    network = _network_for(backbone, precision)
    contents = {photo.id: photo.content for photo in photos if photo.content is not None}
    there = contents_with_embeddings(project, network.id, [WHOLE])
    missing = [(photo.id, photo.path) for photo in photos if photo.content not in there]
    if missing:
        progress.start("Looking at photos", total=len(missing))
        for committed in encode_photos(project, network, missing, (WHOLE,), there, progress, cancellation):
            contents |= {photo.photo_id: photo.content for photo in committed.photos if photo.content}
    known = [(photo.id, contents[photo.id]) for photo in photos if photo.id in contents]
    for start in range(0, len(known), _PHOTOS_AT_ONCE):
        cancellation.check()
        part = known[start : start + _PHOTOS_AT_ONCE]
        found, vectors = load_embeddings(
            project, network.id, [content for _, content in part], (WHOLE,), network.dimension
        )
        if found.any():
            ids = [photo for (photo, _), is_there in zip(part, found, strict=True) if is_there]
            yield ids, vectors[:, 0, : backbone.dimension].astype(np.float32)


def _network_for(backbone: Backbone, precision: str) -> SnippetEncoder:
    """The starter where this is its network: where it labelled the photos, the cache has their features already."""
    if backbone.name == STARTER and backbone.takes_published_size and _same_weights(backbone, open_backbone(STARTER)):
        return StarterEncoder.open()
    return BackboneFeatures(backbone, precision=precision)


def _same_weights(one: Backbone, other: Backbone) -> bool:
    others = other.state_dict()
    return all(torch.equal(tensor.cpu(), others[name]) for name, tensor in one.state_dict().items())
