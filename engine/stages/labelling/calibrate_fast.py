"""The fast form of an encoder, calibrated on some of a project's photos and measured on others of them."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.models.encoders.fast_kept import FastCost, check_can_be_kept
from engine.models.encoders.fast_names import check_can_be_made, exact_name
from engine.models.nncf_package import nncf_package
from engine.photos.loader import Snippets, load_batches
from engine.project import Project
from engine.project.photos import readable_photos
from engine.wording import Sentence

_PHOTOS = 16
"""Taken evenly from all; a quarter of them is held out."""
_FEWEST = 4
_GRIDS = (1, 2)
"""Five snippets of each photo: the whole, and its quarters."""


def calibrate_fast(project: Project, name: str, progress: Progress, cancellation: Cancellation) -> FastCost:
    """Make the fast form of an encoder for this computer, by what photos of this project show.

    Raises:
        UserError: too few photos can be read.
        EncoderUnavailable: see `make_fast`.
        Cancelled: nothing is kept.
    """
    check_can_be_made()
    readable = readable_photos(project)
    _check_enough(len(readable))
    check_can_be_kept(exact_name(name))
    nncf_package()  # before what takes long
    from engine.models.encoders.fast_clip import make_fast

    progress.start("Calibrating the fast encoder", total=None, unit="")
    chosen = [readable[at] for at in np.linspace(0, len(readable) - 1, min(len(readable), _PHOTOS)).astype(int)]

    def cut(side: int) -> list[Snippets]:
        files = ((photo.id, project.file_of(photo.path)) for photo in chosen)
        found = []
        with closing(load_batches(files, grids=_GRIDS, side=side, is_encoded=lambda content: False)) as loaded:
            for batch in loaded:
                cancellation.check()
                found += [photo.snippets.copy() for photo in batch.photos if photo.snippets is not None]
                batch.release()
        _check_enough(len(found))
        return found

    return make_fast(name, cut, cancellation.check)


def _check_enough(count: int) -> None:
    if count < _FEWEST:
        raise UserError(
            Sentence(
                "A fast encoder is calibrated on at least {fewest} photos, but {count} of yours can be read. Add "
                "photos, or use the encoder as it is."
            ).format(fewest=_FEWEST, count=count)
        )
