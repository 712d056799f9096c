"""XMP, the metadata that photo managers keep beside a photo or in it: the lists that keywords stand in.

Adobe's `dc:subject` holds plain keywords, Lightroom's `lr:hierarchicalSubject` and digiKam's `digiKam:TagsList` hold
them with what they belong to (XMP Specification, part 1 and 2; digiKam handbook, "Metadata"). Only properties of the
photo itself count, `rdf:RDF/rdf:Description/dc:subject`: what stands deeper tells of another document or of a face. A
keyword comes and goes by a few bytes in its list; every other byte of the packet is somebody else's and stays.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from xml.sax.saxutils import escape

from engine.formats.files.reading import FormatError
from engine.formats.files.splices import Splice
from engine.formats.files.text_of_xml import BYTE_ORDER_MARKS
from engine.formats.files.xmp_tree import (
    ACDSEE,
    COPIES,
    DIGIKAM,
    FLAT,
    KEYWORD_LISTS,
    LIGHTROOM,
    PLACES,
    RDF,
    SPACE,
    Element,
    Keyword,
    KeywordList,
    Tree,
)
from engine.wording import Sentence

__all__ = [
    "ACDSEE",
    "COPIES",
    "DIGIKAM",
    "EMPTY",
    "FLAT",
    "KEYWORD_LISTS",
    "LIGHTROOM",
    "PLACES",
    "Keyword",
    "KeywordList",
    "XmpPacket",
]

_META = "adobe:ns:meta/"


EMPTY = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<x:xmpmeta xmlns:x="{_META}" x:xmptk="CDUL">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n  <rdf:Description rdf:about=""/>\n </rdf:RDF>\n</x:xmpmeta>\n'
).encode()
"""A packet without any metadata."""

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_PLAIN_ENCODINGS = {"utf-8": "utf-8", "ascii": "ascii", "iso8859-1": "latin-1", "cp1252": "cp1252"}


class XmpPacket:
    """One photo's XMP. Raises FormatError for what is no XMP, or uses what no XMP needs."""

    def __init__(self, data: bytes) -> None:
        self._mark, self._encoding = _encoding_of(data)
        try:
            text = data.removeprefix(self._mark).decode(self._encoding)
            self._data = text.encode()
        except UnicodeError as error:
            raise FormatError(Sentence("It is not XML ({why}).").format(why=error)) from error
        # In photos it is padded.
        tree = Tree(self._data.rstrip(b"\0"))
        if tree.rdf is None:
            raise FormatError(Sentence("It is not XMP: there is no rdf:RDF in it."))
        self._rdf = tree.rdf
        self._size = len(data)

    def keywords(self, which: KeywordList) -> list[str]:
        """The keywords of a list, in its order; a property that is a text and no list holds one keyword."""
        texts = [_text(item) for one in self._lists(which) for item in one.children]
        for description in self._rdf.children:
            texts.append(description.attributes.get(which.tag, "").strip())
            texts += [_text(one) for one in description.children if one.tag == which.tag and not one.children]
        return [text for text in texts if text]

    def with_keywords(self, missing: Sequence[Keyword], surplus: Sequence[Keyword]) -> tuple[Splice, ...]:
        """What puts keywords at the end of their lists and takes others out, and lists that are empty then.

        Raises:
            FormatError: a property that should be a list is none.
        """
        splices: list[Splice] = []
        new: list[tuple[KeywordList, list[str]]] = []
        for which in KEYWORD_LISTS:
            added = [text for one, text in missing if one == which]
            gone = {text for one, text in surplus if one == which}
            lists = self._lists(which)
            if added and not lists:
                if any(one.tag == which.tag or which.tag in description.attributes for description, one in self._all()):
                    raise FormatError(Sentence("Its {which} is not a list.").format(which=which))
                new.append((which, added))
                added = []
            for one in lists:
                splices += self._change(one, added, gone)
                added = []
        if new:
            splices.append(self._new_properties(new))
        return tuple(self._in_file(one) for one in splices)

    def _all(self) -> Iterator[tuple[Element, Element]]:
        """Descriptions, each with itself and with each of its properties."""
        for description in self._rdf.children:
            yield description, description
            for one in description.children:
                yield description, one

    def _lists(self, which: KeywordList) -> list[Element]:
        return [
            listed
            for description in self._rdf.children
            for one in description.children
            if one.tag == which.tag
            for listed in one.children
        ]

    def _change(self, listed: Element, added: Sequence[str], gone: Collection[str]) -> list[Splice]:
        data = self._data
        leaving = [item for item in listed.children if not item.has_more and _text(item) in gone]
        if not leaving and not added:
            return []
        if leaving and len(leaving) == len(listed.children) and not listed.has_more and not added:
            owner = self._owner(listed)
            if len(owner.children) == 1 and not owner.has_more:
                return [self._without(owner)]
        splices = [self._without(item) for item in leaving]
        if added:
            name = _prefixed(self._raw_name(listed), "li")
            if listed.children:
                last = listed.children[-1]
                between = data[self._space_before(last.start) : last.start]
                items = b"".join(between + _item(name, text) for text in added)
                splices.append(Splice(last.end, b"", items))
            else:
                splices.append(self._filled(listed, b"".join(_item(name, text) for text in added)))
        return splices

    def _new_properties(self, wanted: Sequence[tuple[KeywordList, list[str]]]) -> Splice:
        description = next(iter(self._rdf.children), None)
        if description is None:
            rdf = self._raw_name(self._rdf)
            between = self._between(self._rdf)
            inner = self._properties(wanted, rdf, between + b" " if between else b"", {})
            name, about = _prefixed(rdf, "Description"), _prefixed(rdf, "about")
            made = between + b"<%b %b=''>%b%b</%b>" % (name, about, inner, between, name)
            return self._at_end(self._rdf, made)
        between = self._between(description)
        made = self._properties(wanted, self._raw_name(description), between, description.prefixes)
        return self._at_end(description, made)

    def _properties(
        self,
        wanted: Sequence[tuple[KeywordList, list[str]]],
        rdf: bytes,
        between: bytes,
        prefixes: dict[str, str],
    ) -> bytes:
        made = b""
        step = b" " if between else b""
        for which, texts in wanted:
            prefix = prefixes.get(which.namespace)
            name = f"{prefix or which.prefix}:{which.name}".encode()
            declared = b"" if prefix else f' xmlns:{which.prefix}="{which.namespace}"'.encode()
            listed, item = _prefixed(rdf, which.kind), _prefixed(rdf, "li")
            items = b"".join(between + step * 2 + _item(item, text) for text in texts)
            made += b"%b<%b%b>%b<%b>%b%b</%b>%b</%b>" % (
                *(between, name, declared, between + step, listed, items),
                *(between + step, listed, between, name),
            )
        return made

    def _between(self, parent: Element) -> bytes:
        """The white space that stands before the children of an element."""
        if parent.last is not None:
            return self._data[self._space_before(parent.last) : parent.last]
        before = self._data[self._space_before(parent.start) : parent.start]
        return before + b" " if before else b""

    def _at_end(self, parent: Element, made: bytes) -> Splice:
        """Put something behind the last child of an element."""
        before = self._data[self._space_before(parent.start) : parent.start]
        if parent.is_empty:
            return self._filled(parent, made + before)
        return Splice(self._space_before(parent.close), b"", made if parent.close > parent.content else made + before)

    def _filled(self, element: Element, content: bytes) -> Splice:
        """Put something into an element that has no children."""
        if not element.is_empty:
            return Splice(element.content, b"", content)
        tag = self._data[element.start : element.end]
        kept = tag[: tag.rindex(b"/")].rstrip(SPACE)
        name = self._raw_name(element)
        return Splice(element.start + len(kept), tag[len(kept) :], b">" + content + b"</" + name + b">")

    def _without(self, element: Element) -> Splice:
        """Take an element out, with the white space before it."""
        start = self._space_before(element.start)
        return Splice(start, self._data[start : element.end], b"")

    def _owner(self, listed: Element) -> Element:
        return next(one for _, one in self._all() if one.kind == "property" and listed in one.children)

    def _space_before(self, place: int) -> int:
        while place > 0 and self._data[place - 1] in SPACE:
            place -= 1
        return place

    def _raw_name(self, element: Element) -> bytes:
        found = re.match(rb"<([^\s/>]+)", self._data[element.start : element.content])
        assert found is not None
        return found[1]

    def _in_file(self, splice: Splice) -> Splice:
        """A splice of the text as one of the file, whatever its encoding."""
        before = self._data[: splice.start].decode().encode(self._encoding)
        removed, added = (part.decode().encode(self._encoding, "xmlcharrefreplace") for part in splice[1:])
        return Splice(len(self._mark) + len(before), removed, added)


def _encoding_of(data: bytes) -> tuple[bytes, str]:
    """The mark at a packet's beginning, empty for none, and how it is encoded."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return mark, encoding
    if data.startswith((b"<\0", b"\0<")):
        return b"", "utf-16-le" if data.startswith(b"<") else "utf-16-be"
    declared = _DECLARED.match(data)
    if declared is None:
        return b"", "utf-8"
    try:
        name = codecs.lookup(declared[1].decode()).name
    except LookupError:
        name = ""
    if name not in _PLAIN_ENCODINGS:
        raise FormatError(
            Sentence("It is not XML ({why}).").format(why=f"encoding {declared[1].decode()[:40]!r} is not known")
        )
    return b"", _PLAIN_ENCODINGS[name]


def _text(item: Element) -> str:
    # An item with parts of its own is a structure, which a keyword only is where one of them is its value.
    for part in item.children:
        if text := _text(part):
            return text
    return "" if item.has_more and item.kind != "node" else "".join(item.text).strip()


def _item(name: bytes, text: str) -> bytes:
    return b"<%b>%b</%b>" % (name, escape(text).encode(), name)


def _prefixed(like: bytes, name: str) -> bytes:
    """A name with the prefix of another."""
    prefix, colon, _ = like.rpartition(b":")
    return prefix + colon + name.encode()
