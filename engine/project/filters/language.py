"""Text to filter, by recursive descent.

either  = all { "OR" all }
all     = one { ["AND"] one }
one     = ("NOT" | "-") one | "(" either ")" | condition
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from engine.project.filters.filter import All, Either, Everything, Filter, FilterError, Not, joined
from engine.project.filters.label_conditions import (
    COMPARISONS,
    PROPERTIES,
    HasLabel,
    HasProperty,
    LabelCount,
    LabelName,
    Mentions,
    ScoreIs,
)
from engine.project.filters.photo_conditions import InFolder, Named, Taken
from engine.project.filters.quoting import BARE, KEYWORDS, QUOTED, unquoted
from engine.project.runs import STAGES
from engine.wording import Sentence

LABEL_STATES = ("label", "confirmed", "likely", "maybe", "suggested", "rejected", "implied", "below", "disagreed")
FIELDS = (*LABEL_STATES, *PROPERTIES, "folder", "name", "taken")
"""What may stand before a colon."""

_EXPECTED = Sentence("Expected {what}, but got “{came}”.")
_NO_SUCH = Sentence("There is no “{came}”. Did you mean “{near}”?")
_DEEPEST = 50
_MOST_DIGITS = 15
_SPACE = re.compile(r"\s*")
_COMPARISON = re.compile(r"\s*(>=|<=|>|<|=)\s*")
_NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)


def parse(text: str, labels: Sequence[str] | None = None) -> Filter:
    """Read a filter line. Empty text is the filter that all photos pass.

    Args:
        labels: names of the label set, to refuse others at once; without them `Filter.rows` does.

    Raises:
        FilterError: with the position in the text, what was expected and what came.
    """
    return _Parser(text, labels).whole()


class _Parser:
    def __init__(self, text: str, labels: Sequence[str] | None) -> None:
        self.text = text
        self.labels = labels
        self.at = 0
        self.depth = 0

    def whole(self) -> Filter:
        self._skip_space()
        if self._at_end():
            return Everything()
        found = self._either()
        if not self._at_end():
            raise self._expected(Sentence("the end or another condition"))
        return found

    def _either(self) -> Filter:
        parts = [self._all()]
        while self._keyword("OR"):
            parts.append(self._all())
        return joined(Either, parts)

    def _all(self) -> Filter:
        parts = [self._one()]
        while self._keyword("AND") or not (self._at_end() or self.text[self.at] == ")" or self._peek_keyword() == "OR"):
            parts.append(self._one())
        return joined(All, parts)

    def _one(self) -> Filter:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FilterError(
                Sentence("Expected at most {count} conditions inside one another.").format(count=_DEEPEST), self.at
            )
        negated = self._keyword("NOT") or self._minus()
        if negated:
            found: Filter = Not(self._one())
        elif self._take("("):
            self._skip_space()
            found = self._either()
            if not self._take(")"):
                raise self._expected(Sentence("a closing parenthesis"))
        else:
            found = self._condition()
        self.depth -= 1
        self._skip_space()
        return found

    def _condition(self) -> Filter:
        start = self.at
        if self.text.startswith('"', self.at):
            return Mentions(self._value(Sentence("words in quotes")))
        if self._peek_keyword():
            raise self._expected(Sentence("a condition"))
        if not (word := BARE.match(self.text, self.at)):
            raise self._expected(Sentence("a condition such as label:dog"))
        self.at = word.end()
        name = word.group().casefold()
        if self._take(":"):
            return self._field(name, start)
        if name == "score" and self._take("("):
            return self._score()
        comparison = _COMPARISON.match(self.text, self.at)
        if comparison is None:
            return Mentions(word.group())
        if name == "labels":
            return LabelCount(self._comparison(), int(self._number(Sentence("a whole number"), whole=True)))
        if name == "taken":
            return self._taken_compared()
        sentence = Sentence("Expected score(…), labels or taken before “{comparison}”, but got “{came}”.")
        raise FilterError(sentence.format(comparison=comparison.group(1), came=word.group()), start)

    def _field(self, name: str, start: int) -> Filter:
        if name in LABEL_STATES:
            return HasLabel(name, self._label(Sentence("a label after {field}").format(field=f"{name}:")))
        if name in PROPERTIES:
            return HasProperty(name, self._one_of(tuple(PROPERTIES[name])))
        if name == "folder":
            return InFolder(self._value(Sentence("a folder after folder:")))
        if name == "name":
            return Named(self._value(Sentence("a file name after name:")))
        if name == "taken":
            return self._taken()
        if near := difflib.get_close_matches(name, FIELDS, n=1):
            raise FilterError(_NO_SUCH.format(came=f"{name}:", near=f"{near[0]}:"), start)
        fields = ", ".join(f"{known}:" for known in FIELDS)
        sentence = Sentence("Expected one of {fields} but got “{came}”. Put words with a colon in quotes.")
        raise FilterError(sentence.format(fields=fields, came=f"{name}:"), start)

    def _score(self) -> Filter:
        self._skip_space()
        label = self._label(Sentence("a label in score(…)"))
        self._skip_space()
        stage = None
        if self._take(","):
            self._skip_space()
            stage = self._one_of(STAGES)
            self._skip_space()
        if not self._take(")"):
            raise self._expected(Sentence("a closing parenthesis"))
        comparison = self._comparison()
        start = self.at
        value = self._number(Sentence("a number from 0 to 1"))
        if value > 1:
            sentence = Sentence("Expected a score from 0 to 1, but got {came}.")
            raise FilterError(sentence.format(came=self.text[start : self.at]), start)
        return ScoreIs(label, stage, comparison, value)

    def _taken(self) -> Filter:
        start = self.at
        first, dots, last = self._value(Sentence("a date after taken:")).partition("..")
        if not dots:
            return Taken(*self._period(first, start))
        if not (first or last):
            raise FilterError(Sentence("Expected a date before or after the two dots, but got neither."), start)
        taken = Taken(
            self._period(first, start)[0] if first else None,
            self._period(last, start + len(first) + 2)[1] if last else None,
        )
        if taken.first and taken.last and taken.first > taken.last:
            sentence = Sentence("Expected the earlier date first, but got {first} before {last}.")
            raise FilterError(sentence.format(first=first, last=last), start)
        return taken

    def _taken_compared(self) -> Filter:
        comparison = self._comparison()
        start = self.at
        first, last = self._period(self._value(Sentence("a date such as 2024-05")), start)
        try:
            bounds: dict[str, Callable[[], tuple[date | None, date | None]]] = {
                ">=": lambda: (first, None),
                ">": lambda: (last + timedelta(1), None),
                "<=": lambda: (None, last),
                "<": lambda: (None, first - timedelta(1)),
                "=": lambda: (first, last),
            }
            return Taken(*bounds[comparison]())
        except OverflowError:
            raise FilterError(Sentence("Expected a date between the years 1 and 9999."), start) from None

    def _period(self, text: str, start: int) -> tuple[date, date]:
        """The first and the last day of a year, a month or a day."""
        match = _DAY.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            year, month, day = (int(part) if part else None for part in match.groups())
            first = date(year or 0, month or 1, day or 1)
            if day:
                return first, first
            if month and month < 12:
                return first, first.replace(month=month + 1) - timedelta(1)
            return first, first.replace(month=12, day=31)
        except ValueError:
            sentence = Sentence("Expected a date as 2024, 2024-05 or 2024-05-31, but got “{came}”.")
            raise FilterError(sentence.format(came=text), start) from None

    def _label(self, what: Sentence) -> LabelName:
        start = self.at
        label = LabelName(self._value(what), start)
        if self.labels is not None:
            label.index_among(self.labels)
        return label

    def _one_of(self, words: Sequence[str]) -> str:
        start = self.at
        one_of = Sentence("one of {words}").format(words=", ".join(words))
        word = self._value(one_of).casefold()
        if word not in words:
            if near := difflib.get_close_matches(word, words, n=1):
                raise FilterError(_NO_SUCH.format(came=word, near=near[0]), start)
            raise FilterError(_EXPECTED.format(what=one_of, came=word), start)
        return word

    def _value(self, what: Sentence) -> str:
        if match := QUOTED.match(self.text, self.at):
            self.at = match.end()
            return unquoted(match.group(1))
        if self.text.startswith('"', self.at):
            raise FilterError(Sentence("Expected a closing quote, but the text ends."), self.at)
        if match := BARE.match(self.text, self.at):
            self.at = match.end()
            return match.group()
        raise self._expected(what)

    def _comparison(self) -> str:
        match = _COMPARISON.match(self.text, self.at)
        if match is None:
            raise self._expected(Sentence("a comparison ({comparisons})").format(comparisons=" ".join(COMPARISONS)))
        self.at = match.end()
        return match.group(1)

    def _number(self, what: Sentence, *, whole: bool = False) -> float:
        match = BARE.match(self.text, self.at)
        text = match.group() if match else ""
        if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text) or (whole and not text.isdecimal()):
            raise self._expected(what)
        self.at += len(text)
        return float(text)

    def _keyword(self, keyword: str) -> bool:
        if self._peek_keyword() != keyword:
            return False
        self.at += len(keyword)
        self._skip_space()
        return True

    def _peek_keyword(self) -> str | None:
        match = BARE.match(self.text, self.at)
        return match.group().upper() if match and match.group().upper() in KEYWORDS else None

    def _minus(self) -> bool:
        return self._take("-")

    def _take(self, character: str) -> bool:
        if not self.text.startswith(character, self.at):
            return False
        self.at += 1
        return True

    def _skip_space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _at_end(self) -> bool:
        return self.at >= len(self.text)

    def _expected(self, what: Sentence) -> FilterError:
        rest = BARE.match(self.text, self.at)
        came = rest.group() if rest else self.text[self.at : self.at + 1]
        sentence = _EXPECTED if came else Sentence("Expected {what}, but the text ends.")
        return FilterError(sentence.format(what=what, came=came), self.at)
