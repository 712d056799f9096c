"""What the photos of a run are compared with, and their similarities to it: kept in a file, with the means over all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.jobs import Cancellation, Progress
from engine.method.stage_one import LabelMeans, MeansOfPhotos, Values
from engine.models.encoders.encoder import ComparesSets, Encoder, LabelEmbeddings, RemembersTexts, embeddings_id
from engine.project import Project
from engine.project.contents import PhotoContents
from engine.project.embeddings import WHOLE, Half, load_embeddings
from engine.project.labels import LabelRow
from engine.project.similarities import SimilarityFile
from engine.stages.labelling.company import hidden_labels
from engine.stages.labelling.initialise_settings import InitialiseSettings
from engine.stages.labelling.second_witness import SecondWitness

AT_ONCE = 250
"""Photos, few, because several such parts are in memory."""


class ComparedPhotos:
    """Compares photos with labels, with their hidden competitors, and with the things that a witness hears of.

    All that has embeddings in the cache can be compared. The columns are the labels, then the hidden competitors, then
    the things.
    """

    def __init__(
        self,
        project: Project,
        encoder: Encoder,
        settings: InitialiseSettings,
        labels: Sequence[LabelRow],
        witness: SecondWitness | None,
    ) -> None:
        self._project, self._encoder, self._centre = project, encoder, settings.centre
        self.grids = (WHOLE, *settings.grids)
        self.kept_as = embeddings_id(encoder, crop=settings.crop)
        hidden = hidden_labels(labels) if settings.company else []
        self.hidden = len(hidden)
        """How many hidden competitors there are."""
        self._texts = [*(list(label.texts) for label in labels), *hidden]
        self._texts_of_things: list[list[str]] = []
        self.together = slice(len(self._texts))
        """The columns of the labels and their hidden competitors, among which the labels are scored."""
        self.things = self.together
        """The columns of the things. What a witness hears of the encoder is its word among these alone, and in COCO's
        label set they are the labels."""
        if witness is not None and witness.is_heard and witness.texts != self._texts:
            self._texts_of_things = witness.texts
            self.things = slice(len(self._texts), len(self._texts) + len(witness.texts))
        self.beside = len(self._texts_of_things)
        """How many columns are things."""
        self._label_embeddings: list[LabelEmbeddings] = []
        """Of `read_labels`."""
        self.start_over()

    @property
    def _columns(self) -> int:
        return len(self._texts) + self.beside

    def begin(self, run_id: int) -> None:
        """Keep the similarities for this run, none so far."""
        self._similarities = SimilarityFile(self._project, run_id, self.grids, self._columns)
        self._similarities.clear()

    def read_labels(self, progress: Progress, cancellation: Cancellation) -> None:
        """Embed the texts of all columns, before any photo is compared: beside other work it would take many times as
        long. Where there is no photo it need not be, as it may mean loading a text network.
        """
        progress.start("Reading the labels", total=None, unit="")
        if isinstance(self._encoder, RemembersTexts):
            texts = chain.from_iterable([*self._texts, *self._texts_of_things])
            self._encoder.remember_texts([*texts], cancellation.check)
        # An encoder may make of a label something else beside other ones, so the things are by themselves.
        sets = [self._texts, self._texts_of_things] if self._texts_of_things else [self._texts]
        self._label_embeddings = [self._encoder.encode_labels(texts) for texts in sets]

    def start_over(self) -> None:
        """Forget the means: all photos are compared from here on."""
        self._means = MeansOfPhotos(self._columns)

    def compare(self, photos: PhotoContents) -> tuple[npt.NDArray[np.int64], Values]:
        """Compare photos (id and content): the ids of those with embeddings, and photos x snippets x columns."""
        ids, similarities = self._compare(self._label_embeddings, self._embeddings_of(photos))
        self._keep(ids, similarities)
        return ids, similarities

    def compare_all(
        self, photos: PhotoContents, progress: Progress, cancellation: Cancellation
    ) -> npt.NDArray[np.int64]:
        """The same, many at a time; the ids alone, since `load` has the rest."""
        if not len(photos):
            return photos.ids
        from engine.models.threads import map_in_threads

        labels = self._label_embeddings
        # Read in this thread alone: several that make rows of one database hinder each other.
        loaded = (self._embeddings_of(photos[part]) for part in parts(len(photos), AT_ONCE))
        ids: list[npt.NDArray[np.int64]] = []
        with closing(map_in_threads(partial(self._compare, labels), loaded)) as compared:
            for found, similarities in compared:
                cancellation.check()
                self._keep(found, similarities)
                ids.append(found)
                progress.advance(len(found))
        return np.concatenate(ids)

    def load(self, ids: npt.NDArray[np.int64]) -> Values:
        """The similarities of photos that were compared: photos x snippets x columns."""
        return self._similarities.load(ids)

    def means(self) -> LabelMeans | None:
        """What is to be subtracted; None where the similarities are left as they are."""
        return self._means.means() if self._centre else None

    def means_to_keep(self) -> dict[str, Any]:
        """The same as a run keeps it among its settings."""
        means = self.means()
        return {} if means is None else {"means": {"whole": means.whole.tolist(), "snippets": means.snippets.tolist()}}

    def _embeddings_of(self, photos: PhotoContents) -> tuple[npt.NDArray[np.int64], Half]:
        """The ids of the photos that have embeddings, and these: photos x snippets x dimension."""
        found, embeddings = load_embeddings(
            self._project, self.kept_as, photos.contents(), self.grids, self._encoder.dimension
        )
        return photos.ids[found], embeddings

    def _compare(
        self, labels: Sequence[LabelEmbeddings], loaded: tuple[npt.NDArray[np.int64], Half]
    ) -> tuple[npt.NDArray[np.int64], Values]:
        ids, embeddings = loaded
        if isinstance(self._encoder, ComparesSets):
            return ids, self._encoder.similarities_to_sets(embeddings, labels)
        compared = [self._encoder.similarities(embeddings, each) for each in labels]
        return ids, compared[0] if len(compared) == 1 else np.concatenate(compared, axis=-1)

    def _keep(self, ids: npt.NDArray[np.int64], similarities: Values) -> None:
        if len(ids):
            self._similarities.store(ids, similarities)
            self._means.add(similarities)


def parts(count: int, at_once: int) -> Iterator[slice]:
    """Slices of so many rows that make up `count` of them."""
    return (slice(start, start + at_once) for start in range(0, count, at_once))
