"""What values from elsewhere are: looked at before they are used, as a file may say anything."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Kind = Callable[[Any], bool]

MOST_IN_A_NAME = 10_000
"""Characters of a label or anything else that is shown in one line. What is typed is held much shorter."""


def is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]


def or_none(kind: Kind) -> Kind:
    return lambda value: value is None or kind(value)


def list_of(kind: Kind) -> Kind:
    return lambda value: isinstance(value, list) and all(map(kind, value))


def by_name(kind: Kind) -> Kind:
    return lambda value: isinstance(value, dict) and all(map(kind, value.values()))


def whole(low: int, high: int) -> Kind:
    return lambda value: type(value) is int and low <= value <= high


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    return isinstance(value, bool)


def anything(_value: object) -> bool:
    return True


def is_fraction(value: object) -> bool:
    return is_number(value) and 0 <= value <= 1  # type: ignore[operator]


def is_name(value: object) -> bool:
    """Whether it may be shown in a line."""
    return isinstance(value, str) and len(value) <= MOST_IN_A_NAME


def is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and all(map(is_name, value))


def is_list_of_other_names(value: object) -> bool:
    """Of a label: each a name and the language that it is of, empty for none in particular."""
    return isinstance(value, list) and all(is_list_of_names(one) and len(one) == 2 for one in value)
