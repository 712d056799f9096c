"""The key that toggles a label: its own where it has one, else 1 to 9 for the labels in use most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_uppercase

import numpy as np

from engine.project.labels import LabelRow

DIGITS = "123456789"


def free_keys(labels: Sequence[LabelRow], taken: Iterable[str]) -> str:
    """The digits and letters that neither a command nor a label has for its own."""
    used = {key.upper() for key in taken} | {label.key.upper() for label in labels if label.key}
    return "".join(key for key in DIGITS + ascii_uppercase if key not in used)


def keys_to_give(labels: Sequence[LabelRow], in_use: Iterable[int], taken: Iterable[str]) -> dict[int, str | None]:
    """Label id to key, for labels that have none of their own: digits for those in use most, then letters of the name.

    Args:
        in_use: how often each label is confirmed or suggested; labels that are not in use get no key.
        taken: the keys of commands.
    """
    free = free_keys(labels, taken)
    keys: dict[int, str | None] = {}
    counts = np.fromiter(in_use, np.int64, len(labels))
    for column in np.argsort(-counts, kind="stable").tolist():
        label = labels[column]
        wanted = next((key for key in DIGITS + label.name.upper() if key in free), None)
        if label.key is None and counts[column] > 0 and wanted is not None:
            keys[label.id] = wanted
            free = free.replace(wanted, "")
    return keys


class LabelKeys:
    """Hands keys out and keeps them where they are, so that no key changes its meaning under somebody's fingers.

    `given`: the digits that were handed out, by label id.
    """

    def __init__(self, taken: Iterable[str] = (), given: Mapping[int, str] | None = None) -> None:
        self._taken = {key.upper() for key in taken}
        self.given = dict(given or {})

    def assign(self, labels: list[LabelRow], in_use: Iterable[int]) -> dict[int, str]:
        """Column to key.

        Args:
            labels: the label set.
            in_use: how often each label of it is confirmed or suggested.
        """
        keys: dict[int, str] = {}
        for column, label in enumerate(labels):
            if label.key and (key := label.key.upper()) not in self._taken | set(keys.values()):
                keys[column] = key
        there = {label.id: column for column, label in enumerate(labels)}
        free = [digit for digit in DIGITS if digit not in self._taken | set(keys.values())]
        for label_id, digit in self.given.items():
            column_there = there.get(label_id)
            if column_there is not None and column_there not in keys and digit in free:
                keys[column_there] = digit
                free.remove(digit)
        counts = np.fromiter(in_use, np.int64, len(labels))
        for column in np.argsort(-counts, kind="stable").tolist():
            if not free:
                break
            if column not in keys and counts[column] > 0:
                keys[column] = free.pop(0)
        self.given = {labels[column].id: key for column, key in keys.items() if key in DIGITS}
        return keys
