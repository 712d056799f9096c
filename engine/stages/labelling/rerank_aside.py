"""Scores that lie aside, reranked and read as a collection: the same as in memory, a part or some labels at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields
from functools import partial
from typing import TypeVar

import numpy as np

from engine.jobs import Cancellation
from engine.method.rerank import LABELS_AT_ONCE, LinearModel, SumsOverPhotos, match_ranks
from engine.method.stage_one import StageScores, UsualScores, Values
from engine.method.strengths import Counts, Strengths
from engine.method.thresholds import PHOTOS_LOOKED_AT, Shape
from engine.models.threads import map_in_threads
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL
from engine.stages.labelling.score_meaning import ScoreMeaning, joined_strengths, shape_among, strengths_of_labels
from engine.stages.labelling.scores_aside import ScoresAside

TABLES = tuple(each.name for each in fields(StageScores))
"""Of a `ScoresAside` for this: those of `StageScores`."""

_VALUES_AT_ONCE = 2**21
"""Of all labels for some photos, or of some labels for all photos, in one table: 8 MB, in each of a few threads."""

Made = TypeVar("Made")


def part_of(aside: ScoresAside, photos: slice) -> StageScores:
    """All scores of some photos."""
    return StageScores(*(aside.photos(name, photos) for name in TABLES))


def rerank_aside(aside: ScoresAside, usual: UsualScores, cancellation: Cancellation) -> None:
    """Rerank the initial scores as `rerank_scores` does; of the evidence nothing is left.

    Args:
        usual: what was added up of all photos.
    """
    sums = usual.sums()
    for of_part in _each(partial(_add_up, aside, usual), _parts(aside), cancellation):
        sums.merge(of_part)
    for _ in _each(partial(_put_in_order, aside, usual, sums.model()), _parts(aside), cancellation):
        pass
    for _ in _each(partial(_deal_out, aside), _labels(aside, aside.width("initial")), cancellation):
        pass


def meaning_aside(aside: ScoresAside, labels: int, lifted: Counts | None, cancellation: Cancellation) -> ScoreMeaning:
    """What the scores mean, see `ScoreMeaning.of`."""
    shape = shape_among(_some_photos(aside, "initial"), labels)
    of_labels = partial(_strengths, aside, shape, lifted)
    return ScoreMeaning(shape, joined_strengths([*_each(of_labels, _labels(aside, labels), cancellation)]))


def _each(function: Callable[[slice], Made], parts: Iterator[slice], cancellation: Cancellation) -> Iterator[Made]:
    with closing(map_in_threads(function, parts)) as made:
        for one in made:
            cancellation.check()
            yield one


def _add_up(aside: ScoresAside, usual: UsualScores, photos: slice) -> SumsOverPhotos:
    sums = usual.sums()
    usual.add_to(sums, photos.start, part_of(aside, photos))
    return sums


def _put_in_order(aside: ScoresAside, usual: UsualScores, model: LinearModel, photos: slice) -> None:
    aside.put("evidence", photos.start, usual.order(part_of(aside, photos), model))


def _deal_out(aside: ScoresAside, labels: slice) -> None:
    order = aside.columns("evidence", labels)
    aside.put_columns("initial", labels, match_ranks(aside.columns("initial", labels), order))


def _strengths(aside: ScoresAside, shape: Shape, lifted: Counts | None, labels: slice) -> dict[str, Strengths]:
    tables = {GLOBAL: "whole", AGGREGATED: "aggregated", INITIAL: "initial"}
    by_stage = {stage: aside.columns(table, labels) for stage, table in tables.items()}
    return strengths_of_labels(shape, labels, by_stage, lifted)


def _some_photos(aside: ScoresAside, name: str) -> Values:
    """An even part of the photos, as many as a shape is read off."""
    step = max(1, len(aside) // PHOTOS_LOOKED_AT)
    return np.concatenate([aside.photos(name, part)[-part.start % step :: step].copy() for part in _parts(aside)])


def _parts(aside: ScoresAside) -> Iterator[slice]:
    at_once = aside.at_once * max(1, min(20, _VALUES_AT_ONCE // (aside.at_once * aside.width("initial"))))
    return _slices(len(aside), at_once)


def _labels(aside: ScoresAside, labels: int) -> Iterator[slice]:
    return _slices(labels, max(1, min(LABELS_AT_ONCE, _VALUES_AT_ONCE // len(aside))))


def _slices(count: int, at_once: int) -> Iterator[slice]:
    return (slice(start, min(start + at_once, count)) for start in range(0, count, at_once))
