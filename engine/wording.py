"""Sentences for people that can be said in another language, by whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping


class Sentence(str):
    """English text that still knows its template and what was filled into it.

    It is a `str` wherever one is wanted. A window looks up a translation of `template` and fills in `arguments`, which
    may be sentences themselves. Every template is written out where it is used, as `Sentence("…")`, so that it can be
    found without running the program.

    >>> Sentence("There is no label {name}.").format(name="cat").template
    'There is no label {name}.'
    """

    template: str
    arguments: Mapping[str, object]

    def __new__(cls, template: str) -> Sentence:
        return cls._made(template, template, {})

    def format(self, **arguments: object) -> Sentence:  # type: ignore[override]
        """Fill in the template, by name alone: another language has another order."""
        return self._made(self.template.format(**arguments), self.template, arguments)

    @classmethod
    def _made(cls, text: str, template: str, arguments: Mapping[str, object]) -> Sentence:
        sentence = str.__new__(cls, text)
        sentence.template, sentence.arguments = template, arguments
        return sentence
