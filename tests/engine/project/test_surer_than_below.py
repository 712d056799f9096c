"""No label is less sure than one that stands below it."""

import numpy as np
import pytest
from aviary import ANIMAL, BIRD, CAT, PET, SPARROW, A, B, C

from engine.project import Project
from engine.project.filters import parse
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.label_state import LabelState
from engine.project.parents import Parents, Suggesting
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold
from engine.stages.review.photo_labels import list_photos, marked_labels

pytestmark = pytest.mark.both_databases


def suggesting(*thresholds: float, probabilities: bool = False) -> Suggesting:
    values = np.array(thresholds, np.float32)
    return Suggesting(values, values / 2, np.full(len(values), probabilities))


def test_a_label_is_at_least_as_sure_as_each_below_it() -> None:
    birds = Parents(3, {0: [1], 1: [2]})
    scores = np.array([[0.9, 0.1, np.nan], [0.05, 0.3, 0.2], [np.nan, np.nan, np.nan], [0.5, 0.5, 0.01]], np.float32)
    by = suggesting(0.6, 0.2, 0.02)
    lifted = birds.lifted(scores, scores, by)
    found = np.stack([scores[:, 0], lifted[1], lifted[2]], axis=1)
    for child, parent in ((0, 1), (1, 2)):
        likely = found[:, child] >= by.thresholds[child]
        assert (found[likely, parent] >= by.thresholds[parent]).all()
        maybe = found[:, child] >= by.maybe_from[child]
        assert (found[maybe, parent] >= by.maybe_from[parent]).all()
    assert found[1, 1] == np.float32(0.3)
    assert np.isnan(found[2]).all()
    # .5 is not likely where .6 is asked for: nothing above it becomes likely by that.
    assert np.nanmax(birds.lifted(scores[3:, :] * [1, 0, 0], scores[3:] * [1, 0, 0], by)[1]) < 0.2


def test_a_label_of_which_nothing_is_likely_is_maybe_on_no_more_photos_by_what_stands_below_it() -> None:
    scores = np.array([[0.001, 0.01], [0.2, 0.01], [0.9, 0.01]], np.float32)
    by = Suggesting(np.array([0.4, 1], np.float32), np.array([0.1, 0.2], np.float32), np.array([True, True]))
    lifted = Parents(2, {0: [1]}).lifted(scores, scores, by)[1]
    assert lifted[0] < 0.02
    assert 0.2 <= lifted[1] < 1
    assert lifted[2] == 1


def test_probabilities_are_lifted_as_they_are() -> None:
    lifted = Parents(2, {0: [1]}).lifted(
        one := np.array([[0.5, 0.1]], np.float32), one, suggesting(0.6, 0.9, probabilities=True)
    )
    assert lifted[1].tolist() == [np.float32(max(0.5, lifted[1][0]))]


def test_only_what_stands_above_a_changed_label_is_lifted_anew() -> None:
    tree = Parents(4, {0: [1], 2: [3]})
    scores = np.full((1, 4), 0.5, np.float32)
    assert tree.lifted(scores, scores, suggesting(0.2, 0.2, 0.2, 0.2), [0]).keys() == {1}


def test_a_general_label_without_scores_is_suggested_by_what_is_below_it(aviary: Project) -> None:
    snapshot = take_snapshot(aviary)
    own = np.full(snapshot.scores.shape, np.nan, np.float32)
    own[0, SPARROW - 1] = 0.7
    seen: Snapshot = snapshot.suggested_by(own, snapshot.thresholds, snapshot.maybe_from)
    assert seen.states()[0].tolist()[:3] == [LabelState.LIKELY] * 3
    assert np.isnan(seen.scores_of(BIRD - 1).scores).all()


def test_numbers_that_stand_side_by_side_have_no_label_surer_than_what_it_stands_below(aviary: Project) -> None:
    """Though thresholds are far apart: a sparrow at .4 is less than likely, an animal at .3 would be."""
    scores = np.array([[0.4, 0.01, 0.02, 0.3, 0.01], [0.7, 0.1, 0.1, 0.1, 0.6], [0.1] * 5], np.float32)
    run = begin_run(aviary, "initialise", label_ids=[1, 2, 3, 4, 5], settings={})
    store_scores(aviary, run, INITIAL, [A, B, C], scores)
    finish_run(aviary, run)
    levels = zip((SPARROW, BIRD, ANIMAL, PET, CAT), (0.5, 0.3, 0.25, 0.25, 0.5), strict=True)
    set_thresholds(aviary, [ManualThreshold(label, INITIAL, level) for label, level in levels])
    snapshot = take_snapshot(aviary)
    assert snapshot.scores[0, 2] < 0.25
    shown = snapshot.shown_scores()
    for column, above in snapshot.parents.right_above.items():
        for parent in above:
            assert not (shown[:, column] > shown[:, parent]).any()
            np.testing.assert_array_equal(snapshot.shown_scores_of(parent), shown[:, parent])
    listed = {one.label: one.score for one in next(list_photos(snapshot, [0])).labels}
    assert listed["sparrow"] == pytest.approx(0.4)
    assert marked_labels(snapshot, 0)[:3] == ["pet 0.30", "sparrow 0.40?", "bird 0.40?"]
    assert parse("score(animal)>=0.35").rows(snapshot).tolist() == [True, True, False]
    assert parse("likely:animal").rows(snapshot).tolist() == [False, True, False]
