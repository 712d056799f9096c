"""The fast form of an encoder, calibrated on some of a project's photos and measured on others of them."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.models.encoders.fast_kept import FastCost
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
    from engine.models.encoders.fast_clip import make_fast

    progress.start("Calibrating the fast encoder", total=None, unit="")
    readable = readable_photos(project)
    chosen = [readable[at] for at in np.linspace(0, len(readable) - 1, min(len(readable), _PHOTOS)).astype(int)]

    def cut(side: int) -> list[Snippets]:
        files = ((photo.id, project.file_of(photo.path)) for photo in chosen)
        found = []
        with closing(load_batches(files, grids=_GRIDS, side=side, is_encoded=lambda content: False)) as loaded:
            for batch in loaded:
                cancellation.check()
                found += [photo.snippets.copy() for photo in batch.photos if photo.snippets is not None]
                batch.release()
        if len(found) < _FEWEST:
            raise UserError(
                Sentence(
                    "A fast encoder is calibrated on photos, of which {fewest} must be readable, and {count} are."
                ).format(fewest=_FEWEST, count=len(found))
            )
        return found

    return make_fast(name, cut, cancellation.check)


def cost_in_words(cost: FastCost) -> Sentence:
    """What a fast form costs and gains, for people."""
    return Sentence(
        "In whole numbers the encoder is {gain:g} times as fast. On {parts} parts of your photos that it was not "
        "calibrated on, its embeddings point where the exact ones do by a cosine of {mean:.4f} on average and "
        "{least:.4f} at least, where 1 is the same."
    ).format(gain=cost.gain, parts=cost.parts, mean=cost.mean, least=cost.least)
