"""Thresholds set by hand, as edits of the history keep them: what is set now, and setting it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from engine.project.settings import keep_setting_in, setting_in
from engine.project.storage.schema import ThresholdChange
from engine.project.thresholds import THRESHOLD_SETTING, by_hand_setting

LabelOfStage = tuple[int | None, str]
"""A label's id, and the stage whose scores the threshold is for; `FOR_ALL` for the one for all labels."""

FOR_ALL: LabelOfStage = (None, "")
"""All labels that have no threshold of their own, and the scores of every stage."""

_FOR_ALL_SETTING = "threshold for all labels, by edit"
"""Of the project: by the edit's id (as text, as JSON wants it), the threshold before and after."""


@dataclass(frozen=True)
class ManualThreshold:
    """A person's threshold for one label's scores of a stage, or `FOR_ALL`; value None for none of their own."""

    label_id: int | None
    stage: str
    value: float | None


@dataclass(frozen=True)
class ThresholdMove:
    """What an edit changes of one label's threshold set by hand, or of that for all."""

    label_id: int | None
    stage: str
    old: float | None
    new: float | None


def set_by_hand(connection: Connection, stages: Iterable[str]) -> dict[LabelOfStage, float]:
    """The thresholds that are set by hand now, of these stages, and the one for all where there is one."""
    for_all = setting_in(connection, THRESHOLD_SETTING)
    by_hand: dict[LabelOfStage, float] = {} if for_all is None else {FOR_ALL: for_all}
    for stage in sorted(set(stages)):
        by_hand.update({(int(label), stage): value for label, value in _kept(connection, stage).items()})
    return by_hand


def moves_of(connection: Connection, edit_id: int) -> list[ThresholdMove]:
    """What an edit changed."""
    rows = connection.execute(
        select(ThresholdChange.label_id, ThresholdChange.stage, ThresholdChange.old, ThresholdChange.new).where(
            ThresholdChange.edit_id == edit_id
        )
    )
    for_all = setting_in(connection, _FOR_ALL_SETTING, {}).get(str(edit_id))
    return [ThresholdMove(*row) for row in rows] + ([ThresholdMove(*FOR_ALL, *for_all)] if for_all else [])


def record(connection: Connection, edit_id: int, moves: Sequence[ThresholdMove]) -> None:
    """Keep what an edit changes, and change it."""
    of_labels = [move for move in moves if move.label_id is not None]
    if of_labels:
        connection.execute(insert(ThresholdChange), [{"edit_id": edit_id, **vars(move)} for move in of_labels])
    for stage in sorted({move.stage for move in of_labels}):
        by_label = _kept(connection, stage)
        for move in of_labels:
            if move.stage == stage and move.new is None:
                by_label.pop(str(move.label_id), None)
            elif move.stage == stage and move.new is not None:
                by_label[str(move.label_id)] = move.new
        keep_setting_in(connection, by_hand_setting(stage), by_label)
    for move in moves:
        if move.label_id is None:
            by_edit = {**setting_in(connection, _FOR_ALL_SETTING, {}), str(edit_id): [move.old, move.new]}
            keep_setting_in(connection, _FOR_ALL_SETTING, by_edit)
            keep_setting_in(connection, THRESHOLD_SETTING, move.new)


def _kept(connection: Connection, stage: str) -> dict[str, float]:
    return dict(setting_in(connection, by_hand_setting(stage), {}))
