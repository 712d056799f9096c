"""Names that every file system and every reader of text takes, and the way back to the names they stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

_NOWHERE = r'<>:"|?*\\'
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_AT_AN_END = re.compile(r"[ .]+(?=/|$)|(?<![^/]) +")
"""Spaces before a part of a path, spaces and dots after one: Windows drops the latter, line-based readers both."""


def portable(name: str, escapes: str = "") -> str:
    """A name with the characters that cannot stand everywhere as `%XX`, as in an address; `/` stays.

    These are control characters, `<>:"|?*\\`, bytes that are not UTF-8, and spaces around a part of a path.

    Args:
        escapes: further characters to write in that way.
    """
    hard = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u2028\\u2029{_NOWHERE}{re.escape(escapes)}]")
    # A percent sign only where it would be taken for an escape, so that `100%.jpg` stays as it is.
    name = _ESCAPE.sub(lambda found: "%25" + found.group()[1:], name)
    name = hard.sub(lambda found: _escaped(found.group()), name)
    return _AT_AN_END.sub(lambda found: _escaped(found.group()), name)


def from_portable(name: str) -> str:
    """What `portable` was given."""
    return unquote_to_bytes(name.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def stems(names: Sequence[str]) -> list[str]:
    """The names without their suffixes, each with it where two would be the same but for capitals."""
    found = [str(PurePosixPath(name).with_suffix("")) for name in names]
    while True:
        counts = Counter(map(str.casefold, found))
        repeated = [at for at, stem in enumerate(found) if counts[stem.casefold()] > 1 and stem != names[at]]
        if not repeated:
            return found
        for at in repeated:
            found[at] = names[at]


def _escaped(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))
