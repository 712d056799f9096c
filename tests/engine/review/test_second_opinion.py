"""A second opinion stands beside what suggests; where both differ is a queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_tiny_clip

from engine.models.encoders.catalog import open_encoder
from engine.models.encoders.confirmed import confirm_encoder
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.runs import SECOND, newest_run_with
from engine.project.take_snapshot import take_snapshot
from engine.stages.history.take_back import take_back
from engine.stages.importing.import_labels import carry_out, plan
from engine.stages.importing.import_plan import ImportChoice, TakeAs, read_source
from engine.stages.labelling.second_opinion import ask_encoder
from engine.stages.review.queues import OPINIONS, opposed, queue


@pytest.fixture
def scores_file(labelled: Project, tmp_path: Path) -> Path:
    """Says of each photo what the scores in force do, but of the first one the contrary of dog."""
    snapshot = take_snapshot(labelled)
    likely = snapshot.states() == LabelState.LIKELY
    likely[0, 1] = ~likely[0, 1]
    lines = [",".join(["file_name", *(label.name for label in snapshot.labels)])]
    lines += [
        ",".join([path, *("0.9" if yes else "0.1" for yes in row)])
        for path, row in zip(snapshot.paths, likely.tolist(), strict=True)
    ]
    file = tmp_path / "scores.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_imported_scores_suggest_nothing_and_differences_are_a_queue(labelled: Project, scores_file: Path) -> None:
    before = take_snapshot(labelled)
    assert queue(labelled, before, OPINIONS).tolist() == []
    source, choice = read_source(scores_file), ImportChoice(TakeAs.OPINION)
    assert plan(labelled, source, choice).photos == 8
    done = carry_out(labelled, source, choice)
    assert done.run is not None
    assert carry_out(labelled, source, choice).run is None  # there already
    after = take_snapshot(labelled)
    np.testing.assert_array_equal(after.scores, before.scores)
    assert queue(labelled, after, OPINIONS).tolist() == [0]
    assert np.argwhere(opposed(labelled, after)).tolist() == [[0, 1]]
    # Whoever has answered has said which of both is right.
    answer(labelled, "said", [Answer(int(after.photo_ids[0]), after.labels[1].id, True)])
    assert queue(labelled, take_snapshot(labelled), OPINIONS).tolist() == []


def test_a_second_encoder_is_asked_and_taken_back(labelled: Project, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = make_tiny_clip(tmp_path / "other", seed=2)
    confirm_encoder(str(other))
    before = take_snapshot(labelled)
    opinion = ask_encoder(labelled, open_encoder(str(other)))
    assert (opinion.photos, opinion.encoded) == (8, 8)
    assert ask_encoder(labelled, open_encoder(str(other))).encoded == 0
    after = take_snapshot(labelled)
    second = after.matrix_of(labelled, SECOND)
    np.testing.assert_array_equal(after.scores, before.scores)
    assert not np.isnan(second).any()
    assert not np.allclose(second, after.scores)
    run = newest_run_with(labelled, SECOND)
    assert run is not None
    take_back(labelled, f"r{run.id}")
    take_back(labelled, f"r{opinion.run}")
    assert newest_run_with(labelled, SECOND) is None
    assert queue(labelled, take_snapshot(labelled), OPINIONS).tolist() == []


def test_the_same_encoder_agrees_with_itself(labelled: Project, tiny_clip_encoder: Any) -> None:
    ask_encoder(labelled, tiny_clip_encoder)
    snapshot = take_snapshot(labelled)
    np.testing.assert_allclose(snapshot.matrix_of(labelled, SECOND), snapshot.scores, rtol=1e-4)
