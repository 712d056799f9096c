"""The protocol that every image-text encoder fulfils."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from engine.models.encoders.failures import EncoderUnavailable as EncoderUnavailable

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LabelEmbeddings:
    """What an encoder made of label texts: `vectors` is labels x (the encoder's own text dimension), float32.

    An encoder may have to see all labels at once, so these belong together and are not to be sliced. A label's first
    values, as many as an embedding has features, point to where its snippets lie among these: their product ranks
    roughly.
    """

    vectors: FloatArray


class SnippetEncoder(Protocol):
    """Turns snippets into embeddings, or a classifier's features."""

    id: str
    """Names model, weights and precision; changes whenever the same snippet would get another embedding."""
    input_size: int
    """Side of the square that a snippet is resized to, in pixels."""
    dimension: int
    """Values in a snippet's embedding."""

    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed snippets: n x input_size x input_size x 3, RGB, 0 to 255, to n x dimension, float32.

        The embedding survives being stored as float16.
        """
        ...


_CROPPED = ":cropped"


def embeddings_id(encoder: SnippetEncoder, *, crop: bool) -> str:
    """Under which an encoder's embeddings are kept: those of the middles of snippets apart from those of whole ones."""
    return encoder.id + _CROPPED * crop


def encoder_id_of(kept_as: str) -> str:
    """The encoder's own id, of `embeddings_id`."""
    return kept_as.removesuffix(_CROPPED)


class Encoder(SnippetEncoder, Protocol):
    """Turns label texts into embeddings as well, and tells how similar they are to snippets.

    What "similar" means is the encoder's own affair (a cosine for CLIP). What it stores for each snippet is
    enough to score new labels without the photo.
    """

    name: str
    """For people, e.g. ``ViT-B-32:laion2b_s34b_b79k``."""
    feature_count: int
    """How many of an embedding's values, from the first, are features: a cosine of two photos' means something."""
    comparison: str
    """Names how embeddings and labels are compared; changes whenever the same ones would be of another similarity."""
    temperature: float
    """The encoder's own tau: similarities are divided by it before the softmax (0.01 for CLIP)."""
    default_temperature: float
    """The tau that ranks best over a range of real photos, see docs/results.md."""
    contrast: float
    """How much the contrast of snippets counts in the reranking, where the whole photo and the best snippet count 1.

    It helps with the cosines of CLIP and not with the starter's probabilities, see docs/results.md.
    """
    lift_temperature: float | None
    """The tau at which a label outweighs the others where it is right (`engine.method.strengths.log_lift`).

    None where the shape of the scores tells chances that hold, as with CLIP.
    """
    takes_witness: bool
    """Whether the detector is heard beside it, where it knows a label; see `engine.method.witness`."""

    def encode_labels(self, prompts: Sequence[Sequence[str]]) -> LabelEmbeddings:
        """Embed labels, each given by its prompts (at least one a label), averaged over the prompts."""
        ...

    def similarities(self, embeddings: npt.NDArray[np.floating], labels: LabelEmbeddings) -> FloatArray:
        """Similarity of each embedding (… x dimension, float16 or float32) to each label: … x labels, float32."""
        ...


@runtime_checkable
class ComparesSets(Protocol):
    """An encoder that compares with several sets of labels at once, for less than one after the other takes."""

    def similarities_to_sets(self, embeddings: npt.NDArray[np.floating], sets: Sequence[LabelEmbeddings]) -> FloatArray:
        """As `Encoder.similarities`, each set by itself, one beside the other: … x the labels of all."""
        ...


@runtime_checkable
class RemembersTexts(Protocol):
    """An encoder that keeps what it made of texts, so that they can be read before they are needed."""

    def remember_texts(self, texts: Sequence[str], check: Callable[[], None]) -> None:
        """Read texts; `check` is called every so often, and what it raises ends this."""
        ...
