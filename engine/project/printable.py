"""Text that shows what it is: no control characters, nothing invisible, nothing that turns the direction of writing."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

_JOINER = "\u200d"
_AS_PICTURE = "\ufe0f"


def is_printable(text: str) -> bool:
    """Whether all of a text shows. The joiner is allowed where it makes one emoji of two, as in 👩‍👩‍👧.

    Anywhere else it is invisible, and two texts that look the same would be two.
    """
    parts = text.split(_JOINER)
    return all(part.isprintable() for part in parts) and all(
        _ends_as_emoji(before) and _begins_as_emoji(after) for before, after in pairwise(parts)
    )


def of_unknown_encoding(text: str) -> str:
    """A text with the letters that its bytes which are no UTF-8, kept as lone surrogates, most likely mean.

    They are taken for Windows-1252, which most programs in the west write that do not write UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        except UnicodeEncodeError:  # no bytes at all, but an escape for one in a JSON text
            return text
    return text


def _ends_as_emoji(text: str) -> bool:
    # After the picture there may be the sign that it is one; the colours of skin are modifier symbols.
    return unicodedata.category(text.removesuffix(_AS_PICTURE)[-1:] or " ") in ("So", "Sk")


def _begins_as_emoji(text: str) -> bool:
    return unicodedata.category(text[:1] or " ") == "So"
