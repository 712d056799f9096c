"""JSON as every format here reads it, and as every one writes it.

What nobody reads is not judged: numbers that are none come in as `nan` and `inf`, and a key that is there twice is only
refused by `once`, where somebody looks at it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from engine.formats.files.reading import MOST_BYTES, FormatError, in_place, read_bytes
from engine.wording import Sentence

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Repeated(dict[str, Any]):
    """An object in which keys are there more than once; the last value of each counts."""

    twice: frozenset[str]


def read_json(file: Path) -> Any:
    """The value of a JSON file: UTF-8, UTF-16 or UTF-32; other bytes become lone surrogates, as in names of photos."""
    data = read_bytes(file, MOST_BYTES)
    with in_place(file):
        return json_value(data)


def json_value(data: bytes | str) -> Any:
    """The value of JSON; FormatError for what is none, see `read_json`."""
    try:
        text = data if isinstance(data, str) else data.decode(json.detect_encoding(data), "surrogateescape")
        text = text.removeprefix("\ufeff")
        try:
            return json.loads(text, object_pairs_hook=_noting_repeats)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a whole number of thousands of digits
            return json.loads(text, object_pairs_hook=_noting_repeats, parse_int=_whole_number)
    except RecursionError as error:
        raise FormatError(Sentence("It is JSON, but too deeply nested.")) from error
    except json.JSONDecodeError as error:
        raise FormatError(Sentence("It is not JSON ({why}).").format(why=error)) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            Sentence("It is not JSON ({reason} at byte {start}).").format(reason=error.reason, start=error.start)
        ) from error


def once(value: Any, *keys: str) -> None:
    """Raise FormatError where an object has one of these keys more than once."""
    for key in keys if isinstance(value, Repeated) else ():
        if key in value.twice:
            raise FormatError(Sentence("The key {key!r} is there twice in one object.").format(key=key))


def kind_of(value: Any) -> Sentence:
    """What a value of JSON is, in words."""
    return _KINDS.get(type(value), Sentence("a number"))


def shown(value: Any) -> Sentence | str:
    """A value with what it is, for a sentence: `99 (a number)`; of an object or a list only that it is one."""
    kind = kind_of(value)
    if value is None or isinstance(value, dict | list):
        return kind
    text = json.dumps(value) if isinstance(value, bool) else repr(value)
    text = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return Sentence("{value} ({kind})").format(value=text, kind=kind)


_MOST_SHOWN = 60
_KINDS = {
    dict: Sentence("an object"),
    list: Sentence("a list"),
    str: Sentence("text"),
    bool: Sentence("true or false"),
    Repeated: Sentence("an object"),
    type(None): Sentence("nothing"),
}


def encoded(value: Any) -> bytes:
    """A value as UTF-8, with letters of all languages as they are.

    A byte of a file name that is not UTF-8 becomes an escape, which Python's readers turn back into that byte.
    """
    try:
        return orjson.dumps(value)
    except TypeError:  # not text
        return _ENCODER.encode(value).encode("utf-8", "backslashreplace")


def _noting_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = Repeated(found)
    repeated.twice = frozenset(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return repeated


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)


_MOST_DIGITS = 300
