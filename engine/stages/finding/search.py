"""Finding photos by words, or by a photo or a part of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.method import class_probabilities
from engine.method.arrays import unit_vectors
from engine.method.search import Values, best_of_whole_and_snippets
from engine.models.encoders.batches import Batches
from engine.models.encoders.encoder import Encoder
from engine.models.threads import numpy_in_one_thread
from engine.photos.decode import decode_file
from engine.project import Project
from engine.remote import AnyFile
from engine.stages.finding.search_index import SearchIndex
from engine.stages.labelling.label_sets import built_in_label_set
from engine.wording import Sentence

MOST_FOUND = 500
"""Photos that are looked at closely, and so the most that are found."""

_CONTRAST = "nus-wide"


class Part(NamedTuple):
    """A rectangle of a photo as it is shown, each side from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


WHOLE_PHOTO = Part(0, 0, 1, 1)


@dataclass(frozen=True)
class Query:
    """What is looked for. `vector`, one value a feature, ranks roughly; `scores` looks closely.

    `scores` takes embeddings, photos x (1 + snippets) x dimension, and tells how well each fits.
    """

    vector: Values
    scores: Callable[[npt.NDArray[np.float16]], Values]


@dataclass(frozen=True)
class Found:
    """Photos that fit, best first: their ids, scores (for words from 0 to 1, else cosines), and where they fit best."""

    photo_ids: npt.NDArray[np.int64]
    scores: Values
    parts: list[Part]


def words_query(encoder: Encoder, text: str) -> Query:
    """Look for what a prompt says, in any words.

    A similarity to one text alone does not compare between photos; that the text fits better than everyday words do
    (those of NUS-WIDE) does. The words are asked for as they are and as "a photo of" them, which ranks better than
    either, see docs/results.md.

    Raises:
        UserError: no words.
    """
    if not text.strip():
        raise UserError(
            Sentence("There is nothing to look for. Say what the photos should show, like “two dogs on a beach”.")
        )
    words = text.strip()
    everyday = [label.name for label in built_in_label_set(_CONTRAST)]
    labels = encoder.encode_labels([[words, f"a photo of {words}"], *([f"a photo of a {name}"] for name in everyday)])

    def scores(embeddings: npt.NDArray[np.float16]) -> Values:
        similarities = encoder.similarities(embeddings, labels)
        return class_probabilities(similarities, encoder.default_temperature)[..., 0]

    return Query(labels.vectors[0, : encoder.feature_count], scores)


def example_query(index: SearchIndex, features: Values) -> Query:
    """Look for photos, or parts of photos, like the one with these features."""
    mean = index.sketch.mean
    wanted = unit_vectors(features) - mean
    direction = unit_vectors(wanted)

    def scores(embeddings: npt.NDArray[np.float16]) -> Values:
        return unit_vectors(unit_vectors(embeddings[..., : len(mean)]) - mean) @ direction

    return Query(wanted, scores)


def photo_features(project: Project, index: SearchIndex, photo_id: int) -> Values:
    """The features of a whole photo, from the cache.

    Raises:
        UserError: the photo was not looked at yet.
    """
    places = np.flatnonzero(index.photo_ids == photo_id)
    _, vectors = index.embeddings.load(project, [index.contents[place] for place in places])
    if not len(vectors):
        raise UserError(Sentence("This photo was not looked at yet. Label the photos first."))
    return vectors[0, 0, : index.embeddings.features].astype(np.float32)


def part_features(encoder: Encoder, file: AnyFile, part: Part = WHOLE_PHOTO) -> Values:
    """The features of a part of a photo file, through the encoder.

    Raises:
        PhotoProblem: the file cannot be read as a photo.
    """
    side = encoder.input_size
    width, height = max(part.right - part.left, 1e-3), max(part.bottom - part.top, 1e-3)
    picture = decode_file(file, at_least=(round(side / width), round(side / height))).picture
    left, top = int(part.left * picture.width), int(part.top * picture.height)
    box = (
        left,
        top,
        max(left + 1, round(part.right * picture.width)),
        max(top + 1, round(part.bottom * picture.height)),
    )
    snippet = np.array(picture.crop(box).resize((side, side), reducing_gap=2.0))
    return Batches(encoder).encode(snippet[np.newaxis])[0, : encoder.feature_count]


def search(
    project: Project,
    index: SearchIndex,
    query: Query,
    photo_ids: npt.NDArray[np.int64] | None = None,
    count: int = MOST_FOUND,
) -> Found:
    """The photos that fit best.

    Args:
        photo_ids: look among these only.
        count: at most so many, at most `MOST_FOUND`.
    """
    asked = np.arange(len(index)) if photo_ids is None else np.flatnonzero(np.isin(index.photo_ids, photo_ids))
    with numpy_in_one_thread():
        near = asked[index.vectors.shortlist(query.vector @ index.sketch.axes, index.rows[asked], MOST_FOUND)]
    found, vectors = index.embeddings.load(project, [index.contents[at] for at in near])
    near = near[found]
    if not len(near):
        return Found(near, np.zeros(0, np.float32), [])
    scores, places = best_of_whole_and_snippets(query.scores(vectors))
    order = np.argsort(-scores, kind="stable")[:count]
    boxes = parts_of(index.embeddings.grids)
    return Found(index.photo_ids[near[order]], scores[order], [boxes[places[at]] for at in order])


def parts_of(grids: Sequence[int]) -> list[Part]:
    """Where the snippets of these grids lie, one after the other."""
    return [
        Part(column / grid, row / grid, (column + 1) / grid, (row + 1) / grid)
        for grid in grids
        for row in range(grid)
        for column in range(grid)
    ]
