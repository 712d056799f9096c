"""MiniLM, a small sentence encoder: texts of like meaning get vectors of like direction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.method.arrays import softmax, unit_vectors
from engine.models.encoders.encoder import FloatArray
from engine.models.encoders.starter.weights import TEXT, TOKENIZER, mapped_tensors, unusable, weights_file
from engine.models.encoders.text_memory import TextMemory
from engine.models.threads import numpy_in_one_thread

DIMENSION = 384

_HEADS, _LAYERS, _EPSILON = 12, 6, 1e-12
_MOST_TOKENS = 256
_AT_ONCE, _TOGETHER = 64, 256


class SentenceEncoder:
    """all-MiniLM-L6-v2 as it is installed, see `weights`; nothing is fetched.

    It is a plain BERT (Devlin et al. 2019, arXiv 1810.04805), a dozen lines of NumPy: the library that it is published
    with takes many times as long to open as to run, and 300 MB. The mean over a text's tokens is its embedding.
    """

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        tokenizer, weights = weights_file(TOKENIZER), weights_file(TEXT)
        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._network = _Bert(mapped_tensors(weights))
        except Exception as error:  # tokenizers raise bare ones
            raise unusable(tokenizer.parent, error) from error
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()
        self._texts = TextMemory(self._embed, _TOGETHER)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts: n x 384, of unit length."""
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return self._texts(texts)

    def _embed(self, texts: list[str]) -> FloatArray:
        tokens = [each.ids for each in self._tokenizer.encode_batch(texts)]
        # Those of one length together, so that none has to be filled up.
        places: dict[int, list[int]] = defaultdict(list)
        for place, numbers in enumerate(tokens):
            places[len(numbers)].append(place)
        embeddings = np.empty((len(texts), DIMENSION), np.float32)
        with numpy_in_one_thread():  # prompts are short: ten times quicker on a busy processor
            for alike in places.values():
                for start in range(0, len(alike), _AT_ONCE):
                    some = alike[start : start + _AT_ONCE]
                    embeddings[some] = self._network(np.array([tokens[place] for place in some]))
        return embeddings


class _Bert:
    """BERT's encoder with the weights of a checkpoint by transformers, and the mean over the words."""

    def __init__(self, tensors: Mapping[str, FloatArray]) -> None:
        self._tensors = tensors
        self._words = tensors["embeddings.word_embeddings.weight"]
        # All words are of the first kind: there is one text.
        self._positions = (
            tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
        )

    def __call__(self, numbers: npt.NDArray[np.int64]) -> FloatArray:
        """Numbers of tokens, texts x tokens, to texts x 384, of unit length."""
        states = self._normed(self._words[numbers] + self._positions[: numbers.shape[1]], "embeddings.LayerNorm")
        for number in range(_LAYERS):
            name = f"encoder.layer.{number}"
            heard = self._dense(self._attended(states, f"{name}.attention.self"), f"{name}.attention.output.dense")
            states = self._normed(states + heard, f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._dense(states, f"{name}.intermediate.dense"))
            states = self._normed(states + self._dense(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return unit_vectors(states.mean(axis=1))

    def _attended(self, states: FloatArray, name: str) -> FloatArray:
        query, key, value = (
            self._dense(states, f"{name}.{each}").reshape(*states.shape[:2], _HEADS, -1).swapaxes(1, 2)
            for each in ("query", "key", "value")
        )
        likeness: FloatArray = query @ key.swapaxes(-1, -2)
        likeness *= np.float32((DIMENSION / _HEADS) ** -0.5)
        attended: FloatArray = softmax(likeness) @ value
        return attended.swapaxes(1, 2).reshape(states.shape)

    def _dense(self, values: FloatArray, name: str) -> FloatArray:
        weight, bias = self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
        made = values.reshape(-1, values.shape[-1]) @ weight.T
        made += bias
        return made.reshape(*values.shape[:-1], -1)

    def _normed(self, values: FloatArray, name: str) -> FloatArray:
        values -= values.mean(axis=-1, keepdims=True)
        values /= np.sqrt((values * values).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
        values *= self._tensors[f"{name}.weight"]
        values += self._tensors[f"{name}.bias"]
        return values


_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


def _gelu(values: FloatArray) -> FloatArray:
    """x times the chance that a normal number is below it (Hendrycks and Gimpel 2016, arXiv 1606.08415).

    By formula 7.1.26 of Abramowitz and Stegun, right to 1.5e-7.
    """
    size = np.abs(values)
    size *= np.float32(np.sqrt(0.5))
    steps = 1 / (1 + np.float32(0.3275911) * size)
    above = np.full_like(values, _ERF[-1])
    for factor in _ERF[-2::-1]:
        above *= steps
        above += np.float32(factor)
    above *= steps
    size *= -size
    above *= np.exp(size, out=size)  # 1 - erf
    above *= np.float32(0.5)
    return values * np.where(values < 0, above, 1 - above)
