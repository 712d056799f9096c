"""What is trained: the last layer over stored features, or a whole network over the photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.errors import WrongUsage
from engine.jobs import Cancellation, Progress
from engine.models.device import device_for
from engine.models.training.backbones import Backbone, open_backbone
from engine.models.training.classifier import Classifier, new_head, random_head
from engine.models.training.full_training import FullTraining
from engine.models.training.head_training import HeadTraining
from engine.models.training.loop import Training
from engine.models.training.saved_classifier import ClassifierDescription
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings
from engine.photos.squashed import SquashedPhotos
from engine.project import Project
from engine.project.photos import ReadablePhoto
from engine.stages.training.features import photo_features
from engine.wording import Sentence

HEAD, FULL, _AUTO = "head", "full", "auto"


class Learner(Protocol):
    """Something that learns labels from photos; its methods are called in this order."""

    def look_at(self, photos: Sequence[ReadablePhoto], progress: Progress, cancellation: Cancellation) -> list[int]:
        """Get ready what the training needs of the photos; returns the ids of those that can be read, in order."""
        ...

    def begin(self, labels: TrainingLabels) -> Training:
        """The training, with labels for the photos that `look_at` returned."""
        ...

    def classifier(self, description: ClassifierDescription) -> Classifier:
        """The backbone with what was learnt, on the processor."""
        ...


class HeadLearner:
    """A linear layer over the features of a frozen backbone, which are made once and kept in the cache."""

    def __init__(self, project: Project, backbone: Backbone, settings: TrainingSettings) -> None:
        self._project, self._backbone, self._settings = project, backbone, settings

    def look_at(self, photos: Sequence[ReadablePhoto], progress: Progress, cancellation: Cancellation) -> list[int]:
        """Get the features."""
        parts = list(photo_features(self._project, self._backbone, photos, progress, cancellation))
        self._features = np.concatenate(
            [np.zeros((0, self._backbone.dimension), np.float32), *(features for _, features in parts)]
        )
        return [photo for ids, _ in parts for photo in ids]

    def begin(self, labels: TrainingLabels) -> Training:
        self._training = HeadTraining(self._features, labels, self._settings)
        return self._training

    def classifier(self, description: ClassifierDescription) -> Classifier:
        return Classifier(self._backbone, self._training.linear_layer(), description)


class FullLearner:
    """All of a network, from photos that are cropped and mirrored at random."""

    def __init__(self, project: Project, backbone: Backbone, settings: TrainingSettings) -> None:
        self._project, self._backbone, self._settings = project, backbone, settings

    def look_at(self, photos: Sequence[ReadablePhoto], progress: Progress, cancellation: Cancellation) -> list[int]:
        """Decode each photo once; the epochs read what came of it."""
        progress.start("Looking at photos", total=len(photos))
        self._photos = SquashedPhotos(self._project.folder, self._backbone.preprocessing.input_size)
        files = ((photo.id, self._project.file_of(photo.path)) for photo in photos)
        return self._photos.add(files, progress.advance, cancellation.check)

    def begin(self, labels: TrainingLabels) -> Training:
        count = labels.values.shape[1]
        if self._settings.start == "frequency":
            head = new_head(self._backbone.dimension, labels.values, seed=self._settings.seed)
        else:
            head = random_head(self._backbone.dimension, count, seed=self._settings.seed)
        unnamed = ClassifierDescription(tuple(map(str, range(count))), self._settings.output, (0.5,) * count)
        self._classifier = Classifier(self._backbone, head, unnamed)
        self._training = FullTraining(self._classifier, self._photos, labels, self._settings, device_for())
        return self._training

    def classifier(self, description: ClassifierDescription) -> Classifier:
        made = {**description.made, "precision": self._training.precision}
        self._classifier.description = replace(description, made=made)
        return self._classifier.cpu()


def training_mode(train: str) -> str:
    """`HEAD` or `FULL`. `auto`, which may stand in scripts, is the last layer: nothing is known to be better.

    Raises:
        WrongUsage: neither.
    """
    if train not in (HEAD, FULL, _AUTO):
        raise WrongUsage(
            Sentence("Expected the way to train to be {head} or {full}, but got {train!r}.").format(
                head=HEAD, full=FULL, train=train
            )
        )
    return FULL if train == FULL else HEAD


def open_learner(project: Project, network: str, weights: Path | None, way: str, settings: TrainingSettings) -> Learner:
    """The network to train, `HEAD` or `FULL`.

    Raises:
        BackboneUnavailable: no such network, no weights for it, or one that takes no photos of the input size.
    """
    backbone = open_backbone(network, weights, settings.input_size)
    return FullLearner(project, backbone, settings) if way == FULL else HeadLearner(project, backbone, settings)
