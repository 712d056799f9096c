"""Thresholds set by hand are edits: they can be undone and redone, also after a restart."""

from __future__ import annotations

import pytest

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, can_undo_redo, history, redo, undo
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, REFINED
from engine.project.thresholds import FOR_ALL, ManualThreshold, ThresholdSource, thresholds_in_force

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(project: Project) -> Project:
    """Two labels and a photo."""
    use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto("a.jpg", 1, 1)])
    return project


def by_hand(project, stage=INITIAL):
    """The thresholds that are set by hand, by label."""
    return in_force(project, stage, ThresholdSource.BY_HAND)


def for_all(project):
    """The thresholds of the labels for which the one for all is in force."""
    return in_force(project, INITIAL, ThresholdSource.FOR_ALL)


def in_force(project, stage, wanted):
    from engine.project.labels import label_set

    labels = label_set(project)
    values, sources = thresholds_in_force(project, stage, labels)
    return {
        label.name: round(float(value), 3)
        for label, value, source in zip(labels, values, sources, strict=True)
        if source == wanted
    }


def test_setting_is_one_edit_that_is_undone_as_a_whole(desk):
    done = set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3), ManualThreshold(2, INITIAL, 0.4)], by="ann")
    assert [(one.kind, one.title, one.by) for one in history(desk)] == [
        ("edit", "thresholds set: cat 0.3, dog 0.4", "ann")
    ]
    assert by_hand(desk) == {"cat": 0.3, "dog": 0.4}
    undone = undo(desk)
    assert undone.thresholds == (ManualThreshold(1, INITIAL, None), ManualThreshold(2, INITIAL, None))
    assert by_hand(desk) == {}
    assert redo(desk).thresholds == done.thresholds
    assert by_hand(desk) == {"cat": 0.3, "dog": 0.4}


def test_it_outlives_a_restart(desk):
    set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3)])
    set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.5)])
    undo(desk)
    desk.close()
    with Project.open(desk.photos, desk.place) as project:
        assert by_hand(project) == {"cat": 0.3}
        assert can_undo_redo(project) == ("threshold of cat set to 0.3", "threshold of cat set to 0.5")
        redo(project)
        assert by_hand(project) == {"cat": 0.5}


def test_stages_have_thresholds_of_their_own(desk):
    set_thresholds(desk, [ManualThreshold(1, REFINED, 0.6)])
    assert by_hand(desk) == {}
    assert by_hand(desk, REFINED) == {"cat": 0.6}


def test_undoing_leaves_what_was_set_again_since(desk):
    first = set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3), ManualThreshold(2, INITIAL, 0.3)])
    set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.7)])
    undone = undo(desk, first.edit_id)
    assert undone.left == 1
    assert by_hand(desk) == {"cat": 0.7}


def test_they_stand_in_one_line_with_decisions(desk):
    set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3)])
    answer(desk, "decision", [Answer(1, 1, True)])
    assert undo(desk).title == "decision"
    assert by_hand(desk) == {"cat": 0.3}
    assert undo(desk).title == "threshold of cat set to 0.3"
    assert by_hand(desk) == {}
    assert redo(desk).title == "threshold of cat set to 0.3"


def test_what_changes_nothing_is_no_edit(desk):
    assert set_thresholds(desk, [ManualThreshold(1, INITIAL, None)]) is None
    set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3)])
    assert set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3)]) is None
    assert set_thresholds(desk, [ManualThreshold(1, INITIAL, None)]).thresholds == (ManualThreshold(1, INITIAL, None),)
    assert by_hand(desk) == {}


def test_one_for_all_labels_is_an_edit_as_any_other(desk):
    set_thresholds(desk, [ManualThreshold(*FOR_ALL, 0.4)])
    set_thresholds(desk, [ManualThreshold(*FOR_ALL, 0.6)])
    assert [one.title for one in history(desk)][:2] == [
        "one threshold for all labels set to 0.6",
        "one threshold for all labels set to 0.4",
    ]
    assert for_all(desk) == {"cat": 0.6, "dog": 0.6}
    desk.close()
    with Project.open(desk.photos, desk.place) as project:
        undo(project)
        assert for_all(project) == {"cat": 0.4, "dog": 0.4}
        undo(project)
        assert for_all(project) == {}
        redo(project)
        assert for_all(project) == {"cat": 0.4, "dog": 0.4}
        assert set_thresholds(project, [ManualThreshold(*FOR_ALL, 0.4)]) is None


def test_a_label_keeps_its_own_beside_the_one_for_all(desk):
    both = set_thresholds(desk, [ManualThreshold(1, INITIAL, 0.3), ManualThreshold(*FOR_ALL, 0.5)])
    assert by_hand(desk) == {"cat": 0.3}
    assert for_all(desk) == {"dog": 0.5}
    set_thresholds(desk, [ManualThreshold(*FOR_ALL, 0.7)])
    assert undo(desk, both.edit_id).left == 1
    assert for_all(desk) == {"cat": 0.7, "dog": 0.7}
