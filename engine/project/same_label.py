"""When two names are the same label: whatever the capitals, spaces and hyphens, and by the names of well-known sets."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType

from engine.resources import resource

LabelNamed = Callable[[str], str | None]
"""A name that somebody else writes to the label that it means; None for none."""


def match_labels(
    names: Sequence[str], others: Sequence[str], called: Mapping[str, int] = MappingProxyType({})
) -> list[int | None]:
    """For each name the index of the other that is the same label.

    Whatever the capitals, spaces and hyphens; and where no other is spelt like it, by the names that well-known label
    sets give to the same thing (`resources/label_synonyms.txt`).

    Args:
        called: what else the others are called, see `labels.called_otherwise`: it goes before what is well known.
    """
    exact = {other: at for at, other in enumerate(others)}
    plain = {_plain(other): at for at, other in reversed(list(enumerate(others)))}
    plain.pop("", None)  # names of nothing but signs are the same only where they are equal
    own = {_plain(other): at for other, at in called.items()}
    own.pop("", None)
    things = well_known_names()
    meant = {things[name]: at for name, at in reversed(plain.items()) if name in things}

    def match(name: str) -> int | None:
        spelt = _plain(name)
        return exact.get(name, plain.get(spelt, own.get(spelt, meant.get(things.get(spelt, -1)))))

    return [match(name) for name in names]


@lru_cache(maxsize=8)
def label_named(labels: tuple[str, ...]) -> LabelNamed:
    """What tells which of these labels another name means."""

    @cache
    def named(name: str) -> str | None:
        (at,) = match_labels([name], labels)
        return None if at is None else labels[at]

    return named


@cache
def well_known_names() -> dict[str, int]:
    """Plainly spelt names of labels, to a number that those of the same thing share."""
    text = resource("label_synonyms.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {_plain(name): thing for thing, line in enumerate(lines) for name in line.split("=")}


def composed(text: str) -> str:
    """A text in the one Unicode form in which it is compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _plain(label: str) -> str:
    # Only what people leave out: `C` and `C++` are two things.
    letters = composed(label).casefold()
    return "".join(letter for letter in letters if not (letter.isspace() or letter in "-_‐‑"))
