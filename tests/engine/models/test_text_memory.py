"""A text is embedded once, whatever is asked beside it."""

import numpy as np
import pytest

from engine.jobs import Cancellation, Cancelled
from engine.models.encoders import text_memory
from engine.models.encoders.text_memory import TextMemory


class Embedding:
    """Embeds a text as its length, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.asked.append(texts)
        return np.array([[len(text)] for text in texts], np.float32)


def test_only_new_texts_are_embedded_and_each_comes_back_in_its_place() -> None:
    embedding = Embedding()
    remembered = TextMemory(embedding, 2)
    assert remembered(["a", "four", "a"]).tolist() == [[1], [4], [1]]
    assert remembered(["seven", "four"]).tolist() == [[5], [4]]
    assert embedding.asked == [["a", "four"], ["seven"]]


def test_many_texts_are_embedded_part_by_part() -> None:
    embedding = Embedding()
    assert TextMemory(embedding, 2)(["a", "bb", "ccc", "dddd", "eeeee"])[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert [len(part) for part in embedding.asked] == [2, 2, 1]


def test_too_many_texts_are_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(text_memory, "_MOST", 2)
    embedding = Embedding()
    remembered = TextMemory(embedding, 3)
    for texts in (["a", "bb", "ccc"], ["a"], ["a"]):
        assert remembered(texts)[:, 0].tolist() == [len(text) for text in texts]
    assert embedding.asked == [["a", "bb", "ccc"], ["a"]]


def test_what_was_read_ahead_is_there_and_reading_can_be_cancelled() -> None:
    embedding, cancellation = Embedding(), Cancellation()
    remembered = TextMemory(embedding, 2)
    remembered.remember(["a", "bb", "ccc"], cancellation.check)
    assert remembered(["ccc", "a"]).tolist() == [[3], [1]]
    assert embedding.asked == [["a", "bb"], ["ccc"]]
    cancellation.cancel()
    with pytest.raises(Cancelled):
        remembered.remember(["dddd"], cancellation.check)
    assert len(embedding.asked) == 2
