"""The keys that toggle labels: digits for those of the photo that is looked at, letters for what has one of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_uppercase

import numpy as np

from engine.project.labels import LabelRow

DIGITS = "123456789"
"""Of the labels of the photo that is looked at, in their order."""


def free_keys(labels: Sequence[LabelRow], taken: Iterable[str]) -> str:
    """The letters that neither a command nor a label has for its own."""
    used = {key.upper() for key in taken} | {label.key.upper() for label in labels if label.key}
    return "".join(key for key in ascii_uppercase if key not in used)


def keys_to_give(labels: Sequence[LabelRow], in_use: Iterable[int], taken: Iterable[str]) -> dict[int, str | None]:
    """Label id to key, for labels that have none of their own: letters of their names, those in use most first.

    Args:
        in_use: how often each label is confirmed or suggested; labels that are not in use get no key.
        taken: the keys of commands.
    """
    free = free_keys(labels, taken)
    keys: dict[int, str | None] = {}
    counts = np.fromiter(in_use, np.int64, len(labels))
    for column in np.argsort(-counts, kind="stable").tolist():
        label = labels[column]
        wanted = next((key for key in label.name.upper() if key in free), None)
        if label.key is None and counts[column] > 0 and wanted is not None:
            keys[label.id] = wanted
            free = free.replace(wanted, "")
    return keys


def keys_in_force(labels: Sequence[LabelRow], taken: Iterable[str]) -> dict[int, str]:
    """Column to key, of labels that have one which is neither a command's nor a digit."""
    used = {key.upper() for key in taken} | set(DIGITS)
    keys: dict[int, str] = {}
    for column, label in enumerate(labels):
        if label.key and (key := label.key.upper()) not in used:
            keys[column] = key
            used.add(key)
    return keys
