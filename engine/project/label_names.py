"""What labels are called in the language of the window, beside the English names by which they are known and kept.

The names of the label sets that the program ships are in `resources/label_sets/names.LANGUAGE.tsv`. A label that is not
there is shown as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from engine.resources import resource

TRANSLATED = ("de",)
"""The languages that labels have names in, beside English."""


@dataclass(frozen=True)
class LabelNames:
    """The names of labels in one language."""

    shown: Mapping[str, str]
    """English name, in small letters, to the name in the language."""
    english: Mapping[str, tuple[str, ...]]
    """Names and other words of the language, case-folded, to the English names of what they may mean: what is called so
    first, then what has it among its other words."""


def display_name(name: str, language: str) -> str:
    """What a label is called in a language such as "de" or "de_AT": "Hund" for "dog"; its own name where none is known.

    Capitals do not matter, as label sets do not tell names apart by them.
    """
    return label_names(language).shown.get(name.casefold(), name)


def english_name(text: str, language: str) -> str | None:
    """The label that a person means who types in a language: "dog" for "Hund"; None for what is not in the table."""
    return next(iter(_meanings(text, language)), None)


def english_names(text: str, languages: Sequence[str] = TRANSLATED) -> list[str]:
    """The labels that may be meant, in whatever language that labels have names in, the likeliest first; of most texts
    none. "Welpe" is a puppy, or a dog where no label is called puppy."""
    return [name for language in languages for name in _meanings(text, language)]


def _meanings(text: str, language: str) -> tuple[str, ...]:
    return label_names(language).english.get(" ".join(text.casefold().split()), ())


def has_label_names(language: str) -> bool:
    """Whether labels have names in a language such as "de" or "de_AT"."""
    return bool(label_names(language).shown)


@cache
def label_names(language: str) -> LabelNames:
    """The names in a language such as "de" or "de_AT"; none at all in one that is not in `TRANSLATED`."""
    tongue = language.replace("-", "_").partition("_")[0].lower()
    return _read(tongue) if tongue in TRANSLATED else _NONE


@cache
def _read(tongue: str) -> LabelNames:
    text = resource("label_sets", f"names.{tongue}.tsv").read_text("utf-8")
    shown: dict[str, str] = {}
    called: dict[str, list[str]] = {}
    others: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, own, *more = line.split("\t")
            shown[name.casefold()] = own
            called.setdefault(own.casefold(), []).append(name)
            others += [(word.strip().casefold(), name) for word in ",".join(more).split(",") if word.strip()]
    for word, name in others:
        called.setdefault(word, []).append(name)
    english = {word: tuple(names) for word, names in called.items()}
    return LabelNames(MappingProxyType(shown), MappingProxyType(english))


_NONE = LabelNames(MappingProxyType({}), MappingProxyType({}))
