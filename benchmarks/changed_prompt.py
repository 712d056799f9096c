"""How long all scores of a project take to be new after one prompt changed: arithmetic on stored embeddings.

Prints JSON. The embeddings are made up; no photo and no text is encoded in what is measured.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from engine.jobs import Control, Progress
from engine.models.clip_encoder import ClipEncoder
from engine.models.encoder import FloatArray, LabelEmbeddings
from engine.project import Project
from engine.project.embeddings import store_embeddings
from engine.project.label_edits import set_prompts
from engine.project.labels import use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.stages.initialise import InitialiseSettings, initialise
from engine.stages.label_sets import built_in_label_set

_AT_ONCE = 1000


class MadeUpClip:
    """Embeds as CLIP does, by chance."""

    id = name = "made-up"
    dimension = 512
    input_size = 224
    temperature = default_temperature = 0.01
    similarities = ClipEncoder.similarities

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def encode_snippets(self, snippets: np.ndarray) -> FloatArray:
        vectors = self._random.standard_normal((len(snippets), self.dimension)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_labels(self, prompts: object) -> LabelEmbeddings:
        return LabelEmbeddings(self.encode_snippets(np.zeros((len(list(prompts)), 1), np.uint8)))  # type: ignore[call-overload]


def measure(folder: Path, photos: int, times: int) -> dict[str, object]:
    """Seconds for each of so many changes of a prompt."""
    encoder = MadeUpClip()
    contents = [f"{number:016}".encode() for number in range(photos)]
    with Project.open(folder) as project:
        record_folder(project, [FoundPhoto(f"{content.decode()}.jpg", 1, 1) for content in contents])
        with project.writing() as connection:
            connection.exec_driver_sql("UPDATE photo SET content = CAST(substr(path, 1, 16) AS BLOB)")
        for start in range(0, photos, _AT_ONCE):
            made = {
                content: encoder.encode_snippets(np.zeros((10, 1))) for content in contents[start : start + _AT_ONCE]
            }
            halves = {content: vectors.astype(np.float16) for content, vectors in made.items()}
            store_embeddings(
                project, encoder.id, {content: {1: half[:1], 3: half[1:]} for content, half in halves.items()}
            )
        labels = use_label_set(project, built_in_label_set("coco"))
        settings = InitialiseSettings()
        initialise(project, encoder, settings, Progress(), Control())
        seconds = []
        for number in range(times):
            set_prompts(project, labels[0].id, [f"prompt number {number}"])
            began = time.perf_counter()
            initialise(project, encoder, settings, Progress(), Control())
            seconds.append(round(time.perf_counter() - began, 3))
    return {
        "photos": photos,
        "snippets": 10,
        "labels": len(labels),
        "median_seconds": statistics.median(seconds),
        "seconds": seconds,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_up:
        print(json.dumps(measure(Path(made_up), arguments.photos, arguments.times), indent=1))
