"""Which answers are likely mistakes: by hand from the paper, and found again where they were made."""

from __future__ import annotations

import numpy as np
import pytest

from engine.method.confident_learning import differing_answers, suspected_mistakes


def test_the_papers_rule_by_hand():
    # Mean chance of those given yes: .6; mean chance of no of those given no: .65.
    chances = np.array([[0.9], [0.8], [0.1], [0.05], [0.3], [0.7]])
    answers = np.array([[1], [1], [1], [-1], [-1], [-1]])
    found = suspected_mistakes(chances, answers)
    # .1 counts confidently as no (.9 >= .65), .7 as yes (.7 >= .6)
    assert found[:, 0] == pytest.approx([0, 0, 0.9, 0, 0, 0.7])


def test_the_likelier_answer_is_never_suspected():
    # yes from .325 on, no from .71 chance of yes downwards
    chances = np.array([[0.55], [0.1], [0.4], [0.9]])
    answers = np.array([[1], [1], [-1], [-1]])
    assert suspected_mistakes(chances, answers)[:, 0] == pytest.approx([0, 0.9, 0, 0.9])


def test_a_rare_label_whose_yes_are_all_mistakes_does_not_make_every_no_a_suspect():
    chances = np.array([[0.01], [0.02], [0.03], [0.01], [0.04]])
    answers = np.array([[1], [1], [-1], [-1], [-1]])
    assert (suspected_mistakes(chances, answers)[:, 0] > 0).tolist() == [True, True, False, False, False]


def test_where_nobody_gave_the_other_answer_one_half_decides():
    chances = np.array([[0.9], [0.2]])
    assert suspected_mistakes(chances, np.array([[1], [1]]))[:, 0] == pytest.approx([0, 0.8])
    assert suspected_mistakes(chances, np.array([[-1], [-1]]))[:, 0] == pytest.approx([0.9, 0])


def test_without_an_answer_or_a_chance_nothing_is_suspected():
    assert not suspected_mistakes(np.array([[0.9, np.nan]]), np.array([[0, 1]])).any()
    assert suspected_mistakes(np.zeros((0, 2)), np.zeros((0, 2), int)).shape == (0, 2)


def test_most_of_what_was_turned_round_is_found():
    random = np.random.default_rng(4)
    odds = random.normal(-2, 3, (3000, 4))
    chances = 1 / (1 + np.exp(-odds))
    answers = np.where(random.random(odds.shape) < chances, 1, -1)
    turned = random.random(odds.shape) < 0.05
    found = suspected_mistakes(chances, np.where(turned, -answers, answers))
    suspected = found > 0
    surely = turned & ((chances > 0.95) | (chances < 0.05))
    assert suspected[surely].mean() > 0.95
    assert turned[found > 0.95].mean() > 10 * turned.mean()


def test_answers_that_differ_within_a_group_are_all_named():
    answers = np.array([[1, 1], [-1, 1], [0, 0], [1, -1], [-1, 1]])
    groups = np.array([7, 7, 7, 3, -1])
    assert differing_answers(answers, groups).tolist() == [
        [True, False],
        [True, False],
        [False, False],
        [False, False],
        [False, False],
    ]
    assert not differing_answers(answers, np.full(5, -1)).any()
    with pytest.raises(ValueError, match=r"one number for each of 5 photos, but got shape \(2,\)"):
        differing_answers(answers, np.zeros(2, int))
