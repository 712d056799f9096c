"""A clock that goes back does not turn the history round."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, history, undo
from engine.project.runs import INITIAL, newest_run_with
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.initialise import InitialiseSettings, initialise


def test_undo_and_runs_go_by_their_order(
    labelled: Project, tiny_clip_encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = datetime(2026, 1, 1)

    def earlier() -> datetime:
        nonlocal time
        time -= timedelta(days=1)
        return time

    for module in ("history.history", "runs", "snapshot"):
        monkeypatch.setattr(f"engine.project.{module}.now", earlier)
    before = newest_run_with(labelled, INITIAL)
    answer(labelled, "first", [Answer(1, 1, True)])
    answer(labelled, "second", [Answer(1, 1, False)])
    assert [edit.title for edit in history(labelled)] == ["second", "first"]
    undone = undo(labelled)
    assert undone is not None
    assert undone.title == "second"
    assert take_snapshot(labelled).decisions[0, 0] == 1
    initialise(labelled, tiny_clip_encoder, InitialiseSettings(temperature=0.5), Progress(), Cancellation())
    after = newest_run_with(labelled, INITIAL)
    assert before is not None
    assert after is not None
    assert after.id > before.id
    assert after.started_at < before.started_at
