"""Scores that lie in a file beside the project while a run makes them, and are reranked there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.jobs import NEVER
from engine.method.rerank import SumsOverPhotos
from engine.method.stage_one import UsualScores, rerank_scores, score
from engine.project import Project
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL
from engine.stages.labelling import rerank_aside as reranking
from engine.stages.labelling import scores_aside
from engine.stages.labelling.score_meaning import ScoreMeaning
from engine.stages.labelling.scores_aside import ScoresAside

PHOTOS, LABELS, AT_ONCE = 230, 8, 50


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.open(tmp_path)


@pytest.mark.parametrize("in_memory", [2**20, 0], ids=["in memory", "in a file"])
def test_tables_come_back_by_photos_and_by_columns(
    project: Project, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr(scores_aside, "_IN_MEMORY", in_memory)
    random = np.random.default_rng(1)
    one, other = random.random((PHOTOS, 3), np.float32), random.random((PHOTOS, 5), np.float32)
    with ScoresAside(project, PHOTOS, {"one": 3, "other": 5, "none": 0}, AT_ONCE) as aside:
        for start in (100, 0, 200, 50, 150):
            aside.put("one", start, one[start : start + AT_ONCE])
        aside.put("other", 0, other)
        np.testing.assert_array_equal(aside.photos("one", slice(0, PHOTOS)), one)
        np.testing.assert_array_equal(aside.photos("other", slice(150, 1000)), other[150:])
        np.testing.assert_array_equal(aside.columns("other", slice(1, 4)), other[:, 1:4])
        aside.put_columns("other", slice(4, 5), one[:, :1])
        np.testing.assert_array_equal(aside.photos("other", slice(50, 100))[:, 4], one[50:100, 0])
        np.testing.assert_array_equal(aside.columns("one", slice(0, 3)), one)
        assert aside.photos("none", slice(0, 50)).shape == (50, 0)
    assert not [*project.folder.glob("tmp*")]


@pytest.mark.parametrize("most_to_learn_from", [4096, 9], ids=["by labels", "by some photos"])
def test_what_lies_aside_is_reranked_and_read_as_in_memory(
    project: Project, monkeypatch: pytest.MonkeyPatch, most_to_learn_from: int
) -> None:
    monkeypatch.setattr("engine.method.rerank._MOST_TO_LEARN_FROM", most_to_learn_from)
    monkeypatch.setattr(reranking, "_VALUES_AT_ONCE", 3 * PHOTOS)  # a few labels at a time, or a few photos
    similarities = np.random.default_rng(5).normal(size=(PHOTOS, 10, LABELS)).astype(np.float32)
    scores = score(similarities, None, temperature=1.0, zeta=0.0, contrast=1.0)
    lifted = np.array([np.arange(6), np.arange(6) + 20])
    with ScoresAside(project, PHOTOS, dict.fromkeys(reranking.TABLES, LABELS) | {"log_abundance": 1}, AT_ONCE) as aside:
        usual = UsualScores(LABELS)
        for start in range(0, PHOTOS, AT_ONCE):
            part, of_part = slice(start, start + AT_ONCE), UsualScores(LABELS)
            of_part.add(scores[part])
            usual.merge(of_part)
            for name in reranking.TABLES:
                aside.put(name, start, getattr(scores, name)[part])
        reranking.rerank_aside(aside, usual, NEVER)
        expected = rerank_scores(scores)
        reranked = aside.photos("initial", slice(0, PHOTOS))
        meaning = reranking.meaning_aside(aside, 6, lifted, NEVER)
    np.testing.assert_allclose(reranked, expected.initial, atol=1e-6)
    in_memory = ScoreMeaning.of(expected, 6, lifted)
    for stage in (GLOBAL, AGGREGATED, INITIAL):
        for name in ("likely", "maybe"):
            of_stage = (getattr(each.strengths[stage], name) for each in (meaning, in_memory))
            np.testing.assert_allclose(*of_stage, atol=1e-6)
    np.testing.assert_allclose(meaning.shape.thresholds, in_memory.shape.thresholds, atol=1e-5)


@pytest.mark.parametrize("features", [4, 300], ids=["fewer than photos", "more than photos"])
def test_sums_over_parts_are_the_sum_over_all(features: int) -> None:
    random = np.random.default_rng(3)
    rows, teacher = random.normal(size=(200, features)), random.random((200, 5))
    at_once, in_parts = SumsOverPhotos(200, features, 5), SumsOverPhotos(200, features, 5)
    at_once.add(0, rows, teacher)
    for start in (120, 0, 60, 180):
        part, of_part = slice(start, min(start + 60, 200)), SumsOverPhotos(200, features, 5)
        of_part.add(start, rows[part], teacher[part])
        in_parts.merge(of_part)
    np.testing.assert_allclose(in_parts.model().weights, at_once.model().weights, rtol=1e-9)
    np.testing.assert_allclose(in_parts.model().means, teacher.mean(axis=0), rtol=1e-9)
