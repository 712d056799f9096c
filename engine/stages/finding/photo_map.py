"""The map of a project's photos, from the embeddings that the encoder in force left in the cache."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import Cancellation
from engine.method.photo_map import Layout, Places, can_lay_out, photo_places
from engine.project import Project
from engine.stages.photo_embeddings import whole_photo_embeddings
from engine.wording import Sentence


@dataclass(frozen=True)
class PhotoMap:
    """Where photos lie. Photos that the encoder has not looked at are not on the map."""

    layout: Layout
    photo_ids: npt.NDArray[np.int64]
    places: Places
    basis: bytes
    """Changes whenever the embeddings do."""


def map_photos(
    project: Project,
    photo_ids: npt.NDArray[np.int64],
    layout: Layout = Layout.PRINCIPAL,
    cancellation: Cancellation | None = None,
    *,
    known: PhotoMap | None = None,
) -> PhotoMap:
    """Lay the photos out that have embeddings.

    Args:
        known: returned as it is where nothing has changed since.

    Raises:
        UserError: no photo has an embedding, or the layout needs UMAP, which is not installed.
        Cancelled: asked for between reading the embeddings and laying out.
    """
    if not can_lay_out(layout):
        raise UserError(
            Sentence("This map needs UMAP, which is not installed. Install it with: pip install 'cdul[map]'")
        )
    cancellation = cancellation or Cancellation()
    there, embeddings = whole_photo_embeddings(project, photo_ids)
    cancellation.check()
    if not len(embeddings):
        raise UserError(Sentence("There is nothing to map yet. Label the photos first: that looks at every photo."))
    on_map = photo_ids[there]
    digest = blake2b(on_map.tobytes(), digest_size=16)
    digest.update(np.ascontiguousarray(embeddings).data)
    basis = digest.digest()
    if known is not None and known.layout == layout and known.basis == basis:
        return known
    return PhotoMap(layout, on_map, photo_places(embeddings, layout), basis)
