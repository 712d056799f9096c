"""What was chosen for the training: kept in words that survive, and never in the way when they do not."""

import json

import pytest

from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.settings import Settings
from engine.models.training.training_settings import TrainingSettings


def test_a_choice_is_kept_and_read_again() -> None:
    choice = TrainingChoice(None, TrainingSettings(epochs=3, learning_rate=1e-5), "resnet101", "full")
    assert TrainingChoice.from_json(json.loads(json.dumps(choice.to_json()))) == choice


@pytest.mark.parametrize(
    "broken",
    ["[]", "nonsense", '{"preset": "best"}', '{"own": {"sigma": 0}}', '{"own": {"sigma": "x"}}', '{"colour": 1}'],
)
def test_what_cannot_be_read_is_the_default(broken: str) -> None:
    settings = Settings()
    settings._kept.setValue("training/choice", broken)
    assert TrainingChoice.kept() == TrainingChoice()


def test_the_default_of_a_whole_network_differs_from_that_of_its_last_layer() -> None:
    assert TrainingChoice(train="head").settings == TrainingSettings.preset("default")
    assert TrainingChoice(train="full").settings == TrainingSettings.preset("default", full=True)
    assert TrainingChoice(train="full").request().training == TrainingSettings.preset("default", full=True)


def test_ones_own_settings_are_asked_for_as_they_are() -> None:
    own = TrainingSettings(epochs=7, seed=3)
    request = TrainingChoice(None, own, "resnet101", "head").request()
    assert (request.training, request.network, request.train) == (own, "resnet101", "head")
