"""The project of hard names that formats are tested on is what it says it is."""

import os

import numpy as np
import pytest
from making import HARD_LABELS, HARD_PHOTOS

from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.take_snapshot import take_snapshot


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_every_name_is_in_it(hard_names: Project) -> None:
    snapshot = take_snapshot(hard_names)
    assert sorted(map(os.fsencode, snapshot.paths)) == sorted(HARD_PHOTOS)
    assert tuple(label.name for label in snapshot.labels) == HARD_LABELS


def test_every_label_is_everything_somewhere(hard_names: Project) -> None:
    states = take_snapshot(hard_names).states()
    for label in states.T:
        assert set(label.tolist()) == set(LabelState) - {LabelState.IMPLIED, LabelState.RULED_OUT} - {LabelState.MAYBE}
    assert np.any(np.all(states == LabelState.ABSENT, axis=1))
