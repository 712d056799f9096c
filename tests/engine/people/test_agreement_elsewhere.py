"""`cdul agreement` gives the figures that others compute of the answers that the guide describes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from engine import person
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.people.agreement import Agreement, agreement
from engine.stages.people.taking import take

PHOTOS, LABELS = 200, ("cat", "dog", "boat")


@pytest.fixture
def desk(project: Project) -> Project:
    """Photos with labels that are likely, that may be, and that are neither."""
    use_label_set(project, [NewLabel(name) for name in LABELS])
    record_folder(project, [FoundPhoto(f"{at:03}.jpg", 1, 1) for at in range(PHOTOS)])
    label_ids = [label.id for label in label_set(project)]
    known = {name: {INITIAL: [start] * len(LABELS)} for name, start in (("maybe", 0.3), ("thresholds", 0.6))}
    run = begin_run(project, "initialise", label_ids=label_ids, settings=known)
    scores = np.random.default_rng(1).random((PHOTOS, len(LABELS)), np.float32)
    store_scores(project, run, INITIAL, take_snapshot(project).photo_ids.tolist(), scores)
    finish_run(project, run)
    return project


def reviewed_by(desk: Project, people: tuple[str, ...]) -> np.ndarray:
    """Have each review photos of their own and some as the second.

    Returns:
        what each says by the words of the guide: people x photos x labels, nan for no answer.
    """
    random = np.random.default_rng(2)
    before = take_snapshot(desk)
    may_be = before.states() == LabelState.MAYBE
    assert 0.2 < may_be.mean() < 0.5
    truth = random.random(may_be.shape) < 0.4
    said = np.full((len(people), *may_be.shape), np.nan)
    label_ids = [label.id for label in before.labels]
    for at, who in enumerate(people):
        person.be(who)
        for photo in take(desk, take_snapshot(desk), 120, 0.8 if at else 0.0).photo_ids:
            row = before.row_of(photo)
            seen = np.where(random.random(len(label_ids)) < 0.2, ~truth[row], truth[row])
            answers_it = random.random(len(label_ids)) < 0.5
            calls_it_reviewed = random.random() < 0.8
            given = [
                Answer(photo, label, bool(yes))
                for label, yes, told in zip(label_ids, seen, answers_it, strict=True)
                if told
            ]
            if given or calls_it_reviewed:
                answer(desk, "said", [*given, *([Answer(photo, None, True)] if calls_it_reviewed else [])])
            if calls_it_reviewed:
                said[at, row, ~may_be[row]] = -1
            said[at, row, answers_it] = np.where(seen, 1, -1)[answers_it]
    return said


def figures(found: Agreement) -> dict[str, tuple[float | None, list[float | None]]]:
    return {one.label: (one.alpha.figure, [kappa.figure for kappa in one.kappas]) for one in found.labels}


@pytest.mark.parametrize("people", [("Ada", "Ben"), ("Ada", "Ben", "Cyd")])
def test_the_figures_are_those_of_scikit_learn_and_krippendorff(desk: Project, people: tuple[str, ...]) -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="krippendorff is not installed: nothing to compare with")
    said = reviewed_by(desk, people)
    found = agreement(desk, take_snapshot(desk))
    assert found.pairs == tuple(combinations(people, 2))
    for column, (name, (alpha, kappas)) in enumerate(figures(found).items()):
        assert name == LABELS[column]
        ratings = said[:, :, column]
        assert alpha == pytest.approx(krippendorff.alpha(ratings, level_of_measurement="nominal"), abs=1e-9, rel=0)
        for pair, kappa in zip(combinations(range(len(people)), 2), kappas, strict=True):
            both = ratings[:, ~np.isnan(ratings[list(pair)]).any(axis=0)][list(pair)]
            assert both.shape[1] > 8
            assert kappa == pytest.approx(cohen_kappa_score(*both), abs=1e-9, rel=0)


def test_what_may_be_and_was_left_alone_is_no_answer(desk: Project) -> None:
    may_be = take_snapshot(desk).states() == LabelState.MAYBE
    for who in ("Ada", "Ben"):
        person.be(who)
        answer(desk, "reviewed", [Answer(photo, None, True) for photo in take_snapshot(desk).photo_ids.tolist()])
    found = agreement(desk, take_snapshot(desk))
    assert {one.label: one.alpha.answered for one in found.labels} == {
        name: PHOTOS - int(may_be[:, column].sum()) for column, name in enumerate(LABELS)
    }
