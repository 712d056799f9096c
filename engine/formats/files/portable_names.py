"""Names that every file system and every reader of text takes, and the way back to the names they stand for."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import unquote_to_bytes

MOST_BYTES = 255
"""Of a name, on nearly every file system."""

_LONGEST_SUFFIX = 12
_HALF_AN_ESCAPE = re.compile(r"%[0-9A-F]?$")
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


def shortened(path: str, most_bytes: int = MOST_BYTES) -> str:
    """A path of which each part has room on nearly every file system; one that is cut off ends in eight digits made of
    the whole of it, before its suffix, so that no two become the same.
    """
    return "/".join(_cut(part, most_bytes) for part in path.split("/"))


def most_bytes_of_a_name(place: Path) -> int:
    """How many bytes a name may have where something is to be written."""
    for folder in (place, *place.parents):
        with suppress(OSError, ValueError, AttributeError):  # of what is not there yet, and of systems that do not say
            return os.pathconf(folder, "PC_NAME_MAX")
    return MOST_BYTES


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


def _cut(name: str, most_bytes: int) -> str:
    whole = name.encode("utf-8", "surrogateescape")
    if len(whole) <= most_bytes:
        return name
    suffix = PurePosixPath(name).suffix
    end = f"-{hashlib.blake2b(whole, digest_size=4).hexdigest()}{suffix if len(suffix) <= _LONGEST_SUFFIX else ''}"
    begin = whole[: most_bytes - len(end.encode("utf-8", "surrogateescape"))].decode("utf-8", "ignore")
    return _HALF_AN_ESCAPE.sub("", begin) + end


def _escaped(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))
