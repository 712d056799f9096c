"""The starter: an image-text encoder that needs no download, made of two small networks that come as packages.

An ImageNet classifier says what is in a snippet in 1,000 classes, a sentence encoder says what those have to do with
the user's labels: zero-shot classification in the manner of ConSE (Norouzi et al. 2014, arXiv 1312.5650), with two
opinions in place of ConSE's mean of class embeddings, because they rank better:

- by class: each ImageNet class is shared out among the labels by the likeness of their texts; a label's probability
  is what its shares of the snippet's classes add up to;
- by weight: a label gets a classifier of its own, the mean of the ImageNet classes' weight vectors, weighted by the
  likeness of their texts, and is scored by its cosine with the snippet's features.

Labels are compared with classes by more than their names: well-known ones by what they mean as well (see `glossary`).

The similarity is the mean of the two log probabilities, so tau is 1. All constants hold over a range, see
docs/results.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.method.arrays import log_sum_exp, softmax, unit_vectors, widened
from engine.models.device import device_named, numbers_named
from engine.models.encoders.encoder import FloatArray, LabelEmbeddings
from engine.models.encoders.starter.glossary import digest_of_glossary, text_directions
from engine.models.encoders.starter.imagenet_classes import class_embeddings, digest_of_classes
from engine.models.encoders.starter.imagenet_network import ImageNetNetwork, id_of_network
from engine.models.encoders.starter.lite2 import CLASS_COUNT, FEATURE_COUNT, INPUT_SIZE
from engine.models.encoders.starter.lite2_weights import read_last_layer, read_layers
from engine.models.encoders.starter.sentences import SentenceEncoder
from engine.models.encoders.starter.weights import TEXT, TOKENIZER, weights_file
from engine.models.threads import numpy_in_one_thread

# How sharply a class is shared out among the labels, and how sharply a label picks its classes: cosines of texts are
# multiplied by these before the softmax.
_SHARING = 15.0
_PICKING = 25.0
# Cosines of features and a label's classifier are multiplied by this before the softmax.
_COSINE_SCALE = 10.0
# Classes kept for a snippet: with all 1,000 the ranking is no better.
_TOP_CLASSES = 100
# Rows scored at a time, few enough for their float32 copy to stay in the processor's cache.
_ROWS_AT_ONCE = 256


class StarterEncoder:
    """EfficientNet-Lite2 for snippets, MiniLM for labels; similarities are log probabilities over the labels.

    An embedding is [features | classes | probabilities]: the network's 1280 features, the numbers of the 100 most
    probable ImageNet classes (whole numbers below 2048 are exact in float16) and their probabilities.
    """

    name = "starter"
    input_size = INPUT_SIZE
    feature_count = FEATURE_COUNT
    """How many of an embedding's values, from the first, are features that a linear classifier can be trained on."""
    dimension = FEATURE_COUNT + 2 * _TOP_CLASSES
    temperature = 1.0
    default_temperature = 1.0
    contrast = 0.0
    lift_temperature: float | None = 0.25
    takes_witness = True

    def __init__(self, device: str, precision: str) -> None:
        self._last = read_last_layer()
        self.id = f"starter:{id_of_network(self._last.digest, precision)}:top{_TOP_CLASSES}"
        self.comparison = f"{_SHARING}:{_PICKING}:{_COSINE_SCALE}:{digest_of_classes()}:{digest_of_glossary()}"
        self.device, self._precision = device, precision
        self._sentences: SentenceEncoder | None = None

    @classmethod
    def open(cls, *, device: str = "auto", precision: str = "auto") -> StarterEncoder:
        """Open from the installed packages. Either network is opened when it is first asked for.

        Args:
            device: auto, cuda, mps or cpu.
            precision: float32, bfloat16, float16, or auto for what is fast on this device.

        Raises:
            EncoderUnavailable: a package is missing or damaged.
            WrongUsage: the device is not in this machine.
        """
        where = device_named(device)
        for places in (TEXT, TOKENIZER):  # before photos are looked at for nothing
            weights_file(places)
        return cls(where, numbers_named(precision, where))

    @cached_property
    def _network(self) -> ImageNetNetwork:
        return ImageNetNetwork(read_layers(), self.device, self._precision)

    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed snippets: n x 260 x 260 x 3, RGB, 0 to 255, to n x 1480."""
        features = self._network.features(snippets)
        with numpy_in_one_thread():  # other photos are being decoded: sharing this out takes longer than computing it
            of_all = softmax(features @ self._last.weights.T + self._last.biases)
        top = np.argpartition(-of_all, _TOP_CLASSES, axis=-1)[:, :_TOP_CLASSES]
        classes = np.take_along_axis(top, np.argsort(-np.take_along_axis(of_all, top, -1), axis=-1), -1)
        return np.concatenate([features, classes, np.take_along_axis(of_all, classes, -1)], -1, dtype=np.float32)

    def encode_labels(self, prompts: Sequence[Sequence[str]]) -> LabelEmbeddings:
        """Make of each label its classifier on the features and its shares of the classes: labels x (1280 + 1000)."""
        counts = [len(texts) for texts in prompts]
        if 0 in counts:
            raise ValueError(f"Expected at least one prompt for each label, but label {counts.index(0)} has none.")
        if self._sentences is None:
            self._sentences = SentenceEncoder()
        return self.encode_directions(text_directions(prompts, self._sentences))

    def encode_directions(self, directions: FloatArray) -> LabelEmbeddings:
        """The same of labels whose texts are embedded already: labels x 384, of `text_directions`."""
        if not len(directions):
            return LabelEmbeddings(np.zeros((0, FEATURE_COUNT + CLASS_COUNT), np.float32))
        with numpy_in_one_thread():
            likeness = directions @ class_embeddings().T
            # Without the mean, which all classes share, what is left tells classes apart.
            weights = self._last.weights - self._last.weights.mean(axis=0)
            classifiers = unit_vectors(softmax(_PICKING * likeness) @ weights)
        shares = softmax(_SHARING * likeness.T).T
        return LabelEmbeddings(np.concatenate([classifiers, shares], -1))

    def similarities(self, embeddings: npt.NDArray[np.floating], labels: LabelEmbeddings) -> FloatArray:
        """Log probability of each label, of all `labels`, in each embedding: … x 1480 to … x labels."""
        return self.similarities_to_sets(embeddings, [labels])

    def similarities_to_sets(self, embeddings: npt.NDArray[np.floating], sets: Sequence[LabelEmbeddings]) -> FloatArray:
        """Log probability of each label, of all in its set, the sets one beside the other: … x 1480 to … x labels."""
        if embeddings.shape[-1] != self.dimension:
            raise ValueError(
                f"Expected argument `embeddings` to be … x {self.dimension}, but got shape {embeddings.shape}."
            )
        by_weight: list[FloatArray] = []  # for each set, of the labels that are in none before: things are in many sets
        places: list[npt.NDArray[np.intp]] = []
        known: dict[bytes, int] = {}
        for each in sets:
            classifiers = each.vectors[:, :FEATURE_COUNT]
            keys, new = [one.tobytes() for one in classifiers], []
            for row, key in enumerate(keys):
                if key not in known:
                    known[key] = len(known)
                    new.append(row)
            places.append(np.array([known[key] for key in keys], np.intp))
            by_weight.append(np.ascontiguousarray(classifiers[new].T))
        by_class = [np.ascontiguousarray(each.vectors[:, FEATURE_COUNT:].T) for each in sets]
        ends = np.cumsum([len(each.vectors) for each in sets]).tolist()
        columns = [slice(start, end) for start, end in pairwise([0, *ends])]
        rows = embeddings.reshape(-1, self.dimension)
        result = np.empty((len(rows), ends[-1]), np.float32)
        with numpy_in_one_thread():
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                some = slice(start, start + _ROWS_AT_ONCE)
                features, lengths, of_all = _features_and_classes(widened(rows[some]))
                # Set by set, so that none changes by a rounding where another is asked for as well.
                weighed = np.concatenate([features @ each for each in by_weight], axis=1)
                # The lengths are divided out where there are few values left: labels instead of features.
                weighed *= _COSINE_SCALE
                weighed /= np.maximum(lengths, 1e-12)
                for of_set, own, shares in zip(columns, places, by_class, strict=True):
                    if len(own):
                        by_both = _log_softmax(weighed[:, own])
                        by_both += np.log(of_all @ shares)
                        by_both /= 2
                        result[some, of_set] = _log_softmax(by_both)
        return result.reshape(*embeddings.shape[:-1], ends[-1])


def _features_and_classes(embeddings: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Features, their lengths, and the probabilities of all classes: n x 1480 to n x 1280, n x 1 and n x 1000."""
    features, classes, probabilities = np.split(embeddings, [FEATURE_COUNT, FEATURE_COUNT + _TOP_CLASSES], axis=-1)
    lengths = np.sqrt(np.einsum("nf,nf->n", features, features))[:, None]
    of_all = np.zeros(len(embeddings) * CLASS_COUNT, np.float32)
    of_all[(CLASS_COUNT * np.arange(len(embeddings))[:, None] + classes.astype(np.intp)).ravel()] = (
        probabilities.ravel()
    )
    return features, lengths, of_all.reshape(-1, CLASS_COUNT)


def _log_softmax(values: FloatArray) -> FloatArray:
    return values - log_sum_exp(values)
