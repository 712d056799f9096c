"""JSON as every format here reads it, with nothing taken for what it is not, and as every one writes it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from engine.formats.files.reading import MOST_BYTES, FormatError, Place, in_place, read_bytes
from engine.wording import Sentence

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def read_json(file: Path, most_bytes: int = MOST_BYTES) -> Any:
    """The value of a JSON file. Keys that are there twice and numbers that are none are refused."""
    return parse_json(file, read_bytes(file, most_bytes))


def parse_json(file: Path, data: bytes | str, place: Place = "") -> Any:
    """The value of JSON that stands in a file; see `read_json`."""
    with in_place(file, place):
        return json_value(data)


def json_value(data: bytes | str) -> Any:
    """The value of JSON; FormatError for what is none, see `read_json`."""
    try:
        return json.loads(data, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise FormatError(Sentence("It is JSON, but too deeply nested.")) from error
    except json.JSONDecodeError as error:
        raise FormatError(Sentence("It is not JSON ({why}).").format(why=error)) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            Sentence("It is not JSON ({reason} at byte {start}).").format(reason=error.reason, start=error.start)
        ) from error


def kind_of(value: Any) -> Sentence:
    """What a value of JSON is, in words."""
    return _KINDS.get(type(value), Sentence("a number"))


_KINDS = {
    dict: Sentence("an object"),
    list: Sentence("a list"),
    str: Sentence("text"),
    bool: Sentence("true or false"),
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


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise FormatError(Sentence("The key {key!r} is there twice in one object.").format(key=twice))
    return found


def _refuse_constant(name: str) -> None:
    raise FormatError(Sentence("{name} is not a number in JSON.").format(name=name))
