"""Stage 1, initialisation: pseudo labels for every photo from an image-text encoder, with no annotation at all."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from typing import Any

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Cancelled, Progress
from engine.method.stage_one import LabelMeans, MeansOfPhotos, StageScores, Values, rerank_scores, score
from engine.method.thresholds import shape_of
from engine.models.encoders.encoder import Encoder, LabelEmbeddings
from engine.project import Project
from engine.project.embeddings import WHOLE, Half, contents_with_embeddings, load_embeddings
from engine.project.labels import LabelRow, label_set
from engine.project.photos import readable_contents, unreadable_photos
from engine.project.runs import (
    AGGREGATED,
    GLOBAL,
    INITIAL,
    begin_run,
    count_scored,
    finish_run,
    forget_old_scores,
    forget_unfinished_runs,
    keep_run_settings,
    runs,
    store_scores_of_stages,
)
from engine.project.similarities import SimilarityFile, basis_of, forget_other_similarities
from engine.read_photo import ReadPhoto
from engine.stages.labelling.encoding import encode_missing
from engine.stages.labelling.initialise_settings import INITIALISE, InitialiseSettings, settings_of
from engine.stages.thresholds.calibrate import calibrate_labels, shape_settings
from engine.wording import Sentence

_AT_ONCE = 250  # photos, few, because several such parts are in memory
_STORED_AT_ONCE = 5000  # many, because each part is a transaction, and waits for the disk


@dataclass(frozen=True)
class InitialiseResult:
    """What a run of stage 1 did: photos `labelled` in all, `encoded` in this run, and unreadable with reasons."""

    run_id: int
    labelled: int
    encoded: int
    unreadable: tuple[tuple[str, Sentence], ...]
    seconds: float


def initialise(
    project: Project,
    encoder: Encoder,
    settings: InitialiseSettings,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    on_scores: Callable[[], object] = lambda: None,
) -> InitialiseResult:
    """Label all photos of the project.

    Scores every photo whose embeddings are in the cache, encodes the others and, at the end, scores all with the means
    over all; until then photos get provisional scores as they come. Cancelled or killed, the next run goes on where
    this one stopped. Where the newest run did exactly this, nothing is done.

    Args:
        on_scores: called (in this thread) whenever more scores can be read.

    Raises:
        UserError: there are no labels.
        Cancelled: what was committed stays.
    """
    started = time.monotonic()
    labels = label_set(project)
    if not labels:
        raise UserError(Sentence("There are no labels to look for. Choose a label set first."))
    settings = replace(settings, temperature=settings.temperature or encoder.default_temperature)
    run_id, encoded = _run_that_did_this(project, encoder, settings, labels), 0
    if run_id is None:
        run = _Run(project, encoder, settings, labels)
        run.carry_out(progress, cancellation, on_scores)
        run_id, encoded = run.id, run.encoded
    on_scores()
    labelled = count_scored(project, run_id, INITIAL)
    return InitialiseResult(run_id, labelled, encoded, tuple(unreadable_photos(project)), time.monotonic() - started)


def _run_that_did_this(
    project: Project, encoder: Encoder, settings: InitialiseSettings, labels: Sequence[LabelRow]
) -> int | None:
    """The newest run in force, if it did exactly this on exactly these photos and all that it made is still there."""
    newest = next((run for run in runs(project) if run.stage == INITIALISE and run.withdrawn_at is None), None)
    photos = readable_contents(project)
    if (
        newest is None
        or newest.finished_at is None
        or newest.basis != _basis(encoder, settings, labels)
        or newest.settings.get("photos") != _digest(photos)
        or newest.settings.get("encoder_id") != encoder.id
        or settings_of(newest) != settings
    ):
        return None
    similarities = SimilarityFile(project, newest.id, (WHOLE, *settings.grids), len(labels))
    # Of a run that was in force once and is so again, the scores or the file for the heatmaps may be gone.
    is_there = count_scored(project, newest.id, INITIAL) and similarities.exists()
    return newest.id if is_there or not photos else None


class _Run:
    """One run of stage 1: begun when it is made, then carried out once, to its end or until it is cancelled.

    Its scores depend on the stored embeddings alone, not on how often it was interrupted.
    """

    def __init__(
        self, project: Project, encoder: Encoder, settings: InitialiseSettings, labels: Sequence[LabelRow]
    ) -> None:
        self._project, self._encoder, self._settings, self._labels = project, encoder, settings, labels
        self._temperature = settings.temperature or encoder.default_temperature
        self._grids = (WHOLE, *settings.grids)
        self._contents = readable_contents(project)
        self._there = contents_with_embeddings(project, encoder.id, self._grids)
        self._means = MeansOfPhotos(len(labels))
        self.encoded = 0
        forget_unfinished_runs(project, INITIALISE)
        self.id = begin_run(
            project,
            INITIALISE,
            label_ids=[label.id for label in labels],
            settings={
                **asdict(settings),
                "grids": list(settings.grids),
                "encoder": encoder.name,
                # What it takes to find the photos' embeddings again without the encoder.
                "encoder_id": encoder.id,
                "dimension": encoder.dimension,
                "feature_count": encoder.feature_count,
            },
            basis=_basis(encoder, settings, labels),
        )
        self._similarities = SimilarityFile(project, self.id, self._grids, len(labels))
        self._similarities.clear()

    def carry_out(self, progress: Progress, cancellation: Cancellation, on_scores: Callable[[], object]) -> None:
        """Score what is encoded; encode the rest; score all again, with the means over all."""
        try:
            initial = self._score_all(progress, cancellation)
            # Before the paths of a hundred thousand photos are asked for.
            if any(content not in self._there for _photo, content in self._contents):
                self._encode_the_rest(progress, cancellation, on_scores)
                initial = self._score_all(progress, cancellation)
        except Cancelled:
            # So that a heatmap shows what was scored.
            keep_run_settings(self._project, self.id, self._means_to_keep())
            raise
        self._finish(initial)

    def _score_all(self, progress: Progress, cancellation: Cancellation) -> Values:
        """Score every photo whose embeddings are in the cache; the same photos always get the same scores.

        Returns the initial pseudo labels: photos that have embeddings x labels.
        """
        ready = [
            (photo, content) for photo, content in self._contents if content is not None and content in self._there
        ]
        self._means = MeansOfPhotos(len(self._labels))
        progress.start("Scoring", total=3 * len(ready))
        ids = self._compare_all(ready, progress, cancellation)
        scores = self._scores_together(ids, progress, cancellation)
        for part in _parts(len(ids), _STORED_AT_ONCE):
            cancellation.check()
            self._store_scores(ids[part], scores[part])
            progress.advance(len(ids[part]))
        return scores.initial

    def _encode_the_rest(self, progress: Progress, cancellation: Cancellation, on_scores: Callable[[], object]) -> None:
        def committed(photos: Sequence[ReadPhoto]) -> None:
            readable = [(p.photo_id, p.content) for p in photos if p.problem is None and p.content is not None]
            if self._score_provisionally(readable):
                on_scores()

        self.encoded = encode_missing(
            self._project, self._encoder, self._grids, self._there, progress, cancellation, committed
        )
        self._contents = readable_contents(self._project)

    def _score_provisionally(self, photos: Sequence[tuple[int, bytes]]) -> bool:
        """Score more photos with the means over all so far; returns whether any of them has embeddings."""
        if not photos:
            return False
        ids, similarities = self._compare(self._label_embeddings, self._load(photos))
        self._keep_similarities(ids, similarities)
        if ids:
            self._store_scores(ids, self._scores_apart(similarities, self._means_to_subtract()))
        return bool(ids)

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
                self._keep_similarities(found, similarities)
                ids.extend(found)
                progress.advance(len(found))
        return ids

    def _scores_together(self, ids: Sequence[int], progress: Progress, cancellation: Cancellation) -> StageScores:
        """The scores of photos whose similarities are kept, as one collection: each apart first, then reranked."""
        scores, means = StageScores.room_for(len(ids), len(self._labels)), self._means_to_subtract()
        for part in _parts(len(ids), _AT_ONCE):
            cancellation.check()
            scores[part] = self._scores_apart(self._similarities.load(ids[part]), means)
            progress.advance(len(ids[part]))
        return rerank_scores(scores) if self._settings.rerank else scores

    def _scores_apart(self, similarities: Values, means: LabelMeans | None) -> StageScores:
        """The scores of photos x snippets x labels, each photo's by itself."""
        return score(similarities, means, self._temperature, self._settings.zeta, self._encoder.contrast)

    @cached_property
    def _label_embeddings(self) -> LabelEmbeddings:
        # Not before there is a photo to compare: it may mean loading a text network.
        return self._encoder.encode_labels([label.texts for label in self._labels])

    def _load(self, photos: Sequence[tuple[int, bytes]]) -> tuple[list[int], Half]:
        """The ids of the photos (id and content) that have embeddings, and these: photos x snippets x dimension."""
        found, embeddings = load_embeddings(
            self._project, self._encoder.id, [content for _, content in photos], self._grids, self._encoder.dimension
        )
        return [photo_id for (photo_id, _), is_found in zip(photos, found, strict=True) if is_found], embeddings

    def _compare(self, labels: LabelEmbeddings, loaded: tuple[list[int], Half]) -> tuple[list[int], Values]:
        """The ids that come, and their photos' similarities: photos x snippets x labels."""
        ids, embeddings = loaded
        return ids, self._encoder.similarities(embeddings, labels)

    def _keep_similarities(self, photo_ids: Sequence[int], similarities: Values) -> None:
        if photo_ids:
            self._similarities.store(photo_ids, similarities)
            self._means.add(similarities)

    def _store_scores(self, photo_ids: Sequence[int], scores: StageScores) -> None:
        by_stage = {GLOBAL: scores.whole, AGGREGATED: scores.aggregated, INITIAL: scores.initial}
        store_scores_of_stages(self._project, self.id, photo_ids, by_stage)

    def _means_to_subtract(self) -> LabelMeans | None:
        """None where the similarities are left as they are."""
        return self._means.means() if self._settings.centre else None

    def _means_to_keep(self) -> dict[str, Any]:
        means = self._means_to_subtract()
        return {} if means is None else {"means": {"whole": means.whole.tolist(), "snippets": means.snippets.tolist()}}

    def _finish(self, initial: Values) -> None:
        found_out = {
            "photos": _digest(self._contents),
            # From which score on each label is suggested, as the shape of its scores tells.
            **shape_settings(INITIAL, shape_of(initial)),
            **self._means_to_keep(),
        }
        keep_run_settings(self._project, self.id, found_out)
        finish_run(self._project, self.id)
        forget_old_scores(self._project, INITIALISE, keep_also=self._last_of_another_encoder())
        forget_other_similarities(self._project, self.id)
        calibrate_labels(self._project)

    def _last_of_another_encoder(self) -> int | None:
        """The run that is in force again once the change of encoder is undone, however often was scored since."""
        for run in runs(self._project):
            in_force = run.stage == INITIALISE and run.finished_at is not None and run.withdrawn_at is None
            if in_force and run.settings.get("encoder") != self._encoder.name:
                return run.id
        return None


def _basis(encoder: Encoder, settings: InitialiseSettings, labels: Sequence[LabelRow]) -> str:
    return basis_of(encoder.id, encoder.comparison, settings.grids, labels)


def _digest(contents: Sequence[tuple[int, bytes | None]]) -> str:
    """Another one whenever a photo comes, goes or gets other bytes."""
    return hashlib.blake2b(repr(contents).encode(), digest_size=12).hexdigest()


def _parts(count: int, at_once: int) -> Iterator[slice]:
    return (slice(start, start + at_once) for start in range(0, count, at_once))
