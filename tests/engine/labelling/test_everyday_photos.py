"""The label set of what people photograph: the starter knows each label, and no two of them are the same to it."""

from __future__ import annotations

from collections import Counter

from engine.models.encoders.starter.glossary import named_by, read_glossary
from engine.project.labels import parse_label_set, texts_of
from engine.resources import resource

LABELS = parse_label_set(resource("label_sets", "everyday.txt").read_text("utf-8"))


def test_there_are_a_few_hundred_in_groups() -> None:
    assert 150 <= len(LABELS) <= 300
    assert all(label.supercategory for label in LABELS)


def test_no_two_labels_mean_the_same_to_the_starter() -> None:
    rows = {name: row for row, meaning in enumerate(read_glossary()) for name in meaning.names}
    meant = [rows[named_by(prompt)] for label in LABELS for prompt in texts_of(label.name, label.prompts)]
    assert [row for row, times in Counter(meant).items() if times > 1] == []
