"""Projects with made-up embeddings, for as many photos as would take hours to encode. There are no photo files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.models.clip_encoder import ClipEncoder
from engine.models.encoder import Encoder, FloatArray, LabelEmbeddings
from engine.models.imagenet_network import CLASS_COUNT, FEATURE_COUNT
from engine.models.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.photos import FoundPhoto, record_folder

GRID = 3
SNIPPETS = 1 + GRID * GRID
_AT_ONCE = 500


class MadeUpClip:
    """Embeds labels by chance, in vectors as long as ViT-B-32's, and compares as every CLIP does."""

    id = name = "made-up"
    dimension = 512
    input_size = 224
    temperature = 0.01
    default_temperature = 0.03
    contrast = 1.0
    similarities = ClipEncoder.similarities

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def encode_snippets(self, snippets: np.ndarray) -> FloatArray:
        return _directions(self._random, len(snippets), self.dimension)

    def encode_labels(self, prompts: Sequence[Sequence[str]]) -> LabelEmbeddings:
        return LabelEmbeddings(_directions(self._random, len(prompts), self.dimension))


def open_encoder(name: str) -> Encoder:
    """`clip`, whose labels are made up as well, or `starter`, the real one, its text side opened too."""
    if name == "clip":
        return MadeUpClip()
    encoder = StarterEncoder.open()
    encoder.encode_labels([["a photo"]])
    return encoder


def make_project(folder: Path, photos: int, encoder: Encoder) -> None:
    """A project of so many photos whose embeddings are all there."""
    random = np.random.default_rng(2)
    contents = [b"%016d" % number for number in range(photos)]
    folder.mkdir(parents=True, exist_ok=True)
    with Project.open(folder) as project:
        record_folder(project, [FoundPhoto(f"{content.decode()}.jpg", 1, 1) for content in contents])
        with project.writing() as connection:
            connection.exec_driver_sql("UPDATE photo SET content = CAST(substr(path, 1, 16) AS BLOB)")
        for start in range(0, photos, _AT_ONCE):
            part = contents[start : start + _AT_ONCE]
            make = _made_up_starter if isinstance(encoder, StarterEncoder) else _directions
            vectors = make(random, len(part) * SNIPPETS, encoder.dimension).astype(np.float16)
            by_photo = vectors.reshape(len(part), SNIPPETS, -1)
            store_embeddings(
                project,
                encoder.id,
                {content: {WHOLE: of[:1], GRID: of[1:]} for content, of in zip(part, by_photo, strict=True)},
            )


def _directions(random: np.random.Generator, count: int, dimension: int) -> FloatArray:
    vectors = random.standard_normal((count, dimension), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _made_up_starter(random: np.random.Generator, count: int, dimension: int) -> FloatArray:
    """Features, the numbers of distinct classes, and their probabilities, the highest first."""
    top = (dimension - FEATURE_COUNT) // 2
    features = random.random((count, FEATURE_COUNT), dtype=np.float32)
    classes = random.random((count, CLASS_COUNT), dtype=np.float32).argpartition(top, axis=1)[:, :top]
    probabilities = -np.sort(-random.dirichlet(np.full(top, 0.1), count), axis=1)
    return np.concatenate([features, classes, probabilities], axis=1, dtype=np.float32)
