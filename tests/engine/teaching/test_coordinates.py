"""Where photos lie by their looks is kept, follows the collection, and goes on where it was stopped."""

from __future__ import annotations

import numpy as np
import pytest
from taught_photos import DIMENSION, PHOTOS

from engine.jobs import Cancellation, Cancelled, Progress
from engine.stages.care.tidy import find_leftovers
from engine.stages.teaching.coordinates import coordinates_of


def test_coordinates_are_kept_and_new_photos_are_only_added(made):
    project = made.project
    first = coordinates_of(project, np.arange(1, PHOTOS + 1))
    assert first.shape[0] == PHOTOS
    made.add(PHOTOS + 60)
    made.label("made up", np.resize(made.scores, (PHOTOS + 60, 2)))
    more = coordinates_of(project, np.arange(1, PHOTOS + 61))
    np.testing.assert_array_equal(more[:PHOTOS], first)
    assert np.abs(more[PHOTOS:]).sum(axis=1).all()
    assert find_leftovers(project).embeddings == ()


def test_a_collection_that_doubled_has_axes_of_its_own(made):
    first = coordinates_of(made.project, np.arange(1, PHOTOS + 1))
    made.looks = np.random.default_rng(9).normal(0, 1, (2 * PHOTOS, DIMENSION))
    made.add(2 * PHOTOS)
    made.label("made up", np.resize(made.scores, (2 * PHOTOS, 2)))
    again = coordinates_of(made.project, np.arange(1, 2 * PHOTOS + 1))
    assert not np.array_equal(again[:PHOTOS], first)


def test_cancelled_it_goes_on_where_it_was(made):
    cancellation = Cancellation()
    progress = Progress(lambda report: cancellation.cancel())
    with pytest.raises(Cancelled):
        coordinates_of(made.project, np.arange(1, PHOTOS + 1), progress, cancellation)
    assert coordinates_of(made.project, np.arange(1, PHOTOS + 1)) is not None
