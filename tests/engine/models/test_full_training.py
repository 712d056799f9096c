"""Training of the whole network, end to end on one small enough: is the photo red, is it bright on the left?"""

import numpy as np
import pytest
import torch

from engine.models.training.backbones import Backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.full_training import FullTraining, augment
from engine.models.training.loop import TrainingState
from engine.models.training.saved_classifier import ClassifierDescription, Preprocessing
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings


def coloured_photos(count=64, size=16, seed=0):
    random = np.random.default_rng(seed)
    truth = (random.random((count, 2)) < 0.5).astype(np.float32)
    photos = random.integers(0, 90, (count, size, size, 3))
    photos[..., 0] += (130 * truth[:, 0]).astype(int)[:, None, None]
    photos[..., 2] += (130 * truth[:, 1]).astype(int)[:, None, None]
    return photos.astype(np.uint8), truth


class TinyNetwork(torch.nn.Sequential):
    head_hidden_size = 8

    def __init__(self):
        super().__init__(
            torch.nn.Conv2d(3, 8, 3, stride=2),
            torch.nn.BatchNorm2d(8),
            torch.nn.ReLU(),
            torch.nn.AdaptiveAvgPool2d(1),
            torch.nn.Flatten(),
            torch.nn.Dropout(0.1),
        )


def full_training(photos, labels, settings):
    torch.manual_seed(0)
    backbone = Backbone("tiny", TinyNetwork(), Preprocessing(16, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)))
    description = ClassifierDescription(("red", "blue"), settings.output, (0.5, 0.5))
    classifier = Classifier(backbone, new_head(8, labels.values), description)
    return FullTraining(classifier, lambda indices: photos[indices], labels, settings)


def test_full_training_learns_what_is_in_the_photos():
    photos, truth = coloured_photos()
    pseudo = 0.2 + 0.6 * truth
    settings = TrainingSettings(epochs=12, learning_rate=0.03, batch=16, weight_decay=0.0)
    training = full_training(photos, TrainingLabels.merge(pseudo), settings)
    assert len(list(training.epochs())) == 12
    unseen, unseen_truth = coloured_photos(seed=5)
    assert ((training.classifier.eval().predict(unseen) >= 0.5) == (unseen_truth > 0)).mean() > 0.95


def test_augmentation_is_a_choice():
    photos, _ = coloured_photos(count=40)
    pixels = torch.tensor(photos).permute(0, 3, 1, 2).float()
    generator = torch.Generator().manual_seed(0)
    assert torch.equal(augment(pixels, generator, "none"), pixels)
    seen = augment(pixels, generator, "mirror")
    as_it_was, mirrored = ((seen == one).flatten(1).all(1) for one in (pixels, pixels.flip(-1)))
    assert 5 < int(mirrored.sum()) < 35
    assert torch.equal(as_it_was, ~mirrored)
    assert not (augment(pixels, generator) == pixels).flatten(1).all(1).any()


def test_full_training_resumes_bit_for_bit_with_dropout_and_random_crops(tmp_path):
    photos, truth = coloured_photos(count=32)
    labels = TrainingLabels.merge(0.3 + 0.4 * truth)
    settings = TrainingSettings(epochs=4, warm_up=1, update_every=1, batch=8)
    whole = full_training(photos, labels, settings)
    list(whole.epochs())
    first = full_training(photos, labels, settings)
    first.run_epoch()
    first.run_epoch()
    first.state().save(tmp_path / "state")
    second = full_training(photos, labels, settings)
    second.restore(TrainingState.load(tmp_path / "state"))
    list(second.epochs())
    np.testing.assert_array_equal(second.predictions(), whole.predictions())
    np.testing.assert_array_equal(second.refined_labels(), whole.refined_labels())


def test_an_epoch_can_be_left_between_two_batches():
    photos, truth = coloured_photos(count=32)
    training = full_training(photos, TrainingLabels.merge(truth), TrainingSettings(batch=8))
    calls = []

    def leave_at_the_third():
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run_epoch(leave_at_the_third)
    assert training.reports == []


def test_random_crops_stay_in_the_photo_and_mirror_half():
    across = torch.linspace(0, 1, 32).expand(200, 3, 32, 32)
    crops = augment(across, torch.Generator().manual_seed(0))
    assert crops.shape == across.shape
    assert crops.min() >= 0
    assert crops.max() <= 1
    mirrored = (crops[:, 0, 0, 0] > crops[:, 0, 0, -1]).float().mean()
    assert 0.35 < mirrored < 0.65
    shown = (crops[:, 0, 0, 0] - crops[:, 0, 0, -1]).abs()
    assert 0.6 < shown.min() < shown.max() <= 1
