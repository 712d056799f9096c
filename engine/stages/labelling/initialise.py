"""Stage 1, initialisation: pseudo labels for every photo from an image-text encoder, with no annotation at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.encoder import Encoder, embeddings_id
from engine.project import Project
from engine.project.embeddings import WHOLE
from engine.project.labels import LabelRow, label_set
from engine.project.photos import readable_contents, unreadable_photos
from engine.project.runs import (
    INITIAL,
    count_scored,
    newest_run_with,
    runs,
)
from engine.project.similarities import SimilarityFile
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import has_thresholds_by_hand
from engine.stages.labelling.encode_files import EncodeFiles, encode_files
from engine.stages.labelling.initialise_settings import INITIALISE, InitialiseSettings, settings_of
from engine.stages.labelling.second_witness import SecondWitness
from engine.stages.labelling.stage_one_run import StageOneRun, basis_of_run, digest_of_photos
from engine.stages.thresholds.carrying import carry_thresholds
from engine.wording import Sentence


@dataclass(frozen=True)
class InitialiseResult:
    """What a run of stage 1 did: photos `labelled` in all, `encoded` in this run or taken `from_store`,
    and unreadable with reasons."""

    run_id: int
    labelled: int
    encoded: int
    from_store: int
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
    encode: EncodeFiles = encode_files,
) -> InitialiseResult:
    """Label all photos of the project.

    Scores every photo whose embeddings are in the cache, encodes the others and, at the end, scores all with the means
    over all; until then photos get provisional scores as they come, and labels the thresholds that these tell.
    Cancelled or killed, the next run goes on where this one stopped. Where the newest run did exactly this, nothing is
    done.

    Args:
        on_scores: called (in this thread) whenever more scores can be read.
        encode: where and how photos are encoded.

    Raises:
        UserError: there are no labels.
        Cancelled: what was committed stays.
    """
    started = time.monotonic()
    labels = label_set(project)
    if not labels:
        raise UserError(Sentence("There are no labels to look for. Choose a label set first."))
    settings = replace(settings, temperature=settings.temperature or encoder.default_temperature)
    witness = SecondWitness(project, labels) if settings.detector and encoder.takes_witness else None
    run_id, encoded, from_store = _run_that_did_this(project, encoder, settings, labels, witness), 0, 0
    if run_id is None:
        # All that is known of all photos: a fifth of the time of a new label set.
        before = take_snapshot(project) if has_thresholds_by_hand(project) else None
        with project.working():
            run = StageOneRun(project, encoder, settings, labels, witness)
            run.carry_out(progress, cancellation, on_scores, encode)
        run_id, encoded, from_store = run.id, run.encoded, run.from_store
        if before is not None:
            carry_thresholds(project, before, take_snapshot(project))
    on_scores()
    labelled = count_scored(project, run_id, INITIAL)
    unreadable = tuple(unreadable_photos(project))
    return InitialiseResult(run_id, labelled, encoded, from_store, unreadable, time.monotonic() - started)


def _run_that_did_this(
    project: Project,
    encoder: Encoder,
    settings: InitialiseSettings,
    labels: Sequence[LabelRow],
    witness: SecondWitness | None,
) -> int | None:
    """The newest run in force, if it did exactly this on exactly these photos and all that it made is still there."""
    newest = next((run for run in runs(project) if run.stage == INITIALISE and run.withdrawn_at is None), None)
    if (
        newest is None
        or newest.finished_at is None
        or newest.basis != basis_of_run(encoder, settings, labels, witness)
        or newest.settings.get("photos") != digest_of_photos(photos := readable_contents(project))
        or newest.settings.get("encoder_id") != embeddings_id(encoder, crop=settings.crop)
        or settings_of(newest) != settings
    ):
        return None
    suggests = newest_run_with(project, INITIAL)
    if suggests is not None and suggests.id != newest.id:
        return None  # labels that were imported since suggest, and whoever labels wants the encoder's
    similarities = SimilarityFile(project, newest.id, (WHOLE, *settings.grids), newest.columns)
    # Of a run that was in force once and is so again, the scores or the file for the heatmaps may be gone.
    is_there = count_scored(project, newest.id, INITIAL) and similarities.exists()
    return newest.id if is_there or not photos else None
