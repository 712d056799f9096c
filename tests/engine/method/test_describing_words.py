"""Which words tell photos apart: worked by hand, and what a person expects of the list."""

from __future__ import annotations

import numpy as np
import pytest

from engine.method.describing_words import (
    Kinds,
    at_least_their_kinds,
    leave_to_the_seen,
    mutual_information,
    telling_words,
    word_chances,
)

NO_KINDS = Kinds.of([[], [], []])
UNLIKE = np.eye(8, dtype=np.float32)


def told(chances: list[list[float]], kinds: Kinds = NO_KINDS, *, least: int = 1, **more: object) -> list[int]:
    values = np.array(chances, np.float32)
    words = values.shape[1]
    given: dict = {"may": np.ones(words, bool), **more}
    return list(telling_words(values, UNLIKE[:words], kinds, least=least, **given))


def test_the_kinds_of_a_thing_are_added_up_in_each_snippet_as_worked_by_hand() -> None:
    """Of dog, poodle and cat; the chances of three words that compete are e^s / sum e^s."""
    kinds = Kinds.of([[], [0], []])
    similarities = np.log(np.array([[[0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]]]))
    found = word_chances(similarities, 1.0, kinds)
    # Dog: (0.2 + 0.5 + best of 0.1 + 0.1 and 0.3 + 0.3) / 2.
    np.testing.assert_allclose(found, [[(0.7 + 0.6) / 2, (0.5 + 0.3) / 2, (0.3 + 0.8) / 2]], atol=1e-6)


def test_mutual_information_as_worked_by_hand() -> None:
    """A word that is surely on one photo of four; one that is a little on all; one that is half sure of two."""
    found = mutual_information(np.array([[1, 0.25, 0.5], [0, 0.25, 0.5], [0, 0.25, 0], [0, 0.25, 0]]))
    entropy_of_a_quarter = 0.25 * 2 + 0.75 * np.log2(4 / 3)
    np.testing.assert_allclose(found, [entropy_of_a_quarter, 0, entropy_of_a_quarter - 0.5], atol=1e-5)


def test_the_most_telling_word_is_first_and_one_that_is_on_all_photos_is_none() -> None:
    assert told([[1, 0.9, 0], [1, 0.9, 0], [1, 0, 0.9], [1, 0, 0]]) == [1, 2]


def test_words_without_evidence_are_not_told() -> None:
    assert told([[0.39, 0.9, 0], [0, 0, 0], [0, 0, 0]]) == [1]
    assert told([[0.39, 0.9, 0], [0, 0, 0], [0, 0, 0]], least=2) == []


def test_of_two_words_on_the_same_photos_one_is_told_the_specific_one_where_there_is_one() -> None:
    together = [[0.9, 0.89, 0], [0.9, 0.89, 0], [0, 0, 0.9], [0, 0, 0]]
    assert told(together) == [0, 2]
    assert told(together, Kinds.of([[], [0], []])) == [1, 2]


def test_a_thing_is_told_beside_a_kind_of_it_that_is_on_few_of_its_photos() -> None:
    chances = [[1, 1, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert told(chances, Kinds.of([[], [0], []])) == [0, 1]


def test_words_that_mean_the_same_are_told_once() -> None:
    values = np.array([[0.9, 0, 0], [0, 0.8, 0], [0, 0, 0.9], [0, 0, 0]], np.float32)
    likeness = np.array([[1, 0], [0.9, np.sqrt(0.19)], [0, 1]], np.float32)
    found = list(telling_words(values, likeness, NO_KINDS, may=np.ones(3, bool), least=1))
    assert found == [0, 2]


def test_what_is_there_already_is_not_told_and_nor_is_what_goes_along_with_it() -> None:
    chances = [[0.9, 0.8, 0], [0.9, 0.8, 0], [0, 0, 0.9], [0, 0, 0]]
    assert told(chances, may=np.array([False, True, True]), there=[0]) == [2]


def test_a_thing_is_as_sure_as_the_surest_of_its_kinds() -> None:
    chances = np.array([[0.1, 0.9, 0.2]], np.float32)
    at_least_their_kinds(chances, Kinds.of([[], [0], []]))
    np.testing.assert_allclose(chances, [[0.9, 0.9, 0.2]])


def test_what_was_seen_leaves_no_chance_to_another_but_to_its_kinds_and_what_it_is() -> None:
    """Animal, dog, poodle, leopard; a dog was seen for sure on the first photo, not on the second."""
    kinds = Kinds.of([[], [0], [1, 0], [0]])
    chances = np.array([[1, 0.75, 0.5, 0.4], [1, 0, 0, 0.4]], np.float32)
    leave_to_the_seen(chances, [0, 1, 2, 3], [1], kinds)
    np.testing.assert_allclose(chances, [[1, 0.75, 0.5, 0.1], [1, 0, 0, 0.4]])


@pytest.mark.parametrize("photos", [0, 1])
def test_no_photo_and_one_photo_tell_nothing_apart(photos: int) -> None:
    assert told(np.full((photos, 3), 0.9).tolist() if photos else np.zeros((1, 3)).tolist()) == []
