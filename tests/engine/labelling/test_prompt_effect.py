"""What other prompts would do, told before they are in force."""

from typing import Any

import numpy as np
import pytest

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.edit_labels import set_prompts
from engine.project.labels import label_set
from engine.project.runs import INITIAL, load_scores, newest_run_with
from engine.stages.labelling.initialise import initialise
from engine.stages.labelling.initialise_settings import settings_of
from engine.stages.labelling.prompt_effect import PromptEffect, prompt_effect


def test_the_effect_is_what_the_next_run_scores(labelled: Project, tiny_clip_encoder: Any) -> None:
    run = newest_run_with(labelled, INITIAL)
    assert run is not None
    dog = label_set(labelled)[1]
    effect = prompt_effect(labelled, tiny_clip_encoder, run, dog.id, ["a wolf", "a hound"], photo_id=3)
    before = load_scores(labelled, INITIAL)
    set_prompts(labelled, dog.id, ["a wolf", "a hound"])
    initialise(labelled, tiny_clip_encoder, settings_of(run), Progress(), Cancellation())
    after = load_scores(labelled, INITIAL)
    assert before is not None
    assert after is not None
    assert after.run_id != before.run_id
    order = np.argsort(effect.photo_ids)
    assert effect.photo_ids[order].tolist() == after.photo_ids.tolist()
    np.testing.assert_allclose(effect.before[order], before.values[:, 1], rtol=1e-4)
    np.testing.assert_allclose(effect.after[order], after.values[:, 1], rtol=1e-4)
    place = after.photo_ids.tolist().index(3)
    assert effect.on(3) == pytest.approx((before.values[place, 1], after.values[place, 1]), rel=1e-4)
    assert effect.best(1)[0][0] == after.photo_ids[after.values[:, 1].argmax()]


def test_nothing_is_changed_by_asking(labelled: Project, tiny_clip_encoder: Any) -> None:
    run = newest_run_with(labelled, INITIAL)
    assert run is not None
    labels = label_set(labelled)
    prompt_effect(labelled, tiny_clip_encoder, run, labels[0].id, ["a lion"])
    assert label_set(labelled) == labels
    assert newest_run_with(labelled, INITIAL) == run


def test_the_best_come_first() -> None:
    effect = PromptEffect(np.array([7, 8, 9]), np.zeros(3, np.float32), np.array([0.25, 0.75, 0.5], np.float32))
    assert effect.best(2) == [(8, 0.75), (9, 0.5)]
    assert effect.on(1) is None
