"""Thresholds set by hand, as edits of the history keep them: what is set now, and setting it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from engine.project.schema import Setting, ThresholdChange
from engine.project.thresholds import by_hand_setting

LabelOfStage = tuple[int, str]
"""A label's id, and the stage whose scores the threshold is for."""


@dataclass(frozen=True)
class HandSet:
    """A person's threshold for one label's scores of a stage; value None for none of their own."""

    label_id: int
    stage: str
    value: float | None


@dataclass(frozen=True)
class ThresholdMove:
    """What an edit changes of one label's threshold set by hand."""

    label_id: int
    stage: str
    old: float | None
    new: float | None


def set_by_hand(connection: Connection, stages: Iterable[str]) -> dict[LabelOfStage, float]:
    """The thresholds that are set by hand now, of these stages."""
    return {
        (int(label), stage): value for stage in sorted(set(stages)) for label, value in _kept(connection, stage).items()
    }


def moves_of(connection: Connection, edit_id: int) -> list[ThresholdMove]:
    """What an edit changed."""
    rows = connection.execute(
        select(ThresholdChange.label_id, ThresholdChange.stage, ThresholdChange.old, ThresholdChange.new).where(
            ThresholdChange.edit_id == edit_id
        )
    )
    return [ThresholdMove(*row) for row in rows]


def record(connection: Connection, edit_id: int, moves: Sequence[ThresholdMove]) -> None:
    """Keep what an edit changes, and change it."""
    if not moves:
        return
    connection.execute(insert(ThresholdChange), [{"edit_id": edit_id, **vars(move)} for move in moves])
    for stage in sorted({move.stage for move in moves}):
        by_label = _kept(connection, stage)
        for move in moves:
            if move.stage == stage and move.new is None:
                by_label.pop(str(move.label_id), None)
            elif move.stage == stage and move.new is not None:
                by_label[str(move.label_id)] = move.new
        connection.execute(
            insert(Setting).prefix_with("OR REPLACE").values(name=by_hand_setting(stage), value=by_label)
        )


def _kept(connection: Connection, stage: str) -> dict[str, float]:
    row = connection.execute(select(Setting.value).where(Setting.name == by_hand_setting(stage))).first()
    return {} if row is None else dict(row.value)
