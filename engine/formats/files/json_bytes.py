"""JSON as every format here writes it."""

from __future__ import annotations

import json
from typing import Any

import orjson

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def encoded(value: Any) -> bytes:
    """A value as UTF-8, with letters of all languages as they are.

    A byte of a file name that is not UTF-8 becomes an escape, which Python's readers turn back into that byte.
    """
    try:
        return orjson.dumps(value)
    except TypeError:  # not text
        return _ENCODER.encode(value).encode("utf-8", "backslashreplace")
