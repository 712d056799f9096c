"""What labels are called in the language of the window, beside the English names by which they are known and kept.

The names of the label sets that the program ships are in `resources/label_sets/names.LANGUAGE.tsv`. A label that is not
there is shown as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from engine.resources import resource

TRANSLATED = ("de",)
"""The languages that labels have names in, beside English."""


class LabelWord(str):
    """A label's name that is filled into a sentence: a window shows it in its own language."""


@dataclass(frozen=True)
class LabelNames:
    """The names of labels in one language."""

    shown: Mapping[str, str]
    """English name, in small letters, to the name in the language."""
    english: Mapping[str, str]
    """Names and other words of the language, case-folded, to the English name."""


def display_name(name: str, language: str) -> str:
    """What a label is called in a language such as "de" or "de_AT": "Hund" for "dog"; its own name where none is known.

    Capitals do not matter, as label sets do not tell names apart by them.
    """
    return label_names(language).shown.get(name.casefold(), name)


def english_name(text: str, language: str) -> str | None:
    """The label that a person means who types in a language: "dog" for "Hund"; None for what is not in the table."""
    return label_names(language).english.get(" ".join(text.casefold().split()))


def english_names(text: str) -> list[str]:
    """The labels that may be meant, in whatever language that labels have names in; of most texts none."""
    return [name for tongue in TRANSLATED if (name := english_name(text, tongue)) is not None]


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
    others: dict[str, str] = {}
    english: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, own, *more = line.split("\t")
            shown[name.casefold()] = own
            english.setdefault(own.casefold(), name)
            others |= {word.strip().casefold(): name for word in ",".join(more).split(",") if word.strip()}
    return LabelNames(MappingProxyType(shown), MappingProxyType(others | english))


_NONE = LabelNames(MappingProxyType({}), MappingProxyType({}))
