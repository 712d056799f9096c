"""Projects with made-up embeddings, for as many photos as would take hours to encode. There are no photo files."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from engine.models.encoders.encoder import Encoder, FloatArray, LabelEmbeddings
from engine.project import Project
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.photos import FoundPhoto, ReadPhoto, readable_photos, record_folder, record_read

GRID = 3
SNIPPETS = 1 + GRID * GRID
_AT_ONCE = 1000
_DRAWN = 20_000
"""Vectors that the photos' snippets are chosen from."""


class MadeUpClip:
    """Embeds labels by chance, in vectors as long as ViT-B-32's, and compares as every CLIP does."""

    id = name = "made-up"
    dimension = feature_count = 512
    input_size = 224
    comparison = "cosine"
    temperature = 0.01
    default_temperature = 0.03
    contrast = 1.0
    lift_temperature = None
    takes_witness = False

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def encode_snippets(self, snippets: np.ndarray) -> FloatArray:
        return _directions(self._random, len(snippets), self.dimension)

    def encode_labels(self, prompts: Sequence[Sequence[str]]) -> LabelEmbeddings:
        return LabelEmbeddings(_directions(self._random, len(prompts), self.dimension))

    def similarities(self, embeddings: np.ndarray, labels: LabelEmbeddings) -> FloatArray:
        from engine.models.encoders.clip_encoder import ClipEncoder  # opens torch, which the starter does without

        return ClipEncoder.similarities(self, embeddings, labels)


def open_encoder(name: str) -> Encoder:
    """`clip`, whose labels are made up as well, or `starter`, the real one, its text side opened too."""
    if name == "clip":
        return MadeUpClip()
    from engine.models.encoders.starter.starter_encoder import (
        StarterEncoder,  # its libraries are no part of what `clip` needs
    )

    encoder = StarterEncoder.open()
    encoder.encode_labels([["a photo"]])
    return encoder


def make_project(folder: Path, photos: int, encoder: Encoder, encoded: Sequence[int] | None = None) -> None:
    """A project of so many photos whose embeddings are all there, or those of some, by their places."""
    random = np.random.default_rng(2)
    make = _made_up_starter if encoder.name == "starter" else _directions
    # Drawing each number by itself would take longer than all that is measured.
    drawn = make(random, _DRAWN, encoder.dimension).astype(np.float16)
    folder.mkdir(parents=True, exist_ok=True)
    with Project.open(folder) as project:
        record_folder(project, [FoundPhoto(f"{number:07}.jpg", 1, 1) for number in range(photos)])
        ids = [photo.id for photo in readable_photos(project)]
        contents = [blake2b(b"%d" % photo, digest_size=16).digest() for photo in ids]
        record_read(
            project, [ReadPhoto(photo, content, 640, 480) for photo, content in zip(ids, contents, strict=True)]
        )
        kept = contents if encoded is None else [contents[place] for place in encoded]
        for start in range(0, len(kept), _AT_ONCE):
            part = kept[start : start + _AT_ONCE]
            vectors = drawn[random.integers(0, _DRAWN, (len(part), SNIPPETS))]
            store_embeddings(
                project,
                encoder.id,
                {content: {WHOLE: of[:1], GRID: of[1:]} for content, of in zip(part, vectors, strict=True)},
            )
            if encoder.takes_witness:
                _store_evidence(project, part, random)


def _store_evidence(project: Project, contents: Sequence[bytes], random: np.random.Generator) -> None:
    """Of a detector that has looked at these photos."""
    from engine.models.detector import Detector

    seen = random.normal(-3, 1, (len(contents), 1, Detector.dimension)).astype(np.float16)
    store_embeddings(project, Detector.id, {content: {WHOLE: of} for content, of in zip(contents, seen, strict=True)})


def _directions(random: np.random.Generator, count: int, dimension: int) -> FloatArray:
    vectors = random.standard_normal((count, dimension), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _made_up_starter(random: np.random.Generator, count: int, dimension: int) -> FloatArray:
    """Features, the numbers of distinct classes, and their probabilities, the highest first."""
    from engine.models.encoders.starter.lite2 import CLASS_COUNT, FEATURE_COUNT

    top = (dimension - FEATURE_COUNT) // 2
    features = random.random((count, FEATURE_COUNT), dtype=np.float32)
    classes = random.random((count, CLASS_COUNT), dtype=np.float32).argpartition(top, axis=1)[:, :top]
    probabilities = -np.sort(-random.dirichlet(np.full(top, 0.1), count), axis=1)
    return np.concatenate([features, classes, probabilities], axis=1, dtype=np.float32)
