"""Scores of stage 1 from stored embeddings, for one run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import cached_property, partial

import numpy as np

from engine.jobs import Control, Progress
from engine.models.encoder import Encoder, LabelEmbeddings
from engine.project import Project
from engine.project.embeddings import load_embeddings
from engine.project.labels import LabelRow
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, store_scores_of_stages
from engine.project.similarities import SimilarityFile
from engine.stages.scoring import LabelMeans, MeansOfPhotos, StageScores, Values, join_scores, look_again, score

_COMPARED_AT_ONCE = 250  # few, because several such parts are in memory
_SCORED_AT_ONCE = 2000  # many, because each part is a transaction, and waits for the disk


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

    def score_all(self, photos: Sequence[tuple[int, bytes]], progress: Progress, control: Control) -> None:
        """Score these photos with the means over all of them; the same photos always get the same scores."""
        from engine.models.device import map_in_threads  # opens torch, which takes long

        self._means = MeansOfPhotos(len(self._labels))
        progress.start("Scoring", total=2 * len(photos))
        if not photos:
            return
        ids: list[int] = []
        parts = [photos[start : start + _COMPARED_AT_ONCE] for start in range(0, len(photos), _COMPARED_AT_ONCE)]
        with closing(map_in_threads(partial(self._compare, self._label_embeddings), parts)) as all_compared:
            for part, (compared, similarities) in zip(parts, all_compared, strict=True):
                control.check()
                self._keep(compared, similarities)
                ids.extend(compared)
                progress.advance(len(part))
        if not ids:
            return
        means = self.means()
        places = [slice(start, start + _SCORED_AT_ONCE) for start in range(0, len(ids), _SCORED_AT_ONCE)]
        scored = []
        for place in places:
            control.check()
            scored.append(self._score(self._similarities.load(ids[place]), means))
        scores = join_scores(scored)
        if self._second_look:
            scores = look_again(scores)
        for place in places:
            control.check()
            self._store_scores(ids[place], scores[place])
            progress.advance(len(ids[place]))

    def score_more(self, photos: Sequence[tuple[int, bytes]]) -> int:
        """Score more photos with the means over all so far, which is near enough until all are there.

        Returns how many have embeddings and were scored.
        """
        if not photos:
            return 0
        ids, similarities = self._compare(self._label_embeddings, photos)
        self._keep(ids, similarities)
        if ids:
            self._store_scores(ids, self._score(similarities, self.means()))
        return len(ids)

    def means(self) -> LabelMeans | None:
        """What is subtracted from the similarities; None where they are left as they are."""
        return self._means.means() if self._centre else None

    @cached_property
    def _label_embeddings(self) -> LabelEmbeddings:
        # Not before there is a photo to compare: it may mean loading a text network.
        return self._encoder.encode_labels([label.texts for label in self._labels])

    def _compare(self, labels: LabelEmbeddings, photos: Sequence[tuple[int, bytes]]) -> tuple[list[int], Values]:
        """The ids of the photos that have embeddings, and their similarities: photos x snippets x labels."""
        found, embeddings = load_embeddings(
            self._project, self._encoder.id, [content for _, content in photos], self._grids, self._encoder.dimension
        )
        ids = [photo_id for (photo_id, _), is_found in zip(photos, found, strict=True) if is_found]
        if not ids:
            return [], np.zeros((0, 0, len(self._labels)), np.float32)
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
