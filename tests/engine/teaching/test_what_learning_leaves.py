"""What learning may not change: what is likely on a reviewed photo, and the photo that somebody looks at."""

from __future__ import annotations

import numpy as np
from taught_photos import CAT, DOG

from engine.project.answer import Answer
from engine.project.filters import parse
from engine.project.history.edit_labels import choose_label_set
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.exporting.selection import select
from engine.stages.teaching.teaching import snapshot_in_force


def likely(snapshot, column: int = CAT) -> np.ndarray:
    return snapshot.states()[:, column] == LabelState.LIKELY


def test_on_a_reviewed_photo_nothing_becomes_likely_by_what_is_learnt_later(made):
    made.label("made up", maybe={INITIAL: [0.02, 0.02]})  # what may be stands folded, and was not looked at
    reviewed = np.arange(120)
    made.say(reviewed[likely(snapshot_in_force(made.project))[reviewed]])
    answer(made.project, "seen", [Answer(int(row) + 1, None, True) for row in reviewed])
    made.say(made.doubtful[made.doubtful >= 120][:40])
    taught = snapshot_in_force(made.project)
    untaught = taught.untaught_scores()[reviewed, CAT] >= taught.untaught_thresholds()[CAT]
    learnt = reviewed[(taught.scores[reviewed, CAT] >= taught.thresholds[CAT]) & ~untaught]
    assert len(learnt) > 3
    assert (taught.states()[learnt, CAT] == LabelState.MAYBE).all()
    assert not parse("likely:cat").rows(taught)[learnt].any()
    assert parse("maybe:cat").rows(taught)[learnt].all()
    exported = select(made.project, taught, ExportRequest(states="suggested")).export
    assert not exported.suggested[learnt, CAT].any()
    # Not reviewed after all: it is suggested.
    answer(made.project, "not seen", [Answer(int(row) + 1, None, None) for row in learnt])
    assert (snapshot_in_force(made.project).states()[learnt, CAT] == LabelState.LIKELY).all()


def test_a_photo_that_is_held_over_another_label_set_shows_what_is_learnt_of_the_labels_that_came(made):
    """As it is for who goes on looking at a photo while the label set is another."""
    made.say(made.doubtful[:40])
    made.say(range(60), DOG)
    whole = snapshot_in_force(made.project)
    learnt = np.flatnonzero(likely(whole, DOG) & (whole.untaught_scores()[:, DOG] < whole.untaught_thresholds()[DOG]))
    assert learnt.size
    choose_label_set(made.project, [NewLabel("cat")], "one")
    before = snapshot_in_force(made.project)
    before.hold(int(learnt[0]))
    choose_label_set(made.project, [NewLabel("cat"), NewLabel("dog")], "both")
    now = snapshot_in_force(made.project)
    now.hold_as(before)
    assert now.held is not None
    assert now.states()[learnt[0], DOG] == LabelState.LIKELY


def test_what_stands_above_a_label_that_was_learnt_does_not_become_likely_on_a_reviewed_photo_either(made):
    made.label("made up", maybe={INITIAL: [0.02, 0.02]})
    use_label_set(made.project, [NewLabel("cat", parents=("dog",)), NewLabel("dog")])
    answer(made.project, "seen", [Answer(int(row) + 1, None, True) for row in range(120)])
    made.say(made.doubtful[made.doubtful >= 120][:40])
    taught = snapshot_in_force(made.project)
    states = taught.states()
    own = taught.untaught_scores()[:120] >= taught.untaught_thresholds()
    lifted = ~own.any(axis=1) & (taught.scores[:120, DOG] >= taught.thresholds[DOG])
    assert lifted.any()
    assert (states[:120, DOG][lifted] == LabelState.MAYBE).all()
