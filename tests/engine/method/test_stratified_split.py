"""Splits keep each label's share, and photos that belong together stay together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold

from engine.method.stratification import stratified_split


def photos_with_labels(photos: int, labels: int, seed: int = 0) -> np.ndarray:
    """Labels that occur more and less often, some of them together."""
    random = np.random.default_rng(seed)
    often = np.geomspace(0.4, 10 / photos, labels)
    has = random.random((photos, labels)) < often
    has[:, 1] |= has[:, 0] & (random.random(photos) < 0.5)
    return has


def share_error(labels: np.ndarray, part_of: np.ndarray, shares: np.ndarray) -> float:
    """Mean distance of the labels' counts in the parts from what their shares ask for, in photos."""
    found = np.array([labels[part_of == part].sum(axis=0) for part in range(len(shares))])
    return float(np.abs(found - np.outer(shares, labels.sum(axis=0))).mean())


@pytest.mark.parametrize("seed", range(3))
def test_shares_are_kept_as_well_as_by_the_package(seed: int) -> None:
    labels = photos_with_labels(600, 12, seed)
    shares = np.full(5, 0.2)
    ours = stratified_split(labels, np.arange(len(labels)), shares, seed)
    folds = MultilabelStratifiedKFold(5, shuffle=True, random_state=seed).split(labels, labels)
    theirs = np.zeros(len(labels), int)
    for part, (_, chosen) in enumerate(folds):
        theirs[chosen] = part
    assert share_error(labels, ours, shares) <= share_error(labels, theirs, shares) + 0.1
    assert np.abs(np.bincount(ours) - 120).max() <= 2


def test_every_label_has_its_share_in_every_part() -> None:
    labels = photos_with_labels(1000, 20)
    shares = np.array([80, 10, 10])
    part_of = stratified_split(labels, np.arange(1000), shares, 0)
    found = np.array([labels[part_of == part].sum(axis=0) for part in range(3)])
    wanted = np.outer(shares / 100, labels.sum(axis=0))
    assert np.abs(found - wanted).max() < 3
    random = np.random.default_rng(0).choice(3, 1000, p=shares / 100)
    assert share_error(labels, part_of, shares / 100) < share_error(labels, random, shares / 100) / 3


def test_a_case_by_hand() -> None:
    """The rare label first: its two photos go one to each part; then the other label, then what has none."""
    labels = np.array([[1, 0], [1, 0], [1, 1], [1, 1], [0, 0], [0, 0]], bool)
    part_of = stratified_split(labels, np.arange(6), (1, 1), seed=0)
    for pair in ([0, 1], [2, 3], [4, 5]):
        assert sorted(part_of[pair]) == [0, 1]


@settings(max_examples=60, deadline=None)
@given(
    photos=st.integers(0, 40),
    labels=st.integers(0, 5),
    shares=st.lists(st.integers(0, 10), min_size=1, max_size=4).filter(any),
    seed=st.integers(0, 5),
)
def test_groups_stay_together_and_seeds_repeat(photos: int, labels: int, shares: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    has = random.random((photos, labels)) < 0.3
    groups = random.integers(0, max(1, photos // 2), photos)
    part_of = stratified_split(has, groups, shares, seed)
    assert part_of.shape == (photos,)
    for group in np.unique(groups):
        assert len(set(part_of[groups == group].tolist())) == 1
    assert all(shares[part] > 0 for part in part_of)
    np.testing.assert_array_equal(part_of, stratified_split(has, groups, shares, seed))


def test_large_groups_still_leave_shares() -> None:
    labels = photos_with_labels(600, 8)
    groups = np.repeat(np.arange(150), 4)
    part_of = stratified_split(labels, groups, (80, 10, 10), 0)
    found = np.bincount(part_of) / 600
    np.testing.assert_allclose(found, [0.8, 0.1, 0.1], atol=0.02)


def test_another_seed_is_another_split() -> None:
    labels = photos_with_labels(200, 5)
    splits = [stratified_split(labels, np.arange(200), (80, 20), seed) for seed in (0, 1)]
    assert np.any(splits[0] != splits[1])


@pytest.mark.parametrize("shares", [(), (0, 0), (-1, 2)])
def test_shares_that_are_none(shares: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="Expected argument `shares` to be not negative and together more than 0"):
        stratified_split(np.zeros((3, 2), bool), np.arange(3), shares, 0)
