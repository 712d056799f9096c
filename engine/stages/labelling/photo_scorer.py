"""Scores of stage 1 from stored embeddings, for one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property, partial

from engine.jobs import Cancellation, Progress
from engine.method.stage_one import LabelMeans, MeansOfPhotos, StageScores, Values, look_again, score
from engine.models.encoders.encoder import Encoder, LabelEmbeddings
from engine.project import Project
from engine.project.embeddings import Half, load_embeddings
from engine.project.labels import LabelRow
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, store_scores_of_stages
from engine.project.similarities import SimilarityFile

_AT_ONCE = 250  # few, because several such parts are in memory
_STORED_AT_ONCE = 5000  # many, because each part is a transaction, and waits for the disk


class PhotoScorer:
    """Scores photos (id and content) whose embeddings are stored, and keeps what it finds with its run."""

    def __init__(
        self,
        project: Project,
        run_id: int,
        encoder: Encoder,
        labels: Sequence[LabelRow],
        grids: Sequence[int],
        *,
        temperature: float,
        zeta: float,
        centre: bool,
        second_look: bool,
    ) -> None:
        self._project, self._run, self._encoder, self._labels = project, run_id, encoder, labels
        self._grids = grids
        self._temperature, self._zeta, self._centre, self._second_look = temperature, zeta, centre, second_look
        self._similarities = SimilarityFile(project, run_id, grids, len(labels))
        self._similarities.clear()
        self._means = MeansOfPhotos(len(labels))

    def score_all(self, photos: Sequence[tuple[int, bytes]], progress: Progress, cancellation: Cancellation) -> Values:
        """Score these photos with the means over all of them; the same photos always get the same scores.

        Returns the initial pseudo labels: photos that have embeddings x labels.
        """
        self._means = MeansOfPhotos(len(self._labels))
        progress.start("Scoring", total=3 * len(photos))
        ids = self._compare_all(photos, progress, cancellation)
        scores = self._score_all(ids, progress, cancellation)
        if self._second_look:
            scores = look_again(scores)
        for part in _parts(len(ids), _STORED_AT_ONCE):
            cancellation.check()
            self._store_scores(ids[part], scores[part])
            progress.advance(len(ids[part]))
        return scores.initial

    def score_more(self, photos: Sequence[tuple[int, bytes]]) -> int:
        """Score more photos with the means over all so far, which is near enough until all are there.

        Returns how many have embeddings and were scored.
        """
        if not photos:
            return 0
        ids, similarities = self._compare(self._label_embeddings, self._load(photos))
        self._keep(ids, similarities)
        if ids:
            self._store_scores(ids, self._score(similarities, self.means()))
        return len(ids)

    def _compare_all(
        self, photos: Sequence[tuple[int, bytes]], progress: Progress, cancellation: Cancellation
    ) -> list[int]:
        """Keep the similarities of the photos that have embeddings; returns their ids."""
        if not photos:
            return []
        from engine.models.threads import map_in_threads  # opens torch, which takes long

        labels = self._label_embeddings
        # Read in this thread alone: several that make rows of one database hinder each other.
        loaded = (self._load(photos[part]) for part in _parts(len(photos), _AT_ONCE))
        ids: list[int] = []
        with closing(map_in_threads(partial(self._compare, labels), loaded)) as compared:
            for found, similarities in compared:
                cancellation.check()
                self._keep(found, similarities)
                ids.extend(found)
                progress.advance(len(found))
        return ids

    def _score_all(self, ids: Sequence[int], progress: Progress, cancellation: Cancellation) -> StageScores:
        """The scores of photos whose similarities are kept, before the second look."""
        scores, means = StageScores.room_for(len(ids), len(self._labels)), self.means()
        for part in _parts(len(ids), _AT_ONCE):
            cancellation.check()
            scores[part] = self._score(self._similarities.load(ids[part]), means)
            progress.advance(len(ids[part]))
        return scores

    def means(self) -> LabelMeans | None:
        """What is subtracted from the similarities; None where they are left as they are."""
        return self._means.means() if self._centre else None

    @cached_property
    def _label_embeddings(self) -> LabelEmbeddings:
        # Not before there is a photo to compare: it may mean loading a text network.
        return self._encoder.encode_labels([label.texts for label in self._labels])

    def _load(self, photos: Sequence[tuple[int, bytes]]) -> tuple[list[int], Half]:
        """The ids of the photos that have embeddings, and these: photos x snippets x dimension."""
        found, embeddings = load_embeddings(
            self._project, self._encoder.id, [content for _, content in photos], self._grids, self._encoder.dimension
        )
        return [photo_id for (photo_id, _), is_found in zip(photos, found, strict=True) if is_found], embeddings

    def _compare(self, labels: LabelEmbeddings, loaded: tuple[list[int], Half]) -> tuple[list[int], Values]:
        """The ids that come, and their photos' similarities: photos x snippets x labels."""
        ids, embeddings = loaded
        return ids, self._encoder.similarities(embeddings, labels)

    def _keep(self, photo_ids: Sequence[int], similarities: Values) -> None:
        if photo_ids:
            self._similarities.store(photo_ids, similarities)
            self._means.add(similarities)

    def _score(self, similarities: Values, means: LabelMeans | None) -> StageScores:
        return score(similarities, means, self._temperature, self._zeta, self._encoder.contrast)

    def _store_scores(self, photo_ids: Sequence[int], scores: StageScores) -> None:
        store_scores_of_stages(
            self._project,
            self._run,
            photo_ids,
            {GLOBAL: scores.whole, AGGREGATED: scores.aggregated, INITIAL: scores.initial},
        )


def _parts(count: int, at_once: int) -> Iterator[slice]:
    return (slice(start, start + at_once) for start in range(0, count, at_once))
