"""Stage 2: a classifier is trained on the pseudo labels, and the pseudo labels learn from the classifier.

What people have decided enters as 1 and 0 and is never moved, so that training again after review learns from the
corrections.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.agreement import probability_by_agreement
from engine.method.strengths import thresholds_taking
from engine.method.thresholds import Shape
from engine.models.training.backbones import STARTER
from engine.models.training.loop import EpochReport, Training, TrainingState
from engine.models.training.saved_classifier import ClassifierDescription
from engine.models.training.training_settings import PAPER_NETWORK, PresetName, TrainingSettings
from engine.project import Project
from engine.project.history.history import withdraw_run
from engine.project.runs import (
    CLASSIFIER,
    INITIAL,
    REFINED,
    begin_run,
    finish_run,
    forget_old_scores,
    forget_unfinished_runs,
    keep_run_settings,
    newest_run_with,
    runs,
    store_scores,
)
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.review.changes import Changes, changes_by_training
from engine.stages.teaching.teaching import teach_labels
from engine.stages.thresholds.calibrate import calibrate_labels, shape_settings
from engine.stages.thresholds.carrying import put_in_force
from engine.stages.training.classifiers import classifier_folder
from engine.stages.training.held_back import HELD_BACK, changes_much
from engine.stages.training.learners import FULL, HEAD, Learner, open_learner, training_mode
from engine.stages.training.targets import TrainingTargets, as_before_any_training, prepare_targets
from engine.stages.training.truth_watch import watch_truth
from engine.synced import make_folder
from engine.wording import LabelWord, Sentence, n_decisions, n_photos, n_suggestions, some_of

REFINE = "refine"


@dataclass(frozen=True)
class RefineSettings:
    """What is trained and how; all of it is kept with the run."""

    training: TrainingSettings = field(default_factory=TrainingSettings)
    network: str = STARTER
    """A name of timm, or one of torchvision's weights, see `open_backbone`."""
    weights: Path | None = None
    """A file of weights for it; None for those that come with the program or lie in the caches."""
    train: str = HEAD
    """`head`: the last layer over stored features; `full`: all of the network."""


def settings_by_name(
    preset: str = "default",
    train: str = HEAD,
    network: str | None = None,
    weights: Path | None = None,
    **changes: Any,
) -> RefineSettings:
    """The settings of a preset, `default` or `paper`, with these of `TrainingSettings` changed.

    Args:
        network: None for the preset's: `paper` has one where the whole network is trained.

    Raises:
        UserError: no such preset, way of training, or value.
    """
    full = training_mode(train) == FULL
    training = TrainingSettings.preset(cast(PresetName, preset), full=full)
    of_preset = PAPER_NETWORK if full and preset == "paper" else STARTER
    return RefineSettings(replace(training, **changes), network or of_preset, weights, train)


@dataclass(frozen=True)
class RefineResult:
    """What a training did. `turned_on` and `turned_off` count suggestions that it made and took back.

    `held_back`: these were so many that what suggested until now still does, see `engine.stages.training.held_back`.
    """

    run: int
    classifier: str
    """The folder of the classifier."""
    train: str
    photos: int
    decisions: int
    epochs: int
    turned_on: int
    turned_off: int
    suggested: int
    """How many there were before, of labels that nobody has decided."""
    held_back: bool
    changed_much: tuple[str, ...]
    """Labels of which more suggestions would be new or gone than there were."""
    agreement: float | None
    """With the decisions that were held out, a fraction of 1; None where there were too few."""
    seconds: float
    reports: tuple[EpochReport, ...] = field(repr=False)
    all_taught: bool = False
    """Whether answers teach every label, so that `turned_on` and `turned_off` have nothing to count."""

    @property
    def sentence(self) -> Sentence:
        """For people."""
        basis = n_photos(self.photos)
        if self.decisions:
            basis = Sentence("{photos} and {decisions}").format(photos=basis, decisions=n_decisions(self.decisions))
        told = Sentence("Trained on {basis} in {seconds:.1f} s.").format(basis=basis, seconds=self.seconds)
        if self.all_taught:
            # Counts of none would seem to say that nothing was learnt.
            told = Sentence(
                "{told} Suggestions go on following your answers; what the training learnt is weighed in with them."
            ).format(told=told)
        elif not self.turned_on and not self.turned_off:
            # Answers may have changed some since it was looked at last.
            told = Sentence("{told} Your answers had changed all suggestions already that it would change.").format(
                told=told
            )
        else:
            told = Sentence("{told} Suggestions: {on:,} new, {off:,} gone.").format(
                told=told, on=self.turned_on, off=self.turned_off
            )
        if self.agreement is not None:
            told = Sentence("{told} It agrees with {share:.0%} of the decisions held out.").format(
                told=told, share=self.agreement
            )
        if self.held_back and 2 * max(self.turned_on, self.turned_off) <= self.suggested:
            told = Sentence(
                "{told} Of {labels} more would change than there was, so what suggested until now still does: look at "
                "it, then accept or discard it."
            ).format(told=told, labels=some_of([LabelWord(name) for name in self.changed_much]))
        elif self.held_back:
            told = Sentence(
                "{told} That is more than half of {count}, so what suggested until now still does: look at what would "
                "change, then accept or discard it."
            ).format(told=told, count=n_suggestions(self.suggested))
        return told


def refine(
    project: Project,
    settings: RefineSettings,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    on_epoch: Callable[[EpochReport], None] | None = None,
) -> RefineResult:
    """Train a classifier and refine the pseudo labels of every photo.

    Cancelled or killed, the same request goes on from the last epoch, on the processor with the same result bit for
    bit.

    Raises:
        UserError: no pseudo labels yet, an unknown network, or no weights for it.
        Cancelled: the last epoch's state stays.
    """
    started = time.monotonic()
    way = training_mode(settings.train)
    kept = {
        "network": settings.network,
        "weights": str(settings.weights.absolute()) if settings.weights else None,
        "train": way,
        "training": settings.training.to_json(),
    }
    before = take_snapshot(project)
    # The pseudo labels' thresholds, which the training builds on, are to heed all that was answered since.
    calibrate_labels(project, before, stage=INITIAL)
    learner = open_learner(project, settings.network, settings.weights, way, settings.training)
    taught = as_before_any_training(project, before)
    teach_labels(project, taught, progress, cancellation)
    targets = prepare_targets(project, taught, learner, settings.training, progress, cancellation)
    training = learner.begin(targets.targets)
    with project.working():
        run_id, checkpoint = _begin_or_go_on(project, kept, targets, training)
        _train(project, training, targets, checkpoint, progress, cancellation, on_epoch)
        learnt = {"photos": len(targets.photos), "decisions": targets.decisions, "epochs": len(training.reports)}
        folder = _keep_what_was_learnt(project, run_id, targets, learner, training, {**kept, **learnt}, cancellation)
        checkpoint.unlink(missing_ok=True)
    changes = _changes_by(project, run_id, before, set(taught.taught))
    held_back = changes_much(changes)
    if not held_back:
        keep_run_settings(project, run_id, {HELD_BACK: False})
        put_in_force(project, run_id)
    return RefineResult(
        run=run_id,
        classifier=str(folder),
        train=way,
        **learnt,
        turned_on=int(changes.turned_on.sum()),
        turned_off=int(changes.turned_off.sum()),
        suggested=changes.suggested,
        held_back=held_back,
        changed_much=tuple(before.labels[column].name for column in np.flatnonzero(changes.much_changed())),
        agreement=training.reports[-1].agreement,
        seconds=round(time.monotonic() - started, 2),
        reports=tuple(training.reports),
        all_taught=bool(before.labels) and len(taught.taught) == len(before.labels),
    )


def _begin_or_go_on(
    project: Project, kept: dict[str, Any], targets: TrainingTargets, training: Training
) -> tuple[int, Path]:
    """The run and its checkpoint; where the same training was interrupted, `training` is set to its last epoch."""
    label_ids = [label.id for label in targets.labels]
    digest = hashlib.blake2b(json.dumps([kept, label_ids, targets.photos]).encode(), digest_size=16)
    for values in (targets.targets.values, targets.targets.known, targets.targets.held_out):
        digest.update(values.tobytes())
    inputs = {**kept, "inputs": digest.hexdigest()}
    folder = project.folder / "training"
    for run in runs(project):
        if run.stage == REFINE and run.finished_at is None and run.settings == inputs:
            checkpoint = folder / f"run-{run.id}.safetensors"
            # Where there is no such file yet, or a damaged one, the same training begins anew.
            with suppress(OSError, ValueError):
                training.restore(TrainingState.load(checkpoint))
            return run.id, checkpoint
    forget_unfinished_runs(project, REFINE)
    with project.writing_files():
        make_folder(folder)
        # The ids of forgotten runs are given again; what they left must not be taken for the new run's.
        for left in folder.glob("run-*.safetensors*"):
            left.unlink()
    run_id = begin_run(project, REFINE, label_ids=label_ids, settings=inputs)
    return run_id, folder / f"run-{run_id}.safetensors"


def _train(
    project: Project,
    training: Training,
    targets: TrainingTargets,
    checkpoint: Path,
    progress: Progress,
    cancellation: Cancellation,
    on_epoch: Callable[[EpochReport], None] | None,
) -> None:
    """Train to the end; after each epoch its state is kept."""
    progress.start("Training", total=training.settings.epochs, unit="epochs")
    progress.advance(len(training.reports))
    truth = watch_truth(project, targets.photos, [label.id for label in targets.labels])
    for report in training.epochs(cancellation.check):
        if truth is not None and (report.moved > 0 or report.epoch == 1):
            probable, _ = _worth(targets, training.refined_labels())
            report = training.reports[-1] = replace(report, truth_map=truth(probable))
        with _writing_tensors(project):
            training.state().save(checkpoint)
        progress.advance()
        if on_epoch is not None:
            on_epoch(report)


def _keep_what_was_learnt(
    project: Project,
    run_id: int,
    targets: TrainingTargets,
    learner: Learner,
    training: Training,
    made: dict[str, Any],
    cancellation: Cancellation,
) -> Path:
    """Finish the run with its scores and its classifier; returns the classifier's folder.

    Args:
        made: how the classifier was made, for its card.
    """
    thresholds, refined = targets.targets.thresholds, training.refined_labels()
    predicted = training.predictions(cancellation.check)
    # What the classifier says is no more on the scale of the labels than it was taught to be: as often as these.
    from_there = thresholds_taking(predicted, np.count_nonzero(refined >= thresholds, axis=0))
    folder = classifier_folder(project, run_id)
    names = tuple(label.name for label in targets.labels)
    described = ClassifierDescription(names, training.settings.output, tuple(from_there.tolist()), made)
    with _writing_tensors(project):
        learner.classifier(described).save(folder)
    # Nothing of it suggests before all is there, and how much it changes is known.
    withdraw_run(project, run_id)
    store_scores(project, run_id, CLASSIFIER, targets.photos, predicted)
    probable, strengths = _worth(targets, refined)
    store_scores(project, run_id, REFINED, targets.photos, probable)
    own_scale = np.ones(len(names))
    found_out = {
        HELD_BACK: True,
        "classifier": str(folder),
        **shape_settings(REFINED, Shape(own_scale / 2, own_scale)),
        "thresholds": {REFINED: [0.5] * len(names), CLASSIFIER: from_there.tolist()},
        **strengths,
        "reports": [asdict(report) for report in training.reports],
    }
    keep_run_settings(project, run_id, found_out)
    finish_run(project, run_id)
    in_force = newest_run_with(project, REFINED)
    forget_old_scores(project, REFINE, keep_also=in_force.id if in_force is not None else None)
    return folder


def _worth(
    targets: TrainingTargets, refined: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], dict[str, dict[str, list[float | None]]]]:
    """How probable the refined labels are, photos x labels, and from which probability on each is likely and may be.

    How many photos of a label these take the refined labels say; which ones, also what was known before.
    """
    thresholds = targets.targets.thresholds
    probable = probability_by_agreement(refined, targets.even, targets.guess).astype(np.float32)
    # What was decided is 0 or 1, and no suggestion.
    open_to_answer = ~targets.targets.known & np.isnan(targets.targets.held_out)
    strengths: dict[str, dict[str, list[float | None]]] = {}
    for name, level in (("likely", thresholds), ("maybe", targets.maybe)):
        counts = np.count_nonzero(open_to_answer & (refined >= level), axis=0)
        values = thresholds_taking(np.where(open_to_answer, probable, np.nan), counts)
        strengths[name] = {REFINED: [None if np.isnan(value) else float(value) for value in values]}
    return probable, strengths


def _changes_by(project: Project, run_id: int, before: Snapshot, taught: Set[int]) -> Changes:
    run = next(run for run in runs(project) if run.id == run_id)
    changes = changes_by_training(project, before, run, taught)
    assert changes is not None
    return changes


@contextmanager
def _writing_tensors(project: Project) -> Iterator[None]:
    from safetensors import SafetensorError

    with project.writing_files():
        try:
            yield
        except SafetensorError as error:  # what it says of a disk that is full
            raise OSError(str(error)) from error
