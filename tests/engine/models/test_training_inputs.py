"""What a training is given: labels, features and settings that cannot be are refused with what was expected."""

import numpy as np
import pytest

from engine.errors import WrongUsage
from engine.models.training.head_training import HeadTraining
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings


def test_few_decisions_are_all_learnt():
    decisions = np.full((50, 4), np.nan)
    decisions[:5] = 1
    assert TrainingLabels.merge(np.full((50, 4), 0.5), decisions, hold_out=0.2).known.sum() == 20


@pytest.mark.parametrize(
    ("pseudo", "decisions", "words"),
    [
        (np.full((3, 2), 1.5), None, "from 0 to 1"),
        (np.full((3, 2), np.nan), None, "from 0 to 1"),
        (np.zeros((0, 2)), None, "at least one of each"),
        (np.full((3, 2), 0.5), np.zeros((2, 2)), r"\(3, 2\)"),
        (np.full((3, 2), 0.5), np.full((3, 2), 0.5), "1, 0 and nan"),
    ],
)
def test_wrong_labels_are_refused(pseudo, decisions, words):
    with pytest.raises(ValueError, match=words):
        TrainingLabels.merge(pseudo, decisions)


def test_wrong_features_are_refused():
    labels = TrainingLabels.merge(np.full((3, 2), 0.5))
    with pytest.raises(ValueError, match="3 photos x values"):
        HeadTraining(np.zeros((4, 8), np.float32), labels, TrainingSettings())
    with pytest.raises(ValueError, match="nan or infinity"):
        HeadTraining(np.full((3, 8), np.nan, np.float32), labels, TrainingSettings())


def test_settings_go_through_json_and_every_one_is_explained():
    settings = TrainingSettings.preset("paper", full=True)
    assert TrainingSettings.from_json(settings.to_json()) == settings
    assert (settings.objective, settings.input_size, settings.scale_to_top) == ("kl", 448, False)
    assert set(TrainingSettings.words()) == set(settings.to_json())
    assert all(len(words) > 20 for words in TrainingSettings.words().values())


@pytest.mark.parametrize(
    "change",
    [
        {"sigma": 0},
        {"epochs": 0},
        {"objective": "mse"},
        {"augment": "blur"},
        {"learning_rate": float("nan")},
        {"step_size": -1},
    ],
)
def test_impossible_settings_are_refused(change):
    with pytest.raises(WrongUsage, match=f"Expected {next(iter(change))} to be"):
        TrainingSettings(**change)
    with pytest.raises(ValueError, match="colour"):
        TrainingSettings.from_json({"colour": 1})
