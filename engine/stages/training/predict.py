"""Stage 3: the classifier alone labels photos, with no image-text encoder and no snippets."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.thresholds import Shape, shape_of
from engine.models.training.classifier import Classifier
from engine.project import Project
from engine.project.photos import GONE, readable_photos, unreadable_photos
from engine.project.runs import CLASSIFIER, OPINION, SECOND, begin_run, finish_run, forget_old_scores, store_scores
from engine.stages.labelling.add_photos import add_some_photos
from engine.stages.matching import columns_of
from engine.stages.thresholds.calibrate import MAYBE, calibrate_labels, shape_settings
from engine.stages.training.features import photo_features
from engine.stages.training.learners import FULL
from engine.wording import Sentence, n_labels, n_photos, n_suggestions

PREDICT = "predict"


@dataclass(frozen=True)
class PredictResult:
    """What a prediction did: `photos` in the folder, `labelled` of them, and labels suggested at the thresholds."""

    project: str
    run: int
    classifier: str
    labels: int
    photos: int
    labelled: int
    suggested: int
    seconds: float
    unmatched_labels: tuple[str, ...]
    """Of the classifier, without a label in the project."""
    unreadable: tuple[tuple[str, Sentence], ...]
    unlisted: tuple[str, ...] = ()
    """Names of the list of photos that are no photo of the folder."""

    @property
    def sentence(self) -> str:
        """For people."""
        return (
            f"Labelled {self.labelled:,} of {n_photos(self.photos)} with {n_labels(self.labels)} by the classifier "
            f"alone in {self.seconds:.1f} s: {n_suggestions(self.suggested)}."
        )


def predict(
    project: Project,
    folder: Path,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    photo_list: Sequence[str] | None = None,
    look_for_photos: bool = True,
    as_opinion: bool = False,
) -> PredictResult:
    """Label the photos of a project with a classifier.

    A project without labels gets the classifier's; else its labels are found among the classifier's by name. The
    thresholds are the classifier's own. Cancelled or killed, the next call goes on with the photos that are left.

    Args:
        folder: the classifier's.
        photo_list: the photos of the folder that the project holds from now on, by name; see `engine.photos.listed`.
        look_for_photos: whether the folder is looked into for photos that came, changed or went.
        as_opinion: it is a second opinion, and suggests nothing.

    Raises:
        UserError: no classifier there, no photos, or none of its labels is in the project.
    """
    started = time.monotonic()
    progress.start("Opening the classifier", total=None)
    classifier = Classifier.load(folder)
    unlisted: tuple[str, ...] = ()
    if look_for_photos or photo_list is not None:
        unlisted = add_some_photos(project, progress, cancellation, photo_list).unlisted
    there = len(readable_photos(project)) + sum(problem != GONE for _path, problem in unreadable_photos(project))
    names, thresholds = classifier.description.labels, classifier.description.thresholds
    outputs = columns_of(project, names)

    ids: list[int] = []
    scores = [np.zeros((0, len(outputs)), np.float32)]
    for part, features in photo_features(
        project,
        classifier.backbone,
        readable_photos(project),
        progress,
        cancellation,
        precision=_precision_of(classifier),
    ):
        ids.extend(part)
        scores.append(classifier.predict_from(features)[:, list(outputs)])
    values = np.concatenate(scores)
    levels = [thresholds[output] for output in outputs]
    # The thresholds are the classifier's own; how steep its scores are these photos tell. Few photos tell it badly, and
    # where a label may be is not left to that: from a quarter of the odds on.
    own = Shape(np.array(levels), shape_of(values).steepness)
    maybe = Shape(own.thresholds, np.ones(len(levels))).scores_at(MAYBE)
    of_run, stage = (OPINION, SECOND) if as_opinion else (PREDICT, CLASSIFIER)
    told = {**shape_settings(stage, own), "maybe": {stage: maybe.tolist()}}
    settings = {"classifier": str(folder.absolute()), **told}
    run = begin_run(project, of_run, label_ids=list(outputs.values()), settings=settings)
    store_scores(project, run, stage, ids, values)
    finish_run(project, run)
    forget_old_scores(project, of_run)
    if not as_opinion:
        calibrate_labels(project)
    return PredictResult(
        project.name,
        run,
        str(folder),
        len(outputs),
        there,
        len(ids),
        int(np.count_nonzero(values >= np.array(levels, np.float32))),
        round(time.monotonic() - started, 2),
        tuple(name for output, name in enumerate(names) if output not in outputs),
        tuple(unreadable_photos(project)),
        unlisted,
    )


def _precision_of(classifier: Classifier) -> str:
    """A network that was trained in full precision as a whole is used in it: half of it would be another network."""
    made = classifier.description.made
    exact = made.get("train") == FULL and made.get("precision", "float32") == "float32"
    return "float32" if exact else "auto"
