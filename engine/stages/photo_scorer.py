"""Scores of stage 1 from stored embeddings, for one run."""

from __future__ import annotations

from collections.abc import Sequence

from engine.jobs import Control, Progress
from engine.models.encoder import Encoder, LabelEmbeddings
from engine.project import Project
from engine.project.embeddings import load_embeddings
from engine.project.labels import LabelRow
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, store_scores_of_stages
from engine.project.similarities import SimilarityFile
from engine.stages.scoring import LabelMeans, MeansOfPhotos, Values, score

_PHOTOS_AT_ONCE = 1000


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
    ) -> None:
        self._project, self._run, self._encoder, self._labels = project, run_id, encoder, labels
        self._grids = grids
        self._temperature, self._zeta, self._centre = temperature, zeta, centre
        self._similarities = SimilarityFile(project, run_id, grids, len(labels))
        self._similarities.clear()
        self._means = MeansOfPhotos(len(labels))
        self._label_embeddings: LabelEmbeddings | None = None

    def score_all(self, photos: Sequence[tuple[int, bytes]], progress: Progress, control: Control) -> None:
        """Score these photos with the means over all of them; the same photos always get the same scores."""
        self._means = MeansOfPhotos(len(self._labels))
        progress.start("Scoring", total=2 * len(photos))
        compared: list[list[int]] = []
        for start in range(0, len(photos), _PHOTOS_AT_ONCE):
            control.check()
            part = photos[start : start + _PHOTOS_AT_ONCE]
            compared.append(self._compare(part)[0])
            progress.advance(len(part))
        means = self.means()
        for ids in compared:
            control.check()
            if ids:
                self._store_scores(ids, self._similarities.load(ids), means)
            progress.advance(len(ids))

    def score_more(self, photos: Sequence[tuple[int, bytes]]) -> int:
        """Score more photos with the means over all so far, which is near enough until all are there.

        Returns how many have embeddings and were scored.
        """
        ids, similarities = self._compare(photos)
        if similarities is not None:
            self._store_scores(ids, similarities, self.means())
        return len(ids)

    def means(self) -> LabelMeans | None:
        """What is subtracted from the similarities; None where they are left as they are."""
        return self._means.means() if self._centre else None

    def _compare(self, photos: Sequence[tuple[int, bytes]]) -> tuple[list[int], Values | None]:
        """The ids of the photos that have embeddings; their similarities, kept: photos x snippets x labels."""
        found, embeddings = load_embeddings(
            self._project, self._encoder.id, [content for _, content in photos], self._grids, self._encoder.dimension
        )
        if not found.any():
            return [], None
        if self._label_embeddings is None:
            # Not before it is needed: it may mean loading a text network.
            self._label_embeddings = self._encoder.encode_labels([label.texts for label in self._labels])
        ids = [photo_id for (photo_id, _), is_found in zip(photos, found, strict=True) if is_found]
        similarities = self._encoder.similarities(embeddings, self._label_embeddings)
        self._similarities.store(ids, similarities)
        self._means.add(similarities)
        return ids, similarities

    def _store_scores(self, photo_ids: Sequence[int], similarities: Values, means: LabelMeans | None) -> None:
        scores = score(similarities, means, self._temperature, self._zeta)
        store_scores_of_stages(
            self._project,
            self._run,
            photo_ids,
            {GLOBAL: scores.whole, AGGREGATED: scores.aggregated, INITIAL: scores.initial},
        )
