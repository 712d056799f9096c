"""Stage 1, initialisation: pseudo labels for every photo from an image-text encoder, with no annotation at all."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.errors import UserError, WrongUsage
from engine.jobs import Cancellation, Cancelled, Progress
from engine.method import check_grids
from engine.method.thresholds import shape_of
from engine.models.encoders.encoder import Encoder
from engine.photos.loader import LoadedPhoto
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings
from engine.project.labels import LabelRow, label_set
from engine.project.photos import ReadablePhoto, readable_contents, readable_photos, unreadable_photos
from engine.project.runs import (
    INITIAL,
    RunRow,
    begin_run,
    count_scored,
    finish_run,
    forget_old_scores,
    forget_unfinished_runs,
    keep_run_settings,
    newest_run_of,
)
from engine.project.similarities import basis_of, forget_other_similarities
from engine.stages.labelling.encoding import encode_photos
from engine.stages.labelling.photo_scorer import PhotoScorer
from engine.stages.thresholds.calibrate import calibrate_labels, shape_settings
from engine.wording import Sentence

INITIALISE = "initialise"


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
    second_look: bool = True
    """Order each label's photos by what all labels say of them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "grids", check_grids(self.grids))
        if self.temperature is not None and not 0 < self.temperature < float("inf"):
            raise ValueError(f"Expected argument `temperature` to be above 0, but got {self.temperature}.")
        if not 0 <= self.zeta <= 1:
            raise ValueError(f"Expected argument `zeta` to be from 0 to 1, but got {self.zeta}.")


def preset(name: str, encoder: Encoder) -> InitialiseSettings:
    """Settings by name: `default`, what ranks best on real photos, or `paper`, as published.

    The paper divides by CLIP's own temperature, takes 0.5 for zeta, does not centre and does not look twice.
    """
    if name == "paper":
        return InitialiseSettings(temperature=encoder.temperature, zeta=0.5, centre=False, second_look=False)
    if name == "default":
        return InitialiseSettings(temperature=encoder.default_temperature)
    raise WrongUsage(Sentence("Expected a preset named default or paper, but got {name!r}.").format(name=name))


def settings_of(run: RunRow) -> InitialiseSettings:
    """The settings that a run of stage 1 was made with."""
    # A run that does not say was made before there was a second look.
    known = {"second_look": False, **run.settings}
    names = [field.name for field in fields(InitialiseSettings) if field.name in known]
    return InitialiseSettings(**{name: known[name] for name in names})


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
    progress: Progress,
    cancellation: Cancellation,
    *,
    on_scores: Callable[[], None] | None = None,
) -> InitialiseResult:
    """Label all photos of the project.

    Scores every photo whose embeddings are in the cache, encodes the others and, at the end, scores all with the means
    over all; until then photos get provisional scores as they come. Cancelled or killed, the next run goes on where
    this one stopped.

    Args:
        on_scores: called (in this thread) whenever more scores can be read.

    Raises:
        UserError: there are no labels or no photos.
        Cancelled: what was committed stays.
    """
    started = time.monotonic()
    labels = label_set(project)
    if not labels:
        raise UserError(Sentence("There are no labels to look for. Choose a label set first."))
    run = _Run(project, encoder, settings, labels)
    if not run.is_done_already():
        try:
            run.begin()
            run.score_what_is_encoded(progress, cancellation)
            if run.encode_the_rest(progress, cancellation, on_scores):
                run.score_what_is_encoded(progress, cancellation)
        except Cancelled:
            run.keep_means()
            raise
        run.finish()
    if on_scores is not None:
        on_scores()
    labelled = count_scored(project, run.id, INITIAL)
    return InitialiseResult(
        run.id, labelled, run.photos_encoded, tuple(unreadable_photos(project)), time.monotonic() - started
    )


class _Run:
    """One run's work. Its scores depend on the stored embeddings alone, not on how often it was interrupted."""

    def __init__(
        self, project: Project, encoder: Encoder, settings: InitialiseSettings, labels: Sequence[LabelRow]
    ) -> None:
        self.project, self.encoder = project, encoder
        self.temperature = settings.temperature or encoder.default_temperature
        self.settings = settings
        self.labels = labels
        self.basis = basis_of(encoder.id, encoder.comparison, settings.grids, labels)
        self.grids = (WHOLE, *settings.grids)
        self.id = 0
        self.photos = readable_contents(project)
        self.photos_encoded = 0
        self._kept_settings = {
            **asdict(settings),
            "grids": list(settings.grids),
            "temperature": self.temperature,
            "encoder": encoder.name,
            # What it takes to find the photos' embeddings again without the encoder.
            "encoder_id": encoder.id,
            "dimension": encoder.dimension,
            "feature_count": encoder.feature_count,
        }

    def is_done_already(self) -> bool:
        """Whether the newest run did exactly this on exactly these photos."""
        newest = newest_run_of(self.project, INITIALISE)
        if newest is None or newest.finished_at is None or newest.withdrawn_at or newest.basis != self.basis:
            return False
        self.id = newest.id
        wanted = {**self._kept_settings, "photos": _digest(self.photos)}
        return wanted.items() <= newest.settings.items()

    def begin(self) -> None:
        forget_unfinished_runs(self.project, INITIALISE)
        self.id = begin_run(
            self.project,
            INITIALISE,
            label_ids=[label.id for label in self.labels],
            settings=self._kept_settings,
            basis=self.basis,
        )
        self.encoded = contents_with_embeddings(self.project, self.encoder.id, self.grids)
        self.scorer = PhotoScorer(
            self.project,
            self.id,
            self.encoder,
            self.labels,
            self.grids,
            temperature=self.temperature,
            zeta=self.settings.zeta,
            centre=self.settings.centre,
            second_look=self.settings.second_look,
        )

    def score_what_is_encoded(self, progress: Progress, cancellation: Cancellation) -> None:
        """Score every photo whose embeddings are in the cache: arithmetic."""
        ready = [(photo, content) for photo, content in self.photos if content is not None and content in self.encoded]
        self.initial = self.scorer.score_all(ready, progress, cancellation)

    def encode_the_rest(
        self, progress: Progress, cancellation: Cancellation, on_scores: Callable[[], None] | None
    ) -> bool:
        """Encode the photos that are not in the cache; returns whether any of them can be scored now."""
        if all(content in self.encoded for _photo, content in self.photos):
            return False  # before the paths of a hundred thousand photos are asked for
        pending = [photo for photo in readable_photos(self.project) if photo.content not in self.encoded]
        progress.start("Labelling photos", total=len(pending))
        any_scored = False

        def committed(photos: Sequence[LoadedPhoto]) -> None:
            nonlocal any_scored
            readable = [(p.photo_id, p.content) for p in photos if p.problem is None and p.content is not None]
            if self.scorer.score_more(readable):
                any_scored = True
                if on_scores is not None:
                    on_scores()

        self.photos_encoded = encode_photos(
            self.project,
            self.encoder,
            sorted(((photo.id, photo.path) for photo in pending), key=lambda photo: photo[1]),
            self._grids_to_encode(pending),
            self.encoded,
            progress,
            cancellation,
            committed,
        )
        self.photos = readable_contents(self.project)
        return any_scored

    def keep_means(self) -> None:
        """Keep the means with a run that goes no further, so that a heatmap shows what was scored."""
        keep_run_settings(self.project, self.id, self._means())

    def finish(self) -> None:
        found_out = {
            "photos": _digest(self.photos),
            # From which score on each label is suggested, as the shape of its scores tells.
            **shape_settings(INITIAL, shape_of(self.initial)),
            **self._means(),
        }
        keep_run_settings(self.project, self.id, found_out)
        finish_run(self.project, self.id)
        forget_old_scores(self.project, INITIALISE)
        forget_other_similarities(self.project, self.id)
        calibrate_labels(self.project)

    def _means(self) -> dict[str, Any]:
        means = self.scorer.means()
        return {} if means is None else {"means": {"whole": means.whole.tolist(), "snippets": means.snippets.tolist()}}

    def _grids_to_encode(self, pending: Sequence[ReadablePhoto]) -> tuple[int, ...]:
        """The grids that some photo lacks: what is there for all photos is not encoded again."""
        known = {photo.content for photo in pending if photo.content}
        if len(known) < len(pending):
            return self.grids
        lacking = [
            grid for grid in self.grids if known - contents_with_embeddings(self.project, self.encoder.id, [grid])
        ]
        return tuple(lacking)


def _digest(contents: Sequence[tuple[int, bytes | None]]) -> str:
    """Another one whenever a photo comes, goes or gets other bytes."""
    return hashlib.blake2b(repr(contents).encode(), digest_size=12).hexdigest()
