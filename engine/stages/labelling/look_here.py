"""What labelling left on another computer, made on this one: how the photos look. Their labels stay as they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.catalog import open_encoder as open_by_name
from engine.models.encoders.encoder import Encoder, embeddings_id
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings
from engine.project.labels import label_set
from engine.project.photos import readable_contents
from engine.project.runs import INITIAL, RunRow, newest_run_with
from engine.project.similarities import forget_other_similarities
from engine.stages.labelling.compared_photos import ComparedPhotos
from engine.stages.labelling.encoding import encode_missing
from engine.stages.labelling.initialise_settings import settings_of
from engine.stages.labelling.second_witness import SecondWitness
from engine.stages.labelling.stage_one_run import basis_of_run
from engine.wording import Sentence, n_photos


@dataclass(frozen=True)
class LookedHere:
    """`photos` that can be read, by what is known of them; `seen` of them by the encoder, `encoded` just now."""

    photos: int
    seen: int
    encoded: int
    seconds: float

    @property
    def sentence(self) -> Sentence:
        """For people."""
        return Sentence(
            "This computer has looked at {seen} of {photos}: heatmaps and searches work here, and answers teach. The "
            "labels are as they were."
        ).format(seen=f"{self.seen:,}", photos=n_photos(self.photos))


def has_looked(project: Project) -> bool:
    """Whether the encoder in force has looked at any photo here, or never looked at all."""
    run = _labelled(project)
    if run is None:
        return True
    return bool(len(contents_with_embeddings(project, run.settings["encoder_id"], (WHOLE, *run.settings["grids"]))))


def look_here(
    project: Project,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    open_encoder: Callable[[str], Encoder] = open_by_name,
) -> LookedHere:
    """Make embeddings and similarities of the labelling in force, which lie beside the photos and not in a database.

    Nothing is written but the cache: whoever may review may do this.

    Args:
        open_encoder: by its name; for callers that keep one open.

    Raises:
        UserError: nobody has labelled the photos, or the encoder is not that of then.
        Cancelled: what was encoded stays.
    """
    started = time.monotonic()
    run = _labelled(project)
    if run is None:
        raise UserError(Sentence("Nobody has labelled these photos yet. Ask whoever looks after the project to."))
    settings, labels = settings_of(run), label_set(project)
    progress.start("Opening the encoder", total=None, unit="")
    encoder = open_encoder(run.settings["encoder"])
    if embeddings_id(encoder, crop=settings.crop) != run.settings["encoder_id"]:
        raise UserError(
            Sentence(
                "The encoder {name} on this computer is not the one that the photos were labelled with. Install the "
                "same version of CDUL as whoever labels has."
            ).format(name=encoder.name)
        )
    witness = SecondWitness(project, labels) if settings.detector and encoder.takes_witness else None
    compared = ComparedPhotos(project, encoder, settings, labels, witness)
    there = contents_with_embeddings(project, compared.kept_as, compared.grids)
    onlooker = witness.onlooker() if witness else None
    encoded = 0
    encoding = encode_missing(
        project, encoder, compared.grids, there, progress, cancellation, onlooker, crop=settings.crop
    )
    with closing(encoding):
        for committed in encoding:
            encoded += committed.looked_at
    photos = readable_contents(project)
    ready = photos.among(there)
    # Where labels or prompts were changed since, the heatmaps come with the next labelling.
    if run.basis == basis_of_run(encoder, settings, labels, witness):
        compared.begin(run.id)
        compared.read_labels(progress, cancellation)
        progress.start("Comparing with the labels", total=len(ready))
        compared.compare_all(ready, progress, cancellation)
        forget_other_similarities(project, run.id)
    return LookedHere(len(photos), len(ready), encoded, time.monotonic() - started)


def _labelled(project: Project) -> RunRow | None:
    """The run of an encoder whose scores are in force."""
    run = newest_run_with(project, INITIAL)
    return run if run is not None and "encoder_id" in run.settings else None
