"""Photos that look alike lie together on the map, and what is drawn around is chosen."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import UserError
from engine.jobs import Cancellation, Cancelled, Progress
from engine.method import photo_map
from engine.method.arrays import unit_vectors
from engine.method.outline import points_within
from engine.method.photo_map import Layout, photo_places
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.stages.finding.photo_map import map_photos
from engine.stages.labelling.add_photos import add_photos

SQUARE = np.array([(0, 0), (2, 0), (2, 2), (0, 2)], np.float64)


def three_kinds(photos: int) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings of photos of three kinds, and the kind of each."""
    kinds = np.arange(photos) % 3
    noise = 0.05 * np.random.default_rng(3).normal(size=(photos, 24))
    return (np.eye(3)[kinds].repeat(8, axis=1) + noise).astype(np.float16), kinds


def nearest_kinds(places: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """The kind of the photo that is nearest to each."""
    away = np.linalg.norm(places[:, np.newaxis] - places, axis=2)
    np.fill_diagonal(away, np.inf)
    return kinds[away.argmin(axis=1)]


def test_the_plane_is_that_of_the_principal_components() -> None:
    from sklearn.decomposition import PCA

    vectors = np.random.default_rng(1).normal(size=(5000, 12)) * np.linspace(5, 1, 12)
    expected = PCA(2).fit_transform(unit_vectors(vectors))
    places = photo_places(vectors)
    # An axis may point either way; here it points to where a photo lies farthest out.
    np.testing.assert_allclose(np.abs(places), np.abs(expected), atol=1e-4)
    for axis in range(2):
        assert places[np.abs(places[:, axis]).argmax(), axis] > 0


def test_axes_of_a_sample_keep_kinds_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_map, "_SAMPLE", 50)
    vectors, kinds = three_kinds(400)
    assert (nearest_kinds(photo_places(vectors), kinds) == kinds).all()


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_photos_have_a_place_each(count: int, layout: Layout) -> None:
    places = photo_places(np.random.default_rng(2).normal(size=(count, 5)), layout)
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()


def test_equal_photos_lie_at_one_place() -> None:
    np.testing.assert_allclose(photo_places(np.ones((5, 3), np.float16)), 0, atol=1e-6)


def test_embeddings_of_one_value_are_refused() -> None:
    with pytest.raises(ValueError, match="photos x \\(2 or more\\)"):
        photo_places(np.ones((5, 1)))


@pytest.mark.parametrize("sample", [10_000, 60])
def test_neighbours_are_kept_together(sample: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("umap", reason="the optional extra `map` is not installed")
    monkeypatch.setattr(photo_map, "_SAMPLE", sample)
    vectors, kinds = three_kinds(120)
    assert (nearest_kinds(photo_places(vectors, Layout.NEIGHBOURS), kinds) == kinds).all()


def test_points_within_a_square() -> None:
    points = np.array([(1, 1), (3, 1), (1, -1), (0.1, 1.9), (-1, 1)])
    assert points_within(points, SQUARE).tolist() == [True, False, False, True, False]


def test_a_hollow_of_the_outline_is_outside() -> None:
    hollow = np.array([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)])
    assert points_within(np.array([(2, 0.5), (2, 3), (0.5, 2), (3.5, 2)]), hollow).tolist() == [True, False, True, True]


def test_an_outline_of_two_corners_encloses_nothing() -> None:
    assert not points_within(np.zeros((3, 2)), SQUARE[:2]).any()


def test_every_photo_that_was_labelled_is_on_the_map_once(labelled: Project) -> None:
    ids = take_snapshot(labelled).photo_ids
    found = map_photos(labelled, ids)
    assert found.photo_ids.tolist() == ids.tolist()
    assert found.places.shape == (8, 2)
    assert map_photos(labelled, ids, known=found) is found
    assert map_photos(labelled, ids[1:], known=found).photo_ids.tolist() == ids[1:].tolist()


def test_a_map_that_is_not_wanted_any_more_is_not_laid_out(labelled: Project) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        map_photos(labelled, take_snapshot(labelled).photo_ids, cancellation=cancellation)


def test_before_labelling_it_says_what_to_do(project: Project) -> None:
    add_photos(project, Progress(), Cancellation())
    with pytest.raises(UserError, match="Label the photos first"):
        map_photos(project, take_snapshot(project).photo_ids)


def test_without_the_package_it_says_what_to_install(labelled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_map, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'cdul\[map\]'"):
        map_photos(labelled, take_snapshot(labelled).photo_ids, Layout.NEIGHBOURS)
