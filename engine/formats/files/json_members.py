"""Where the members of a JSON object stand in a file, so that one of them can change and nothing else does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from engine.formats.files.splices import Splice, replaced

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class Member(NamedTuple):
    """A key and where it begins, and where its value does and ends, in bytes."""

    key: str
    start: int
    value: int
    end: int


class JsonObject:
    """An object in the bytes of a JSON file, which is valid and UTF-8."""

    def __init__(self, data: bytes, start: int = 0) -> None:
        self._data = data
        # Every byte a character: what holds JSON together is ASCII, and the places are those of the bytes.
        text = data.decode("latin-1")
        at = _after_space(text, start)
        if text[at : at + 1] != "{":
            raise ValueError("not an object")
        self._open = at
        self.members: dict[str, Member] = {}
        at = _after_space(text, at + 1)
        while text[at] != "}":
            begins = at
            _, at = _DECODER.raw_decode(text, at)
            key = json.loads(data[begins:at])
            value = _after_space(text, _after_space(text, at) + 1)
            _, end = _DECODER.raw_decode(text, value)
            self.members[key] = Member(key, begins, value, end)
            at = _after_space(text, end)
            if text[at] == ",":
                at = _after_space(text, at + 1)
        self._close = at

    def set(self, values: Mapping[str, Any], gone: Iterable[str] = ()) -> tuple[Splice, ...]:
        """What gives members these values, new ones behind the others, and takes some out."""
        gone = set(gone)
        there = sorted(self.members.values(), key=lambda one: one.start)
        kept = [one for one in there if one.key not in gone]
        new = [
            f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in values.items()
            if key not in self.members
        ]
        added = [text.encode("utf-8", "backslashreplace") for text in new]
        if not kept:
            return (replaced(self._data, self._open + 1, self._close, self._content(added)),)
        splices = [
            replaced(self._data, one.value, one.end, json.dumps(values[one.key], ensure_ascii=False).encode())
            for one in kept
            if one.key in values
        ]
        last = there.index(kept[-1])
        splices += [
            replaced(self._data, one.start, there[at + 1].start, b"")
            for at, one in enumerate(there[:last])
            if one.key in gone
        ]
        between = self._data[there[last - 1].end : there[last].start] if last else self._before_first(b",")
        behind = b"".join(between + text for text in added)
        if behind or last + 1 < len(there):
            splices.append(replaced(self._data, there[last].end, there[-1].end, behind))
        return tuple(one for one in splices if one.removed != one.added)

    def _before_first(self, comma: bytes) -> bytes:
        space = self._data[self._open + 1 : next(iter(self.members.values())).start]
        return comma + (space or b" ")

    def _content(self, added: list[bytes]) -> bytes:
        """All members of an object that had none, or none that stay, laid out as the object around it."""
        if not added:
            return b""
        line = re.search(rb"\n[ \t]*$", self._data[: self._data.rfind(b'"', 0, self._data.rfind(b'"', 0, self._open))])
        if line is None:
            return b", ".join(added)
        indent = line.group()
        step = indent + indent.lstrip(b"\n")
        return step + (b"," + step).join(added) + indent


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()
