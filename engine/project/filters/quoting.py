"""Words of the filter language: what can stand as it is, and what needs quotes."""

from __future__ import annotations

import re

KEYWORDS = ("AND", "OR", "NOT")

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
"""Text in quotes, in which a backslash takes the next character as it is."""

BARE = re.compile(r'[^\s()",:<>=]+')
"""A word that needs no quotes, unless it is a keyword or begins with a minus."""


def quoted(text: str) -> str:
    """The text as it is written in a filter, in quotes where it needs them."""
    if BARE.fullmatch(text) and not text.startswith("-") and text.upper() not in KEYWORDS:
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def unquoted(inside: str) -> str:
    """What stands between quotes, with its backslashes taken away."""
    return re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL)
