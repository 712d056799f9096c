"""Photos and labels to compare ideas on: similarities, with the truth to score them by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from starter_encoder import embed, read_truth

from engine.method import centre_by_label, class_probabilities
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder

Scores = np.ndarray


@dataclass(frozen=True)
class Collection:
    """Similarities of photos x labels, not centred; `snippets` is photos x snippets x labels.

    Of CLIP's only the best and the worst snippet are there: they are the `snippets`, and the best one's softmax stands
    for the best of all snippets' softmax.
    """

    name: str
    whole: Scores
    snippets: Scores
    every_snippet: bool
    truth: Scores
    temperature: float
    contrast: float
    compare: Callable[[Sequence[int]], Scores] | None = None
    """The similarities to some labels alone, where these depend on which others there are: photos x (1 + snippets) x
    labels; None where they do not."""

    @property
    def centred_whole(self) -> Scores:
        return centre_by_label(self.whole)

    @property
    def centred_snippets(self) -> Scores:
        if self.every_snippet:
            return centre_by_label(self.snippets)
        return self.snippets - self.snippets.max(axis=1).mean(axis=0)

    @property
    def centred_best(self) -> Scores:
        return centre_by_label(self.snippets.max(axis=1))

    def global_(self, temperature: float = 1.0) -> Scores:
        """Of the whole photo; temperatures are multiples of the encoder's default."""
        return class_probabilities(self.centred_whole, temperature * self.temperature)

    def snippet_probabilities(self, temperature: float = 1.0) -> Scores:
        snippets = self.centred_snippets if self.every_snippet else self.centred_snippets.max(axis=1)[:, None]
        return class_probabilities(snippets, temperature * self.temperature)

    def local(self, temperature: float = 1.0) -> Scores:
        """Of the best snippet."""
        return self.snippet_probabilities(temperature).max(axis=1)

    def part(self, photos: npt.NDArray[np.intp] | slice, labels: Sequence[int] | None = None) -> Collection:
        """Some photos, or these with some labels only, as if there were no others."""
        part = replace(self, whole=self.whole[photos], snippets=self.snippets[photos], truth=self.truth[photos])
        if labels is None:
            return part
        if self.compare is None:
            whole, snippets = part.whole[:, labels], part.snippets[..., labels]
        else:
            similarities = self.compare(labels)[photos]
            whole, snippets = similarities[:, 0], similarities[:, 1:]
        return replace(part, whole=whole, snippets=snippets, truth=part.truth[:, labels], compare=None)


def read_similarities(file: Path) -> Collection:
    """CLIP's similarities: global_similarity, snippet_max_similarity, snippet_min_similarity and labels."""
    with np.load(file, allow_pickle=False) as archive:
        read = {name: archive[name].astype(np.float64) for name in archive.files if name.endswith("similarity")}
        snippets = np.stack([read["snippet_max_similarity"], read["snippet_min_similarity"]], axis=1)
        truth = archive["labels"]
    return Collection(file.stem, read["global_similarity"], snippets, False, truth, 0.03, ClipEncoder.contrast)


def read_photos(folder: Path, truth_file: Path) -> Collection:
    """The photos as the starter sees them, with 3 x 3 snippets."""
    names, labels, truth = read_truth(truth_file)
    starter = StarterEncoder.open()
    embeddings = embed(starter, [folder / name for name in names])
    return seen_by_starter(f"{folder.parent.name}/{folder.name}", starter, embeddings, labels, truth)


def seen_by_starter(
    name: str,
    starter: StarterEncoder,
    embeddings: Scores,
    labels: Sequence[str],
    truth: Scores,
    *,
    prompts: Sequence[str] = ("a photo of a {}",),
    background: Sequence[str] = (),
) -> Collection:
    """A collection of the starter's similarities to labels and, to be dropped again, background words.

    Args:
        embeddings: photos x (1 + snippets) x dimension, the whole photo first.
    """

    def compare(columns: Sequence[int]) -> Scores:
        texts = [[prompt.format(labels[column]) for prompt in prompts] for column in columns]
        texts += [[f"a photo of {word}"] for word in background]
        similarities = starter.similarities(embeddings, starter.encode_labels(texts))
        return similarities[..., : len(columns)].astype(np.float64)

    similarities = compare(range(len(labels)))
    whole, snippets = similarities[:, 0], similarities[:, 1:]
    return Collection(name, whole, snippets, True, truth, starter.default_temperature, starter.contrast, compare)
