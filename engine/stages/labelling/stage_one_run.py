"""One run of stage 1 over a project: what it compares, scores and keeps, in which order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from functools import partial

import numpy as np

from engine.jobs import Cancellation, Cancelled, Progress
from engine.method.stage_one import LabelMeans, StageScores, UsualScores, Values, centred, score
from engine.method.strengths import Counts, count_lifted, log_lift
from engine.models.encoders.encoder import Encoder, embeddings_id
from engine.models.threads import map_in_threads
from engine.project import Project
from engine.project.contents import PhotoContents
from engine.project.embeddings import contents_with_embeddings
from engine.project.labels import LabelRow
from engine.project.photos import readable_contents
from engine.project.runs import (
    AGGREGATED,
    GLOBAL,
    INITIAL,
    begin_run,
    finish_run,
    forget_old_scores,
    forget_unfinished_runs,
    keep_run_settings,
    runs,
    store_scores_of_stages,
)
from engine.project.similarities import Ids, basis_of, forget_other_similarities
from engine.stages.labelling.company import digest_of_company
from engine.stages.labelling.compared_photos import AT_ONCE, ComparedPhotos, parts
from engine.stages.labelling.encode_files import EncodeFiles, encode_files
from engine.stages.labelling.encoding import encode_missing
from engine.stages.labelling.initialise_settings import INITIALISE, InitialiseSettings
from engine.stages.labelling.rerank_aside import TABLES, meaning_aside, rerank_aside
from engine.stages.labelling.score_meaning import PHOTOS_LOOKED_AT, ScoredSoFar, likely_lifts
from engine.stages.labelling.scores_aside import ScoresAside
from engine.stages.labelling.second_witness import SecondWitness
from engine.stages.thresholds.calibrate import calibrate_labels

_STORED_AT_ONCE = 5000  # many, because each part is a transaction, and waits for the disk


class StageOneRun:
    """One run of stage 1: begun when it is made, then carried out once, to its end or until it is cancelled.

    Its scores depend on the stored embeddings alone, not on how often it was interrupted.
    """

    def __init__(
        self,
        project: Project,
        encoder: Encoder,
        settings: InitialiseSettings,
        labels: Sequence[LabelRow],
        witness: SecondWitness | None,
    ) -> None:
        self._project, self._encoder, self._settings, self._labels = project, encoder, settings, labels
        self._witness = witness
        self._heard = np.zeros(len(labels), bool) if witness is None else witness.knows
        self._compared = ComparedPhotos(project, encoder, settings, labels, witness)
        # A few labels among themselves outweigh each other too easily.
        self._lift_temperature = encoder.lift_temperature if settings.company else None
        self._temperature = settings.temperature or encoder.default_temperature
        self._contents = readable_contents(project)
        self._there = contents_with_embeddings(project, self._compared.kept_as, self._compared.grids)
        self._likely_lifts = likely_lifts(labels)
        self._so_far = ScoredSoFar(self._likely_lifts)
        self.encoded = self.from_store = 0
        forget_unfinished_runs(project, INITIALISE)
        self.id = begin_run(
            project,
            INITIALISE,
            label_ids=[label.id for label in labels],
            settings={
                **asdict(settings),
                "grids": list(settings.grids),
                # Columns beside those of the labels, in the file of similarities and their means.
                "hidden": self._compared.hidden,
                "beside": self._compared.beside,
                # Labels whose scores are the chances that the encoder's and the detector's words make together.
                "heard": [label.id for label, is_heard in zip(labels, self._heard, strict=True) if is_heard],
                "encoder": encoder.name,
                # What it takes to find the photos' embeddings again without the encoder.
                "encoder_id": self._compared.kept_as,
                "dimension": encoder.dimension,
                "feature_count": encoder.feature_count,
            },
            basis=basis_of_run(encoder, settings, labels, witness),
        )
        self._compared.begin(self.id)

    def carry_out(
        self,
        progress: Progress,
        cancellation: Cancellation,
        on_scores: Callable[[], object],
        encode: EncodeFiles = encode_files,
    ) -> None:
        """Score what is encoded; encode the rest; score all again, with the means over all."""
        try:
            if len(self._contents):
                self._compared.read_labels(progress, cancellation)
            scored = self._score_all(progress, cancellation)
            # Before the paths of a hundred thousand photos are asked for.
            if scored < len(self._contents):
                self._encode_the_rest(progress, cancellation, on_scores, encode)
                self._score_all(progress, cancellation)
        except Cancelled:
            # So that a heatmap shows what was scored.
            keep_run_settings(self._project, self.id, self._compared.means_to_keep())
            raise
        self._finish()

    def _score_all(self, progress: Progress, cancellation: Cancellation) -> int:
        """Score every photo whose embeddings are in the cache; the same photos always get the same scores.

        Returns:
            how many photos have all that scoring them takes.
        """
        ready = self._contents.among(self._there, *([] if self._witness is None else [self._witness.seen]))
        self._compared.start_over()
        self._so_far = ScoredSoFar(self._likely_lifts)
        progress.start("Scoring", total=len(ready), passes=3)  # compared, scored by itself, scored together
        ids = self._compared.compare_all(ready, progress, cancellation)
        if len(ids):
            self._score_together(ids, progress, cancellation)
        return len(ready)

    def _score_together(self, ids: Ids, progress: Progress, cancellation: Cancellation) -> None:
        """Score photos whose similarities are kept, as one collection, and keep their scores."""
        widths = dict.fromkeys(TABLES, self._compared.together.stop) | {"log_abundance": 1, "own": self._own_columns}
        with ScoresAside(self._project, len(ids), widths, AT_ONCE) as aside:
            usual, lifted = self._score_apart_all(ids, aside, progress, cancellation)
            # What is not reranked is written meanwhile: as much work as finding out the rest.
            with ThreadPoolExecutor(1, "keep scores") as apart:
                written = apart.submit(self._keep_apart, ids, aside, cancellation)
                if self._settings.rerank:
                    rerank_aside(aside, usual, cancellation)
                meaning = meaning_aside(aside, len(self._labels), lifted, cancellation)
                written.result()
            # From which score on each label is suggested.
            keep_run_settings(self._project, self.id, meaning.settings(self._heard))
            for part in parts(len(ids), _STORED_AT_ONCE):
                cancellation.check()
                own = aside.photos("own", part) if self._own_columns else None
                contents = self._contents.contents_of(ids[part])
                initial = self._heard_beside(aside.photos("initial", part), own, contents)
                self._keep_scores(ids[part], {INITIAL: initial})
                progress.advance(len(ids[part]))

    def _keep_apart(self, ids: Ids, aside: ScoresAside, cancellation: Cancellation) -> None:
        """Keep the scores that are each photo's by itself."""
        for part in parts(len(ids), _STORED_AT_ONCE):
            cancellation.check()
            by_stage = {GLOBAL: aside.photos("whole", part), AGGREGATED: aside.photos("aggregated", part)}
            self._keep_scores(ids[part], by_stage)

    def _encode_the_rest(
        self, progress: Progress, cancellation: Cancellation, on_scores: Callable[[], object], encode: EncodeFiles
    ) -> None:
        onlooker = self._witness.onlooker() if self._witness else None
        encoding = encode_missing(
            self._project,
            self._encoder,
            self._compared.grids,
            self._there,
            progress,
            cancellation,
            onlooker,
            crop=self._settings.crop,
            encode=encode,
        )
        with closing(encoding):
            for committed in encoding:
                self.encoded += committed.looked_at
                self.from_store += committed.from_store
                readable = [(p.photo_id, p.content) for p in committed.photos if p.problem is None and p.content]
                if self._score_provisionally(PhotoContents.of(readable)):
                    on_scores()
        self._contents = readable_contents(self._project)

    def _score_provisionally(self, photos: PhotoContents) -> bool:
        """Score more photos with the means over all so far; returns whether any of them has embeddings.

        By the same rule as at the end, so that what is suggested while photos come is worth the same.
        """
        if not len(photos):
            return False
        ids, similarities = self._compared.compare(photos)
        if len(ids):
            means, contents = self._compared.means(), dict(photos)
            scores = self._scores_apart(similarities, means)
            lifts = self._lifts(similarities, means)
            self._so_far.add(scores, lifts)
            keep_run_settings(self._project, self.id, self._so_far.meaning().settings(self._heard))
            own = self._own_word(similarities, means, lifts)
            initial = self._heard_beside(scores.initial, own, [contents[photo] or b"" for photo in ids.tolist()])
            self._keep_scores(ids, {GLOBAL: scores.whole, AGGREGATED: scores.aggregated, INITIAL: initial})
        return len(ids) > 0

    def _score_apart_all(
        self, ids: Ids, aside: ScoresAside, progress: Progress, cancellation: Cancellation
    ) -> tuple[UsualScores, Counts | None]:
        """The scores of photos whose similarities are kept, each photo's by itself, and its `_own_word`, laid aside.

        Returns:
            What reranking must know of all, and what `count_lifted` counts on them.
        """
        usual = UsualScores(self._compared.together.stop)
        lifted = None if self._lift_temperature is None else np.zeros((2, len(self._labels)), np.int64)
        every = max(1, len(ids) // PHOTOS_LOOKED_AT)
        score_part = partial(self._part_apart, self._compared.means(), ids, aside)
        with closing(map_in_threads(score_part, parts(len(ids), AT_ONCE))) as made:
            for scores, lifts, of_part in made:
                cancellation.check()
                usual.merge(of_part)
                if lifted is not None and lifts is not None:
                    lifted += count_lifted(lifts, self._likely_lifts)
                self._so_far.add(scores[::every], None if lifts is None else lifts[::every])
                progress.advance(len(scores.initial))
        return usual, lifted

    def _part_apart(
        self, means: LabelMeans | None, ids: Ids, aside: ScoresAside, part: slice
    ) -> tuple[StageScores, Values | None, UsualScores]:
        """Of photos whose similarities are kept: the scores and lifts, each photo's by itself, laid aside."""
        similarities = self._compared.load(ids[part])
        lifts, usual = self._lifts(similarities, means), UsualScores(self._compared.together.stop)
        scores, own = self._scores_apart(similarities, means), self._own_word(similarities, means, lifts)
        usual.add(scores)
        for name in TABLES:
            aside.put(name, part.start, getattr(scores, name))
        if own is not None:
            aside.put("own", part.start, own)
        return scores, lifts, usual

    def _scores_apart(self, similarities: Values, means: LabelMeans | None) -> StageScores:
        """The scores of photos x snippets x columns, each photo's by itself: labels and their hidden competitors."""
        among = self._compared.together
        of_these = similarities[..., among], means and means.of(among)
        return score(*of_these, self._temperature, self._settings.zeta, self._encoder.contrast)

    @property
    def _own_columns(self) -> int:
        """How many columns `_own_word` has; 0 where it has nothing to say."""
        witness, things = self._witness, self._compared.things
        if witness is None or not witness.is_heard or self._encoder.lift_temperature is None:
            return 0
        if self._lift_temperature is not None and things == self._compared.together:
            return len(self._labels)
        return things.stop - things.start + len(witness.wholes)

    def _own_word(self, similarities: Values, means: LabelMeans | None, lifts: Values | None) -> Values | None:
        """What the encoder says for the witness to be heard beside it: how far each thing outweighs the others, and
        each of the labels that are wholes, photos x both; None where no witness is heard.

        Args:
            lifts: those of the labels and their hidden competitors.
        """
        temperature, witness = self._encoder.lift_temperature, self._witness
        if not self._own_columns or witness is None or temperature is None:
            return None
        if lifts is not None and self._compared.things == self._compared.together:
            return lifts
        of_things = self._lifts_among(self._compared.things, similarities, means, temperature)
        wholes = np.full((len(of_things), len(witness.wholes)), -np.inf) if lifts is None else lifts[:, witness.wholes]
        return np.concatenate([of_things, wholes], axis=1)

    def _lifts(self, similarities: Values, means: LabelMeans | None) -> Values | None:
        """How far each label outweighs the others: photos x labels; None where the shape of the scores tells."""
        if self._lift_temperature is None:
            return None
        lifts = self._lifts_among(self._compared.together, similarities, means, self._lift_temperature)
        return lifts[:, : len(self._labels)]

    def _lifts_among(self, among: slice, similarities: Values, means: LabelMeans | None, temperature: float) -> Values:
        return log_lift(*centred(similarities[..., among], means and means.of(among)), temperature)

    def _heard_beside(self, initial: Values, own: Values | None, contents: Sequence[bytes]) -> Values:
        """The initial scores of photos, after the witness was heard: photos x (labels, then hidden competitors).

        Args:
            own: of `_own_word`, for the same photos.
        """
        if self._witness is None or own is None:
            return initial
        return self._witness.heard(initial[:, : len(self._labels)], own, contents)

    def _keep_scores(self, photos: Ids, by_stage: Mapping[str, Values]) -> None:
        """Keep what the labels score on photos, without the hidden competitors, in one transaction."""
        of_labels = {stage: scores[:, : len(self._labels)] for stage, scores in by_stage.items()}
        store_scores_of_stages(self._project, self.id, photos, of_labels)

    def _finish(self) -> None:
        keep_run_settings(
            self._project, self.id, {"photos": digest_of_photos(self._contents), **self._compared.means_to_keep()}
        )
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


def basis_of_run(
    encoder: Encoder, settings: InitialiseSettings, labels: Sequence[LabelRow], witness: SecondWitness | None
) -> str:
    """Another one whenever the same photos would be scored otherwise."""
    beside = [digest_of_company()] if settings.company or witness else []
    beside += [witness.basis] if witness else []
    return basis_of(embeddings_id(encoder, crop=settings.crop), encoder.comparison, settings.grids, labels, beside)


def digest_of_photos(contents: PhotoContents) -> str:
    """Another one whenever a photo comes, goes or gets other bytes."""
    digest, before = hashlib.blake2b(digest_size=12), "["
    for photo in contents:
        digest.update(f"{before}{photo!r}".encode())
        before = ", "
    digest.update(b"]" if len(contents) else b"[]")
    return digest.hexdigest()
