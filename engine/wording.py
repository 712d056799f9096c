"""Sentences for people that can be said in another language, by whoever shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_KEPT = '{"said": '

_FILLED_IN = re.compile(r"\{\w+(![rs])?(:,?(\.\d)?[fg%]?)?\}")
"""Where a template that was kept is filled in. A damaged file could ask for a width of gigabytes."""


class Sentence(str):
    """English text that still knows its template and what was filled into it.

    It is a `str` wherever one is wanted. A window looks up a translation of `template` and fills in `arguments`, which
    may be sentences themselves. Every template is written out where it is used, as `Sentence("…")`, so that it can be
    found without running the program.

    >>> Sentence("There is no label {name}.").format(name="cat").template
    'There is no label {name}.'

    Args:
        one: what is said instead where the argument `count` is 1.

    >>> Sentence("{count} photos were found.", one="One photo was found.").format(count=1)
    'One photo was found.'
    """

    template: str
    arguments: Mapping[str, object]
    one: str

    def __new__(cls, template: str, *, one: str = "") -> Sentence:
        sentence = cls._made(template, template, {})
        sentence.one = one
        return sentence

    def format(self, **arguments: object) -> Sentence:  # type: ignore[override]
        """Fill in the template, by name alone: another language has another order."""
        template = self.one if self.one and arguments["count"] == 1 else self.template
        return self._made(template.format(**arguments), template, arguments)

    @property
    def kept(self) -> str:
        """Text for a database, from which `of_kept` makes the sentence again; without arguments the sentence itself."""
        return json.dumps(_parts(self), ensure_ascii=False, default=str) if self.arguments else self.template

    @classmethod
    def of_kept(cls, text: str) -> Sentence:
        """The sentence that was kept as this text; the text itself where it is no such thing."""
        if text.startswith(_KEPT):
            try:
                found = json.loads(text, object_hook=_of_parts)
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                return cls(text)
            return found if isinstance(found, Sentence) else cls(text)
        return cls(text)

    @classmethod
    def _made(cls, text: str, template: str, arguments: Mapping[str, object]) -> Sentence:
        sentence = str.__new__(cls, text)
        sentence.template, sentence.arguments, sentence.one = template, arguments, ""
        return sentence


class LabelWord(str):
    """A label's name that is filled into a sentence: a window shows it in its own language."""


class LabelWords(str):
    """The first of several labels' names, likewise."""

    def __new__(cls, names: Sequence[str]) -> LabelWords:
        words = super().__new__(cls, first_of(names))
        words.names = tuple(names)
        return words

    names: tuple[str, ...]


class Listed(str):
    """Several parts of a sentence with commas between them, each of which a window may say in its own language."""

    def __new__(cls, parts: Sequence[str]) -> Listed:
        listed = super().__new__(cls, ", ".join(parts))
        listed.parts = tuple(parts)
        return listed

    parts: tuple[str, ...]


class Decimal(str):
    """A number with digits behind the point: a window writes it with the sign of its own language."""


def n_photos(count: int) -> Sentence:
    """How many photos, to be filled into a sentence; likewise the next ones."""
    return Sentence("{count:,} photos", one="1 photo").format(count=count)


def n_labels(count: int) -> Sentence:
    return Sentence("{count:,} labels", one="1 label").format(count=count)


def n_files(count: int) -> Sentence:
    return Sentence("{count:,} files and folders", one="1 file or folder").format(count=count)


def n_decisions(count: int) -> Sentence:
    return Sentence("{count:,} decisions", one="1 decision").format(count=count)


def n_answers(count: int) -> Sentence:
    return Sentence("{count:,} answers", one="1 answer").format(count=count)


def n_suggestions(count: int) -> Sentence:
    return Sentence("{count:,} suggestions", one="1 suggestion").format(count=count)


def some_of(names: Sequence[str]) -> str:
    """The first three of these and how many more there are, to be filled into a sentence."""
    some = Listed(names[:3])
    if len(names) <= 3:
        return some
    return Sentence("{some} and {count:,} more").format(some=some, count=len(names) - 3)


def first_of(names: Sequence[str]) -> str:
    """The first five of these, to be filled into a sentence that says how many there are."""
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def _parts(sentence: Sentence) -> dict[str, Any]:
    return {"said": sentence.template, "with": {name: _part(value) for name, value in sentence.arguments.items()}}


def _part(value: object) -> object:
    if isinstance(value, Sentence):
        return _parts(value)
    if isinstance(value, Listed):
        return {"listed": [_part(one) for one in value.parts]}
    for kind, key in _WORDS:
        if isinstance(value, kind):
            return {key: str(value)}
    return value


_WORDS: tuple[tuple[type[str], str], ...] = ((LabelWord, "label word"), (Decimal, "decimal"))
"""What is more than text, by the key under which it is kept; arguments of sentences are called otherwise."""


def _of_parts(found: dict[str, Any]) -> Any:
    if found.keys() == {"listed"}:
        return Listed(found["listed"])
    for kind, key in _WORDS:
        if found.keys() == {key}:
            return kind(found[key])
    if found.keys() != {"said", "with"}:
        return found
    if re.search("[{}]", _FILLED_IN.sub("", found["said"])):
        raise ValueError(f"Expected a template with arguments alone, but got {found['said']!r}.")
    return Sentence._made(found["said"].format(**found["with"]), found["said"], found["with"])
