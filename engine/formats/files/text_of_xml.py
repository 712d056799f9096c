"""The text of an XML file, however it is encoded: Python's parser knows none of the encodings of East Asia."""

from __future__ import annotations

import codecs
import re

_DECLARATION = re.compile(rb"""\s*<\?xml[^>]*?\?>""")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""How a file may begin, and the encoding that follows; the longer of two that begin alike comes first."""

_MARKS = (*BYTE_ORDER_MARKS, (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def text_of_xml(data: bytes) -> tuple[str, bool]:
    """What stands in an XML file behind its declaration, and whether its bytes are what they are said to be.

    What its first bytes say counts more than what it says of itself. Bytes that are not in its encoding become
    characters of the same numbers; see `as_written`.

    Raises:
        LookupError: nobody knows the encoding.
    """
    data = data.lstrip(b" \t\r\n")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace").removeprefix("\ufeff")
            return re.sub(r"^\s*<\?xml[^>]*?\?>", "", text), True
    declaration = _DECLARATION.match(data)
    said = _ENCODING.search(declaration[0]) if declaration else None
    encoding = said[1].decode() if said else "utf-8"
    body = data[declaration.end() :] if declaration else data
    try:
        return body.decode(encoding), True
    except UnicodeDecodeError:
        return body.decode("latin-1"), False


def as_written(text: str) -> str:
    """Text of characters that stand for bytes; those that are not UTF-8 as lone surrogates, as in names of files."""
    try:
        return text.encode("latin-1").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # it holds others, by their numbers
        return text
