"""Stage 1, initialisation: pseudo labels for every photo from an image-text encoder, with no annotation at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np

from engine.errors import UserError, WrongUsage
from engine.jobs import Cancelled, Control, Progress
from engine.method import check_grids
from engine.method.thresholds import shape_thresholds
from engine.models.encoder import Encoder, LabelEmbeddings
from engine.photos.loader import LoadedPhoto
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings, load_embeddings
from engine.project.labels import LabelRow, label_set
from engine.project.photos import unreadable_photos
from engine.project.runs import (
    AGGREGATED,
    GLOBAL,
    INITIAL,
    RunRow,
    begin_run,
    finish_run,
    forget_old_scores,
    forget_unfinished_runs,
    get_run,
    keep_run_settings,
    load_scores,
    newest_run_with,
    store_scores_of_stages,
)
from engine.project.similarities import (
    basis_of,
    count_similarities,
    photos_without_similarities,
    similarities_in_chunks,
    store_similarities,
)
from engine.stages.encoding import encode_photos
from engine.stages.scoring import LabelMeans, MeansOfPhotos, Values, score

INITIALISE = "initialise"

_PHOTOS_AT_ONCE = 1000


@dataclass(frozen=True)
class InitialiseSettings:
    """How stage 1 scores. Only `grids` needs the encoder again, and only for grids that were not encoded before."""

    grids: tuple[int, ...] = (3,)
    """n for n x n snippets."""
    temperature: float | None = None
    """tau; None for the encoder's best."""
    zeta: float = 0.0
    """The aggregator's threshold; 0 takes the best snippet always."""
    centre: bool = True
    """Subtract each label's mean similarity over the photos."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "grids", check_grids(self.grids))
        if self.temperature is not None and not 0 < self.temperature < float("inf"):
            raise ValueError(f"Expected argument `temperature` to be above 0, but got {self.temperature}.")
        if not 0 <= self.zeta <= 1:
            raise ValueError(f"Expected argument `zeta` to be from 0 to 1, but got {self.zeta}.")


def preset(name: str, encoder: Encoder) -> InitialiseSettings:
    """Settings by name: `default`, what ranks best on real photos, or `paper`, as published.

    The paper divides by CLIP's own temperature, takes 0.5 for zeta and does not centre.
    """
    if name == "paper":
        return InitialiseSettings(temperature=encoder.temperature, zeta=0.5, centre=False)
    if name == "default":
        return InitialiseSettings(temperature=encoder.default_temperature)
    raise WrongUsage(f"Expected a preset named default or paper, but got {name!r}.")


def settings_of(run: RunRow) -> InitialiseSettings:
    """The settings that a run of stage 1 was made with."""
    names = [field.name for field in fields(InitialiseSettings) if field.name in run.settings]
    return InitialiseSettings(**{name: run.settings[name] for name in names})


@dataclass(frozen=True)
class InitialiseResult:
    """What a run of stage 1 did: photos `labelled` in all, `encoded` in this run, and unreadable with reasons."""

    run_id: int
    labelled: int
    encoded: int
    unreadable: tuple[tuple[str, str], ...]
    seconds: float


def initialise(
    project: Project,
    encoder: Encoder,
    settings: InitialiseSettings,
    progress: Progress,
    control: Control,
    *,
    on_scores: Callable[[], None] | None = None,
) -> InitialiseResult:
    """Label all photos of the project.

    Encodes what is not in the cache, computes the similarities that are missing, and scores every photo. Photos get
    provisional scores as they come; at the end all are scored with the means over all. Cancelled or killed, the
    next run goes on where this one stopped.

    Args:
        on_scores: called (in this thread) whenever more scores can be read.

    Raises:
        UserError: there are no labels or no photos.
        Cancelled: what was committed stays.
    """
    started = time.monotonic()
    labels = label_set(project)
    if not labels:
        raise UserError("There are no labels to look for. Choose a label set first.")
    run = _Run(project, encoder, settings, labels)
    if not run.is_done_already():
        try:
            run.begin()
            run.add_what_is_encoded(progress, control)
            run.score_all(progress, control)
            if run.encode_the_rest(progress, control, on_scores):
                run.score_all(progress, control)
        except Cancelled:
            run.keep_means()
            raise
        run.finish()
    if on_scores is not None:
        on_scores()
    labelled = count_similarities(project, run.basis)
    return InitialiseResult(
        run.id, labelled, run.photos_encoded, tuple(unreadable_photos(project)), time.monotonic() - started
    )


class _Run:
    def __init__(
        self, project: Project, encoder: Encoder, settings: InitialiseSettings, labels: Sequence[LabelRow]
    ) -> None:
        self.project, self.encoder = project, encoder
        self.temperature = settings.temperature or encoder.default_temperature
        self.settings = settings
        self.labels = labels
        self.basis = basis_of(encoder.id, settings.grids, labels)
        self.grids = (WHOLE, *settings.grids)
        self.means = MeansOfPhotos(len(labels))
        self.id = 0
        self.photos_encoded = 0
        self._label_embeddings: LabelEmbeddings | None = None
        self._kept_settings = {
            **asdict(settings),
            "grids": list(settings.grids),
            "temperature": self.temperature,
            "encoder": encoder.name,
            # What it takes to find the photos' embeddings again without the encoder.
            "encoder_id": encoder.id,
            "dimension": encoder.dimension,
            "feature_count": getattr(encoder, "feature_count", encoder.dimension),
        }
        self.pending = photos_without_similarities(project, self.basis)
        self.encoded = contents_with_embeddings(project, encoder.id, self.grids)

    def is_done_already(self) -> bool:
        """Whether the newest run did exactly this, and no photo has come since."""
        newest = newest_run_with(self.project, INITIAL)
        if newest is None or newest.finished_at is None or newest.basis != self.basis or self.pending:
            return False
        self.id = newest.id
        return self._kept_settings.items() <= newest.settings.items()

    def begin(self) -> None:
        forget_unfinished_runs(self.project, INITIALISE)
        self.id = begin_run(
            self.project,
            INITIALISE,
            label_ids=[label.id for label in self.labels],
            settings=self._kept_settings,
            basis=self.basis,
        )

    @property
    def label_embeddings(self) -> LabelEmbeddings:
        # Only where a photo's similarities are missing: it may mean loading a text network.
        if self._label_embeddings is None:
            self._label_embeddings = self.encoder.encode_labels([label.texts for label in self.labels])
        return self._label_embeddings

    def add_what_is_encoded(self, progress: Progress, control: Control) -> None:
        """Similarities of the photos whose embeddings are in the cache: arithmetic."""
        ready = [(photo, content) for photo, _path, content in self.pending if content in self.encoded]
        progress.start("Comparing with the labels", total=len(ready))
        for start in range(0, len(ready), _PHOTOS_AT_ONCE):
            control.check()
            chunk = [(photo, content) for photo, content in ready[start : start + _PHOTOS_AT_ONCE] if content]
            self._compare(chunk)
            progress.advance(len(chunk))

    def encode_the_rest(self, progress: Progress, control: Control, on_scores: Callable[[], None] | None) -> bool:
        """Encode the photos that are not in the cache; returns whether any of them can be scored now."""
        waiting = [(photo, path) for photo, path, content in self.pending if content not in self.encoded]
        if not waiting:
            return False
        progress.start("Labelling photos", total=len(waiting))
        any_scored = False

        def committed(photos: Sequence[LoadedPhoto]) -> None:
            nonlocal any_scored
            readable = [(p.photo_id, p.content) for p in photos if p.problem is None and p.content is not None]
            photo_ids, similarities = self._compare(readable)
            if photo_ids:
                any_scored = True
                self.means.add(similarities)
                self._store_scores(photo_ids, similarities, self._means())
                if on_scores is not None:
                    on_scores()

        self.photos_encoded = encode_photos(
            self.project,
            self.encoder,
            waiting,
            self._grids_to_encode(),
            self.encoded,
            progress,
            control,
            committed,
        )
        return any_scored

    def score_all(self, progress: Progress, control: Control) -> None:
        """Score every photo with the means over all of them."""
        total = count_similarities(self.project, self.basis)
        progress.start("Scoring", total=2 * total)
        self.means = MeansOfPhotos(len(self.labels))
        for photo_ids, similarities in similarities_in_chunks(self.project, self.basis, len(self.labels)):
            control.check()
            self.means.add(similarities)
            progress.advance(len(photo_ids))
        means = self._means()
        for photo_ids, similarities in similarities_in_chunks(self.project, self.basis, len(self.labels)):
            control.check()
            self._store_scores(photo_ids.tolist(), similarities, means)
            progress.advance(len(photo_ids))

    def keep_means(self) -> None:
        """Keep the means with the run, so that a heatmap shows what was scored."""
        means = self._means()
        if means is not None:
            keep_run_settings(
                self.project,
                self.id,
                {"means": {"whole": means.whole.tolist(), "snippets": means.snippets.tolist()}},
            )

    def finish(self) -> None:
        self.keep_means()
        self._keep_thresholds()
        finish_run(self.project, self.id)
        forget_old_scores(self.project, INITIALISE)

    def _keep_thresholds(self) -> None:
        """Keep from which score on each label is suggested, as the shape of its scores tells."""
        scored = load_scores(self.project, INITIAL, get_run(self.project, self.id))
        if scored is not None:
            thresholds = [None if np.isnan(value) else float(value) for value in shape_thresholds(scored.values)]
            keep_run_settings(self.project, self.id, {"thresholds": {INITIAL: thresholds}})

    def _means(self) -> LabelMeans | None:
        return self.means.means() if self.settings.centre else None

    def _grids_to_encode(self) -> tuple[int, ...]:
        """The grids that some photo lacks: what is there for all photos is not encoded again."""
        known = {content for _photo, _path, content in self.pending if content}
        if len(known) < len(self.pending):
            return self.grids
        lacking = [
            grid for grid in self.grids if known - contents_with_embeddings(self.project, self.encoder.id, [grid])
        ]
        return tuple(lacking)

    def _compare(self, photos: Sequence[tuple[int, bytes]]) -> tuple[list[int], Values]:
        """Compute and keep the similarities of photos whose embeddings are stored.

        Returns their ids, and photos x snippets x labels.
        """
        embeddings = load_embeddings(
            self.project, self.encoder.id, [content for _, content in photos], self.grids, self.encoder.dimension
        )
        photos = [photo for photo in photos if photo[1] in embeddings]
        if not photos:
            return [], np.zeros((0, 0, len(self.labels)), np.float32)
        stacked = np.stack([embeddings[content] for _, content in photos])
        similarities = self.encoder.similarities(stacked, self.label_embeddings)
        store_similarities(self.project, self.basis, photos, similarities)
        return [photo_id for photo_id, _ in photos], similarities

    def _store_scores(self, photo_ids: Sequence[int], similarities: Values, means: LabelMeans | None) -> None:
        scores = score(similarities, means, self.temperature, self.settings.zeta)
        store_scores_of_stages(
            self.project,
            self.id,
            photo_ids,
            {GLOBAL: scores.whole, AGGREGATED: scores.aggregated, INITIAL: scores.initial},
        )
