"""Photos are found by words, by a photo they are like, and by a part of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import UserError
from engine.jobs import Cancellation, Cancelled, Progress
from engine.method.arrays import unit_vectors
from engine.method.search import ShortVectors, Sketch, best_of_whole_and_snippets, to_bits
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.stages.care.samples import copy_sample_photos
from engine.stages.finding.search import (
    WHOLE_PHOTO,
    Found,
    Part,
    example_query,
    part_features,
    parts_of,
    photo_features,
    search,
    words_query,
)
from engine.stages.finding.search_index import SearchIndex
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise


@pytest.fixture(scope="module")
def starter() -> StarterEncoder:
    return StarterEncoder.open(device="cpu")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, starter: StarterEncoder) -> Iterator[Project]:
    """The twenty sample photos, labelled by the starter."""
    folder = copy_sample_photos(tmp_path_factory.mktemp("search") / "photos")
    with Project.open(folder) as project:
        add_photos(project, Progress(), Cancellation())
        use_label_set(project, [NewLabel("dog"), NewLabel("person")])
        initialise(project, starter, InitialiseSettings(), Progress(), Cancellation())
        yield project


@pytest.fixture(scope="module")
def index(samples: Project) -> SearchIndex:
    return SearchIndex.load(samples, Progress(), Cancellation())


@pytest.fixture(scope="module")
def ids(samples: Project) -> dict[str, int]:
    """Photo ids by path."""
    from engine.project.photos import readable_photos

    return {photo.path: photo.id for photo in readable_photos(samples)}


def paths_of(found: Found, ids: dict[str, int]) -> list[str]:
    by_id = {photo: path for path, photo in ids.items()}
    return [by_id[photo] for photo in found.photo_ids.tolist()]


@pytest.mark.parametrize(
    ("words", "photo"),
    [
        ("two dogs looking out of a window", "animals/dogs_at_window.jpg"),
        ("a cup of coffee", "indoors/coffee_cup.png"),
        ("a kitten playing", "animals/kitten_with_wool.jpg"),
        ("cows in a meadow", "animals/cows_in_meadow.jpg"),
        ("a kitchen", "indoors/kitchen_stove.jpg"),
    ],
)
def test_words_find_what_they_say(
    samples: Project, index: SearchIndex, starter: StarterEncoder, ids: dict[str, int], words: str, photo: str
) -> None:
    found = search(samples, index, words_query(starter, words))
    assert len(found.photo_ids) == len(found.scores) == len(found.parts) == 20
    assert paths_of(found, ids)[0] == photo
    assert (np.diff(found.scores) <= 0).all()
    assert 0 <= found.scores[-1] <= found.scores[0] <= 1


def test_a_photo_is_most_like_itself_and_then_like_its_kind(
    samples: Project, index: SearchIndex, ids: dict[str, int]
) -> None:
    cows = "animals/cows_in_meadow.jpg"
    found = search(samples, index, example_query(index, photo_features(samples, index, ids[cows])))
    first, second, *_ = paths_of(found, ids)
    assert first == cows
    assert second.startswith("animals/")


def test_a_part_of_a_photo_is_found_where_it_is(
    samples: Project, index: SearchIndex, starter: StarterEncoder, ids: dict[str, int]
) -> None:
    corner = Part(0, 2 / 3, 1 / 3, 1)
    features = part_features(starter, samples.file_of("skyline_sailboats.jpg"), corner)
    found = search(samples, index, example_query(index, features))
    assert paths_of(found, ids)[0] == "skyline_sailboats.jpg"
    assert found.parts[0] == pytest.approx(corner)


def test_only_the_photos_asked_for_are_searched(
    samples: Project, index: SearchIndex, starter: StarterEncoder, ids: dict[str, int]
) -> None:
    wanted = [ids["animals/hens_on_lawn.jpg"], ids["pool_umbrellas.jpg"], 10_000]
    found = search(samples, index, words_query(starter, "two dogs"), np.array(wanted))
    assert set(found.photo_ids.tolist()) == set(wanted[:2])
    none = search(samples, index, words_query(starter, "two dogs"), np.zeros(0, np.int64))
    assert none.photo_ids.shape == (0,)
    assert none.parts == []


def test_no_more_than_asked_for_are_found(samples: Project, index: SearchIndex, starter: StarterEncoder) -> None:
    query = words_query(starter, "a bird")
    everything = search(samples, index, query)
    assert search(samples, index, query, count=3).photo_ids.tolist() == everything.photo_ids[:3].tolist()


def test_any_encoder_searches(labelled: Project, tiny_clip_encoder: Any) -> None:
    index = SearchIndex.load(labelled, Progress(), Cancellation())
    found = search(labelled, index, words_query(tiny_clip_encoder, "a photo of a boat"))
    assert len(found.photo_ids) == 8
    assert all(part in [WHOLE_PHOTO, *parts_of((3,))] for part in found.parts)


def test_an_index_is_current_until_the_photos_change(labelled: Project, tiny_clip_encoder: Any) -> None:
    index = SearchIndex.load(labelled, Progress(), Cancellation())
    assert index.is_current(labelled)
    (labelled.photos / "zebra.bmp").unlink()
    add_photos(labelled, Progress(), Cancellation())
    assert not index.is_current(labelled)


def test_before_labelling_the_search_says_what_to_do(project: Project) -> None:
    add_photos(project, Progress(), Cancellation())
    with pytest.raises(UserError, match="Label the photos first"):
        SearchIndex.load(project, Progress(), Cancellation())


def test_without_the_cache_the_search_says_what_to_do(labelled: Project) -> None:
    from sqlalchemy import delete

    from engine.project.storage.cache_schema import embedding

    with labelled.writing_cache() as connection:
        connection.execute(delete(embedding))
    with pytest.raises(UserError, match="Label the photos again"):
        SearchIndex.load(labelled, Progress(), Cancellation())


def test_loading_can_be_cancelled(labelled: Project) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        SearchIndex.load(labelled, Progress(), cancellation)


def test_no_words_are_refused(tiny_clip_encoder: Any) -> None:
    with pytest.raises(UserError, match="There is nothing to look for"):
        words_query(tiny_clip_encoder, "  ")


def test_the_part_may_be_a_single_line_of_pixels(tiny_clip_encoder: Any, photo_folder: Path) -> None:
    features = part_features(tiny_clip_encoder, photo_folder / "beach.jpg", Part(0.5, 0.5, 0.5, 0.5))
    assert features.shape == (tiny_clip_encoder.dimension,)


# The arithmetic


def test_a_photo_scores_the_mean_of_itself_and_its_best_snippet() -> None:
    scores, places = best_of_whole_and_snippets(np.array([[0.2, 0.1, 0.8], [0.9, 0.3, 0.5]], np.float32))
    np.testing.assert_allclose(scores, [0.5, 0.7], rtol=1e-6)
    assert places.tolist() == [2, 0]


def test_a_photo_without_snippets_scores_by_itself() -> None:
    scores, places = best_of_whole_and_snippets(np.array([[0.2], [0.9]], np.float32))
    np.testing.assert_allclose(scores, [0.2, 0.9], rtol=1e-6)
    assert places.tolist() == [0, 0]


def test_a_sketch_keeps_the_axes_along_which_embeddings_differ() -> None:
    random = np.random.default_rng(1)
    # All differences lie in three of forty dimensions.
    embeddings = unit_vectors(5 + random.normal(size=(200, 3)) @ random.normal(size=(3, 40)))
    sketch = Sketch.of(embeddings, 4)
    assert sketch.axes.shape == (40, 4)
    np.testing.assert_allclose(sketch.axes.T @ sketch.axes, np.eye(4), atol=1e-5)
    short = sketch.short(embeddings)
    apart = np.linalg.norm(embeddings[0] - embeddings[1:], axis=1)
    np.testing.assert_allclose(np.linalg.norm(short[0] - short[1:], axis=1), apart, rtol=0.01)


def test_the_shortlist_is_what_a_search_of_everything_finds() -> None:
    random = np.random.default_rng(2)
    embeddings = random.normal(size=(300, 5, 24)).astype(np.float32)
    sketch = Sketch.of(embeddings.reshape(-1, 24), 24)
    bits = to_bits(sketch.short(embeddings))
    vectors = ShortVectors(lambda: np.array_split(bits, 3))
    query = random.normal(size=24).astype(np.float32)
    cosines = unit_vectors(embeddings) @ query
    means = np.where(np.arange(5) == 0, cosines[:, 0].mean(), cosines[:, 1:].mean())
    expected, _ = best_of_whole_and_snippets(cosines - means)
    among = np.arange(0, 300, 2)
    order = among[np.argsort(-expected[among])]
    listed = among[vectors.shortlist(query @ sketch.axes, among, 40)]
    assert set(order[:30]) <= set(listed.tolist())
    assert listed[0] == order[0]


def test_snippets_lie_row_by_row() -> None:
    assert parts_of((1, 2)) == [
        (0, 0, 1, 1),
        (0, 0, 0.5, 0.5),
        (0.5, 0, 1, 0.5),
        (0, 0.5, 0.5, 1),
        (0.5, 0.5, 1, 1),
    ]
