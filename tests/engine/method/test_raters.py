"""How far people agree: by hand, and equal to what others compute of the same answers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from engine.method.bootstrap import bootstrap_interval, draw_photos
from engine.method.raters import cohens_kappa, krippendorffs_alpha


def drawn(people: int, photos: int, *, answered: float = 0.7, seed: int = 0) -> np.ndarray:
    """Answers of people who mostly agree and have each left some photos out: people x photos x 4 labels."""
    random = np.random.default_rng(seed)
    truth = random.random((photos, 4)) < [0.5, 0.2, 0.9, 0.05]
    said = np.where(truth ^ (random.random((people, photos, 4)) < 0.15), 1, -1)
    return np.where(random.random(said.shape) < answered, said, 0).astype(np.int8)


def test_kappa_by_hand():
    # Of 50 photos 20 both yes, 15 both no, 5 yes and no, 10 no and yes: agreed .7; by chance .5 * .6 + .5 * .4 = .5.
    cells = [(1, 1)] * 20 + [(-1, -1)] * 15 + [(1, -1)] * 5 + [(-1, 1)] * 10 + [(0, 1), (1, 0), (0, 0)]
    first, second = np.array(cells).T[:, :, None]
    assert cohens_kappa(first, second) == pytest.approx([0.4])


def test_alpha_by_hand():
    # Krippendorff's own example of two observers and binary data (2011): 10 units, alpha .095.
    first = np.array([0, 1, 0, 0, 0, 0, 0, 0, 1, 0]) * 2 - 1
    second = np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0]) * 2 - 1
    assert krippendorffs_alpha(np.stack([first, second])[:, :, None]).round(3) == pytest.approx([0.095])


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_scikit_learns(seed: int):
    first, second = drawn(2, 300, seed=seed)
    for label, found in enumerate(cohens_kappa(first, second)):
        both = (first[:, label] != 0) & (second[:, label] != 0)
        assert found == pytest.approx(cohen_kappa_score(first[both, label], second[both, label]), abs=1e-9, rel=0)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("people", [2, 3, 6])
def test_alpha_is_that_of_krippendorff(people: int, seed: int):
    krippendorff = pytest.importorskip("krippendorff", reason="krippendorff is not installed: nothing to compare with")
    answers = drawn(people, 200, answered=0.5, seed=seed)
    for label, found in enumerate(krippendorffs_alpha(answers)):
        ratings = np.where(answers[:, :, label] == 0, np.nan, answers[:, :, label])
        assert found == pytest.approx(krippendorff.alpha(ratings, level_of_measurement="nominal"), abs=1e-9, rel=0)


def test_a_photo_that_is_drawn_twice_counts_twice():
    answers, counts = drawn(3, 60), draw_photos(60, 8, seed=3)
    for resample in range(8):
        again = np.repeat(answers, counts[:, resample], axis=1)
        assert np.allclose(krippendorffs_alpha(answers, counts)[resample], krippendorffs_alpha(again), equal_nan=True)
        kappa = cohens_kappa(answers[0], answers[1], counts)[resample]
        assert np.allclose(kappa, cohens_kappa(again[0], again[1]), equal_nan=True)


def test_an_interval_holds_the_figure_and_is_narrower_of_more_photos():
    widths = []
    for photos in (50, 2000):
        answers, counts = drawn(2, photos), draw_photos(photos, 200)
        kappas, resampled = cohens_kappa(*answers), cohens_kappa(*answers, counts)
        found = bootstrap_interval(float(kappas[0]), resampled[:, 0], lowest=-1.0)
        assert found is not None
        assert found.low < found.value < found.high
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 3


def test_what_cannot_be_told_is_nan():
    nobody = np.zeros((2, 3, 1), np.int8)
    all_yes = np.ones((2, 3, 1), np.int8)
    one_each = np.array([[[1], [0]], [[0], [-1]]])
    for answers in (nobody, all_yes, one_each):
        assert np.isnan(cohens_kappa(*answers)).all()
        assert np.isnan(krippendorffs_alpha(answers)).all()


def test_less_than_chance_is_negative():
    first = np.array([[1], [-1], [1], [-1]])
    assert cohens_kappa(first, -first) == pytest.approx([-1])
    assert krippendorffs_alpha(np.stack([first, -first]))[0] < 0
